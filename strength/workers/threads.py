"""Jobs in parallel threads, with progress, errors and Ctrl-C handled in one place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from pipeline import console

_POLL_S = 0.2
_PROGRESS_S = 10.0
_Subject = TypeVar("_Subject")


def run_parallel(
    subjects: Iterable[_Subject],
    job: Callable[[_Subject], object],
    progress: Callable[[], str] | None = None,
    stop: Callable[[], None] = lambda: None,
) -> None:
    """Run `job` for every subject in parallel and wait for all; print what `progress` returns every few seconds.

    Raises the first error of a job. Before that, and after Ctrl-C, `stop` is called, which has to make the jobs end.
    """
    errors: list[BaseException] = []

    def guarded(subject: _Subject) -> None:
        try:
            job(subject)
        except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(subject,), daemon=True) for subject in subjects]
    for thread in threads:
        thread.start()
    printed = time.monotonic()
    try:
        while any(thread.is_alive() for thread in threads):
            time.sleep(_POLL_S)
            if errors:
                raise errors[0]
            if progress and time.monotonic() - printed > _PROGRESS_S:
                printed = time.monotonic()
                console.say(f"  {progress()}")
    except BaseException:
        stop()
        for thread in threads:
            thread.join(2.0)
        raise
    if errors:
        raise errors[0]
