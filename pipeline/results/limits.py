"""What is demanded of finished runs, and how many are kept: variables/results.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import RunError
from pipeline.paths import ROOT

FILE = ROOT / "variables" / "results.yaml"


@dataclass(frozen=True)
class Limits:
    """`hidden_by_one_bug` in tests of a run, `hidden_of_an_area` as a share from 0 to 1."""

    hidden_by_one_bug: int
    hidden_of_an_area: float


@dataclass(frozen=True)
class GateLimits:
    """`pass_rate` is the least share, from 0 to 1, of tests that pass; `flaky_tests` may pass in a later attempt."""

    pass_rate: float
    flaky_tests: int


@dataclass(frozen=True)
class Retention:
    """How many run folders are kept, their size in MB together, and of how many removed runs the figures stay."""

    runs: int
    megabytes: int
    figures: int


def limits(path: Path = FILE) -> Limits:
    return Limits(**_section(path, "known_bugs", Limits))


def gate(path: Path = FILE) -> GateLimits:
    return GateLimits(**_section(path, "gate", GateLimits))


def retention(path: Path = FILE) -> Retention:
    return Retention(**_section(path, "retention", Retention))


def _section(path: Path, name: str, kind: type[Any]) -> dict[str, Any]:
    """The settings of one section. Raises RunError unless each one is there once and is a number of 0 or more."""
    try:
        found = (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get(name)
    except (OSError, yaml.YAMLError, AttributeError) as error:
        raise RunError(f"{path.name} cannot be read ({' '.join(str(error).split())}): repair it.") from None
    wanted = set(kind.__dataclass_fields__)
    if not isinstance(found, dict) or set(found) != wanted:
        raise RunError(f"{path.name}: '{name}' needs exactly {', '.join(sorted(wanted))}: repair it.")
    for setting, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise RunError(f"{path.name}: '{name}: {setting}' is {value!r}: give a number of 0 or more.")
    return found
