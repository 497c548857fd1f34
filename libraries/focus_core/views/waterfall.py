"""Rows of ``GET /waterfall/{id}/{rows}`` and ``GET /waterfall/{id}``, and what has to be true of them.

An answer holds blocks ``{rows: [row], current_max_amp, current_min_amp}``, a row ``{canvasId, sensors: [{id,
intensity}], startTimestamp, endTimestamp}`` with times in epoch ms. Rules: a row shows each channel of the view with
one amplitude a frequency, and lasts ``lines_dt``; a row begins when the row before it ends; amplitudes are not negative
(a negative one is a black spectrogram); rows of a live view are of now, those of a historic view of its window.
"""

import itertools
import math
from email.utils import parsedate_to_datetime
from typing import Any

from focus_core.server.client import Exchange
from focus_core.views.view import View

# Statuses of the waterfall: no rows yet, rows, playback is over.
NO_ROWS_YET, ROWS, OVER = 200, 201, 208
# What one answer holds: rows x channels x bins.
_MOST_VALUES = 500_000
# How old the newest row may be by the server's clock (PZ-14811), and how coarse the clock of its Date header is.
ACCURACY_S = 2.0
_DATE_STEP_S = 1.0
_AMPLITUDES = {int, float}

Row = dict[str, Any]


def problems(view: View, answer: Exchange) -> list[str]:
    """What is wrong with a 201 answer: blocks, channels, bins, times, amplitudes. Empty when all is well."""
    return problems_of_blocks(view, answer.json(), answer)


