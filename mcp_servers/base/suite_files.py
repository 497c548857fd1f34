"""The files of all suites with the time of their last change: what is read of them is read again when this differs."""

from __future__ import annotations

from pipeline.paths import SUITES

State = tuple[tuple[str, int], ...]


def state() -> State:
    """Path and time of change (ns) of each suite file."""
    return tuple((str(path), path.stat().st_mtime_ns) for path in sorted(SUITES.rglob("*.robot")))
