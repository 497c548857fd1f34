"""Load profiles as data: a file of ``variables/load`` says how often what is done, by how many users.

    sentence: what it is, for people
    users: how many users take turns
    phases: [{seconds: 30, rate: 2, to_rate: 8}]
    actions:
      - {request: GET /channels, weight: 3}
      - {view: live, channels: 1-3, frames: 1}
      - {alert: SD high, by: web app}

In the place of ``phases`` stand ``steps: {first: 5, last: 75, by: 5, actions: 50}``, rates that grow, so many actions
at each, or ``bursts: {first: 10, last: 100, by: 10, every: 1}``, so many actions at once, the next burst a second
later. These are about a number of actions, and no site shortens them.

With ``critical: [{figure: errors, most: 50}]`` it stops when that share of the last seconds' actions failed. A site's
``load.duration_scale`` shortens the phases, down to ``load.shortest_s`` in all.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from focus_core.base import profile_names, project, run_identity, yaml_files
from focus_core.base.errors import BenchError
from focus_core.load import action_data, profiles
from focus_core.load.plan import Action, Critical, Phase
from focus_core.site.model import LoadLimits

FOLDER = project.VARIABLES / "load"
_KEYS = ("sentence", "users", "phases", "steps", "bursts", "actions", "critical")


@dataclass(frozen=True)
class Profile:
    """A load profile as its file has it: ``entries`` are its actions as data, ``levels`` the rates or the sizes of the
    bursts where it grows in steps; ``prefix`` begins the ids of its alerts."""

    name: str
    sentence: str
    users: int
    phases: tuple[Phase, ...]
    entries: tuple[dict[str, Any], ...]
    critical: tuple[Critical, ...] = ()
    levels: tuple[float, ...] = ()
    prefix: str = field(default_factory=lambda: run_identity.unique("load"))

    def actions(self) -> tuple[Action, ...]:
        """What it does; asks the site for what that needs, as a recording."""
        return tuple(action_data.of_data(entry, self.prefix) for entry in self.entries)

    @property
    def has_alerts(self) -> bool:
        return any("alert" in entry for entry in self.entries)


def read(name: str, folder: Path = FOLDER) -> Profile:
    """The profile of that name. Raises ``BenchError`` that names the file and what is wrong with it."""
    path = profile_names.find(name, folder, "load")
    try:
        content = yaml_files.read(path)
        unknown = content.keys() - set(_KEYS)
        if unknown:
            raise ValueError(f"'{min(unknown)}' is none of {', '.join(_KEYS)}")
        phases, levels = _schedule(content)
        entries = tuple(dict(entry) for entry in content["actions"])
        critical = tuple(Critical(**limit) for limit in content.get("critical", ()))
        return Profile(path.stem, content["sentence"], int(content["users"]), phases, entries, critical, levels)
    except KeyError as error:
        raise BenchError(f"The load profile {path.name} has no {error}; add it.") from None
    except (TypeError, ValueError, AttributeError, yaml.YAMLError) as error:
        raise BenchError(f"The load profile {path.name} cannot be used: {error}; correct it.") from None


def _schedule(content: Mapping[str, Any]) -> tuple[tuple[Phase, ...], tuple[float, ...]]:
    """The phases of a profile, and the levels of one that grows in steps."""
    given = [key for key in ("phases", "steps", "bursts") if key in content]
    if len(given) > 1:
        raise ValueError(f"it has {' and '.join(given)}; one of them says how its rate changes")
    if "steps" in content:
        return _growing(**content["steps"])
    if "bursts" in content:
        return _bursting(**content["bursts"])
    return tuple(Phase(**phase) for phase in content["phases"]), ()


def _growing(first: int, last: int, by: int, actions: int) -> tuple[tuple[Phase, ...], tuple[float, ...]]:
    levels = tuple(range(first, last + 1, by))
    return profiles.of_actions(levels, actions), levels


def _bursting(first: int, last: int, by: int, every: float) -> tuple[tuple[Phase, ...], tuple[float, ...]]:
    levels = tuple(range(first, last + 1, by))
    return profiles.bursts(levels, every), levels


def shortened(phases: Sequence[Phase], limits: LoadLimits) -> tuple[Phase, ...]:
    """The phases in the time that the site allows a load, all by the same factor."""
    whole = sum(phase.seconds for phase in phases)
    factor = min(1.0, max(limits.duration_scale, limits.shortest_s / whole))
    return tuple(replace(phase, seconds=phase.seconds * factor) for phase in phases)
