"""Decides which test runs against which mutants next. It knows no site: it hands out steps and takes their results.

A mutant first runs alone against the tests most likely to kill it. Mutants that survive a few of those are bundled: a
test that passes with many mutants armed has killed none of them; when it fails, the bundle is bisected.
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
# A kill at the same property predicts the next kill better than one elsewhere in the same answer.
_NEAR = 4
# An exclusive test blocks all other workers.
_EXCLUSIVE_COSTS = 3.0
_START_S = 0.1


@dataclass(frozen=True)
class Step:
    """One run: this test with these mutants armed."""

    test: Test
    mutants: tuple[Mutant, ...]


@dataclass
class MutantState:
    """The state of a mutant. `tried`: number of tests that passed with it; `open`: tests not yet run against it.

    `running`: number of steps in progress that arm it.
    """

    open: set[Test]
    tried: int = 0
    seconds: float = 0.0
    applied: bool = False
    killed_by: Test | None = None
    message: str = ""
    running: int = 0


@dataclass
class Scheduler:
    """Hands out steps until every mutant is killed or has run against all its candidates, or the deadline has passed.

    `seconds`: duration of each test; `deadline`: a time.monotonic() second.
    """

    candidates: Mapping[Mutant, frozenset[Test]]
    seconds: Mapping[Test, float]
    deadline: float
    # Most tests per mutant.
    most: float = float("inf")
    states: dict[Mutant, MutantState] = field(init=False)
    # Runs in which a test failed although no armed mutant had changed an answer.
    unrelated_failures: list[tuple[Test, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.states = {mutant: MutantState(set(tests)) for mutant, tests in self.candidates.items()}
        self._alone = [mutant for mutant, tests in self.candidates.items() if tests]
        self._halves: list[Step] = []
        self._kills: Counter[object] = Counter()
        self._tries: Counter[object] = Counter()

    def next(self) -> Step | None:
        """The next step; None when there is none at the moment. Its mutants count as running until `done`.

        When all remaining mutants are running elsewhere, they are run against several tests in parallel.
        """
        if time.monotonic() > self.deadline:
            return None
        step = self._half() or self._single() or self._bundle(self._is_open) or self._bundle(self.is_left)
        if step:
            for mutant in step.mutants:
                self.states[mutant].running += 1
                self.states[mutant].open.discard(step.test)
        return step

    @property
    def over(self) -> bool:
        """Whether no step is left and none is running."""
        if any(state.running for state in self.states.values()):
            return False
        late = time.monotonic() > self.deadline
        return late or not (self._halves or any(self._is_open(mutant) for mutant in self.states))

    def done(self, step: Step, run: Run) -> None:
        """Record the result of a step."""
        for mutant in step.mutants:
            state = self.states[mutant]
            state.running -= 1
            state.seconds += run.seconds / len(step.mutants)
        applied = [mutant for mutant in step.mutants if mutant.name in run.applied]
        for mutant in applied:
            self.states[mutant].applied = True
        if run.failed and not applied:
            self.unrelated_failures.append((step.test, run.message))
        if not (run.failed and applied):
            for mutant in step.mutants:
                self._survived(mutant, step.test)
        elif len(step.mutants) == 1:
            self._killed(applied[0], step.test, run)
        else:
            # The others stay open: the test may have failed before it reached them.
            for mutant in set(step.mutants).difference(applied):
                self.states[mutant].open.add(step.test)
            middle = (len(applied) + 1) // 2
            halves = (tuple(applied[:middle]), tuple(applied[middle:]))
            self._halves += [Step(step.test, half) for half in halves if half]

    def _killed(self, mutant: Mutant, test: Test, run: Run) -> None:
        state = self.states[mutant]
        state.killed_by, state.message = test, run.message
        for key in _keys(mutant, test):
            self._tries[key] += 1
            self._kills[key] += 1

    def _survived(self, mutant: Mutant, test: Test) -> None:
        state = self.states[mutant]
        state.tried += 1
        for key in _keys(mutant, test):
            self._tries[key] += 1

    def _is_open(self, mutant: Mutant) -> bool:
        return not self.states[mutant].running and self.is_left(mutant)

    def is_left(self, mutant: Mutant) -> bool:
        state = self.states[mutant]
        return state.killed_by is None and bool(state.open) and state.tried + state.running < self.most

    def _half(self) -> Step | None:
        while self._halves:
            step = self._halves.pop()
            left = tuple(mutant for mutant in step.mutants if self.states[mutant].killed_by is None)
            if any(self.states[mutant].running for mutant in left):
                self._halves.insert(0, step)
                return None
            if left:
                return Step(step.test, left)
        return None

    def _single(self) -> Step | None:
        for mutant in list(self._alone):
            state = self.states[mutant]
            if state.killed_by is not None or state.tried >= ALONE or not state.open:
                self._alone.remove(mutant)
            elif self._is_open(mutant):
                best = max(state.open, key=lambda test: (self._likelihood(mutant, test), test.full_name))
                return Step(best, (mutant,))
        return None

    def _bundle(self, may_take: Callable[[Mutant], bool]) -> Step | None:
        """The test that can cover the most of these mutants per second, with a bundle of them."""
        waiting = {mutant for step in self._halves for mutant in step.mutants}
        per_test: dict[Test, list[Mutant]] = {}
        for mutant, state in self.states.items():
            if mutant not in waiting and may_take(mutant):
                for test in state.open:
                    per_test.setdefault(test, []).append(mutant)
        if not per_test:
            return None
        best = max(per_test, key=lambda test: (min(len(per_test[test]), BUNDLE) / self._cost(test), test.full_name))
        return Step(best, bundle(per_test[best]))

    def _likelihood(self, mutant: Mutant, test: Test) -> float:
        exact, near, far = _keys(mutant, test)
        weights = ((exact, _NEAR * _NEAR), (near, _NEAR), (far, 1))
        kills = 0.5 + sum(weight * self._kills[key] for key, weight in weights)
        tries = 1.0 + sum(weight * self._tries[key] for key, weight in weights)
        return kills / tries / self._cost(test)

    def _cost(self, test: Test) -> float:
        return (self.seconds.get(test, 1.0) + _START_S) * (_EXCLUSIVE_COSTS if test.exclusive else 1.0)


def bundle(open_mutants: Iterable[Mutant]) -> tuple[Mutant, ...]:
    """The first mutants that can be armed together without masking each other, at most BUNDLE."""
    chosen: list[Mutant] = []
    for mutant in open_mutants:
        if len(chosen) < BUNDLE and not any(mutant.conflicts_with(other) for other in chosen):
            chosen.append(mutant)
    return tuple(chosen)


def _keys(mutant: Mutant, test: Test) -> tuple[object, object, object]:
    """The groups whose kill rate a try updates: place, operator in this kind of answer, test on this kind of answer."""
    place = mutant.place if mutant.place is not None else mutant.operator
    return (test, mutant.kind, place), (test, mutant.kind, mutant.operator), (test, mutant.kind)
