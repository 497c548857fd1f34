"""Pools of workers. The workers of one site form a group: they share its defects."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError
from strength.areas import Area
from strength.mutants.operations import Operations
from strength.workers.site import OwnSite
from strength.workers.tests import Test
from strength.workers.threads import run_parallel
from strength.workers.worker import Worker


@dataclass
class WorkerPool:
    """Runs jobs on all its workers in parallel."""

    workers: list[Worker]

    def work(self, job: Callable[[Worker], None], progress: Callable[[], str] | None = None) -> None:
        """Run `job` on every worker and wait for all. On an error or Ctrl-C the workers are stopped first."""
        run_parallel(self.workers, job, progress, self.stop)

    def distribute(
        self, tests: Iterable[Test], job: Callable[[Worker, Test], bool], what: str = "", deadline: float = float("inf")
    ) -> None:
        """Give each test to the next free worker, until none is left, a job returns False or the deadline has passed.

        `what` is the label of the progress line; without it none is printed.
        """
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


@dataclass
class WorkerGroup:
    """The workers of one site."""

    site: OwnSite
    pool: WorkerPool

    @property
    def can_renew_site(self) -> bool:
        """Only a single worker can replace its site; no other one depends on it."""
        return len(self.pool.workers) == 1


@dataclass
class WorkerGroups:
    """All groups; every worker is in exactly one."""

    all: list[WorkerGroup]

    @property
    def pool(self) -> WorkerPool:
        return WorkerPool([worker for group in self.all for worker in group.pool.workers])

    def work(self, job: Callable[[WorkerGroup], None]) -> None:
        """Run `job` for every group in parallel and wait for all."""
        run_parallel(self.all, job, stop=self.pool.stop)


@contextmanager
def worker_groups(
    workers: int, folder: Path, sites: list[OwnSite], area: Area, operations: Operations | None, journal: Path
) -> Iterator[WorkerGroups]:
    """Workers that are ready to run tests, distributed over the sites; stopped at the end of the block.

    Each run of a test is a line of `journal`.
    """
    groups = WorkerGroups([WorkerGroup(site, WorkerPool([])) for site in sites])
    try:
        for index in range(workers):
            group = groups.all[index % len(sites)]
            group.pool.workers.append(Worker(index, folder / f"w{index}", group.site, area, operations, journal))
        groups.pool.work(lambda worker: worker.wait_until_ready())
        yield groups
    finally:
        groups.pool.stop()


def require_fork() -> None:
    """Raise RunError on systems without fork: tests run in forks of a process that has imported everything."""
    import os

    if not hasattr(os, "fork"):
        raise RunError("'strength' needs Linux or macOS, as the simulated site does: use WSL on Windows.")
