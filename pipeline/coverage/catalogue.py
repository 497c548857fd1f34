"""What the files in variables say of scenarios: the catalogue, the areas with their targets, what no test can show."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from pipeline.paths import ROOT

VARIABLES = ROOT / "variables"
# Entries of the catalogue that are faults of the product, not scenarios.
BUGS = "bug"
REASONS = ("desktop client only", "hardware", "needs a person's eye", "title without content")


@dataclass(frozen=True)
class Entry:
    """A line of the catalogue; its area is the one that variables/coverage.yaml gives its category."""

    key: str
    title: str
    category: str

    @property
    def area(self) -> str:
        return BUGS if self.category == BUGS else _areas_of_categories()[self.category]


@dataclass(frozen=True)
class Manual:
    """Why no test shows a scenario: one of `REASONS`, and a sentence."""

    reason: str
    sentence: str


@cache
def entries() -> dict[str, Entry]:
    """The catalogue by key, in its order."""
    with (VARIABLES / "xray_tests.csv").open(encoding="utf-8", newline="") as file:
        return {row["key"]: Entry(row["key"], row["title"], row["category"]) for row in csv.DictReader(file)}


@cache
def targets() -> dict[str, int | None]:
    """Percent of an area's scenarios that tests have to show, None where none was agreed."""
    return {area: about.get("target") for area, about in _read("coverage.yaml").items()}


@cache
def not_automated() -> dict[str, Manual]:
    """The scenarios that people try by hand, by key."""
    return {
        key: Manual(reason, sentence)
        for reason, scenarios in _read("not_automated.yaml").items()
        for key, sentence in scenarios.items()
    }


@cache
def _areas_of_categories() -> dict[str, str]:
    return {category: area for area, about in _read("coverage.yaml").items() for category in about["categories"]}


def _read(name: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load((VARIABLES / name).read_text(encoding="utf-8"))
    return found
