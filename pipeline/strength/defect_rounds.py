"""Ring 2: each defect of the site alone, until a test fails. A team runs tests against one defect at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from pipeline import console
from pipeline.strength.crew import Crew, Team, Teams
from pipeline.strength.defect_order import Order
from pipeline.strength.outcome import Hit, Outcome
from pipeline.strength.rules import Area
from pipeline.strength.site import Defect
from pipeline.strength.tests import Run, Test
from pipeline.strength.worker import Worker

# So long a defect is looked for, or longer where the time allows it; the report says how many tests it met.
MOST_S = 60.0
# Switches that are no defects.
_STATE = "state"
_Thing = TypeVar("_Thing")


@dataclass
class DefectRounds:
    """Fills `outcome.defects`. `deadline` is a time.monotonic() second."""

    area: Area
    teams: Teams
    outcome: Outcome
    deadline: float
    # Of other areas, for tests that have caught nothing.
    others: dict[Defect, Hit] = field(default_factory=dict)
    _met: set[tuple[Test, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, defects: list[Defect]) -> None:
        """All of the area; those that show only in a state of the site last, with the tests that pass in that state."""
        faults = [one for one in defects if self.area.takes(one.name, one.area) and one.name not in self.area.no_fault]
        self.outcome.defects = {defect: Hit("not tried") for defect in faults}
        self.others = {one: Hit("not tried") for one in defects if one not in faults and one.area != _STATE}
        usable = [record.test for record in self.outcome.usable()]
        order = Order(self.outcome.records)
        share = (self.deadline - time.monotonic()) / 2 * len(self.teams.all) / max(1, len(faults))
        for state in sorted({self.area.states.get(defect.name, "") for defect in faults}):
            here = [defect for defect in faults if self.area.states.get(defect.name, "") == state]
            waiting, told = list(here), 0

            def rounds(team: Team) -> None:
                nonlocal told
                with team.site.switched(state):  # noqa: B023 - all teams are done with it before the next turn
                    tests = passing(team.crew, self.outcome, usable) if state else usable  # noqa: B023
                    while (defect := self._next(waiting)) and time.monotonic() < self.deadline:  # noqa: B023
                        self._look_for(team, defect, order.of_tests(defect, tests), max(MOST_S, share))
                        with self._lock:
                            told += 1
                            hit = self.outcome.defects[defect]
                            number = f"{told:>3}/{len(here)}"  # noqa: B023
                            console.say(f"  {number}  {hit.outcome:<9} {defect.name:<32} {hit.by}")

            self.teams.work(rounds)

    def for_silent(self, deadline: float) -> None:
        """Let each test that has caught nothing meet the defects that it has not met, the likely ones first."""
        order = Order(self.outcome.records)
        while time.monotonic() < deadline:
            waiting = list(self._next_for_silent(order).items())
            if not waiting:
                return
            console.say(f"  {sum(len(tests) for _, tests in waiting)} tests meet {len(waiting)} other defects")

            def rounds(team: Team) -> None:
                while (pair := self._next(waiting)) and time.monotonic() < deadline:  # noqa: B023
                    self._meet(team, *pair, until_caught=False, deadline=deadline)

            self.teams.work(rounds)

    def _next_for_silent(self, order: Order) -> dict[Defect, list[Test]]:
        """For each test that has caught nothing the likeliest defect that it has not met: of the area, then others."""
        chosen: dict[Defect, list[Test]] = {}
        for record in self.outcome.silent():
            own = [defect for defect in self.outcome.defects if defect.name not in self.area.states]
            near = [defect for defect in self.others if order.has_something_in_common(defect, record.test)]
            ordered = [*order.of_defects(own, record.test), *order.of_defects(near, record.test)]
            left = (defect for defect in ordered if (record.test, defect.name) not in self._met)
            if not record.needs and (defect := next(left, None)):
                chosen.setdefault(defect, []).append(record.test)
        return chosen

    def _next(self, waiting: list[_Thing]) -> _Thing | None:
        with self._lock:
            return waiting.pop(0) if waiting else None

    def _look_for(self, team: Team, defect: Defect, tests: list[Test], most: float) -> None:
        hit = self.outcome.defects[defect]
        hit.outcome, hit.candidates = "survived", len(tests)
        self._meet(team, defect, tests, until_caught=True, deadline=min(self.deadline, time.monotonic() + most))

    def _meet(self, team: Team, defect: Defect, tests: list[Test], *, until_caught: bool, deadline: float) -> None:
        """Run the tests with the defect on. Who failed has to pass again with it off, or it was an accident."""
        waiting, hit = list(tests), self.outcome.defects.get(defect) or self.others[defect]
        while waiting and time.monotonic() < deadline:
            failed: dict[Test, Run] = {}

            def one(worker: Worker, test: Test) -> bool:
                run = worker.run(test, limit=self.outcome.records[test].limit)
                waiting.remove(test)
                self._met.add((test, defect.name))
                hit.tried += 1
                if run.failed:
                    failed[test] = run  # noqa: B023 - the crew is done with it before the next turn
                return not (run.failed and until_caught)

            with team.site.broken_by(defect, restarts=self.area.restarts):
                team.crew.share(waiting, one, deadline=deadline)
            able = self._able_again(team, failed)
            for test, run in failed.items():
                record = self.outcome.records[test]
                if test in able:
                    hit.take(record, run, f"defect {defect.name}")
                else:
                    record.accidents.append(f"It failed with {defect.name} on and without it: {run.message}")
            if able and until_caught:
                return

    def _able_again(self, team: Team, failed: Iterable[Test]) -> set[Test]:
        """Who passes now. A defect may have left something on the site: where that can be made anew, ask there too."""
        able = set(passing(team.crew, self.outcome, list(failed)))
        lost = [test for test in failed if test not in able]
        if lost and team.alone:
            team.crew.workers[0].renew()
            able |= set(passing(team.crew, self.outcome, lost))
        return able


def passing(crew: Crew, outcome: Outcome, tests: list[Test]) -> list[Test]:
    """The tests that pass with what is switched on now."""
    found: list[Test] = []

    def one(worker: Worker, test: Test) -> bool:
        if worker.run(test, limit=outcome.records[test].limit).status == "PASS":
            found.append(test)
        return True

    crew.share(tests, one, "tests run")
    return found
