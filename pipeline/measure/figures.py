"""A figure: the median of several runs with minimum and maximum beside it, and the budget that it has to keep."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from pipeline import console
from pipeline.baseline.entries import Figure


@dataclass(frozen=True)
class Measured:
    name: str
    figure: Figure

    @property
    def is_missed(self) -> bool:
        """Whether the median breaks its budget."""
        limit = self.figure.limit
        return limit is not None and self.figure.kind.is_worse(self.figure.value, limit)


# What this command has measured so far.
shown: list[Measured] = []


def seconds(action: Callable[[], object]) -> float:
    """How long the action takes, in seconds."""
    before = time.monotonic()
    action()
    return time.monotonic() - before


def cpu_seconds(action: Callable[[], object]) -> float:
    """What an action costs in this process and those that it starts, in seconds: the same on a busy machine."""
    own, started = time.process_time(), os.times()
    action()
    after = os.times()
    return time.process_time() - own + sum(after[2:4]) - sum(started[2:4])


def show(name: str, values: list[float], unit: str, *, most: float | None = None, least: float | None = None) -> None:
    """Print one row: median, minimum, maximum, unit, number of runs; `most` or `least` is the budget of the median."""
    median = statistics.median(values)
    console.say(f"| {name} | {median:.2f} | {min(values):.2f} | {max(values):.2f} | {unit} | {len(values)} |")
    limit, more_is_better = (most, False) if least is None else (least, True)
    shown.append(Measured(name, Figure(median, unit, limit, more_is_better)))
