"""Ring 2: each defect of the site alone, until a test fails. All workers run tests against the same defect."""

from __future__ import annotations

import time
from dataclasses import dataclass

from pipeline import console
from pipeline.strength.crew import Crew
from pipeline.strength.defect_order import by_promise
from pipeline.strength.outcome import Hit, Outcome
from pipeline.strength.rules import Area
from pipeline.strength.site import Defect, OwnSite
from pipeline.strength.tests import Run, Test
from pipeline.strength.worker import Worker

# So long a defect is looked for; the report says how many tests it met.
MOST_S = 60.0


@dataclass
class DefectRounds:
    """Fills `outcome.defects`. `deadline` is a time.monotonic() second."""

    area: Area
    site: OwnSite
    crew: Crew
    outcome: Outcome
    deadline: float

    def run(self, defects: list[Defect]) -> None:
        """All defects; those that show only in a state of the site last, with the tests that pass in that state."""
        faults = [defect for defect in defects if defect.name not in self.area.no_fault]
        self.outcome.defects = {defect: Hit("not tried") for defect in faults}
        usable = [record.test for record in self.outcome.usable()]
        for state in sorted({self.area.states.get(defect.name, "") for defect in faults}):
            here = [defect for defect in faults if self.area.states.get(defect.name, "") == state]
            with self.site.switched(state):
                tests = passing(self.crew, self.outcome, usable) if state else usable
                for number, defect in enumerate(here, 1):
                    if time.monotonic() > self.deadline:
                        return
                    self._look_for(defect, tests)
                    hit = self.outcome.defects[defect]
                    console.say(f"  {number:>3}/{len(here)}  {hit.outcome:<9} {defect.name:<32} {hit.by}")

    def for_silent(self) -> None:
        """Let the tests that have caught nothing meet every defect, until each has caught one."""
        for defect, hit in self.outcome.defects.items():
            silent = [record.test for record in self.outcome.silent() if not record.needs]
            if not silent or time.monotonic() > self.deadline:
                return
            if defect.name not in self.area.states:
                self._meet(defect, hit, silent, until_caught=False, deadline=self.deadline)

    def _look_for(self, defect: Defect, tests: list[Test]) -> None:
        hit = self.outcome.defects[defect]
        hit.outcome, hit.candidates = "survived", len(tests)
        order = by_promise(defect, self.outcome.records, tests)
        self._meet(defect, hit, order, until_caught=True, deadline=min(self.deadline, time.monotonic() + MOST_S))

    def _meet(self, defect: Defect, hit: Hit, tests: list[Test], *, until_caught: bool, deadline: float) -> None:
        """Run the tests with the defect on. Who failed has to pass again with it off, or it was an accident."""
        waiting = list(tests)
        while waiting and time.monotonic() < deadline:
            failed: dict[Test, Run] = {}

            def one(worker: Worker, test: Test) -> bool:
                run = worker.run(test, limit=self.outcome.records[test].limit)
                waiting.remove(test)
                hit.tried += 1
                if run.failed:
                    failed[test] = run  # noqa: B023 - the crew is done with it before the next turn
                return not (run.failed and until_caught)

            with self.site.switched(defect.name):
                self.crew.share(waiting, one, deadline=deadline)
            able = set(passing(self.crew, self.outcome, list(failed)))
            for test, run in failed.items():
                record = self.outcome.records[test]
                if test in able:
                    hit.take(record, run, f"defect {defect.name}")
                else:
                    record.accidents.append(f"It failed with {defect.name} on and without it: {run.message}")
            if able and until_caught:
                return


def passing(crew: Crew, outcome: Outcome, tests: list[Test]) -> list[Test]:
    """The tests that pass with what is switched on now."""
    found: list[Test] = []

    def one(worker: Worker, test: Test) -> bool:
        if worker.run(test, limit=outcome.records[test].limit).status == "PASS":
            found.append(test)
        return True

    crew.share(tests, one, "tests run")
    return found
