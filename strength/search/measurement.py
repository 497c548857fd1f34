"""The phases of a measurement: sound runs, defects, changed answers, tests that caught nothing, sound runs again."""

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
from strength import areas as rules
from strength.areas import Area
from strength.mutants import mutants, traffic
from strength.mutants.json_paths import Place
from strength.mutants.mutants import Mutant
from strength.mutants.operators import LATE
from strength.results.results import Hit, Outcome, Record
from strength.search.defect_runs import DefectRounds, passing
from strength.search.scheduler import Hunt, bundle
from strength.workers.pool import Crew, Teams
from strength.workers.site import Defect
from strength.workers.tests import Test
from strength.workers.worker import Worker

_Named = TypeVar("_Named", Mutant, Defect)
_FIRST_LIMIT_S = 600.0
# What a fixed sample holds, and how many changes a test that caught nothing meets alone before it meets bundles.
_SAMPLE = 300
_SAMPLE_OF_DEFECTS = 24
_ASKED_ALONE = 3
# So many tests a change meets before tests that caught nothing are asked; what it survives goes on afterwards.
_FIRST_TRIES = 40
# So long before the end defects are tried on tests that no change of an answer can fail.
_DEFECTS_AT_LAST_S = 60.0
_SWITCH_S = 0.5
# Where only tests whose catches count run again at the end, they take at most about this share of the time of all; less
# where changed answers are a help only.
_COUNTED = 0.4
_COUNTED_OF_FEW = 0.2
# Tests that take longer and have the site for themselves make everything wait.
_DEAR_S = 3.0
_DEAR = "Only tests that take long and have the site for themselves see this answer: one change of each place is tried."
_FOR_SILENT = 0.7


