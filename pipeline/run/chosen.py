"""Exactly these tests: a modifier for Robot that selects by file and name as they stand, where patterns would guess."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class ChosenTest:
    """A test as its file has it; `full_name` is below the top suite, which `--name` may change."""

    source: str
    line: int | None
    name: str
    full_name: str

    @property
    def place(self) -> tuple[str, int | str]:
        """As pipeline.results.model.TestResult.place."""
        return self.source, self.line or self.name


class OnlyChosen:
    """`--prerunmodifier pipeline.run.chosen.OnlyChosen;FILE`: leaves the tests that `write` put into the file.

    By name, not by line: lines move when a tester repairs the file between two attempts. What comes first in the file
    runs first, as far as files and folders allow.
    """

    def __init__(self, path: str) -> None:
        wanted = json.loads(Path(path).read_text(encoding="utf-8"))
        self._rank: dict[tuple[str, str], int] = {(source, name): rank for rank, (source, name) in enumerate(wanted)}

    def visit_suite(self, suite: Any) -> None:
        suite.tests = sorted((test for test in suite.tests if _place(test) in self._rank), key=self._rank_of)
        for child in suite.suites:
            self.visit_suite(child)
        left = [child for child in suite.suites if child.test_count]
        suite.suites = sorted(left, key=lambda child: min(map(self._rank_of, child.all_tests)))

    def _rank_of(self, test: Any) -> int:
        return self._rank[_place(test)]


def _place(test: Any) -> tuple[str, str]:
    return str(test.source), test.name


def write(tests: Iterable[ChosenTest], path: Path) -> list[str]:
    """Write the file; returns Robot's options that select these tests."""
    wanted = [[test.source, test.name] for test in tests]
    path.write_text(json.dumps(wanted, ensure_ascii=False), encoding="utf-8")
    return ["--prerunmodifier", f"{__name__}.{OnlyChosen.__name__};{path}"]
