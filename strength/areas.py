"""The data of a measurement: areas, and the mutants that cannot matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import RunError
from strength.mutants import json_paths as properties
from strength.mutants.mutants import Mutant

_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Undo:
    """What takes back the thing that an answer of `operation` names in `property`; `request` has {} in its path."""

    operation: str
    property: str
    request: str


@dataclass(frozen=True)
class Area:
    """One entry of areas.yaml, where the keys are explained."""

    name: str
    tags: frozenset[str]
    defects: frozenset[str]
    interface: str = ""
    minutes: float = 10.0
    workers: int = 3
    own_sites: bool = False
    time_scale: float = 1.0
    restarts: bool = False
    felt_s: float = 0.0
    doors: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    openapi: str = ""
    seen_only: bool = False
    share: float = 0.0
    time_limits: Mapping[str, str] = field(default_factory=dict)
    patience: Mapping[str, float] = field(default_factory=dict)
    undo: Undo | None = None
    no_fault: Mapping[str, str] = field(default_factory=dict)
    open_questions: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    too_long: Mapping[str, str] = field(default_factory=dict)

    @property
    def answers_tell_most(self) -> bool:
        """Whether the tests of the area are about the answers that can be changed; else defects tell more of them."""
        return self.share > 0 or self.seen_only


@dataclass(frozen=True)
class Rule:
    """One entry of equivalent_mutants.yaml."""

    reason: str
    operations: str = "*"
    statuses: str = "*"
    properties: str = "*"
    operators: str = "*"
    detail: str = "*"

    def fits(self, mutant: Mutant) -> bool:
        operation, status = mutant.kind
        place = "(answer)" if mutant.place is None else properties.text(mutant.place)
        pairs = (
            (operation, self.operations),
            (str(status), self.statuses),
            (place, self.properties),
            (mutant.operator, self.operators),
            (mutant.detail, self.detail),
        )
        # In a pattern [] are the brackets of a place, not a set of characters.
        return all(
            any(fnmatchcase(text, choice.replace("[", "[[]")) for choice in pattern.split("|"))
            for text, pattern in pairs
        )


def areas(names: Iterable[str], path: Path = _HERE / "areas.yaml") -> list[Area]:
    """The areas with these names; `all` is every one. Raises RunError that lists the known ones."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    wanted: dict[str, None] = {}
    for name in names:
        if name not in (*content, "all"):
            raise RunError(f"There is no area '{name}'; choose one of: {', '.join(content)}, all.")
        wanted.update(dict.fromkeys(content if name == "all" else [name]))
    return [_area(name, content[name]) for name in wanted]


def _area(name: str, entry: dict[str, Any]) -> Area:
    undo = entry.get("undo")
    return Area(
        **entry
        | {
            "name": name,
            "tags": frozenset(entry["tags"]),
            "defects": frozenset(entry["defects"]),
            "undo": Undo(**undo) if undo else None,
            "open_questions": tuple(entry.get("open_questions", ())),
        }
    )


def rules(path: Path = _HERE / "equivalent_mutants.yaml") -> list[Rule]:
    return [Rule(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []]


def split(found: Iterable[Mutant], known: Iterable[Rule]) -> tuple[list[Mutant], dict[Mutant, str]]:
    """The mutants that matter, and the others with the reason why not."""
    known = list(known)
    matter, left_out = [], {}
    for mutant in found:
        rule = next((rule for rule in known if rule.fits(mutant)), None)
        if rule is None:
            matter.append(mutant)
        else:
            left_out[mutant] = rule.reason
    return matter, left_out
