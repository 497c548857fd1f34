"""Which test to run against which mutants next. Knows nothing of sites: it gives steps and takes their results.

A mutant meets the most promising tests alone first. What survives a few of them is bundled: a test that passes while
many mutants are armed at once has caught none of them; when it fails, the bundle is halved until the one is found.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from strength.mutants.mutants import Mutant
from strength.workers.tests import Run, Test

ALONE = 2
BUNDLE = 24
# A catch of the same property says more about the next one than a catch of the same answer.
_NEAR = 4
# An exclusive test makes all other workers wait.
_EXCLUSIVE_COSTS = 3.0
_START_S = 0.1


@dataclass(frozen=True)
class Step:
    """One run: this test with these mutants armed."""

    test: Test
    mutants: tuple[Mutant, ...]


@dataclass
class Fate:
    """What became of a mutant. `tried`: the tests that did not notice it; `open`: those that were not yet asked.

    `held`: so many steps with it are under way.
    """

    open: set[Test]
    tried: int = 0
    seconds: float = 0.0
    applied: bool = False
    caught_by: Test | None = None
    message: str = ""
    held: int = 0


@dataclass
class Hunt:
    """Goes on until every mutant is caught or has met all its candidates, or the time is over."""

    candidates: Mapping[Mutant, frozenset[Test]]
    seconds: Mapping[Test, float]
    deadline: float
    # So many tests a mutant meets at most in this hunt.
    most: float = float("inf")
    fates: dict[Mutant, Fate] = field(init=False)
    # Runs in which a test failed although nothing had been changed.
    accidents: list[tuple[Test, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fates = {mutant: Fate(set(tests)) for mutant, tests in self.candidates.items()}
        self._alone = [mutant for mutant, tests in self.candidates.items() if tests]
        self._halves: list[Step] = []
        self._catches: Counter[object] = Counter()
        self._tries: Counter[object] = Counter()

    def next(self) -> Step | None:
        """The next step; None when there is none now. Its mutants are held until `done`.

        When all that is left is held by others, they are helped: a mutant meets several tests at once then.
        """
        if time.monotonic() > self.deadline:
            return None
        step = self._half() or self._single() or self._bundle(self._is_open) or self._bundle(self.is_left)
        if step:
            for mutant in step.mutants:
                self.fates[mutant].held += 1
                self.fates[mutant].open.discard(step.test)
        return step

    @property
    def over(self) -> bool:
        """Whether no step is left and none is under way."""
        if any(fate.held for fate in self.fates.values()):
            return False
        late = time.monotonic() > self.deadline
        return late or not (self._halves or any(self._is_open(mutant) for mutant in self.fates))

    def done(self, step: Step, run: Run) -> None:
        """Take the result of a step."""
        for mutant in step.mutants:
            fate = self.fates[mutant]
            fate.held -= 1
            fate.seconds += run.seconds / len(step.mutants)
        applied = [mutant for mutant in step.mutants if mutant.name in run.applied]
        for mutant in applied:
            self.fates[mutant].applied = True
        if run.failed and not applied:
            self.accidents.append((step.test, run.message))
        if not (run.failed and applied):
            for mutant in step.mutants:
                self._not_caught(mutant, step.test)
        elif len(step.mutants) == 1:
            self._caught(applied[0], step.test, run)
        else:
            # The others stay open: the test may have ended before it came to them.
            for mutant in set(step.mutants).difference(applied):
                self.fates[mutant].open.add(step.test)
            middle = (len(applied) + 1) // 2
            halves = (tuple(applied[:middle]), tuple(applied[middle:]))
            self._halves += [Step(step.test, half) for half in halves if half]

    def _caught(self, mutant: Mutant, test: Test, run: Run) -> None:
        fate = self.fates[mutant]
        fate.caught_by, fate.message = test, run.message
        for key in _keys(mutant, test):
            self._tries[key] += 1
            self._catches[key] += 1

    def _not_caught(self, mutant: Mutant, test: Test) -> None:
        fate = self.fates[mutant]
        fate.tried += 1
        for key in _keys(mutant, test):
            self._tries[key] += 1

    def _is_open(self, mutant: Mutant) -> bool:
        return not self.fates[mutant].held and self.is_left(mutant)

    def is_left(self, mutant: Mutant) -> bool:
        fate = self.fates[mutant]
        return fate.caught_by is None and bool(fate.open) and fate.tried + fate.held < self.most

    def _half(self) -> Step | None:
        while self._halves:
            step = self._halves.pop()
            left = tuple(mutant for mutant in step.mutants if self.fates[mutant].caught_by is None)
            if any(self.fates[mutant].held for mutant in left):
                self._halves.insert(0, step)
                return None
            if left:
                return Step(step.test, left)
        return None

    def _single(self) -> Step | None:
        for mutant in list(self._alone):
            fate = self.fates[mutant]
            if fate.caught_by is not None or fate.tried >= ALONE or not fate.open:
                self._alone.remove(mutant)
            elif self._is_open(mutant):
                best = max(fate.open, key=lambda test: (self._promise(mutant, test), test.full_name))
                return Step(best, (mutant,))
        return None

    def _bundle(self, may_take: Callable[[Mutant], bool]) -> Step | None:
        """The test that can clear most of these mutants for its time."""
        waiting = {mutant for step in self._halves for mutant in step.mutants}
        per_test: dict[Test, list[Mutant]] = {}
        for mutant, fate in self.fates.items():
            if mutant not in waiting and may_take(mutant):
                for test in fate.open:
                    per_test.setdefault(test, []).append(mutant)
        if not per_test:
            return None
        best = max(per_test, key=lambda test: (min(len(per_test[test]), BUNDLE) / self._cost(test), test.full_name))
        return Step(best, bundle(per_test[best]))

    def _promise(self, mutant: Mutant, test: Test) -> float:
        exact, near, far = _keys(mutant, test)
        weights = ((exact, _NEAR * _NEAR), (near, _NEAR), (far, 1))
        caught = 0.5 + sum(weight * self._catches[key] for key, weight in weights)
        tries = 1.0 + sum(weight * self._tries[key] for key, weight in weights)
        return caught / tries / self._cost(test)

    def _cost(self, test: Test) -> float:
        return (self.seconds.get(test, 1.0) + _START_S) * (_EXCLUSIVE_COSTS if test.exclusive else 1.0)


def bundle(open_mutants: Iterable[Mutant]) -> tuple[Mutant, ...]:
    """As many of them as can be armed at once without hiding each other, the first ones first."""
    chosen: list[Mutant] = []
    for mutant in open_mutants:
        if len(chosen) < BUNDLE and not any(mutant.disturbs(other) for other in chosen):
            chosen.append(mutant)
    return tuple(chosen)


def _keys(mutant: Mutant, test: Test) -> tuple[object, object, object]:
    """What a try tells about: this place, this operator in this kind of answer, this test as a whole."""
    place = mutant.place if mutant.place is not None else mutant.operator
    return (test, mutant.kind, place), (test, mutant.kind, mutant.operator), (test, mutant.kind)