def problems_of_blocks(view: View, blocks: Any, answer: Exchange) -> list[str]:
    """The same for blocks that stand elsewhere in an answer, as those of ``GET /waterfall/{id}``."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        return ["the body is not a list of blocks"]
    rows = rows_of(blocks)
    if not rows:
        return ["there is not one row in it"]
    malformed = [problem for row in rows for problem in _shape_problems(row)]
    if malformed:
        return malformed
    found = [problem for row in rows for problem in _row_problems(view, row)]
    found += [
        f"a row begins at {later['startTimestamp']} ms, the row before it ends at {earlier['endTimestamp']} ms"
        for earlier, later in itertools.pairwise(rows)
        if later["startTimestamp"] != earlier["endTimestamp"]
    ]
    found += [problem for block in blocks for problem in _extreme_problems(block)]
    return found + _time_problems(view, rows, answer)


def rows_of(blocks: list[dict[str, Any]]) -> list[Row]:
    """All rows of all blocks, in order."""
    return [row for block in blocks for row in block.get("rows", [])]


def well_formed_rows(blocks: Any) -> list[Row]:
    """The rows of a 201 answer, whatever they hold. Raises ``AssertionError`` where they cannot be read as rows."""
    if not isinstance(blocks, list) or not all(isinstance(block, dict) for block in blocks):
        raise AssertionError("the body is not a list of blocks")
    rows = rows_of(blocks)
    if malformed := [problem for row in rows for problem in _shape_problems(row)]:
        raise AssertionError(malformed[0])
    return rows


def problems_of_repetition(earlier: list[Row], later: list[Row]) -> list[str]:
    """Where a later answer differs from an earlier one."""
    known = {row["startTimestamp"]: row for row in earlier}
    changed = [
        f"the row of {at} ms came again with other content"
        for row in later
        if (at := row["startTimestamp"]) in known and row != known[at]
    ]
    if earlier and (ended := earlier[-1]["endTimestamp"]) > later[-1]["endTimestamp"]:
        changed.append(f"the newest row ended at {ended} ms, now at {later[-1]['endTimestamp']} ms")
    return changed


def have_common_rows(earlier: list[Row], later: list[Row]) -> bool:
    """Whether there is a time of which both answers hold a row; without one they cannot be compared."""
    return not {row["startTimestamp"] for row in earlier}.isdisjoint(row["startTimestamp"] for row in later)


def rows_from_to(view: View, earlier: Row, later: Row) -> int:
    """How many rows there are from one row to a later one, by their times; both are counted."""
    row_ms = float(view.answer.raw["lines_dt"]) * 1000
    return math.ceil((int(later["endTimestamp"]) - int(earlier["startTimestamp"])) / row_ms)


def most_rows_of_an_answer(view: View) -> int:
    """How many rows of a view one answer can hold; at least one."""
    bins = int(view.answer.raw["frequencies_amount"])
    return max(1, _MOST_VALUES // (view.request.channel_count * max(1, bins)))


def mean_per_channel(rows: list[Row]) -> list[list[float]]:
    """For each row the mean amplitude of each channel."""
    return [[_mean(sensor["intensity"]) for sensor in row["sensors"]] for row in rows]


def mean_per_frequency(rows: list[Row]) -> list[float]:
    """The mean amplitude of each bin over all rows and channels."""
    spectra = [sensor["intensity"] for row in rows for sensor in row["sensors"]]
    return [_mean(list(amplitudes)) for amplitudes in zip(*spectra, strict=True)]


def _shape_problems(row: Row) -> list[str]:
    missing = [name for name in ("canvasId", "sensors", "startTimestamp", "endTimestamp") if name not in row]
    if missing:
        return [f"a row has no {' and no '.join(missing)}"]
    found = [
        f"{name} of a row is {row[name]!r:.40} instead of whole ms"
        for name in ("startTimestamp", "endTimestamp")
        if type(row[name]) is not int
    ]
    sensors = row["sensors"]
    if not isinstance(sensors, list) or not all(isinstance(sensor, dict) for sensor in sensors):
        return [*found, "the sensors of a row are not a list of objects"]
    if not all(isinstance(sensor.get("intensity"), list) for sensor in sensors):
        return [*found, "a channel of a row has no list of amplitudes"]
    types = set().union(*(map(type, sensor["intensity"]) for sensor in sensors))
    if types - _AMPLITUDES:
        found.append(f"an amplitude is a {', '.join(kind.__name__ for kind in types - _AMPLITUDES)}, not a number")
    return found


def _row_problems(view: View, row: Row) -> list[str]:
    found = []
    if row["canvasId"] != view.job_id:
        found.append(f"a row belongs to the canvas {row['canvasId']!r:.40}, not to {view.job_id!r}")
    first, last = view.request.channels
    channels = [sensor.get("id") for sensor in row["sensors"]]
    if channels != list(range(first, last + 1)):
        found.append(f"a row shows {len(channels)} channels from {channels[:1]}, asked for {first}-{last}")
    lasts, wanted = row["endTimestamp"] - row["startTimestamp"], view.answer.raw["lines_dt"] * 1000
    # Times are whole milliseconds.
    if not math.floor(wanted) <= lasts <= math.ceil(wanted):
        found.append(f"a row lasts {lasts} ms, lines_dt is {wanted:g} ms")
    bins = view.answer.raw["frequencies_amount"]
    odd = [len(sensor["intensity"]) for sensor in row["sensors"] if len(sensor["intensity"]) != bins]
    if odd:
        found.append(f"a channel has {odd[0]} amplitudes, the view has {bins} frequencies")
    amplitudes = [end for sensor in row["sensors"] for end in _ends(sensor["intensity"])]
    if any(sum(sensor["intensity"]) - sum(sensor["intensity"]) != 0 for sensor in row["sensors"]):
        found.append("an amplitude is not a finite number")
    if min(amplitudes, default=0.0) < 0:
        found.append(f"amplitude {min(amplitudes):g} is negative")
    return found


def _extreme_problems(block: dict[str, Any]) -> list[str]:
    sensors = [sensor for row in block.get("rows", []) for sensor in row["sensors"]]
    amplitudes = [end for sensor in sensors for end in _ends(sensor["intensity"])]
    return [
        f"{name} is {block.get(name)!r}, the {word} amplitude of its rows is {wanted}"
        for name, word, wanted in (
            ("current_max_amp", "highest", max(amplitudes, default=0.0)),
            ("current_min_amp", "lowest", min(amplitudes, default=0.0)),
        )
        if isinstance(block.get(name), bool) or block.get(name) != wanted
    ]


def _time_problems(view: View, rows: list[Row], answer: Exchange) -> list[str]:
    if view.request.window is not None:
        start, end = view.request.window
        outside = [row for row in rows if row["startTimestamp"] < start * 1000 or row["endTimestamp"] > end * 1000]
        return [f"a row of {row['startTimestamp']} ms lies outside the window {start}-{end} s" for row in outside]
    try:
        now = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except ValueError:
        return [f"the server's clock cannot be read: its Date header is {answer.headers.get('Date')!r}"]
    # The rows were chosen at some moment between request and answer.
    age = now - rows[-1]["endTimestamp"] / 1000
    if age < -_DATE_STEP_S - answer.seconds:
        return [f"the newest row of a live view ends {-age:.1f} s ahead of the server's clock"]
    if age <= ACCURACY_S + answer.seconds + view.answer.raw["lines_dt"]:
        return []
    return [f"the newest row of a live view ended {age:.1f} s before the server's clock, allowed is {ACCURACY_S:g} s"]


def _ends(amplitudes: list[float]) -> tuple[float, ...]:
    return (min(amplitudes), max(amplitudes)) if amplitudes else ()


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0
