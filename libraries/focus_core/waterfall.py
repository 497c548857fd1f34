"""Rows of ``GET /waterfall/{id}/{rows}``: ``[{rows: [row], current_max_amp, current_min_amp}]``."""

import itertools
import math
from typing import Any

from focus_core.focus_answers import View

# Statuses of the waterfall: no rows yet, rows, playback is over.
NO_ROWS_YET, ROWS, OVER = 200, 201, 208
# What one answer holds: rows x channels x bins.
_MOST_VALUES = 500_000


def problems(view: View, blocks: Any) -> list[str]:
    """What is wrong with delivered rows: shape, channels, bins, order of times, amplitudes. Empty when all is well."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["the body is not a list of blocks"]
    rows = rows_of(blocks)
    if not rows:
        return ["there is not one row in it"]
    found = [problem for row in rows for problem in _row_problems(view, row)]
    starts = [row.get("startTimestamp", 0) for row in rows]
    if starts != sorted(starts):
        found.append("the rows are not in the order of their times")
    overlaps = sum(later["startTimestamp"] < earlier["endTimestamp"] for earlier, later in itertools.pairwise(rows))
    if overlaps:
        found.append(f"{overlaps} rows begin before the row before them ends")
    found += [
        f"current_max_amp {block.get('current_max_amp')} is below current_min_amp {block.get('current_min_amp')}"
        for block in blocks
        if not block.get("current_max_amp", -math.inf) >= block.get("current_min_amp", math.inf)
    ]
    return found


def rows_of(blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """All rows of all blocks, in order."""
    return [row for block in blocks for row in block.get("rows", [])]


def most_rows_of_an_answer(view: View) -> int:
    """How many rows of a view one answer can hold; at least one."""
    bins = int(view.answer.raw["frequencies_amount"])
    return max(1, _MOST_VALUES // (view.request.channel_count * max(1, bins)))


def mean_per_channel(rows: list[dict[str, Any]]) -> list[list[float]]:
    """For each row the mean amplitude of each channel."""
    return [[_mean(sensor["intensity"]) for sensor in row["sensors"]] for row in rows]


def mean_per_frequency(rows: list[dict[str, Any]]) -> list[float]:
    """The mean amplitude of each bin over all rows and channels."""
    spectra = [sensor["intensity"] for row in rows for sensor in row["sensors"]]
    return [_mean(list(amplitudes)) for amplitudes in zip(*spectra, strict=True)]


def _row_problems(view: View, row: dict[str, Any]) -> list[str]:
    missing = [name for name in ("sensors", "startTimestamp", "endTimestamp") if name not in row]
    if missing:
        return [f"a row has no {' and no '.join(missing)}"]
    found = []
    first, last = view.request.channels
    channels = [sensor.get("id") for sensor in row["sensors"]]
    if channels != list(range(first, last + 1)):
        found.append(f"a row shows {len(channels)} channels from {channels[:1]}, asked for {first}-{last}")
    if row["endTimestamp"] <= row["startTimestamp"]:
        found.append(f"a row ends ({row['endTimestamp']}) before it begins ({row['startTimestamp']})")
    bins = view.answer.raw["frequencies_amount"]
    intensities = [sensor.get("intensity", []) for sensor in row["sensors"]]
    if any(len(intensity) != bins for intensity in intensities):
        found.append(f"a channel has {len(intensities[0])} amplitudes, the view has {bins} frequencies")
    lowest = min((min(intensity, default=0.0) for intensity in intensities), default=0.0)
    if not lowest >= 0:
        found.append(f"amplitude {lowest:g} is negative")
    return found


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
