"""Runs tests against the defects of the site, one defect at a time on each site, until a test fails."""

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
from strength.results.results import DETECTED, NOT_TRIED, SURVIVED, Outcome, Record, Result
from strength.search.defect_order import DefectOrder
from strength.workers.pool import WorkerGroup, WorkerGroups, WorkerPool
from strength.workers.site import Defect
from strength.workers.tests import Run, Test
from strength.workers.worker import Worker

# Minimum seconds spent on one defect.
MIN_S = 60.0
# Share of the time that is reserved for the defects.
_FOR_DEFECTS = 0.6
# Additional tests per undetected defect.
_MORE_TESTS = 6
# About the time to switch a defect on and off.
_CHEAP_S = 3.0
# Of the tests that run along with a defect in areas that prefer mutants: the longest, and how many.
_SHORT_S, _SHORT_TESTS = 1.0, 6
# Area of the switches that are no defects.
_STATE = "state"
_Item = TypeVar("_Item")


@dataclass
class DefectRuns:
    """Fills `outcome.defects`. `deadline` is a time.monotonic() second."""

    area: Area
    groups: WorkerGroups
    outcome: Outcome
    deadline: float
    # Run against defects that no test of the area detects.
    tests_of_other_areas: Iterable[Test] = ()
    # Defects of other areas, for tests that have detected nothing.
    others: dict[Defect, Result] = field(default_factory=dict)
    _records: Mapping[Test, Record] = field(default_factory=dict)
    _tried: set[tuple[Test, str]] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self, defects: list[Defect]) -> None:
        """All of the area. Defects that show only in a state of the site come last, with the tests that pass in it."""
        own = [one for one in defects if one.area in self.area.defects and one.name not in self.area.not_defects]
        self.outcome.defects = {defect: Result(NOT_TRIED) for defect in own}
        self.others = {one: Result(NOT_TRIED) for one in defects if one not in own and one.area != _STATE}
        usable = [record.test for record in self.outcome.usable()]
        self._records = self.outcome.records | {test: Record(test) for test in self.tests_of_other_areas}
        share = (self.deadline - time.monotonic()) * _FOR_DEFECTS * len(self.groups.all) / max(1, len(own))
        for state in sorted({self.area.states.get(defect.name, "") for defect in own}):
            here = [defect for defect in own if self.area.states.get(defect.name, "") == state]
            waiting, done = list(here), 0

            def work(group: WorkerGroup) -> None:
                nonlocal done
                with group.site.switched(state):  # noqa: B023 - all groups have finished before the next turn
                    tests = passing(group.pool, self._records, usable) if state else usable  # noqa: B023
                    while (defect := self._next(waiting)) and time.monotonic() < self.deadline:  # noqa: B023
                        self._try(group, defect, self._order.of_tests(defect, tests), max(MIN_S, share))
                        with self._lock:
                            done += 1
                            result = self.outcome.defects[defect]
                            number = f"{done:>3}/{len(here)}"  # noqa: B023
                            console.say(f"  {number}  {result.outcome:<9} {defect.name:<32} {result.by}")

            self.groups.work(work)

    def for_undetected(self) -> None:
        """Run the most related tests not yet tried, of other areas too, against each undetected defect."""
        survived = (defect for defect, result in self.outcome.defects.items() if result.outcome == SURVIVED)
        waiting = [defect for defect in survived if defect.name not in self.area.states]

        def work(group: WorkerGroup) -> None:
            while (defect := self._next(waiting)) and time.monotonic() < self.deadline:
                related = [test for test in self._records if self._order.is_related(defect, test)]
                untried = [test for test in related if (test, defect.name) not in self._tried and self._is_usable(test)]
                likely = self._order.of_tests(defect, untried)[:_MORE_TESTS]
                self._run_with_defect(group, defect, likely, until_detected=True, deadline=self.deadline)
                result = self.outcome.defects[defect]
                console.say(f"  {result.outcome:<9} {defect.name:<32} {result.by}")

        self.groups.work(work)

    def for_ineffective_tests(self, deadline: float) -> None:
        """Run each ineffective test against the defects not yet tried with it, the most related ones first."""
        while time.monotonic() < deadline:
            waiting = list(self._next_for_ineffective_tests().items())
            if not waiting:
                return
            console.say(f"  {sum(len(tests) for _, tests in waiting)} tests run with {len(waiting)} other defects")

            def work(group: WorkerGroup) -> None:
                while (pair := self._next(waiting)) and time.monotonic() < deadline:  # noqa: B023
                    self._run_with_defect(group, *pair, until_detected=False, deadline=deadline)

            self.groups.work(work)
        self.outcome.cut_short = bool(self._next_for_ineffective_tests())

    def _next_for_ineffective_tests(self) -> dict[Defect, list[Test]]:
        """For each ineffective test its most related defect not yet tried, with the cheap tests that join that run."""
        chosen: dict[Defect, list[Test]] = {}
        ineffective = [record.test for record in self.outcome.ineffective() if not record.needs]
        own = {defect for defect in self.outcome.defects if defect.name not in self.area.states}
        all_defects = own | set(self.others)
        for test in ineffective:
            related = {defect for defect in all_defects if self._order.is_related(defect, test)}
            likely = chain.from_iterable(
                self._order.of_defects(some, test) for some in (own & related, related - own, own - related)
            )
            left = (one for one in likely if (test, one.name) not in self._tried)
            if defect := next(left, None):
                chosen.setdefault(defect, []).append(test)
        for defect, tests in chosen.items():
            tests += [test for test in ineffective if test not in tests and self._is_cheap(test, defect)]
        return chosen

    def _is_cheap(self, test: Test, defect: Defect) -> bool:
        """Whether running the test now costs less than switching the defect on again."""
        return self._records[test].seconds < _CHEAP_S and (test, defect.name) not in self._tried

    def _next(self, waiting: list[_Item]) -> _Item | None:
        with self._lock:
            return waiting.pop(0) if waiting else None

    def _try(self, group: WorkerGroup, defect: Defect, tests: list[Test], most: float) -> None:
        result = self.outcome.defects[defect]
        result.outcome, result.candidates = SURVIVED, len(tests)
        self._run_with_defect(
            group, defect, tests, until_detected=True, deadline=min(self.deadline, time.monotonic() + most)
        )

    def _run_with_defect(
        self, group: WorkerGroup, defect: Defect, tests: list[Test], *, until_detected: bool, deadline: float
    ) -> None:
        """Run the tests with the defect on. A failure is a detection only if the test passes again with it off."""
        waiting, result = list(tests), self.outcome.defects.get(defect) or self.others[defect]
        while waiting and time.monotonic() < deadline:
            failed: dict[Test, Run] = {}

            def passes(worker: Worker, test: Test) -> bool:
                run = worker.run(test, limit=self._records[test].limit)
                waiting.remove(test)
                self._tried.add((test, defect.name))
                result.tried += 1
                if run.failed:
                    failed[test] = run  # noqa: B023 - the pool has finished before the next turn
                return not run.failed

            def run_all(worker: Worker, test: Test) -> bool:
                return passes(worker, test) or True

            with group.site.with_defect(defect, self.area):
                group.pool.distribute(waiting, passes if until_detected else run_all, deadline=deadline)
                if failed and until_detected:
                    group.pool.distribute(self._additional_tests(defect, waiting), run_all, deadline=deadline)
            detecting = self._passing_again(group, failed)
            for test, run in failed.items():
                record = self._records[test]
                if test in detecting:
                    result.take(DETECTED, record, run, f"defect {defect.name}")
                else:
                    record.unrelated_failures.append(f"It failed with and without {defect.name}: {run.message}")
            if detecting and until_detected:
                return

    @cached_property
    def _order(self) -> DefectOrder:
        """Over all tests, those of other areas too."""
        return DefectOrder(self._records, 1.0 if self.area.required_score else 0.35)

    def _is_usable(self, test: Test) -> bool:
        """Tests of other areas have no baseline run; their detections are confirmed by a pass without the defect."""
        return test not in self.outcome.records or self.outcome.records[test].verdict == "passing"

    def _additional_tests(self, defect: Defect, waiting: list[Test]) -> list[Test]:
        """Cheap related tests that run along while the defect is on, because switching it is expensive.

        Where mutants are cheaper, only a few of the cheapest: so the kill matrix knows more than one test for most
        defects. Elsewhere all that have detected nothing. None in a sample, which makes no matrix.
        """
        cheap = [test for test in waiting if self._is_cheap(test, defect) and self._order.is_related(defect, test)]
        if not self.area.prefers_mutants:
            return [test for test in cheap if not self._records[test].detections]
        if self.outcome.quick:
            return []
        short = [test for test in cheap if not test.exclusive and self._records[test].seconds < _SHORT_S]
        # Those that detect another defect first: a few tests for many defects are worth more than many for one each.
        return sorted(short, key=lambda test: not self._records[test].detections)[:_SHORT_TESTS]

    def _passing_again(self, group: WorkerGroup, failed: Iterable[Test]) -> set[Test]:
        """The tests that pass now. A defect may leave damage behind: where the site can be replaced, a second try."""
        passed = set(passing(group.pool, self._records, list(failed)))
        lost = [test for test in failed if test not in passed]
        if lost and group.can_renew_site and time.monotonic() < self.deadline:
            group.pool.workers[0].renew()
            passed |= set(passing(group.pool, self._records, lost))
        return passed


def passing(pool: WorkerPool, records: Mapping[Test, Record], tests: list[Test]) -> list[Test]:
    """The tests that pass with the current switches of the site."""
    found: list[Test] = []

    def one(worker: Worker, test: Test) -> bool:
        if worker.run(test, limit=records[test].limit).status == "PASS":
            found.append(test)
        return True

    pool.distribute(tests, one, "tests run" if len(tests) > len(pool.workers) else "")
    return found
