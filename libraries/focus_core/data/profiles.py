"""What test data are asked for, and the profiles of ``variables/data`` that ask for them by name.

    sentence: what it is, for people
    recordings: {count: 288, length: 5 minutes, gap: 1 s, deleted: 10 %, holes: 2, overlapping: 1, live: 1}
    damaged: {orphan: 1, text as time: 2}
    unrecognized: 3
    base_path: own
    alerts: {count: 20, by: algorithm, over: 1 hour}
    users: {count: 2, role: viewer}
    regions: 2

Every part may be left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from focus_core.base import demands, profile_names, project, yaml_files
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Percent, Seconds

FOLDER = project.VARIABLES / "data"
MOST_RECORDINGS = 100_000
MOST_ALERTS = 10_000
MOST_USERS = MOST_REGIONS = 100
BY_DEFAULT = timedelta(days=1)

Damage = Literal[
    "orphan",
    "no start",
    "stale",
    "in future",
    "end before start",
    "repeated uuid",
    "malformed uuid",
    "text as deleted",
    "text as time",
    "no fibre",
]
DAMAGES: tuple[Damage, ...] = get_args(Damage)
Place = Literal["storage", "own"]
Sender = Literal["web app", "algorithm"]


def _among(name: str, given: str, allowed: tuple[str, ...]) -> None:
    if given not in allowed:
        raise BenchError(f"{name} is one of {', '.join(allowed)}, not '{given}'.")


def _at_most(most: int, what: str, given: int) -> None:
    if given > most:
        raise BenchError(f"At most {most} {what} are made at once, not {given}.")


@dataclass(frozen=True)
class Recordings:
    """Recordings one after the other, each ``length`` long, ``gap`` after the end of the one before (seconds).

    ``deleted`` is the share of them that is marked as deleted (percent). ``holes`` of the gaps are as long as a
    recording. ``overlapping`` more lie across the end of one of these, ``live`` more go on."""

    count: int = 0
    length: float = 300.0
    gap: float = 0.0
    deleted: float = 0.0
    holes: int = 0
    overlapping: int = 0
    live: int = 0

    def __post_init__(self) -> None:
        demands.at_least(0, count=self.count, holes=self.holes, overlapping=self.overlapping, live=self.live)
        demands.above_zero(length=self.length)
        demands.not_negative(gap=self.gap, deleted=self.deleted)
        if self.total > MOST_RECORDINGS:
            raise BenchError(f"At most {MOST_RECORDINGS} recordings are made at once, not {self.total}.")
        if self.deleted > 100:
            raise BenchError(f"deleted is a percentage up to 100, not {self.deleted:g}.")
        if self.holes > max(0, self.count - 1) or self.overlapping > self.count:
            raise BenchError(
                f"{self.count} recordings have room for {max(0, self.count - 1)} holes and {self.count} overlapping "
                "ones; lower holes or overlapping."
            )

    @property
    def total(self) -> int:
        return self.count + self.overlapping + self.live


@dataclass(frozen=True)
class Alerts:
    """So many alerts: by the web app all at once now, or as an algorithm reports them, ``over`` the last seconds."""

    count: int = 0
    by: Sender = "web app"
    over: float = 3600.0

    def __post_init__(self) -> None:
        demands.at_least(0, count=self.count)
        demands.above_zero(over=self.over)
        _among("by", self.by, get_args(Sender))
        _at_most(MOST_ALERTS, "alerts", self.count)


@dataclass(frozen=True)
class Users:
    """So many users of the web app with a role."""

    count: int = 0
    role: str = "viewer"

    def __post_init__(self) -> None:
        demands.at_least(0, count=self.count)
        _at_most(MOST_USERS, "users", self.count)


@dataclass(frozen=True)
class Profile:
    """All that one data set consists of. ``damaged`` says how many recordings are wrong in which way."""

    name: str
    sentence: str = ""
    recordings: Recordings = Recordings()
    damaged: Mapping[Damage, int] = field(default_factory=dict)
    unrecognized: int = 0
    base_path: Place = "storage"
    alerts: Alerts = Alerts()
    users: Users = Users()
    regions: int = 0

    def __post_init__(self) -> None:
        for way in self.damaged:
            _among("damaged", way, DAMAGES)
        demands.at_least(0, unrecognized=self.unrecognized, regions=self.regions)
        demands.at_least(0, **{str(way): count for way, count in self.damaged.items()})
        _among("base_path", self.base_path, get_args(Place))
        _at_most(MOST_REGIONS, "regions", self.regions)
        _at_most(MOST_RECORDINGS, "damaged recordings", sum(self.damaged.values()))
        if self.damaged.get("repeated uuid") and (self.base_path != "own" or not self.recordings.count):
            raise BenchError(
                "A uuid can only be repeated where no unique index forbids it: use base_path own, with recordings."
            )

    @property
    def has_documents(self) -> bool:
        """Whether anything of it lies in MongoDB."""
        return bool(self.recordings.total or sum(self.damaged.values()) or self.unrecognized or self.base_path == "own")


def read(name: str, folder: Path = FOLDER) -> Profile:
    """The profile of that name. Raises ``BenchError`` that names the file and what is wrong with it."""
    path = profile_names.find(name, folder, "data")
    try:
        return of_data(path.stem, yaml_files.read(path))
    except (TypeError, ValueError, AttributeError, BenchError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BenchError(f"The data profile {path.name} cannot be used: {error}; correct it.") from None


def of_data(name: str, content: Mapping[str, Any]) -> Profile:
    """A profile of what its file holds. Raises ``ValueError`` or ``BenchError`` that says what is wrong."""
    known = {one.name for one in fields(Profile)} - {"name"}
    unknown = content.keys() - known
    if unknown:
        raise ValueError(f"'{min(unknown)}' is none of {', '.join(sorted(known))}")
    parts: dict[str, Any] = dict(content)
    if "recordings" in content:
        parts["recordings"] = Recordings(**_numbers(content["recordings"]))
    if "alerts" in content:
        parts["alerts"] = Alerts(**_numbers(content["alerts"]))
    if "users" in content:
        parts["users"] = Users(**content["users"])
    return Profile(name, **parts)


def _numbers(given: Mapping[str, Any]) -> dict[str, Any]:
    """Times and shares as a tester writes them, in seconds and percent."""
    kinds: dict[str, Any] = {"length": Seconds, "gap": Seconds, "over": Seconds, "deleted": Percent}
    return {name: float(kinds[name].convert(value)) if name in kinds else value for name, value in given.items()}
