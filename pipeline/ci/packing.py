"""Suites packed into shards: the longest suite first, each into the shard that has least (LPT)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from pipeline.results import catalogue
from pipeline.results.model import from_suites

CRITICAL = "critical"
# These cannot run beside others, so they come when every other shard is done.
ALONE = frozenset({"exclusive", "disruptive"})
# What a test is taken to last while no test at all has ever passed.
GUESS_S = 5.0


@dataclass(frozen=True)
class PlannedTest:
    """`file` begins at the checkout's folder, with slashes; `full_name` is below the top suite."""

    file: str
    line: int | None
    name: str
    full_name: str
    tags: tuple[str, ...]

    @property
    def id(self) -> str:
        """As pipeline.results.model.TestResult.id."""
        return f"{from_suites(self.file)}::{self.name}"

    @property
    def suite(self) -> str:
        """Its suite below the top suite; "" for the top suite itself."""
        return self.full_name.removesuffix(self.name).removesuffix(".")


@dataclass(frozen=True)
class Suite:
    """The tests of one file; `seconds` is what they are expected to last together."""

    file: str
    tests: tuple[PlannedTest, ...]
    seconds: float

    @property
    def critical(self) -> bool:
        return any(CRITICAL in test.tags for test in self.tests)

    @property
    def alone(self) -> bool:
        return any(ALONE & set(test.tags) for test in self.tests)


def suites(tests: Iterable[PlannedTest], durations: Mapping[str, float]) -> list[Suite]:
    """One suite a file. `durations` are seconds by the ids of tests; a test without one gets the mean of its area."""
    files: dict[str, list[PlannedTest]] = {}
    for test in tests:
        files.setdefault(test.file, []).append(test)
    expected = _expected([test for members in files.values() for test in members], durations)
    return [Suite(file, tuple(members), sum(expected[one.id] for one in members)) for file, members in files.items()]


def _expected(tests: Sequence[PlannedTest], durations: Mapping[str, float]) -> dict[str, float]:
    areas: dict[str, list[float]] = {}
    for test in tests:
        if test.id in durations:
            areas.setdefault(catalogue.area(test.tags), []).append(durations[test.id])
    known = [seconds for area in areas.values() for seconds in area]
    otherwise = mean(known) if known else GUESS_S
    means = {area: mean(seconds) for area, seconds in areas.items()}
    return {test.id: durations.get(test.id, means.get(catalogue.area(test.tags), otherwise)) for test in tests}


def pack(found: Sequence[Suite], shards: int) -> list[list[Suite]]:
    """At most `shards` shards, none of them empty; in each the suites with critical tests first, then the longest."""
    packed: list[list[Suite]] = [[] for _ in range(min(shards, len(found)))]
    loads = [0.0] * len(packed)
    for suite in sorted(found, key=lambda one: (-one.seconds, one.file)):
        least = loads.index(min(loads))
        # Suites of no length must not leave a shard empty.
        least = next((number for number, shard in enumerate(packed) if not shard), least)
        packed[least].append(suite)
        loads[least] += suite.seconds
    return [in_order(shard) for shard in packed]


def in_order(shard: Iterable[Suite]) -> list[Suite]:
    return sorted(shard, key=lambda one: (not one.critical, -one.seconds, one.file))


def not_covered(tests: Iterable[PlannedTest], shards: Iterable[Iterable[Suite]]) -> list[str]:
    """The tests that are not in exactly one shard as often as they were selected; empty for an exact cover."""
    wanted = Counter(test.id for test in tests)
    planned = Counter(test.id for shard in shards for suite in shard for test in suite.tests)
    return sorted(test for test in wanted | planned if wanted[test] != planned[test])


def seconds(shard: Iterable[Suite]) -> float:
    return sum(suite.seconds for suite in shard)


def limiting(found: Sequence[Suite]) -> tuple[Suite, int] | None:
    """The longest suite, and the number of shards above which it alone decides how long everything lasts."""
    longest = max(found, key=lambda one: one.seconds, default=None)
    if longest is None or longest.seconds <= 0:
        return None
    return longest, max(1, int(seconds(found) / longest.seconds))
