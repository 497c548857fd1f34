"""The areas of areas.yaml: which tests, defects and routes belong together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from pipeline.errors import RunError

_FILE = Path(__file__).parent / "areas.yaml"


@dataclass(frozen=True)
class Undo:
    """Removes what `operation` created: its id is in `property` of the answer and replaces {} in `request`."""

    operation: str
    property: str
    request: str


@dataclass(frozen=True)
class Area:
    """One entry of areas.yaml, where the keys are explained."""

    name: str
    tags: frozenset[str]
    defects: frozenset[str]
    without: frozenset[str] = frozenset()
    interface: str = ""
    without_interface: str = ""
    minutes: float = 10.0
    workers: int = 3
    own_sites: bool = False
    time_scale: float = 1.0
    restarts: bool = False
    settle_s: float = 0.0
    routes: Mapping[str, str] = field(default_factory=dict)
    description: str = ""
    openapi: str = ""
    only_observing_tests: bool = False
    required_score: float = 0.0
    time_limits: Mapping[str, str] = field(default_factory=dict)
    max_waits: Mapping[str, float] = field(default_factory=dict)
    undo: Undo | None = None
    not_defects: Mapping[str, str] = field(default_factory=dict)
    open_questions: tuple[str, ...] = ()
    states: Mapping[str, str] = field(default_factory=dict)
    too_long: Mapping[str, str] = field(default_factory=dict)

    def opened_by(self, interfaces: Collection[str]) -> bool:
        """Whether tests of suites that open these interfaces may belong to the area."""
        return (not self.interface or self.interface in interfaces) and self.without_interface not in interfaces

    @property
    def prefers_mutants(self) -> bool:
        """Whether the tests of the area check the answers that mutants change; else defects show more of them."""
        return self.required_score > 0 or self.only_observing_tests


def read(names: Iterable[str], path: Path = _FILE) -> list[Area]:
    """The areas with these names; `all` is every one. Raises RunError with the known names for any other."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    wanted: dict[str, None] = {}
    for name in names:
        if name not in (*content, "all"):
            raise RunError(f"There is no area '{name}'; choose one of: {', '.join(content)}, all.")
        wanted.update(dict.fromkeys(content if name == "all" else [name]))
    return [_area(name, content[name]) for name in wanted]


def require_defects(area: Area, registered: Iterable[str]) -> None:
    """Raise RunError when the area names an area of defects that `registered`, those of the simulator, lacks."""
    unknown = sorted(area.defects.difference(registered))
    if unknown:
        raise RunError(f"areas.yaml, {area.name}: the simulator has no defects of the area {', '.join(unknown)}.")


def _area(name: str, entry: dict[str, Any]) -> Area:
    undo = entry.get("undo")
    return Area(
        **entry
        | {
            "name": name,
            "tags": frozenset(entry["tags"]),
            "defects": frozenset(entry["defects"]),
            "without": frozenset(entry.get("without", ())),
            "undo": Undo(**undo) if undo else None,
            "open_questions": tuple(entry.get("open_questions", ())),
        }
    )
