"""A figure: the median of several runs with minimum and maximum beside it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable


def seconds(action: Callable[[], object]) -> float:
    """How long the action takes, in seconds."""
    before = time.monotonic()
    action()
    return time.monotonic() - before


def show(name: str, values: list[float], unit: str) -> None:
    """Print one row: median, minimum, maximum, unit, number of runs."""
    print(  # noqa: T201 - this is a command
        f"| {name} | {statistics.median(values):.2f} | {min(values):.2f} | {max(values):.2f} | {unit} | {len(values)} |"
    )
