"""The project's suites as the guards of this folder read them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from robot.api import TestSuite, TestSuiteBuilder
from robot.running import TestCase

ROOT = Path(__file__).resolve().parents[2]
SUITES = ROOT / "suites"
# A tester's first own tests run here at once, so no guard looks into it.
SANDBOX = SUITES / "sandbox"


class Test(NamedTuple):
    """A test with its tags in lower case, and the file it stands in."""

    __test__ = False

    name: str
    tags: frozenset[str]
    templated: bool
    file: Path

    def __str__(self) -> str:
        return f"{self.file.relative_to(ROOT)}: {self.name}"


def files() -> list[Path]:
    """All suite files outside the sandbox."""
    return sorted(path for path in SUITES.rglob("*.robot") if not path.is_relative_to(SANDBOX))


@cache
def suites() -> list[TestSuite]:
    """One suite for each file, with tests."""
    return [suite for suite in _leaves(TestSuiteBuilder(allow_empty_suite=True).build(*files())) if suite.tests]


@cache
def tests() -> list[Test]:
    """All tests outside the sandbox."""
    return [_test(test, suite) for suite in suites() for test in suite.tests]


def _leaves(suite: TestSuite) -> Iterator[TestSuite]:
    if suite.tests:
        yield suite
    for child in suite.suites:
        yield from _leaves(child)


def _test(test: TestCase, suite: TestSuite) -> Test:
    return Test(test.name, frozenset(tag.lower() for tag in test.tags), bool(test.template), Path(str(suite.source)))
