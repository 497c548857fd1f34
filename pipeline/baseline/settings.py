"""variables/baseline.yaml: which figures are judged, and by which numbers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.baseline.rule import Rule
from pipeline.errors import RunError
from pipeline.paths import ROOT

FILE = ROOT / "variables" / "baseline.yaml"


@dataclass(frozen=True)
class Settings:
    """`judged` are the figures of a load that are compared, such as p95."""

    judged: tuple[str, ...]
    rule: Rule


def read(path: Path = FILE) -> Settings:
    """Raises RunError, which names the setting, unless every one is there and is a number of 0 or more."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RunError(f"{path.name} cannot be read ({' '.join(str(error).split())}): repair it.") from None
    if not isinstance(found, dict) or set(found) != {"judged", "rule", "floors"}:
        raise RunError(f"{path.name} needs exactly judged, rule and floors: repair it.")
    numbers, floors, judged = found["rule"], found["floors"], found["judged"]
    wanted = {*Rule.__dataclass_fields__} - {"floors"}
    if not isinstance(numbers, dict) or set(numbers) != wanted:
        raise RunError(f"{path.name}: 'rule' needs exactly {', '.join(sorted(wanted))}: repair it.")
    if not isinstance(judged, list) or not judged or not all(isinstance(figure, str) for figure in judged):
        raise RunError(f"{path.name}: 'judged' is no list of figures: write for example [p95].")
    if not isinstance(floors, dict):
        raise RunError(f"{path.name}: 'floors' has no line for each unit: write for example 'ms: 10'.")
    for name, value in (*numbers.items(), *floors.items()):
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise RunError(f"{path.name}: '{name}' is {value!r}: give a number of 0 or more.")
    return Settings(tuple(judged), Rule(**numbers, floors=floors))
