"""The phases of a measurement: baseline runs, defects, response mutants, ineffective tests, baseline runs again."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from pipeline import console
from strength import equivalent
from strength.areas import Area
from strength.mutants import mutants, traffic
from strength.mutants.json_paths import Place
from strength.mutants.mutants import Mutant
from strength.mutants.operators import LATE
from strength.results.results import DEFECTS, KILLED, MUTANTS, NOT_TRIED, SURVIVED, Outcome, Record, Result
from strength.search.defect_runs import DefectRuns, passing
from strength.search.scheduler import Scheduler, bundle
from strength.workers.pool import WorkerGroups, WorkerPool
from strength.workers.site import Defect
from strength.workers.tests import Test
from strength.workers.worker import Worker

_Named = TypeVar("_Named", Mutant, Defect)
_FIRST_LIMIT_S = 600.0
# Size of the fixed samples.
_SAMPLE = 300
_SAMPLE_OF_DEFECTS = 24
# Mutants that an ineffective test meets alone before it meets bundles.
_TRIED_ALONE = 3
# Tests tried per mutant before ineffective tests get their turn.
_FIRST_TRIES = 40
# Seconds at the end kept for running ineffective tests against defects.
_LAST_DEFECTS_S = 60.0
_SWITCH_S = 0.5
# Duration of the closing baseline runs as a share of the first ones, where only tests that killed something are run:
# in areas with a required score, and in the others.
_REPEATED = 0.4
_REPEATED_WITHOUT_SCORE = 0.2
# An exclusive test that takes longer blocks all workers for too long.
_EXPENSIVE_S = 3.0
_EXPENSIVE = "Only long exclusive tests receive this answer: one mutant of each place is tried."
_FOR_INEFFECTIVE_TESTS = 0.7


@dataclass
class Measurement:
    """Fills `outcome`. `deadline` is a time.monotonic() second; `declared` holds the members that answers may have.

    `tests_of_other_areas` run against defects that no test of this area detects.
    """

    area: Area
    groups: WorkerGroups
    outcome: Outcome
    deadline: float
    declared: Mapping[traffic.Kind, frozenset[Place]]
    tests_of_other_areas: list[Test]

    def __post_init__(self) -> None:
        self._search_deadline = self.deadline

    @property
    def pool(self) -> WorkerPool:
        return self.groups.pool

    def run(self, tests: list[Test], defects: list[Defect]) -> None:
        quick, parts = self.outcome.quick, self.outcome.parts
        self.outcome.records = {test: Record(test) for test in tests}
        runs = DefectRuns(self.area, self.groups, self.outcome, self.deadline, self.tests_of_other_areas)
        with self._phase("baseline runs"):
            self._run_baseline(tests, record=True)
            if not self.area.required_score:
                self._rerun_unstable()
            if self.area.only_observing_tests:
                known = self.outcome.records
                self.outcome.records = {test: known[test] for test in tests if known[test].traffic}
                tests = list(self.outcome.records)
        if self.area.routes:
            # The closing baseline runs take as long as the first ones, or less where only some tests are repeated.
            whole = _REPEATED if quick else 1.0
            share = whole if self.area.required_score else _REPEATED_WITHOUT_SCORE
            self._search_deadline = self.deadline - self.outcome.phases["baseline runs"] * share
        if DEFECTS in parts:
            with self._phase("defects"):
                runs.run(self._defects(defects))
                runs.for_undetected()
            if not self.area.prefers_mutants:
                # Mutants get the rest of the time.
                self._defects_for_ineffective_tests(runs, _FOR_INEFFECTIVE_TESTS if self.area.routes else 1.0)
        if MUTANTS in parts and self.area.routes:
            with self._phase("response mutants"):
                scheduler = self._run_mutants(self._candidates(self._mutants()), self._mutants_deadline(), _FIRST_TRIES)
            if not quick:
                with self._phase("open questions"):
                    self._open_questions()
            deadline = self._search_deadline - (_LAST_DEFECTS_S if self.area.prefers_mutants else 0.0)
            with self._phase("tests that detected nothing yet"):
                self.retry_ineffective_tests(
                    (record for record in self.outcome.ineffective() if not record.needs), deadline
                )
            with self._phase("surviving response mutants"):
                self._run_mutants(self._left(scheduler), deadline)
        if DEFECTS in parts:
            self._defects_for_ineffective_tests(runs, 1.0)
        if self.area.routes:
            with self._phase("baseline runs again"):
                results = list(self.outcome.mutants.values())
                only_counted = quick or not self.area.required_score
                if self.area.required_score:
                    # Elsewhere each detection was confirmed by a run without the defect.
                    results += self.outcome.defects.values()
                counted = {result.by for result in results}
                usable = [record.test for record in self.outcome.usable()]
                self._run_baseline(test for test in usable if not only_counted or test.name in counted)
                self._withdraw()
        self.outcome.finished = True

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        """Every site is repaired first: what a phase left broken would pass for flaky tests in the next one.

        Raises RunError when a site cannot be repaired; no kill matrix is written then.
        """
        began = time.monotonic()
        console.say(f"{name} ...")
        for group in self.groups.all:
            group.site.settle()
        try:
            yield
        finally:
            seconds = time.monotonic() - began
            self.outcome.phases[name] = self.outcome.phases.get(name, 0.0) + seconds
            console.say(f"  {name}: {seconds:.0f} s")

    def _defects_for_ineffective_tests(self, runs: DefectRuns, share: float) -> None:
        """Takes at most this share of the remaining time."""
        if self.outcome.ineffective():
            with self._phase("defects for tests that detected nothing yet"):
                now = time.monotonic()
                runs.for_ineffective_tests(now + (self._search_deadline - now) * share)

    def _run_baseline(self, tests: Iterable[Test], *, record: bool = False) -> None:
        """Run each test once without mutants and defects. Exclusive ones last: they block all workers."""

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
        self.pool.distribute(longest_first, one, "tests run")

    def _rerun_unstable(self) -> None:
        """A second try for tests of load, which may fail or be skipped while the machine starts several sites.

        What they detect counts only if they pass again at the end, so flaky ones are found there.
        """
        again = [record for record in self.outcome.records.values() if record.verdict in ("failing", "skipped")]
        if again:
            console.say(f"  {len(again)} tests failed or were skipped, and run again")
            for record in again:
                record.runs.clear()
            self._run_baseline([record.test for record in again], record=True)

    def _defects(self, defects: list[Defect]) -> list[Defect]:
        """All defects, or a sample of the area's in a quick measurement."""
        if not self.outcome.quick:
            return defects
        return _sample([defect for defect in defects if defect.area in self.area.defects], _SAMPLE_OF_DEFECTS)

    def _mutants(self) -> list[Mutant]:
        whole = traffic.merged(record.traffic for record in self.outcome.usable())
        found = mutants.of_traffic(whole, self.area.time_limits, self.declared)
        matter, self.outcome.left_out = equivalent.split(found, equivalent.rules())
        if (self.outcome.quick or not self.area.required_score) and len(matter) > _SAMPLE:
            self.outcome.not_sampled = len(matter) - _SAMPLE
            matter = _sample(matter, _SAMPLE)
        return self._skip_expensive(matter)

    def _skip_expensive(self, matter: list[Mutant]) -> list[Mutant]:
        """Of answers that only expensive tests receive, keep one mutant of each place."""
        kept: list[Mutant] = []
        places = set()
        for mutant, tests in self._candidates(matter).items():
            place = mutant.kind, mutant.operator if mutant.place is None else mutant.place
            if place in places and tests and all(self._is_expensive(test) for test in tests):
                self.outcome.left_out[mutant] = _EXPENSIVE
            else:
                places.add(place)
                kept.append(mutant)
        return kept

    def _is_expensive(self, test: Test) -> bool:
        return test.exclusive and self.outcome.records[test].seconds > _EXPENSIVE_S

    def _mutants_deadline(self) -> float:
        """Leaves time for the next phases: about one round over all tests; half of the time in areas without a
        required score, where mutants only serve to find ineffective tests."""
        if self.outcome.quick:
            return self._search_deadline
        if not self.area.required_score:
            return (time.monotonic() + self._search_deadline) / 2
        round_s = sum(record.seconds + _SWITCH_S for record in self.outcome.usable()) / len(self.pool.workers)
        return self._search_deadline - min(round_s, (self._search_deadline - time.monotonic()) / 2)

    def _candidates(self, wanted: list[Mutant]) -> dict[Mutant, set[Test]]:
        """For each mutant the tests that receive an answer which it changes."""
        candidates: dict[Mutant, set[Test]] = {mutant: set() for mutant in wanted}
        for record in self.outcome.usable():
            for mutant in mutants.observed_by(wanted, record.traffic):
                # Time limits are asserted in exclusive suites only.
                if mutant.operator != LATE or record.test.exclusive:
                    candidates[mutant].add(record.test)
        return candidates

    def _left(self, scheduler: Scheduler) -> dict[Mutant, set[Test]]:
        """The survivors with the tests that they have not run against."""
        survived = {mutant for mutant, result in self.outcome.mutants.items() if result.outcome == SURVIVED}
        return {mutant: state.open for mutant, state in scheduler.states.items() if state.open and mutant in survived}

    def _run_mutants(
        self, candidates: Mapping[Mutant, Iterable[Test]], deadline: float, most: float = float("inf")
    ) -> Scheduler:
        seconds = {record.test: record.seconds for record in self.outcome.usable()}
        scheduler = Scheduler(
            {mutant: frozenset(tests) for mutant, tests in candidates.items()}, seconds, deadline, most
        )
        lock, began = threading.Lock(), time.monotonic()

        def steps(worker: Worker) -> None:
            while True:
                with lock:
                    step = scheduler.next()
                    if step is None and scheduler.over:
                        return
                if step is None:
                    time.sleep(0.02)
                    continue
                run = worker.run(step.test, step.mutants, limit=self.outcome.records[step.test].limit)
                with lock:
                    scheduler.done(step, run)

        try:
            self.pool.work(steps, lambda: progress(scheduler, began))
        finally:
            self._take(scheduler)
        return scheduler

    def _take(self, scheduler: Scheduler) -> None:
        """Add the final states of the mutants to the outcome."""
        for mutant, state in scheduler.states.items():
            killer, earlier = state.killed_by, self.outcome.mutants.get(mutant, Result("", applied=False))
            left = SURVIVED if earlier.tried + state.tried or not scheduler.candidates[mutant] else NOT_TRIED
            self.outcome.mutants[mutant] = Result(
                KILLED if killer else left,
                killer.name if killer else "",
                state.message,
                earlier.tried + state.tried + bool(killer),
                earlier.candidates or len(scheduler.candidates[mutant]),
                earlier.applied or state.applied,
            )
            if killer:
                self.outcome.records[killer].detections.append(mutant.name)
        for test, message in scheduler.unrelated_failures:
            self.outcome.records[test].unrelated_failures.append(f"It failed although no answer was changed: {message}")

    def retry_ineffective_tests(self, records: Iterable[Record], deadline: float) -> None:
        """Run ineffective tests against mutants of the answers they receive, until each has killed one."""
        of_test = {record.test: record for record in records}

        def one(worker: Worker, test: Test) -> bool:
            record = of_test[test]
            likely = self._for_one(record)
            rest = likely[_TRIED_ALONE:]
            bundles: list[tuple[Mutant, ...]] = [(mutant,) for mutant in likely[:_TRIED_ALONE]]
            while bundles or rest:
                if time.monotonic() > deadline:
                    return False
                if not bundles:
                    bundles = [bundle(rest)]
                    rest = [mutant for mutant in rest if mutant not in bundles[0]]
                armed = bundles.pop(0)
                run = worker.run(test, armed, limit=record.limit)
                applied = tuple(mutant for mutant in armed if mutant.name in run.applied)
                if not run.failed or not applied:
                    continue
                if len(armed) == 1:
                    result = self.outcome.mutants.setdefault(armed[0], Result(SURVIVED))
                    result.take(KILLED, record, run, armed[0].name)
                    return True
                middle = len(applied) // 2
                bundles = [applied[:middle], applied[middle:]] if len(applied) > 1 else [applied]
            return True

        self.pool.distribute(sorted(of_test, key=lambda test: test.exclusive), one, "tests repeated")

    def _for_one(self, record: Record) -> list[Mutant]:
        """The mutants that the test can observe, each place in turn: first those that few tests observe, and operators
        that are often killed."""
        known = {mutant: result for mutant, result in self.outcome.mutants.items() if result.outcome != NOT_TRIED}
        seen = mutants.observed_by(known, record.traffic)
        kill_rate = kill_rates(known.items())
        order = sorted(
            seen,
            key=lambda mutant: (
                mutant.operator != LATE if record.test.exclusive else mutant.operator == LATE,
                known[mutant].candidates // 3,
                -kill_rate(mutant),
                mutant.name,
            ),
        )
        # Round robin over the places.
        earlier: Counter[tuple[traffic.Kind, Place | None]] = Counter()
        turn = {}
        for mutant in order:
            turn[mutant] = earlier[mutant.kind, mutant.place]
            earlier[mutant.kind, mutant.place] += 1
        return sorted(order, key=turn.__getitem__)

    def _open_questions(self) -> None:
        """Measure tests that are skipped as open questions with the switch on under which they pass."""
        skipped = [record for record in self.outcome.records.values() if record.verdict == "skipped"]
        switches = self.area.open_questions
        if not skipped or not switches:
            return
        with ExitStack() as on:
            for group in self.groups.all:
                on.enter_context(group.site.switched(*switches))
            able = passing(self.pool, self.outcome.records, [record.test for record in skipped])
            for test in able:
                self.outcome.records[test].needs = switches
            self.retry_ineffective_tests([self.outcome.records[test] for test in able], self._search_deadline)

    def _withdraw(self) -> None:
        """Withdraw the detections of flaky tests; their mutants run once more against the other tests."""
        flaky = {record.test.name for record in self.outcome.records.values() if record.verdict == "flaky"}
        for result in self.outcome.defects.values():
            if result.by in flaky:
                result.outcome, result.by = SURVIVED, ""
        again = [mutant for mutant, result in self.outcome.mutants.items() if result.by in flaky]
        for mutant in again:
            self.outcome.mutants[mutant] = Result(SURVIVED)
        if again:
            self._run_mutants(self._candidates(again), self.deadline)


def _sample(things: list[_Named], most: int) -> list[_Named]:
    """At most `most` of them in their order, chosen by the hash of their names: additions leave the others chosen."""
    chosen = set(sorted(things, key=lambda thing: hashlib.sha256(thing.name.encode()).digest())[:most])
    return [thing for thing in things if thing in chosen]


def kill_rates(known: Iterable[tuple[Mutant, Result]]) -> Callable[[Mutant], float]:
    """The share of killed mutants by mutation operator."""
    counts: dict[str, list[int]] = {}
    for mutant, result in known:
        pair = counts.setdefault(mutant.operator, [0, 0])
        pair[0] += result.found
        pair[1] += 1
    return lambda mutant: counts[mutant.operator][0] / counts[mutant.operator][1]


def progress(scheduler: Scheduler, began: float) -> str:
    states = list(scheduler.states.values())
    killed = sum(state.killed_by is not None for state in states)
    done = sum(not scheduler.is_left(mutant) for mutant in scheduler.states)
    passed = time.monotonic() - began
    left = min(passed / done * (len(states) - done), scheduler.deadline - time.monotonic()) if done else 0.0
    return f"mutants: {done} of {len(states)} done, {killed} killed, about {max(left, 0) / 60:.0f} min left"
