"""Load profiles as data: a file of ``variables/load`` says how often what is done, by how many users.

    sentence: what it is, for people
    users: how many users take turns
    phases: [{seconds: 30, rate: 2, to_rate: 8}]
    actions:
      - {request: GET /channels, weight: 3}
      - {view: live, channels: 1-3, frames: 1}

With ``critical: [{figure: errors, most: 50}]`` it stops when that share of the last seconds' actions failed. A site's
``load.duration_scale`` shortens the phases, down to ``load.shortest_s`` in all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from focus_core.base import yaml_files
from focus_core.base.errors import BenchError
from focus_core.load import action_data
from focus_core.load.plan import Action, Critical, Phase
from focus_core.site.model import LoadLimits

FOLDER = Path(__file__).resolve().parents[3] / "variables" / "load"
_KEYS = ("sentence", "users", "phases", "actions", "critical")


@dataclass(frozen=True)
class Profile:
    """A load profile as its file has it: ``entries`` are its actions as data."""

    name: str
    sentence: str
    users: int
    phases: tuple[Phase, ...]
    entries: tuple[dict[str, Any], ...]
    critical: tuple[Critical, ...] = ()

    def actions(self) -> tuple[Action, ...]:
        """What it does; asks the site for what that needs, as a recording."""
        return tuple(action_data.of_data(entry) for entry in self.entries)


def names(folder: Path = FOLDER) -> list[str]:
    """The profiles that there are."""
    return sorted(path.stem for path in folder.glob("*.yaml"))


def read(name: str, folder: Path = FOLDER) -> Profile:
    """The profile of that name. Raises ``BenchError`` that names the file and what is wrong with it."""
    path = folder / f"{name.strip().lower().replace(' ', '_')}.yaml"
    if not path.is_file():
        near = get_close_matches(path.stem, names(folder), n=3)
        raise BenchError(
            f"There is no load profile '{name}'; use one of {', '.join(near or names(folder))}, or add it to {folder}."
        )
    try:
        content = yaml_files.read(path)
        unknown = content.keys() - set(_KEYS)
        if unknown:
            raise ValueError(f"'{min(unknown)}' is none of {', '.join(_KEYS)}")
        phases = tuple(Phase(**phase) for phase in content["phases"])
        entries = tuple(dict(entry) for entry in content["actions"])
        critical = tuple(Critical(**limit) for limit in content.get("critical", ()))
        return Profile(path.stem, content["sentence"], int(content["users"]), phases, entries, critical)
    except KeyError as error:
        raise BenchError(f"The load profile {path.name} has no {error}; add it.") from None
    except (TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise BenchError(f"The load profile {path.name} cannot be used: {error}; correct it.") from None


def shortened(phases: Sequence[Phase], limits: LoadLimits) -> tuple[Phase, ...]:
    """The phases in the time that the site allows a load, all by the same factor."""
    whole = sum(phase.seconds for phase in phases)
    factor = min(1.0, max(limits.duration_scale, limits.shortest_s / whole))
    return tuple(replace(phase, seconds=phase.seconds * factor) for phase in phases)
