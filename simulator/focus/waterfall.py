"""Rows of a view over REST: which rows there are now, and how they are written as JSON."""

from __future__ import annotations

import json
import re
from typing import Any

from simulator.focus.errors import ApiError
from simulator.focus.jobs import Record
from simulator.playback import speed
from simulator.rows import RowSource

# One answer holds at most so many intensities (about 3 MB of JSON); at least one row is always whole.
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
    """Return the numbers of the first row that there is and of the first that there is not yet.

    Live rows exist from the start of the pod up to now; historic ones up to the position of the playback.
    """
    rows = source(record)
    if record.running_since is None:
        return 0, 0
    if not record.request.historic:
        return rows.row_at(record.running_since), rows.row_at(now)
    played = (now - record.running_since) * speed(time_scale)
    return 0, min(window_rows(record), int(played / rows.lines_dt))


def window_rows(record: Record) -> int:
    """Return the number of rows in the window of a historic view: whole rows only."""
    start, end = record.request.start_time or 0, record.request.end_time or 0
    return int((end - start) / record.answer["lines_dt"])


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
    values = rows.block(first, end - first, low, high).astype("float64").round(2)
    content = [
        {
            "canvasId": record.job_id,
            "sensors": [{"id": low + place, "intensity": line} for place, line in enumerate(channels)],
            "startTimestamp": rows.start_ms(first + index),
            "endTimestamp": rows.start_ms(first + index + 1),
        }
        for index, channels in enumerate(values.tolist())
    ]
    return [{"rows": content, "current_max_amp": float(values.max()), "current_min_amp": float(values.min())}]


def encode(content: Any) -> bytes:
    """Write an answer as compact JSON (the framework's own encoder walks every number in Python)."""
    return json.dumps(content, separators=(",", ":")).encode()
