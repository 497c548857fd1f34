"""What known bugs hide of a run: tests that would have failed, and of which nobody learns whether more is wrong."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.results import catalogue
from pipeline.results.limits import Limits
from pipeline.results.model import Run, TestResult, Verdict


@dataclass(frozen=True)
class Hiding:
    """A known bug or open question with the tests of a run that it hides."""

    key: str
    title: str
    tests: tuple[TestResult, ...]


@dataclass(frozen=True)
class HiddenArea:
    """Of `tests` tests of an area `hidden` are hidden."""

    area: str
    hidden: int
    tests: int


def by_bug(run: Run) -> list[Hiding]:
    """The bug that hides most first. A test that several bugs explain together counts for each of them."""
    hidden = run.of(Verdict.KNOWN_BUG)
    keys = dict.fromkeys(key for test in hidden for key in test.bugs)
    found = [Hiding(key, catalogue.bug_title(key), tuple(test for test in hidden if key in test.bugs)) for key in keys]
    return sorted(found, key=lambda one: (-len(one.tests), one.key))


def areas(run: Run, share: float) -> list[HiddenArea]:
    """The areas of which more than this share is hidden."""
    found = []
    for area in run.areas:
        hidden = run.count(Verdict.KNOWN_BUG, area)
        tests = sum(test.area == area for test in run.tests)
        if hidden > share * tests:
            found.append(HiddenArea(area, hidden, tests))
    return found


def critical(run: Run) -> list[TestResult]:
    return [test for test in run.of(Verdict.KNOWN_BUG) if test.critical]


def warnings(run: Run, limits: Limits) -> list[str]:
    """What a reader must know first: hidden critical tests, areas of which little is left, bugs that hide much."""
    return [
        *(f"Critical test hidden by {' and '.join(test.bugs)}: {test.long_name}" for test in critical(run)),
        *(
            f"{one.hidden} of {one.tests} tests of area {one.area} are hidden by known bugs"
            for one in areas(run, limits.hidden_of_an_area)
        ),
        *(
            f"{one.key} hides {len(one.tests)} tests: {one.title}"
            for one in by_bug(run)
            if len(one.tests) > limits.hidden_by_one_bug
        ),
    ]
