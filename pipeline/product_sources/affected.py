"""The tests that a change of the product's sources touches, by the areas that variables/product_areas.yaml gives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

import yaml

from pipeline.checks.missing_specs import SuiteTest
from pipeline.paths import ROOT
from pipeline.results import catalogue

FILE = ROOT / "variables" / "product_areas.yaml"


@dataclass(frozen=True)
class Affected:
    """`areas` with the paths that lead to each, `unknown` paths that lead to none, `tests` by area."""

    areas: dict[str, list[str]]
    unknown: list[str]
    tests: dict[str, list[str]]

    @property
    def command(self) -> str:
        """What runs them; nothing where no area is touched."""
        return f"python run.py suites {' '.join(f'--include {area}' for area in self.areas)}" if self.areas else ""


@cache
def places() -> Mapping[str, list[str]]:
    """The areas by the beginning of a path."""
    found: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def of(paths: Iterable[str], tests: Iterable[SuiteTest], services_in: Iterable[str] = ("",)) -> Affected:
    """What these paths touch; `services_in` are the folders that services may lie in."""
    roots = [f"{root}/" for root in services_in if root]
    areas: dict[str, list[str]] = {}
    unknown = []
    for path in paths:
        below = next((path.removeprefix(root) for root in roots if path.startswith(root)), path)
        named = _areas_of(below)
        if named is None:
            unknown.append(path)
        for area in named or ():
            areas.setdefault(area, []).append(path)
    by_area: dict[str, list[str]] = {area: [] for area in areas}
    for test in tests:
        area = catalogue.area(test.tags)
        if area in by_area:
            by_area[area].append(test.id)
    return Affected(areas, unknown, by_area)


def _areas_of(path: str) -> list[str] | None:
    fits = [place for place in places() if path == place or path.startswith(f"{place}/")]
    return places()[max(fits, key=len)] if fits else None
