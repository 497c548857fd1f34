"""What is kept of a run: its figures with the histogram that they came from, and who accepted a new level."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from pipeline.baseline.rule import Kind


@dataclass(frozen=True)
class Figure:
    """A value in `unit`, with its fixed limit where there is one."""

    value: float
    unit: str
    limit: float | None = None
    more_is_better: bool = False

    @property
    def kind(self) -> Kind:
        return Kind(self.unit, self.limit, self.more_is_better)


@dataclass(frozen=True)
class Entry:
    """One load of one run, or one figure of the project's own budgets.

    `name` and `plan` say what was done: figures of another plan are never compared. `time` is UTC in ISO form,
    `version` that of the product or checkout. `invalid` is a sentence that says why the figures count for nothing, or
    nothing. `confirms` is the run whose suspicion this one was made to decide; `again` the arguments of run.py that
    make another such run. `histogram` holds the times of all requests (HdrHistogram, base64).
    """

    name: str
    run: str
    time: str
    figures: Mapping[str, Figure]
    version: str = ""
    plan: str = ""
    errors: float = 0.0
    invalid: str = ""
    confirms: str = ""
    again: tuple[str, ...] = ()
    histogram: str = field(default="", repr=False)


@dataclass(frozen=True)
class Acceptance:
    """From `run` on the figures of `name` are the usual ones, whatever they were before."""

    name: str
    figure: str
    run: str
    reason: str
    by: str
    time: str


Line = Entry | Acceptance


def to_json(line: Line) -> str:
    kind = "accepted" if isinstance(line, Acceptance) else "run"
    return json.dumps({"kind": kind, **asdict(line)}, ensure_ascii=False)


def from_json(text: str) -> Line:
    """Raises ValueError, TypeError, KeyError or AttributeError for anything that `to_json` did not write."""
    found: dict[str, Any] = json.loads(text)
    if found.pop("kind") == "accepted":
        return Acceptance(**found)
    figures = {name: Figure(**figure) for name, figure in found.pop("figures").items()}
    return Entry(**found | {"figures": figures, "again": tuple(found.get("again", ()))})