@dataclass
class Measurement:
    """Fills `outcome`. `deadline` is a time.monotonic() second, `declared` what the answers may hold.

    `helpers` are tests of other areas, for defects that none of `tests` catches.
    """

    area: Area
    teams: Teams
    outcome: Outcome
    deadline: float
    declared: Mapping[traffic.Kind, frozenset[Place]]
    helpers: list[Test]

    def __post_init__(self) -> None:
        self._search_deadline = self.deadline

    @property
    def crew(self) -> Crew:
        return self.teams.crew

    def run(self, tests: list[Test], defects: list[Defect]) -> None:
        quick, rings = self.outcome.quick, self.outcome.rings
        self.outcome.records = {test: Record(test) for test in tests}
        rounds = DefectRounds(self.area, self.teams, self.outcome, self.deadline, self.helpers)
        with self._phase("sound runs"):
            self._sound(tests, record=True)
            if not self.area.share:
                self._ask_again_when_calm()
            if self.area.seen_only:
                known = self.outcome.records
                self.outcome.records = {test: known[test] for test in tests if known[test].traffic}
                tests = list(self.outcome.records)
        if self.area.doors:
            # The sound runs at the end take as long as those at the beginning, or less where only some are asked again.
            whole = _COUNTED if quick else 1.0
            share = whole if self.area.share else _COUNTED_OF_FEW
            self._search_deadline = self.deadline - self.outcome.phases["sound runs"] * share
        if 2 in rings:
            with self._phase("defects"):
                rounds.run(self._defects(defects))
                rounds.for_survivors()
            if not self.area.answers_tell_most:
                # What is left may still be found by changed answers.
                self._for_silent(rounds, _FOR_SILENT if self.area.doors else 1.0)
        if 1 in rings and self.area.doors:
            with self._phase("changed answers"):
                hunt = self._hunt(self._candidates(self._mutants()), self._hunt_deadline(), _FIRST_TRIES)
            if not quick:
                with self._phase("open questions"):
                    self._open_questions()
            deadline = self._search_deadline - (_DEFECTS_AT_LAST_S if self.area.answers_tell_most else 0.0)
            with self._phase("tests that caught nothing yet"):
                self.ask_again((record for record in self.outcome.silent() if not record.needs), deadline)
            with self._phase("changed answers that survived so far"):
                self._hunt(self._left(hunt), deadline)
        if 2 in rings:
            self._for_silent(rounds, 1.0)
        if self.area.doors:
            with self._phase("sound runs again"):
                # What a defect caught was proven at once.
                hits = list(self.outcome.mutants.values())
                few = quick or not self.area.share
                if self.area.share:
                    hits += self.outcome.defects.values()
                counted = {hit.by for hit in hits}
                self._sound(record.test for record in self.outcome.usable() if not few or record.test.name in counted)
                self._withdraw()
        self.outcome.finished = True

    @contextmanager
    def _phase(self, name: str) -> Iterator[None]:
        began = time.monotonic()
        console.say(f"{name} ...")
        try:
            yield
        finally:
            seconds = time.monotonic() - began
            self.outcome.phases[name] = self.outcome.phases.get(name, 0.0) + seconds
            console.say(f"  {name}: {seconds:.0f} s")

    def _for_silent(self, rounds: DefectRounds, share: float) -> None:
        """Take at most this share of the time that is left."""
        if self.outcome.silent():
            with self._phase("defects for tests that caught nothing yet"):
                now = time.monotonic()
                rounds.for_silent(now + (self._search_deadline - now) * share)

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

    def _ask_again_when_calm(self) -> None:
        """Tests of load may fail or be skipped while the machine starts several sites, or runs others: a second try.

        Nothing that they catch counts unless they pass again then, so a flaky one is found out there.
        """
        again = [record for record in self.outcome.records.values() if record.verdict in ("failing", "skipped")]
        if again:
            console.say(f"  {len(again)} tests failed or were skipped, and are asked again")
            for record in again:
                record.runs.clear()
            self._sound([record.test for record in again], record=True)

    def _defects(self, defects: list[Defect]) -> list[Defect]:
        """All, or a sample of the area's where the measurement is quick."""
        if not self.outcome.quick:
            return defects
        return _sample([defect for defect in defects if defect.area in self.area.defects], _SAMPLE_OF_DEFECTS)

    def _mutants(self) -> list[Mutant]:
        whole = traffic.merged(record.traffic for record in self.outcome.usable())
        found = mutants.of_traffic(whole, self.area.time_limits, self.declared)
        matter, self.outcome.left_out = rules.split(found, rules.rules())
        if (self.outcome.quick or not self.area.share) and len(matter) > _SAMPLE:
            self.outcome.not_sampled = len(matter) - _SAMPLE
            matter = _sample(matter, _SAMPLE)
        return self._spare_the_dear(matter)

    def _spare_the_dear(self, matter: list[Mutant]) -> list[Mutant]:
        """Of answers that only dear tests see, one change of each property and one of each kind of the whole answer."""
        kept: list[Mutant] = []
        places = set()
        for mutant, tests in self._candidates(matter).items():
            place = mutant.kind, mutant.operator if mutant.place is None else mutant.place
            if place in places and tests and all(self._is_dear(test) for test in tests):
                self.outcome.left_out[mutant] = _DEAR
            else:
                places.add(place)
                kept.append(mutant)
        return kept

    def _is_dear(self, test: Test) -> bool:
        return test.exclusive and self.outcome.records[test].seconds > _DEAR_S

    def _hunt_deadline(self) -> float:
        """Leave time for the phases that follow, if any: about one round over all tests, beside the sound runs; half of
        the time where changed answers count only for what tests catch."""
        if self.outcome.quick:
            return self._search_deadline
        if not self.area.share:
            return (time.monotonic() + self._search_deadline) / 2
        round_s = sum(record.seconds + _SWITCH_S for record in self.outcome.usable()) / len(self.crew.workers)
        return self._search_deadline - min(round_s, (self._search_deadline - time.monotonic()) / 2)

    def _candidates(self, wanted: list[Mutant]) -> dict[Mutant, set[Test]]:
        """The tests that see an answer which the mutant changes."""
        candidates: dict[Mutant, set[Test]] = {mutant: set() for mutant in wanted}
        for record in self.outcome.usable():
            for mutant in mutants.seen_by(wanted, record.traffic):
                # Time limits are asserted in exclusive suites only.
                if mutant.operator != LATE or record.test.exclusive:
                    candidates[mutant].add(record.test)
        return candidates

    def _left(self, hunt: Hunt) -> dict[Mutant, set[Test]]:
        """What no test has caught, with the tests that it has not met in that hunt."""
        survived = {mutant for mutant, hit in self.outcome.mutants.items() if hit.outcome == "survived"}
        return {mutant: fate.open for mutant, fate in hunt.fates.items() if fate.open and mutant in survived}

    def _hunt(self, candidates: Mapping[Mutant, Iterable[Test]], deadline: float, most: float = float("inf")) -> Hunt:
        seconds = {record.test: record.seconds for record in self.outcome.usable()}
        hunt = Hunt({mutant: frozenset(tests) for mutant, tests in candidates.items()}, seconds, deadline, most)
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
        return hunt

    def _take(self, hunt: Hunt) -> None:
        for mutant, fate in hunt.fates.items():
            caught, earlier = fate.caught_by, self.outcome.mutants.get(mutant, Hit("", applied=False))
            over = "survived" if earlier.tried + fate.tried or not hunt.candidates[mutant] else "not tried"
            self.outcome.mutants[mutant] = Hit(
                "caught" if caught else over,
                caught.name if caught else "",
                fate.message,
                earlier.tried + fate.tried + bool(caught),
                earlier.candidates or len(hunt.candidates[mutant]),
                earlier.applied or fate.applied,
            )
            if caught:
                self.outcome.records[caught].catches.append(mutant.name)
        for test, message in hunt.accidents:
            self.outcome.records[test].accidents.append(f"It failed although no answer was changed: {message}")

    def ask_again(self, records: Iterable[Record], deadline: float) -> None:
        """Let tests that caught nothing meet mutants of what they touch, until each has caught one."""
        of_test = {record.test: record for record in records}

        def one(worker: Worker, test: Test) -> bool:
            record = of_test[test]
            likely = self._for_one(record)
            rest = likely[_ASKED_ALONE:]
            bundles: list[tuple[Mutant, ...]] = [(mutant,) for mutant in likely[:_ASKED_ALONE]]
            while bundles or rest:
                if time.monotonic() > deadline:
                    return False
                if not bundles:
                    bundles = [bundle(rest)]
                    rest = [mutant for mutant in rest if mutant not in bundles[0]]
                armed = bundles.pop(0)
                run = worker.run(test, armed, limit=record.limit)
                felt = tuple(mutant for mutant in armed if mutant.name in run.applied)
                if not run.failed or not felt:
                    continue
                if len(armed) == 1:
                    hit = self.outcome.mutants.setdefault(armed[0], Hit("survived"))
                    hit.take(record, run, armed[0].name)
                    return True
                bundles = [felt[: len(felt) // 2], felt[len(felt) // 2 :]] if len(felt) > 1 else [felt]
            return True

        self.crew.share(sorted(of_test, key=lambda test: test.exclusive), one, "tests asked again")

    def _for_one(self, record: Record) -> list[Mutant]:
        """What the test sees; first what few others see and what is caught where it is seen, of each place once."""
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
        # Of each place, and of each kind of answer as a whole, one after the other.
        earlier: Counter[tuple[traffic.Kind, Place | None]] = Counter()
        turn = {}
        for mutant in order:
            turn[mutant] = earlier[mutant.kind, mutant.place]
            earlier[mutant.kind, mutant.place] += 1
        return sorted(order, key=turn.__getitem__)

    def _open_questions(self) -> None:
        """Tests that are skipped as open questions pass with a switch on; they are measured then."""
        skipped = [record for record in self.outcome.records.values() if record.verdict == "skipped"]
        switches = self.area.open_questions
        if not skipped or not switches:
            return
        with ExitStack() as on:
            for team in self.teams.all:
                on.enter_context(team.site.switched(*switches))
            able = passing(self.crew, self.outcome.records, [record.test for record in skipped])
            for test in able:
                self.outcome.records[test].needs = switches
            self.ask_again([self.outcome.records[test] for test in able], self._search_deadline)

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
            self._hunt(self._candidates(again), self.deadline)


def _sample(things: list[_Named], most: int) -> list[_Named]:
    """So many of them in their order; the same ones each time, also when others come or go."""
    chosen = set(sorted(things, key=lambda thing: hashlib.sha256(thing.name.encode()).digest())[:most])
    return [thing for thing in things if thing in chosen]


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
    done = sum(not hunt.is_left(mutant) for mutant in hunt.fates)
    passed = time.monotonic() - began
    left = min(passed / done * (len(fates) - done), hunt.deadline - time.monotonic()) if done else 0.0
    return f"mutants: {done} of {len(fates)} done, {caught} caught, about {max(left, 0) / 60:.0f} min left"
