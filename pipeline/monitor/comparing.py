"""Kinds of lines of two runs, compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from focus_core.logs import monitor

from pipeline.errors import RunError

# A kind of line that comes so many times as often, and so often at least, is worth a look.
FACTOR, LEAST = 3.0, 10


@dataclass(frozen=True)
class Difference:
    """Kinds of lines that only one of two runs has, with their numbers, and those that come far more or less often."""

    only_here: list[tuple[int, str]]
    only_there: list[tuple[int, str]]
    changed: list[tuple[int, int, str]]


def counts(folder: Path, name: str) -> Mapping[str, int]:
    """Lines by kind. Raises RunError where none were counted."""
    try:
        content = json.loads((folder / monitor.TEMPLATES).read_text(encoding="utf-8"))
        return {str(kind): int(number) for kind, number in content["counts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise RunError(
            f"No pod monitor has counted the lines of {name}: choose a run that was made with --monitor on."
        ) from None


def compare(here: Mapping[str, int], there: Mapping[str, int]) -> Difference:
    """`here` is the earlier run, `there` the later one."""
    changed = [
        (here[kind], there[kind], kind)
        for kind in here.keys() & there.keys()
        if max(here[kind], there[kind]) >= LEAST
        and max(here[kind], there[kind]) >= FACTOR * min(here[kind], there[kind])
    ]
    return Difference(
        sorted(((number, kind) for kind, number in here.items() if kind not in there), reverse=True),
        sorted(((number, kind) for kind, number in there.items() if kind not in here), reverse=True),
        sorted(changed, key=lambda one: (-abs(one[1] - one[0]), one[2])),
    )
