"""The automated tests against the plan, both ways."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from robot.api import TestSuiteBuilder

from pipeline.paths import ROOT, SANDBOX, SUITES
from pipeline.results import catalogue
from pipeline.xray import keys
from pipeline.xray.api import Api, PlanTest
from pipeline.xray.settings import Settings

TITLES = ROOT / "variables" / "xray_tests.csv"
# A result binds to Tests with steps or a free definition; those in Gherkin get theirs from Cucumber.
EXECUTABLE = ("Steps", "Unstructured", "")


class Kind(StrEnum):
    """What a row of the mapping means; the first five are mistakes."""

    NO_KEY = "test without key"
    UNKNOWN = "key not found"
    NO_TEST = "key of an issue that is no Test"
    OTHER_PROJECT = "key of another project"
    NOT_EXECUTABLE = "Test takes no result"
    NOT_IN_PLAN = "Test is not in the plan"
    LOCAL = "local key without Test"
    SEVERAL_TESTS = "one key on several tests"
    SEVERAL_KEYS = "several keys on one test"
    NOT_AUTOMATED = "in the plan, not automated"


MISTAKES = (Kind.NO_KEY, Kind.UNKNOWN, Kind.NO_TEST, Kind.OTHER_PROJECT, Kind.NOT_EXECUTABLE)


@dataclass(frozen=True)
class AutomatedTest:
    """A test of the suites: `id` as results name it."""

    id: str
    name: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Row:
    """One finding. `key`, `tests` and `title` are empty where it has none."""

    kind: Kind
    key: str
    tests: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True)
class Plan:
    """What is known of Xray: the Tests of the plan, all Tests among the asked keys, and keys without any issue."""

    planned: Mapping[str, str]
    tests: Mapping[str, PlanTest]
    missing: frozenset[str]


def automated(folder: Path = SUITES) -> list[AutomatedTest]:
    """All tests of the suites but the sandbox's, as Robot reads them; nothing runs."""
    suite = TestSuiteBuilder().build(str(folder))
    tests = [test for test in suite.all_tests if not Path(test.source).is_relative_to(SANDBOX)]
    return [
        AutomatedTest(
            f"{Path(test.source).relative_to(folder.parent).as_posix()}::{test.name}", test.name, tuple(test.tags)
        )
        for test in tests
    ]


def offline(path: Path = TITLES) -> Plan:
    """The plan as variables/xray_tests.csv has it."""
    with path.open(encoding="utf-8", newline="") as file:
        titles = {row["key"]: row["title"] for row in csv.DictReader(file)}
    tests = {key: PlanTest(key, title, "") for key, title in titles.items()}
    return Plan(titles, tests, frozenset())


def online(api: Api, settings: Settings, wanted: Iterable[str]) -> Plan:
    """The plan as Xray has it now, and what Xray has of the other keys."""
    planned = api.plan_tests(settings.plan)
    tests, missing = api.tests(set(wanted) - set(planned))
    return Plan({key: test.title for key, test in planned.items()}, {**tests, **planned}, frozenset(missing))


def keys_of(tests: Iterable[AutomatedTest], created: Mapping[str, str]) -> dict[str, list[AutomatedTest]]:
    """The tests of each key of Jira, further keys included."""
    found: dict[str, list[AutomatedTest]] = {}
    for test in tests:
        for key in keys.of_tags(test.tags, created).tests:
            found.setdefault(key, []).append(test)
    return found


def compare(
    tests: Sequence[AutomatedTest], plan: Plan, settings: Settings, created: Mapping[str, str], *, live: bool
) -> list[Row]:
    """All findings, mistakes first."""
    by_key = keys_of(tests, created)
    rows = [
        *_of_tests(tests, created),
        *(row for key, some in by_key.items() for row in _of_key(key, some, plan, settings, live)),
        *(Row(Kind.NOT_AUTOMATED, key, title=title) for key, title in plan.planned.items() if key not in by_key),
    ]
    order = list(Kind)
    return sorted(rows, key=lambda row: (order.index(row.kind), row.key, row.tests))


def _of_tests(tests: Sequence[AutomatedTest], created: Mapping[str, str]) -> Iterator[Row]:
    local: dict[str, list[str]] = {}
    for test in tests:
        found = keys.of_tags(test.tags, created)
        if not found.tests and not found.local:
            yield Row(Kind.NO_KEY, "", (test.id,))
        if len(found.tests) > 1:
            yield Row(Kind.SEVERAL_KEYS, ", ".join(found.tests), (test.id,))
        for key in found.local:
            local.setdefault(key, []).append(test.id)
    for key, ids in local.items():
        yield Row(Kind.LOCAL, key, tuple(ids))


def _of_key(key: str, tests: Sequence[AutomatedTest], plan: Plan, settings: Settings, live: bool) -> Iterator[Row]:
    ids = tuple(test.id for test in tests)
    known = plan.tests.get(key)
    if not key.startswith(f"{settings.project}-"):
        yield Row(Kind.OTHER_PROJECT, key, ids)
    elif known is None:
        yield Row(Kind.NO_TEST if live and key not in plan.missing else Kind.UNKNOWN, key, ids)
    elif known.kind not in EXECUTABLE:
        yield Row(Kind.NOT_EXECUTABLE, key, ids, known.title)
    elif key not in plan.planned:
        yield Row(Kind.NOT_IN_PLAN, key, ids, known.title)
    own = [test for test in tests if catalogue.key(test.tags) == key]
    if len(own) > 1:
        yield Row(Kind.SEVERAL_TESTS, key, ids, known.title if known else "")
