"""Several things at the same time, with one place that watches over progress, errors and Ctrl-C."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from pipeline import console

_LOOK_S = 0.2
_TELL_S = 10.0
_Subject = TypeVar("_Subject")


def at_once(
    subjects: Iterable[_Subject],
    job: Callable[[_Subject], object],
    tell: Callable[[], str] | None = None,
    stop: Callable[[], None] = lambda: None,
) -> None:
    """Run `job` for every subject at the same time and wait for all; now and then say what `tell` returns.

    Raises what a job raised. Before that, and after Ctrl-C, `stop` is called, which has to make the jobs end.
    """
    errors: list[BaseException] = []

    def guarded(subject: _Subject) -> None:
        try:
            job(subject)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(subject,), daemon=True) for subject in subjects]
    for thread in threads:
        thread.start()
    told = time.monotonic()
    try:
        while any(thread.is_alive() for thread in threads):
            time.sleep(_LOOK_S)
            if errors:
                raise errors[0]
            if tell and time.monotonic() - told > _TELL_S:
                told = time.monotonic()
                console.say(f"  {tell()}")
    except BaseException:
        stop()
        for thread in threads:
            thread.join(2.0)
        raise
    if errors:
        raise errors[0]
