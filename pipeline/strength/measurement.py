"""The phases of a measurement: sound runs, defects, changed answers, tests that caught nothing, sound runs again."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from pipeline import console
from pipeline.strength import mutants, rules, traffic
from pipeline.strength.crew import Crew
from pipeline.strength.defect_rounds import DefectRounds, passing
from pipeline.strength.hunt import Hunt
from pipeline.strength.mutants import LATE, Mutant
from pipeline.strength.outcome import Hit, Outcome, Record
from pipeline.strength.properties import Place
from pipeline.strength.rules import Area
from pipeline.strength.site import Defect, OwnSite
from pipeline.strength.tests import Test
from pipeline.strength.worker import Worker

_FIRST_LIMIT_S = 600.0
# What a fixed sample holds, and how often a test that caught nothing is asked again.
_SAMPLE = 300
_ASKED_AGAIN = 20
_SWITCH_S = 0.5


@dataclass
class Measurement:
    """Fills `outcome`. `deadline` is a time.monotonic() second, `declared` what the answers may hold."""

    area: Area
    site: OwnSite
    crew: Crew
    outcome: Outcome
    deadline: float
    declared: Mapping[traffic.Kind, frozenset[Place]]

    def run(self, tests: list[Test], defects: list[Defect]) -> None:
        quick, rings = self.outcome.quick, self.outcome.rings
        self.outcome.records = {test: Record(test) for test in tests}
        rounds = DefectRounds(self.area, self.site, self.crew, self.outcome, self.deadline)
        with self._phase("sound runs"):
            self._sound(tests, record=True)
            if not quick:
                self._sound(tests)
        if 2 in rings:
            with self._phase("defects"):
                rounds.run(defects)
        if 1 in rings:
            with self._phase("changed answers"):
                self._hunt(self._mutants(), self._hunt_deadline())
            with self._phase("tests that caught nothing yet"):
                self._ask_again(self.outcome.silent())
            with self._phase("open questions"):
                self._open_questions()
        if 2 in rings and self.outcome.silent():
            with self._phase("defects for tests that caught nothing yet"):
                rounds.for_silent()
        with self._phase("sound runs again"):
            hits = [*self.outcome.mutants.values(), *self.outcome.defects.values()]
            counted = {hit.by for hit in hits}
            self._sound(record.test for record in self.outcome.usable() if not quick or record.test.name in counted)
            self._withdraw()
        self.outcome.finished = True

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        console.say(f"{name} ...")
        try:
            yield
        finally:
            self.outcome.phases[name] = time.monotonic() - began
            console.say(f"  {name}: {self.outcome.phases[name]:.0f} s")

    def _sound(self, tests: Iterable[Test], *, record: bool = False) -> None:
        """Each test once on the sound site. Exclusive ones last: they make all workers wait."""

        def one(worker: Worker, test: Test) -> bool:
            known = self.outcome.records[test]
            if record:
                run, exchanges = worker.record(test, limit=_FIRST_LIMIT_S)
                known.traffic = traffic.summary(exchanges)
            else:
                run = worker.run(test, limit=_FIRST_LIMIT_S)
            known.runs.append(run)
            return True

        longest_first = sorted(
            tests, key=lambda test: (test.exclusive, "slow" not in test.tags, -self.outcome.records[test].seconds)
        )
        self.crew.share(longest_first, one, "tests run")

    def _mutants(self) -> list[Mutant]:
        whole = traffic.merged(record.traffic for record in self.outcome.usable())
        found = mutants.of_traffic(whole, self.area.time_limits, self.declared)
        matter, self.outcome.left_out = rules.split(found, rules.rules())
        if self.outcome.quick and len(matter) > _SAMPLE:
            self.outcome.not_sampled = len(matter) - _SAMPLE
            # The same ones each time, also when others come or go.
            chosen = set(sorted(matter, key=lambda mutant: hashlib.sha256(mutant.name.encode()).digest())[:_SAMPLE])
            matter = [mutant for mutant in matter if mutant in chosen]
        return matter

    def _hunt_deadline(self) -> float:
        """Leave time for the phases that follow: about two rounds over all tests."""
        round_s = sum(record.seconds + _SWITCH_S for record in self.outcome.usable()) / len(self.crew.workers)
        return self.deadline - min(2 * round_s, (self.deadline - time.monotonic()) / 2)

    def _hunt(self, wanted: list[Mutant], deadline: float) -> None:
        candidates: dict[Mutant, set[Test]] = {mutant: set() for mutant in wanted}
        for record in self.outcome.usable():
            for mutant in mutants.seen_by(wanted, record.traffic):
                # Time limits are asserted in exclusive suites only.
                if mutant.operator != LATE or record.test.exclusive:
                    candidates[mutant].add(record.test)
        seconds = {record.test: record.seconds for record in self.outcome.usable()}
        hunt = Hunt({mutant: frozenset(tests) for mutant, tests in candidates.items()}, seconds, deadline)
        lock, began = threading.Lock(), time.monotonic()

        def steps(worker: Worker) -> None:
            while True:
                with lock:
                    step = hunt.next()
                    if step is None and hunt.over:
                        return
                if step is None:
                    time.sleep(0.02)
                    continue
                run = worker.run(step.test, step.mutants, limit=self.outcome.records[step.test].limit)
                with lock:
                    hunt.done(step, run)

        try:
            self.crew.work(steps, lambda: progress(hunt, began))
        finally:
            self._take(hunt)

    def _take(self, hunt: Hunt) -> None:
        for mutant, fate in hunt.fates.items():
            caught = fate.caught_by
            over = "survived" if fate.tried or not hunt.candidates[mutant] else "not tried"
            self.outcome.mutants[mutant] = Hit(
                "caught" if caught else over,
                caught.name if caught else "",
                fate.message,
                fate.tried + bool(caught),
                len(hunt.candidates[mutant]),
                fate.applied,
            )
            if caught:
                self.outcome.records[caught].catches.append(mutant.name)
        for test, message in hunt.accidents:
            self.outcome.records[test].accidents.append(f"It failed although no answer was changed: {message}")

    def _ask_again(self, records: Iterable[Record]) -> None:
        """Let tests that caught nothing meet mutants of what they touch, until each has caught one."""
        of_test = {record.test: record for record in records}

        def one(worker: Worker, test: Test) -> bool:
            record = of_test[test]
            for mutant in self._for_one(record):
                run = worker.run(test, [mutant], limit=record.limit)
                if run.failed and run.applied:
                    hit = self.outcome.mutants.setdefault(mutant, Hit("survived"))
                    hit.take(record, run, mutant.name)
                    return True
                if time.monotonic() > self.deadline:
                    return False
            return True

        self.crew.share(sorted(of_test, key=lambda test: test.exclusive), one, "tests asked again")

    def _for_one(self, record: Record) -> list[Mutant]:
        """What a test is about comes first: what few other tests see, and what is caught where it is seen."""
        known = {mutant: hit for mutant, hit in self.outcome.mutants.items() if hit.outcome != "not tried"}
        seen = mutants.seen_by(known, record.traffic)
        caught_rate = rates(known.items())
        order = sorted(
            seen,
            key=lambda mutant: (
                mutant.operator != LATE if record.test.exclusive else mutant.operator == LATE,
                known[mutant].candidates // 3,
                -caught_rate(mutant),
                mutant.name,
            ),
        )
        # A few of each kind of answer, not all of one.
        per_kind: dict[traffic.Kind, int] = {}
        chosen = []
        for mutant in order:
            per_kind[mutant.kind] = per_kind.get(mutant.kind, 0) + 1
            if per_kind[mutant.kind] <= _ASKED_AGAIN // 4:
                chosen.append(mutant)
        return chosen[:_ASKED_AGAIN]

    def _open_questions(self) -> None:
        """Tests that are skipped as open questions pass with a switch on; they are measured then."""
        skipped = [record for record in self.outcome.records.values() if record.verdict == "skipped"]
        switches = self.area.open_questions
        if not skipped or not switches:
            return
        with self.site.switched(*switches):
            able = passing(self.crew, self.outcome, [record.test for record in skipped])
            for test in able:
                self.outcome.records[test].needs = switches
            self._ask_again([self.outcome.records[test] for test in able])

    def _withdraw(self) -> None:
        """What only a flaky test has caught is not caught; the others are asked once more."""
        flaky = {record.test.name for record in self.outcome.records.values() if record.verdict == "flaky"}
        for hit in self.outcome.defects.values():
            if hit.by in flaky:
                hit.outcome, hit.by = "survived", ""
        again = [mutant for mutant, hit in self.outcome.mutants.items() if hit.by in flaky]
        for mutant in again:
            self.outcome.mutants[mutant] = Hit("survived")
        if again:
            self._hunt(again, self.deadline)


def rates(known: Iterable[tuple[Mutant, Hit]]) -> Callable[[Mutant], float]:
    """How often an operator is caught."""
    counts: dict[str, list[int]] = {}
    for mutant, hit in known:
        pair = counts.setdefault(mutant.operator, [0, 0])
        pair[0] += hit.outcome == "caught"
        pair[1] += 1
    return lambda mutant: counts[mutant.operator][0] / counts[mutant.operator][1]


def progress(hunt: Hunt, began: float) -> str:
    fates = list(hunt.fates.values())
    caught = sum(fate.caught_by is not None for fate in fates)
    done = sum(fate.caught_by is not None or not fate.open for fate in fates)
    passed = time.monotonic() - began
    left = min(passed / done * (len(fates) - done), hunt.deadline - time.monotonic()) if done else 0.0
    return f"mutants: {done} of {len(fates)} done, {caught} caught, about {max(left, 0) / 60:.0f} min left"
