"""Files with the time of their last change: what is made of them is made anew when this differs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

State = tuple[tuple[str, int], ...]


def of(paths: Iterable[Path]) -> State:
    """Path and time of change (ns) of each file, in the order of the paths."""
    return tuple((str(path), path.stat().st_mtime_ns) for path in sorted(paths))
