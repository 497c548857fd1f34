"""Each scenario with its tests, and what is known of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from focus_core.run import known_bugs

from pipeline.checks.missing_specs import SuiteTest
from pipeline.coverage import catalogue as scenarios_file
from pipeline.coverage.catalogue import BUGS, Entry, Manual
from pipeline.results import catalogue as tags_file
from pipeline.results.model import LastResult, Verdict

TIERS = ("smoke", "regression", "nightly", "soak")
LOCAL = "local scenario"
# Of several tests of a scenario the worst one counts.
WORST_FIRST = (Verdict.FAILED, Verdict.KNOWN_BUG, Verdict.NOT_RUN, Verdict.SKIPPED, Verdict.PASSED)


class State(StrEnum):
    """How a scenario is shown."""

    AUTOMATED = "automated"
    MANUAL = "manual"
    OPEN = "open"


@dataclass(frozen=True)
class Automation:
    """A test of the suites. `last` is None where it never ran; `bugs` are the known bugs and open questions that it
    shows; `detects` are defects of the simulated site that it detected when the strength of the tests was measured.
    """

    id: str
    name: str
    area: str
    tier: str
    last: LastResult | None = None
    bugs: tuple[str, ...] = ()
    detects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scenario:
    """A scenario, or a bug of the catalogue, with the tests that show it."""

    key: str
    title: str
    category: str
    area: str
    tests: tuple[Automation, ...]
    manual: Manual | None = None

    @property
    def is_bug(self) -> bool:
        return self.category == BUGS

    @property
    def is_local(self) -> bool:
        return self.category == LOCAL

    @property
    def state(self) -> State:
        if self.tests:
            return State.AUTOMATED
        return State.MANUAL if self.manual else State.OPEN

    @property
    def tier(self) -> str:
        """The most frequent tier of its tests."""
        return min((test.tier for test in self.tests), key=TIERS.index, default="")

    @property
    def last(self) -> LastResult | None:
        """The worst of its tests' last results; None where one of them never ran, unless another was worse."""
        found = [test.last for test in self.tests if test.last]
        if not found:
            return None
        worst = min(found, key=lambda one: WORST_FIRST.index(one.verdict))
        complete = len(found) == len(self.tests)
        return worst if complete or worst.verdict in (Verdict.FAILED, Verdict.KNOWN_BUG) else None

    @property
    def bugs(self) -> tuple[str, ...]:
        return tuple(sorted({bug for test in self.tests for bug in test.bugs}))

    @property
    def detects(self) -> tuple[str, ...]:
        return tuple(sorted({defect for test in self.tests for defect in test.detects}))


def of(
    tests: Iterable[SuiteTest],
    last: Mapping[str, LastResult],
    detections: Mapping[str, Iterable[str]],
) -> list[Scenario]:
    """The catalogue's scenarios in its order, then the local ones by number.

    `last` has results by the tests' ids, `detections` defects by the tests' long names.
    """
    by_key: dict[str, list[Automation]] = defaultdict(list)
    local: set[str] = set()
    for test in tests:
        key = tags_file.key(test.tags)
        automation = _automation(test, last.get(test.id), detections.get(test.long_name, ()))
        for one in (key, *tags_file.covers().get(key, ()), *(bug for bug in automation.bugs if _is_listed_bug(bug))):
            by_key[one].append(automation)
        if key not in scenarios_file.entries():
            local.add(key)
    manual = scenarios_file.not_automated()
    found = [
        _listed(entry, tuple(by_key[entry.key]), manual.get(entry.key)) for entry in scenarios_file.entries().values()
    ]
    return found + [_local(key, tuple(by_key[key])) for key in sorted(local)]


def _automation(test: SuiteTest, last: LastResult | None, detects: Iterable[str]) -> Automation:
    tier = next(tier for tier in TIERS if tier in test.tags)
    bugs = [
        bug
        for bug, about in known_bugs.content().items()
        if any(test.is_named(named) for named in about.get("fails", ()))
    ]
    return Automation(test.id, test.name, tags_file.area(test.tags), tier, last, tuple(bugs), tuple(sorted(detects)))


def _is_listed_bug(key: str) -> bool:
    entry = scenarios_file.entries().get(key)
    return entry is not None and entry.category == BUGS


def _listed(entry: Entry, tests: tuple[Automation, ...], manual: Manual | None) -> Scenario:
    return Scenario(entry.key, entry.title, entry.category, entry.area, tests, manual)


def _local(key: str, tests: tuple[Automation, ...]) -> Scenario:
    more = f", and {len(tests) - 1} more" if len(tests) > 1 else ""
    return Scenario(key, tests[0].name + more, LOCAL, tests[0].area, tests)
