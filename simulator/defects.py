"""The known bugs of the deployed site, as switches of the simulated one.

``defects.yaml`` beside this file describes every switch; the part of the site that a switch changes asks
``active(name)`` at the place of the change. The names that are on stand in ``defects.json`` in the state directory, so
a living site can be switched. The programs of the pods never read the YAML file: it would slow their start.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any

from simulator.errors import SimulatorError

FILE = Path(__file__).with_name("defects.yaml")
EFFECTS = ("content", "pod", "code")


@dataclass(frozen=True)
class Defect:
    """One switch: its name, the key of the bug it imitates, the area, and what it changes.

    The members are described in ``defects.yaml``. restarts: empty unless the effect is ``pod``.
    """

    name: str
    area: str
    sentence: str
    changes: str
    effect: str
    bug_key: str = ""
    restarts: str = ""
    takes_effect: str = "at once"


@cache
def registry() -> dict[str, Defect]:
    """Return every switch by its name; ValueError names the entry that is not as ``defects.yaml`` describes it."""
    import yaml  # only commands need the registry

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return parsed(yaml.load(FILE.read_text(encoding="utf-8"), Loader=loader))  # noqa: S506 - both loaders are safe


def parsed(entries: dict[str, dict[str, Any]]) -> dict[str, Defect]:
    """Return the entries of a registry as defects, checked; ValueError as of ``registry``."""
    return {name: _defect(name, entry) for name, entry in entries.items()}


def _defect(name: str, entry: dict[str, Any]) -> Defect:
    if any(not isinstance(value, str) for value in entry.values()):
        raise ValueError(f"{name}: every member is a text")
    try:
        defect = Defect(name, **entry)
    except TypeError as problem:
        raise ValueError(f"{name}: {problem}") from None
    if defect.effect not in EFFECTS:
        raise ValueError(f"{name}: effect is {defect.effect!r}, not one of {', '.join(EFFECTS)}")
    if bool(defect.restarts) != (defect.effect == "pod"):
        raise ValueError(f"{name}: effect pod and restarts belong together")
    return defect


def profiles() -> dict[str, tuple[str, ...]]:
    """Return the defects of each profile.

    The deployed server has every known bug, and nothing of what it is not known to do: that has no key.
    """
    return {"required": (), "deployed": tuple(name for name, defect in registry().items() if defect.bug_key)}


_cache: tuple[Path, int, frozenset[str]] | None = None


def active(name: str) -> bool:
    """Return whether the defect is switched on at the site that this process belongs to.

    The site is the directory in ``FOCUS_SIMULATOR_STATE``; without one (a unit test of a part) nothing is on, and an
    unknown name raises KeyError. The file is read again only when its modification time changed.
    """
    global _cache
    state = os.environ.get("FOCUS_SIMULATOR_STATE")
    if not state:
        registry()[name]
        return False
    path = Path(state) / "defects.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return False
    if _cache is None or _cache[:2] != (path, changed):
        _cache = (path, changed, frozenset(read_active(path)))
    return name in _cache[2]


def read_active(path: Path) -> list[str]:
    """Return the names that are on, as the file lists them; none when there is no file."""
    if not path.exists():
        return []
    names = json.loads(path.read_text(encoding="utf-8"))
    return [str(name) for name in names]


def known(name: str) -> str:
    """Return the name when the registry has it, else raise one sentence with the nearest names."""
    if name in registry():
        return name
    near = get_close_matches(name, registry(), n=3, cutoff=0.5)
    hint = f"near matches: {', '.join(near)}" if near else "'python run.py site defects' lists the known ones"
    raise SimulatorError(f"There is no defect named {name!r}; {hint}.")
