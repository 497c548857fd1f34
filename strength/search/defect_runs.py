"""Ring 2: each defect of the site alone, until a test fails. A team runs tests against one defect at a time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TypeVar

from pipeline import console
from strength.areas import Area
from strength.results.results import Hit, Outcome, Record
from strength.search.defect_order import Order
from strength.workers.pool import Crew, Team, Teams
from strength.workers.site import Defect
from strength.workers.tests import Run, Test
from strength.workers.worker import Worker

# So long a defect is looked for, or longer where the time allows it; the report says how many tests it met.
MOST_S = 60.0
# The share of the time that is for the defects, where it is needed.
_FOR_DEFECTS = 0.6
# So many more tests a defect meets that was not caught.
_HELPERS = 6
# About what it takes to switch a defect on and off.
_CHEAP_S = 3.0
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
    # Tests of other areas, for defects that no test of this one catches.
    helpers: Iterable[Test] = ()
    # Defects of other areas, for tests that have caught nothing.
    others: dict[Defect, Hit] = field(default_factory=dict)
    _records: Mapping[Test, Record] = field(default_factory=dict)
    _met: set[tuple[Test, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, defects: list[Defect]) -> None:
        """All of the area; those that show only in a state of the site last, with the tests that pass in that state."""
        faults = [one for one in defects if one.area in self.area.defects and one.name not in self.area.no_fault]
        self.outcome.defects = {defect: Hit("not tried") for defect in faults}
        self.others = {one: Hit("not tried") for one in defects if one not in faults and one.area != _STATE}
        usable = [record.test for record in self.outcome.usable()]
        self._records = self.outcome.records | {test: Record(test) for test in self.helpers}
        share = (self.deadline - time.monotonic()) * _FOR_DEFECTS * len(self.teams.all) / max(1, len(faults))
        for state in sorted({self.area.states.get(defect.name, "") for defect in faults}):
            here = [defect for defect in faults if self.area.states.get(defect.name, "") == state]
            waiting, told = list(here), 0

            def rounds(team: Team) -> None:
                nonlocal told
                with team.site.switched(state):  # noqa: B023 - all teams are done with it before the next turn
                    tests = passing(team.crew, self._records, usable) if state else usable  # noqa: B023
                    while (defect := self._next(waiting)) and time.monotonic() < self.deadline:  # noqa: B023
                        self._look_for(team, defect, self._order.of_tests(defect, tests), max(MOST_S, share))
                        with self._lock:
                            told += 1
                            hit = self.outcome.defects[defect]
                            number = f"{told:>3}/{len(here)}"  # noqa: B023
                            console.say(f"  {number}  {hit.outcome:<9} {defect.name:<32} {hit.by}")

            self.teams.work(rounds)

    def for_survivors(self) -> None:
        """Let each defect that was not caught meet the likeliest tests that it has not met, of other areas too."""
        survived = (defect for defect, hit in self.outcome.defects.items() if hit.outcome == "survived")
        waiting = [defect for defect in survived if defect.name not in self.area.states]

        def rounds(team: Team) -> None:
            while (defect := self._next(waiting)) and time.monotonic() < self.deadline:
                near = [test for test in self._records if self._order.has_something_in_common(defect, test)]
                unmet = [test for test in near if (test, defect.name) not in self._met and self._is_sound(test)]
                likely = self._order.of_tests(defect, unmet)[:_HELPERS]
                self._meet(team, defect, likely, until_caught=True, deadline=self.deadline)
                hit = self.outcome.defects[defect]
                console.say(f"  {hit.outcome:<9} {defect.name:<32} {hit.by}")

        self.teams.work(rounds)

    def for_silent(self, deadline: float) -> None:
        """Let each test that has caught nothing meet the defects that it has not met, the likely ones first."""
        while time.monotonic() < deadline:
            waiting = list(self._next_for_silent().items())
            if not waiting:
                return
            console.say(f"  {sum(len(tests) for _, tests in waiting)} tests meet {len(waiting)} other defects")

            def rounds(team: Team) -> None:
                while (pair := self._next(waiting)) and time.monotonic() < deadline:  # noqa: B023
                    self._meet(team, *pair, until_caught=False, deadline=deadline)

            self.teams.work(rounds)
        self.outcome.cut_short = bool(self._next_for_silent())

    def _next_for_silent(self) -> dict[Defect, list[Test]]:
        """For each test that has caught nothing the likeliest defect that it has not met, and who comes along."""
        chosen: dict[Defect, list[Test]] = {}
        silent = [record.test for record in self.outcome.silent() if not record.needs]
        own = {defect for defect in self.outcome.defects if defect.name not in self.area.states}
        all_defects = own | set(self.others)
        for test in silent:
            near = {defect for defect in all_defects if self._order.has_something_in_common(defect, test)}
            likely = chain.from_iterable(
                self._order.of_defects(some, test) for some in (own & near, near - own, own - near)
            )
            left = (one for one in likely if (test, one.name) not in self._met)
            if defect := next(left, None):
                chosen.setdefault(defect, []).append(test)
        for defect, tests in chosen.items():
            tests += [test for test in silent if test not in tests and self._is_cheap(test, defect)]
        return chosen

    def _is_cheap(self, test: Test, defect: Defect) -> bool:
        """Whether it costs less than another switch of the defect to let the test meet it now."""
        return self._records[test].seconds < _CHEAP_S and (test, defect.name) not in self._met

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

            def passes(worker: Worker, test: Test) -> bool:
                run = worker.run(test, limit=self._records[test].limit)
                waiting.remove(test)
                self._met.add((test, defect.name))
                hit.tried += 1
                if run.failed:
                    failed[test] = run  # noqa: B023 - the crew is done with it before the next turn
                return not run.failed

            def whatever(worker: Worker, test: Test) -> bool:
                return passes(worker, test) or True

            with team.site.broken_by(defect, self.area):
                team.crew.share(waiting, passes if until_caught else whatever, deadline=deadline)
                if failed and until_caught:
                    team.crew.share(self._who_comes_along(defect, waiting), whatever, deadline=deadline)
            able = self._able_again(team, failed)
            for test, run in failed.items():
                record = self._records[test]
                if test in able:
                    hit.take(record, run, f"defect {defect.name}")
                else:
                    record.accidents.append(f"It failed with {defect.name} on and without it: {run.message}")
            if able and until_caught:
                return

    @cached_property
    def _order(self) -> Order:
        """Of all tests, those of other areas too: made when they are known."""
        return Order(self._records, 1.0 if self.area.share else 0.35)

    def _is_sound(self, test: Test) -> bool:
        """Of tests of other areas nothing is known; what they catch is proven by their passing afterwards."""
        return test not in self.outcome.records or self.outcome.records[test].verdict == "sound"

    def _who_comes_along(self, defect: Defect, waiting: list[Test]) -> list[Test]:
        """Where each switch is dear: tests that have caught nothing yet, and may as well meet this defect now.

        Not where changed answers are what the tests look at: those are cheaper.
        """
        if self.area.answers_tell_most:
            return []
        return [
            test
            for test in waiting
            if self._is_cheap(test, defect)
            and not self._records[test].catches
            and self._order.has_something_in_common(defect, test)
        ]

    def _able_again(self, team: Team, failed: Iterable[Test]) -> set[Test]:
        """Who passes now. A defect may have left something on the site: where that can be made anew, ask there too."""
        able = set(passing(team.crew, self._records, list(failed)))
        lost = [test for test in failed if test not in able]
        if lost and team.alone and time.monotonic() < self.deadline:
            team.crew.workers[0].renew()
            able |= set(passing(team.crew, self._records, lost))
        return able


def passing(crew: Crew, records: Mapping[Test, Record], tests: list[Test]) -> list[Test]:
    """The tests that pass with what is switched on now."""
    found: list[Test] = []

    def one(worker: Worker, test: Test) -> bool:
        if worker.run(test, limit=records[test].limit).status == "PASS":
            found.append(test)
        return True

    crew.share(tests, one, "tests run" if len(tests) > len(crew.workers) else "")
    return found
