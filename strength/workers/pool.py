"""The workers together, and in teams: those of one site, who feel its defects at the same time."""

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
from strength.workers.threads import at_once
from strength.workers.worker import Worker


@dataclass
class Crew:
    """Runs jobs on all its workers at once."""

    workers: list[Worker]

    def work(self, job: Callable[[Worker], None], tell: Callable[[], str] | None = None) -> None:
        """Run `job` on every worker and wait for all. The workers are ended before an error or Ctrl-C is raised."""
        at_once(self.workers, job, tell, self.stop)

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


@dataclass
class Team:
    """The workers of one site. `alone`: there is only one, so the site can be made anew under it."""

    site: OwnSite
    crew: Crew

    @property
    def alone(self) -> bool:
        return len(self.crew.workers) == 1


@dataclass
class Teams:
    """Every worker is in one team."""

    all: list[Team]

    @property
    def crew(self) -> Crew:
        return Crew([worker for team in self.all for worker in team.crew.workers])

    def work(self, job: Callable[[Team], None]) -> None:
        """Run `job` for every team at the same time and wait for all."""
        at_once(self.all, job, stop=self.crew.stop)


@contextmanager
def teams_of(
    workers: int, folder: Path, sites: list[OwnSite], area: Area, operations: Operations | None, journal: Path
) -> Iterator[Teams]:
    """So many workers, shared out to the sites and ready to run tests; each run is written into `journal`.

    They end with the block.
    """
    teams = Teams([Team(site, Crew([])) for site in sites])
    try:
        for index in range(workers):
            team = teams.all[index % len(sites)]
            team.crew.workers.append(Worker(index, folder / f"w{index}", team.site, area, operations, journal))
        teams.crew.work(lambda worker: worker.wait_until_ready())
        yield teams
    finally:
        teams.crew.stop()


def refuse_foreign_systems() -> None:
    """A fork keeps what was imported; systems without it cannot measure like this."""
    import os

    if not hasattr(os, "fork"):
        raise RunError("'strength' needs Linux or macOS, as the simulated site does: use WSL on Windows.")
