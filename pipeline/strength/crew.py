"""The workers together: a thread for each, and one place that watches over time, progress and Ctrl-C."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline import console
from pipeline.errors import RunError
from pipeline.strength.operations import Operations
from pipeline.strength.rules import Area
from pipeline.strength.tests import Test
from pipeline.strength.worker import Worker

_LOOK_S = 0.2
_TELL_S = 10.0


class Crew:
    """Runs jobs on all workers at once."""

    def __init__(self, workers: list[Worker]) -> None:
        self.workers = workers

    def work(self, job: Callable[[Worker], None], tell: Callable[[], str] | None = None) -> None:
        """Run `job` on every worker and wait for all; now and then say what `tell` returns.

        Raises what a job raised. After Ctrl-C the workers are ended before it is raised again.
        """
        errors: list[BaseException] = []

        def guarded(worker: Worker) -> None:
            try:
                job(worker)
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
                errors.append(error)

        threads = [threading.Thread(target=guarded, args=(worker,), daemon=True) for worker in self.workers]
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
            self.stop()
            for thread in threads:
                thread.join(2.0)
            raise
        if errors:
            raise errors[0]

    def share(
        self, tests: Iterable[Test], job: Callable[[Worker, Test], bool], what: str = "", deadline: float = float("inf")
    ) -> None:
        """Give each test to the next free worker, until there is none, a job returns False or the time is over."""
        waiting = list(tests)
        total, lock, enough = len(waiting), threading.Lock(), threading.Event()

        def take(worker: Worker) -> None:
            while not enough.is_set() and time.monotonic() < deadline:
                with lock:
                    if not waiting:
                        return
                    test = waiting.pop(0)
                if not job(worker, test):
                    enough.set()

        self.work(take, (lambda: f"{what}: {total - len(waiting)} of {total}") if what else None)

    def stop(self) -> None:
        for worker in self.workers:
            worker.stop()


@contextmanager
def crew_of(
    number: int, folder: Path, site_file: Path, area: Area, operations: Operations, journal: Path
) -> Iterator[Crew]:
    """So many workers, ready to run tests, each run written into `journal`; they end with the block."""
    crew = Crew([])
    try:
        for index in range(number):
            crew.workers.append(Worker(index, folder / f"w{index}", site_file, area, operations, journal))
        crew.work(lambda worker: worker.wait_until_ready())
        yield crew
    finally:
        crew.stop()


def refuse_foreign_systems() -> None:
    """A fork keeps what was imported; systems without it cannot measure like this."""
    import os

    if not hasattr(os, "fork"):
        raise RunError("'strength' needs Linux or macOS, as the simulated site does: use WSL on Windows.")
