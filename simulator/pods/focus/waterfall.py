"""Rows of a view over REST: which rows there are now, and how they are written as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from simulator import defects
from simulator.pods.analyzer.playback import rows_between, speed
from simulator.pods.analyzer.rows import RowSource
from simulator.pods.focus.errors import ApiError
from simulator.pods.focus.jobs import Record

# Most intensities of one answer (about 3 MB of JSON); at least one row is always whole.
VALUES_MAX = 500_000
_NUMBER = re.compile(r"[+-]?[0-9]{1,18}")


def row_count(text: str) -> int:
    """Read the number of rows from the path. Raises ApiError 400 when it is no number or not positive."""
    if not _NUMBER.fullmatch(text) or int(text) <= 0:
        raise ApiError(400, "The row count is invalid: it must be a positive number.", field="rows", allowed=">= 1")
    return int(text)


def source(record: Record) -> RowSource:
    """Return the rows of a job, the same as its stream delivers."""
    return RowSource(record.job_id, record.answer["frequencies_list"], record.answer["lines_dt"], record.origin_ms)


def available(record: Record, now: float, time_scale: float) -> tuple[int, int]:
    """Return which rows there are: from the first up to, but without, the second number.

    Live rows are numbered by time and exist from the start of the pod up to now; historic ones are counted from the
    first row of the window up to the position of the playback.
    """
    rows = source(record)
    if record.running_since is None:
        return 0, 0
    if not record.request.historic:
        return rows.row_at(record.running_since), rows.row_at(now)
    played = (now - record.running_since) * speed(time_scale)
    return 0, min(window_rows(record), int(played / rows.lines_dt))


def window_rows(record: Record) -> int:
    """Return the number of rows in the window of a historic view: whole rows of recorded time only."""
    return sum(map(len, record.rows))


def blocks(record: Record, first: int, end: int, wanted: int) -> list[dict[str, Any]]:
    """Return the newest rows, ``wanted`` at most, as the one block of an answer; an empty list when there are none.

    A block is ``{rows: [{canvasId, sensors: [{id, intensity}], startTimestamp, endTimestamp}], current_max_amp,
    current_min_amp}``; times in milliseconds since the epoch, ascending.
    """
    rows = source(record)
    low, high = record.request.channels.min, record.request.channels.max
    fitting = max(1, VALUES_MAX // ((high - low + 1) * rows.bins))
    first = max(first, end - min(wanted, fitting))
    if end <= first:
        return []
    numbers = rows_between(record.rows, first, end) if record.request.historic else [range(first, end)]
    content, extremes = [], []
    for part in numbers:
        values = rows.block(part.start, len(part), low, high).astype("float64").round(2)
        extremes += [float(values.max()), float(values.min())]
        content += [
            {
                "canvasId": record.job_id,
                "sensors": [{"id": low + place, "intensity": line} for place, line in enumerate(channels)],
                "startTimestamp": rows.start_ms(number),
                "endTimestamp": rows.start_ms(number + 1),
            }
            for number, channels in zip(part, values.tolist(), strict=True)
        ]
    if defects.active("waterfall-unordered"):
        content.reverse()
    return [{"rows": content, "current_max_amp": max(extremes), "current_min_amp": min(extremes)}]


def encode(content: Any) -> bytes:
    """Write an answer as compact JSON (the framework's own encoder walks every number in Python)."""
    return json.dumps(content, separators=(",", ":")).encode()
