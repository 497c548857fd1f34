"""Selects the tests of an area; a test and a run of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, ClassVar

from robot.api import TestSuite

from pipeline.errors import RunError
from strength.areas import Area


@dataclass(frozen=True)
class Test:
    """One test; `name` is its long name without the top suite. `exclusive`: it runs alone and may assert time limits.

    `steps`: the names of its keywords and their arguments.
    """

    __test__: ClassVar[bool] = False  # pytest collects classes of this name

    full_name: str
    tags: frozenset[str]
    exclusive: bool
    steps: str = field(default="", compare=False, repr=False)

    @property
    def name(self) -> str:
        return self.full_name.partition(".")[2]


@dataclass(frozen=True)
class Run:
    """One run of a test. `body`: its status before the teardown, whose failures are no assertions.

    `applied`: names of the mutants that changed an answer before the clean-up began, at `body_ended` (epoch).
    """

    status: str
    body: str
    message: str
    seconds: float
    applied: frozenset[str] = frozenset()
    body_ended: float = 0.0

    @property
    def failed(self) -> bool:
        return self.body == "FAIL"


def select(suites: Path, area: Area, pattern: str) -> list[Test]:
    """The area's tests whose name (with or without suites) matches the pattern. Raises RunError when there is none.

    Tests that take too long are selected only by a pattern of their own.
    """
    chosen = [
        test
        for test, in_area in _all(suites, area)
        if in_area
        and (pattern != "*" or test.name not in area.too_long)
        and any(fnmatchcase(name.lower(), pattern.lower()) for name in (test.name, test.full_name.rpartition(".")[2]))
    ]
    if not chosen:
        raise RunError(f"No test of the area '{area.name}' matches '{pattern}'; a pattern may contain * and ?.")
    return chosen


def others(suites: Path, area: Area) -> list[Test]:
    """The tests of other areas that may run on a site of this area."""
    return [test for test, in_area in _all(suites, area) if not in_area and "slow" not in test.tags]


def _all(suites: Path, area: Area) -> Iterator[tuple[Test, bool]]:
    """Every test that can run on a site of the area, and whether it belongs to the area."""
    for test in TestSuite.from_file_system(suites).all_tests:
        tags = frozenset(str(tag) for tag in test.tags)
        interfaces = tuple(str(word) for word in test.parent.setup.args) if test.parent.setup else ()
        # Faults are injected only where a worker is alone on its site.
        if "disruptive" in tags and not area.own_sites:
            continue
        in_area = bool(tags & area.tags) and not tags & area.without and area.opened_by(interfaces)
        yield Test(test.full_name, tags, "exclusive" in tags, " ".join(_words(test.body))), in_area


def _words(steps: Any) -> Iterator[str]:
    for step in steps:
        yield from (str(getattr(step, "name", "")), *map(str, getattr(step, "args", ())))
