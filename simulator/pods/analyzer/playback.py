"""How recordings are played: one rule for the stream and for the rows over REST.

Rows are numbered by time from the start of the window. Time that was not recorded has no rows, and the playback does
not wait for it: it goes on with the next row that there is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from simulator import defects

PLAYBACK_SPEED = 10.0
# Seconds are compared after a division; a row that ends with its recording belongs to it.
_ROUNDING = 1e-6

Part = tuple[float, float]


def speed(time_scale: float) -> float:
    """Return the seconds of recording that are played in one second."""
    return 1.0 if defects.active("playback-slow") else PLAYBACK_SPEED / time_scale


def recorded_rows(recorded: Sequence[Part], lines_dt: float) -> list[range]:
    """Return the numbers of the rows that lie wholly in recorded time, in order.

    recorded: (start, end) of each part in seconds from the start of row 0, in order and apart from each other.
    """
    rows = [
        range(math.ceil(start / lines_dt - _ROUNDING), math.floor(end / lines_dt + _ROUNDING))
        for start, end in recorded
    ]
    return [part for part in rows if part]


def rows_between(rows: Sequence[range], first: int, end: int) -> list[range]:
    """Return the rows that are number first to end - 1 of those that there are (counted across all parts)."""
    found = []
    for part in rows:
        inside = part[max(0, first) : max(0, end)]
        if inside:
            found.append(inside)
        first, end = first - len(part), end - len(part)
    return found
