"""The known bugs of deployed sites, as switches of the simulated one, and the profiles that builds had of them.

``defects.yaml`` beside this file describes every switch, ``profiles.yaml`` the builds. The part of the site that a
switch changes asks ``active(name)`` at the place of the change. What is on stands in ``defects.json`` in the state
directory, so a living site can be switched. The programs of the pods never read the YAML files: they would slow their
start.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from simulator.errors import SimulatorError

FILE = Path(__file__).with_name("defects.yaml")
PROFILES_FILE = Path(__file__).with_name("profiles.yaml")
ALL_DEFECTS = "all-defects"
EFFECTS = ("content", "pod", "code")


@dataclass(frozen=True)
class Sometimes:
    """How often a defect shows, and how long: rate in 0..1, the seed that chooses its cases, seconds of one case."""

    rate: float
    seed: int
    lasts_s: tuple[float, float]

    def seconds(self, number: int) -> float:
        """Return how long case ``number`` lasts, 0 when the defect does not show in it; the same each time."""
        chance = Random(f"{self.seed} {number}")  # noqa: S311 - repeatable on purpose
        return chance.uniform(*self.lasts_s) if chance.random() < self.rate else 0.0


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
    sometimes: Sometimes | None = None


@dataclass(frozen=True)
class Profile:
    """A build and its defects, each with how often it shows there (None: always). Described in ``profiles.yaml``."""

    name: str
    build: str
    date: str
    sentence: str
    defects: dict[str, Sometimes | None]

    @property
    def bug_keys(self) -> list[str]:
        """The bugs that a site with this profile declares."""
        return sorted({registry()[name].bug_key for name in self.defects})


@cache
def registry() -> dict[str, Defect]:
    """Return every switch by its name; ValueError names the entry that is not as ``defects.yaml`` describes it."""
    return parsed(_read(FILE))


def parsed(entries: dict[str, dict[str, Any]]) -> dict[str, Defect]:
    """Return the entries of a registry as defects, checked; ValueError as of ``registry``."""
    return {name: _defect(name, entry) for name, entry in entries.items()}


def _read(file: Path) -> dict[str, dict[str, Any]]:
    import yaml  # only commands need the registry

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: dict[str, dict[str, Any]] = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - safe
    return content


def _defect(name: str, entry: dict[str, Any]) -> Defect:
    texts = {member: value for member, value in entry.items() if member != "sometimes"}
    if any(not isinstance(value, str) for value in texts.values()):
        raise ValueError(f"{name}: every member is a text")
    try:
        defect = Defect(name, **texts, sometimes=_sometimes(entry.get("sometimes")))
    except TypeError as problem:
        raise ValueError(f"{name}: {problem}") from None
    if defect.effect not in EFFECTS:
        raise ValueError(f"{name}: effect is {defect.effect!r}, not one of {', '.join(EFFECTS)}")
    if bool(defect.restarts) != (defect.effect == "pod"):
        raise ValueError(f"{name}: effect pod and restarts belong together")
    return defect


def _sometimes(entry: dict[str, Any] | None) -> Sometimes | None:
    return Sometimes(entry["rate"], entry["seed"], tuple(entry["lasts_s"])) if entry else None


@cache
def profiles() -> dict[str, Profile]:
    """Return the profiles by their names, and as ``all-defects`` the union of them, which no build ever was."""
    entries = _read(PROFILES_FILE)
    found = {name: _profile(name, entries) for name in entries}
    union = {name: how for profile in found.values() for name, how in profile.defects.items()}
    return {**found, ALL_DEFECTS: Profile(ALL_DEFECTS, "none", "never", "every known bug of any build", union)}


def _profile(name: str, entries: dict[str, dict[str, Any]]) -> Profile:
    entry = entries[name]
    defects = dict(_profile(entry["like"], entries).defects) if "like" in entry else {}
    for defect, how in entry["defects"].items():
        defects[known(defect)] = _sometimes(how) or registry()[defect].sometimes
    return Profile(name, str(entry["build"]), str(entry["date"]), entry["sentence"], defects)


_cache: tuple[Path, int, dict[str, Sometimes | None]] | None = None


def active(name: str) -> bool:
    """Return whether the defect is switched on at the site that this process belongs to.

    The site is the directory in ``FOCUS_SIMULATOR_STATE``; without one (a unit test of a part) nothing is on, and an
    unknown name raises KeyError.
    """
    return name in _switched_on(name)


def sometimes(name: str) -> Sometimes | None:
    """Return how often an active defect shows; None when it is off or shows always."""
    return _switched_on(name).get(name)


def _switched_on(asked: str) -> dict[str, Sometimes | None]:
    """Return what is on; the file is read again only when its modification time changed."""
    global _cache
    state = os.environ.get("FOCUS_SIMULATOR_STATE")
    if not state:
        registry()[asked]
        return {}
    path = Path(state) / "defects.json"
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return {}
    if _cache is None or _cache[:2] != (path, changed):
        _cache = (path, changed, read_switches(path))
    return _cache[2]


def read_switches(path: Path) -> dict[str, Sometimes | None]:
    """Return what is on, as the file lists it; nothing when there is no file."""
    if not path.exists():
        return {}
    entries = json.loads(path.read_text(encoding="utf-8"))
    return dict((one, None) if isinstance(one, str) else (one["name"], _sometimes(one)) for one in entries)


def as_text(switches: dict[str, Sometimes | None]) -> str:
    """Return what is on as the content of ``defects.json``: names, and objects for what shows only sometimes."""
    return json.dumps([{"name": name, **asdict(how)} if how else name for name, how in switches.items()])


def known(name: str) -> str:
    """Return the name when the registry has it, else raise one sentence with the nearest names."""
    if name in registry():
        return name
    near = get_close_matches(name, registry(), n=3, cutoff=0.5)
    hint = f"near matches: {', '.join(near)}" if near else "'python run.py site defects' lists the known ones"
    raise SimulatorError(f"There is no defect named {name!r}; {hint}.")
