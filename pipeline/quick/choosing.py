"""The tests of a quick run: from a selection, the kill matrices and a change."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from statistics import mean

from pipeline.paths import ROOT
from pipeline.quick import changes, cover, kill_matrix
from pipeline.quick.changes import Touched
from pipeline.quick.cover import Candidate
from pipeline.quick.kill_matrix import KillMatrix, Kills
from pipeline.results import catalogue, quarantine
from pipeline.results.model import from_suites
from pipeline.run import lanes, selection
from pipeline.run.chosen import ChosenTest
from pipeline.run.selection import Selection

CRITICAL, EXCLUSIVE = "critical", "exclusive"
# Tests that need minutes, or take a part of the site away from the others.
LEFT_OUT = ("slow", "load", "stress", "disruptive")
# What a test is taken to last while no matrix knows any.
_GUESS_S = 2.0


@dataclass(frozen=True)
class Choice:
    """The chosen tests, best first, of all the selected ones; `expected` is in seconds.

    `areas` has the area of each selected test by its name, `new` those that no matrix knows.
    """

    selected: Selection
    chosen: list[Candidate]
    expected: float
    matrices: list[KillMatrix]
    areas: dict[str, str]
    new: set[str]
    touched: Touched | None = None

    @property
    def names(self) -> set[str]:
        return {one.name for one in self.chosen}

    @property
    def tests(self) -> list[ChosenTest]:
        """As a run takes them, best first."""
        rank = {one.name: number for number, one in enumerate(self.chosen)}
        wanted = [test for test in self.selected.tests if test.full_name in rank]
        return sorted(wanted, key=lambda test: rank[test.full_name])

    @property
    def lanes(self) -> list[list[str]]:
        """The suites of each lane by their full names."""
        top = self.selected.top
        packed = cover.pack(self.chosen, lanes.LANES)
        return [[".".join(filter(None, [top, suite])) for suite in group] for group in packed]


def choose(seconds: float, args: Sequence[str] = (), since: str = "") -> Choice:
    """The tests that find most in so many seconds; `args` are further ones of pabot, `since` a commit or branch.

    Raises RunError for what cannot be selected.
    """
    out = [word for tag in LEFT_OUT for word in ("--exclude", tag)]
    with tempfile.TemporaryDirectory(prefix="focus-quick-", ignore_cleanup_errors=True) as scratch:
        selected = selection.select([*out, *args], Path(scratch))
    matrices = kill_matrix.read()
    touched = changes.since(since) if since else None
    areas = {test.full_name: catalogue.area(tags) for test, tags in zip(selected.tests, selected.tags, strict=True)}
    known = joined(matrices)
    unstable = {entry.test for entry in quarantine.read()}
    found = candidates(selected, known, touched or Touched(), areas, unstable)
    chosen = cover.cover(found, seconds, lanes.LANES)
    new = {one.name for one in found} - known.keys()
    return Choice(selected, chosen, cover.expected(chosen, lanes.LANES), matrices, areas, new, touched)


def joined(matrices: Iterable[KillMatrix]) -> dict[str, Kills]:
    """What each test detects in all areas together; its seconds are the longest, its mutants those of all."""
    found: dict[str, Kills] = {}
    for matrix in matrices:
        for name, kills in matrix.tests.items():
            other = found.get(name, Kills(0.0))
            found[name] = Kills(
                max(kills.seconds, other.seconds), (*other.defects, *kills.defects), other.mutants + kills.mutants
            )
    return found


def candidates(
    selected: Selection, known: dict[str, Kills], touched: Touched, areas: dict[str, str], unstable: set[str]
) -> list[Candidate]:
    """Each selected test; one that no matrix knows gets the mean of those of its area that one knows, or of all.

    Tests of these ids, which a gate would pass over, are left out: a quick verdict has one attempt.
    """
    found = []
    for test, tags in zip(selected.tests, selected.tags, strict=True):
        name = test.full_name
        if f"{from_suites(test.source)}::{test.name}" in unstable:
            continue
        place = _below_root(test.source)
        kills = known.get(name)
        found.append(
            Candidate(
                name,
                name.removesuffix(test.name).removesuffix("."),
                kills.seconds if kills else _usual_seconds(known, areas, areas[name]),
                frozenset(kills.defects if kills else ()),
                kills.mutants if kills else 0,
                0.0 if kills else _usual_worth(known),
                CRITICAL in tags,
                EXCLUSIVE in tags,
                _is_changed(place, touched),
                (place, test.name) in touched.tests,
            )
        )
    return found


def _usual_seconds(known: dict[str, Kills], areas: dict[str, str], area: str) -> float:
    here = [kills.seconds for name, kills in known.items() if areas.get(name) == area]
    return mean(here or [kills.seconds for kills in known.values()] or [_GUESS_S])


def _usual_worth(known: dict[str, Kills]) -> float:
    """A test of which nothing is known counts as the usual one, so that tests without any matrix are run too."""
    return mean(
        [Candidate("", "", 0.0, frozenset(one.defects), one.mutants).gain(set()) for one in known.values()] or [1]
    )


def _is_changed(place: str, touched: Touched) -> bool:
    """Whether the file of a test was changed, or the file of a folder around it."""
    around = {str(folder / "__init__.robot") for folder in PurePosixPath(place).parents}
    return place in touched.files or bool(around & touched.files)


def _below_root(path: str) -> str:
    return Path(path).relative_to(ROOT).as_posix() if Path(path).is_relative_to(ROOT) else path
