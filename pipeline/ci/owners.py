"""variables/owners.yaml: who looks after the failures of an area."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from pipeline.errors import RunError
from pipeline.paths import ROOT
from pipeline.results import catalogue

FILE = ROOT / "variables" / "owners.yaml"


@dataclass(frozen=True)
class Owners:
    default: str
    areas: Mapping[str, str]

    def of(self, area: str) -> str:
        return self.areas.get(area, self.default)


def read(path: Path = FILE) -> Owners:
    """Raises RunError, which names the file, unless there is a default and each area is one of variables/tags.yaml."""
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise RunError(f"{path.name} cannot be read ({' '.join(str(error).split())}): repair it.") from None
    if not isinstance(found, dict) or set(found) != {"default", "areas"} or not isinstance(found["areas"], dict):
        raise RunError(f"{path.name} needs exactly 'default', an owner, and 'areas', owners by area: repair it.")
    names = [found["default"], *found["areas"].values()]
    if not all(isinstance(name, str) and name.strip() for name in names):
        raise RunError(f"{path.name} has an owner without a name: write one.")
    unknown = sorted(set(map(str, found["areas"])) - catalogue.areas())
    if unknown:
        raise RunError(f"{path.name}: '{unknown[0]}' is no area of variables/tags.yaml: correct it.")
    return Owners(found["default"], found["areas"])
