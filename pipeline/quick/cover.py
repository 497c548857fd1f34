"""A greedy cover: the tests that detect most in the seconds that there are, packed into lanes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# What a killed response mutant is worth, and that a change touches the test, where a detected defect is worth 1.
_MUTANT, _TOUCHED = 0.02, 1.0
# Seconds of a run in which no test runs: choosing, starting the lanes, merging their results.
START_S = 10.0
# Seconds that each suite takes beside its tests.
SUITE_S = 0.3
# The share of the lanes' seconds that tests can have: they are not equally long, and the machine is not idle.
_USABLE = 0.9


@dataclass(frozen=True)
class Candidate:
    """A test that may run. `suite`: its long name; `worth`: that of a test of which nothing is known yet.

    `changed`: its own file was changed; `touched`: something that it uses was.
    """

    name: str
    suite: str
    seconds: float
    defects: frozenset[str] = field(default_factory=frozenset)
    mutants: int = 0
    worth: float = 0.0
    critical: bool = False
    exclusive: bool = False
    changed: bool = False
    touched: bool = False

    def gain(self, covered: set[str]) -> float:
        """What it adds when these defects are detected by others."""
        new = len(self.defects - covered)
        return new + self.mutants * _MUTANT + self.worth + (self.touched or self.changed) * _TOUCHED


def capacity(seconds: float, lanes: int) -> float:
    """Seconds of tests that fit into so many seconds of a run in so many lanes."""
    return max(0.0, seconds - START_S) * lanes * _USABLE


def expected(chosen: Sequence[Candidate], lanes: int) -> float:
    """Seconds that a run of these tests is expected to take."""
    suites = {one.suite: one for one in chosen}.values()
    tests = sum(_cost(one, lanes) for one in chosen) + sum(_suite_cost(one, lanes) for one in suites)
    return START_S + tests / lanes / _USABLE


def cover(candidates: Iterable[Candidate], seconds: float, lanes: int) -> list[Candidate]:
    """The tests to run, best first: critical ones, those in changed files, those that use what was changed, the others;
    among equals the one that adds most in a second. A test that adds nothing is left out, unless it is critical.
    """
    left = capacity(seconds, lanes)
    waiting = list(candidates)
    chosen: list[Candidate] = []
    covered: set[str] = set()
    suites: set[str] = set()

    def cost(one: Candidate) -> float:
        return _cost(one, lanes) + (0.0 if one.suite in suites else _suite_cost(one, lanes))

    def rank(one: Candidate) -> tuple[bool, bool, bool, float, str]:
        return one.critical, one.changed, one.touched, one.gain(covered) / cost(one), one.name

    while waiting := [one for one in waiting if cost(one) <= left and (one.critical or one.gain(covered) > 0)]:
        best = max(waiting, key=rank)
        waiting.remove(best)
        left -= cost(best)
        chosen.append(best)
        covered |= best.defects
        suites.add(best.suite)
    return chosen


def pack(chosen: Sequence[Candidate], lanes: int) -> list[list[str]]:
    """The suites of each lane, the longest first into the lane that has least; one more for those that run alone.

    In each lane the suites are in the order in which their first test was chosen.
    """
    alone = [suite for suite in _suites(chosen) if suite[0].exclusive]
    beside = [suite for suite in _suites(chosen) if not suite[0].exclusive]
    packed: list[list[list[Candidate]]] = [[] for _ in range(min(lanes, len(beside)))]
    loads = [0.0] * len(packed)
    for suite in sorted(beside, key=lambda tests: -sum(one.seconds for one in tests)):
        least = loads.index(min(loads))
        packed[least].append(suite)
        loads[least] += SUITE_S + sum(one.seconds for one in suite)
    rank = {one.name: number for number, one in enumerate(chosen)}
    groups = [*packed, *([alone] if alone else [])]
    return [[suite[0].suite for suite in sorted(group, key=lambda tests: rank[tests[0].name])] for group in groups]


def _suites(chosen: Iterable[Candidate]) -> list[list[Candidate]]:
    found: dict[str, list[Candidate]] = {}
    for one in chosen:
        found.setdefault(one.suite, []).append(one)
    return list(found.values())


def _cost(one: Candidate, lanes: int) -> float:
    """Seconds of all lanes together: a test that runs alone keeps the others waiting."""
    return max(one.seconds, 0.05) * (lanes if one.exclusive else 1)


def _suite_cost(one: Candidate, lanes: int) -> float:
    return SUITE_S * (lanes if one.exclusive else 1)
