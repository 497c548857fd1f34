"""What the frames of a view's streams must be: rules between frames, rows and view (site contract 2.5, 2.6, 4)."""

import itertools
import math
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.streams.client import Enough, Frame, StreamReading
from focus_core.views.answer_checks import field_of
from focus_core.views.view import View, number_of

# Times of rows are whole milliseconds of two rounded numbers.
_ROUNDING_MS = 1.5
# Clocks of two machines that keep time by the network.
_CLOCK_SKEW_S = 5.0
# A rate is measured over a span in which a late frame weighs little, and longer while it is not what it has to be.
RATE_SPAN_S = 2.0
RATE_TOLERANCE = 0.2
_WATERFALL_ROUNDING = 0.006
# A row that ends with its part of a recording belongs to it.
_ROW_ROUNDING = 1e-6


@dataclass(frozen=True)
class Rate:
    """What a reading brought between its first and its last frame: rows a second and bytes a second."""

    rows: float
    bytes: float


def problems(
    readings: Sequence[StreamReading],
    view: View,
    *,
    live_age: float,
    expected_rows: Sequence[int] | None = None,
) -> list[str]:
    """What is wrong with the frames of a view.

    A live row may be ``live_age`` seconds old when it arrives. ``expected_rows`` are the indexes that each stream has
    to give, all of them and in order; without them the indexes have to count up by one.
    """
    found = []
    for reading in readings:
        of_stream = [
            *(problem for frame in reading.frames for problem in _frame_problems(frame, reading.stream, view)),
            *_row_problems(reading, view, expected_rows),
            *_age_problems(reading, view, live_age),
        ]
        found += [f"stream {reading.stream}: {problem}" for problem in of_stream]
    return found + _problems_between_streams(readings)


def rows_of_window(view: View, recorded: Sequence[tuple[int, int]] | None = None) -> list[int]:
    """The indexes of the rows that a historic view has to play: whole rows of recorded time.

    ``recorded`` are the recorded parts of its window in epoch seconds; without them all of it is.
    """
    if view.request.window is None:
        raise BenchError(f"The {view} has no window; only the rows of a historic view are known before they come.")
    start, end = view.request.window
    seconds = field_of(view.answer.raw, "lines_dt")
    parts = [(start, end)] if recorded is None else recorded
    return [
        row
        for first, last in parts
        for row in range(
            math.ceil((first - start) / seconds - _ROW_ROUNDING), math.floor((last - start) / seconds + _ROW_ROUNDING)
        )
    ]


def rate_of(reading: StreamReading) -> Rate:
    """Rows and bytes a second, by the times at which the frames arrived. Raises ``AssertionError`` without a span."""
    frames = reading.frames
    span = frames[-1].arrived - frames[0].arrived if len(frames) > 1 else 0.0
    if span <= 0:
        raise AssertionError(f"{reading}: too little to measure a rate.")
    # The first frame holds what happened before the span.
    return Rate(sum(frame.height for frame in frames[1:]) / span, sum(len(frame.data) for frame in frames[1:]) / span)


def is_near(value: float, wanted: float) -> bool:
    """Whether a measured rate is what it has to be."""
    return math.isclose(value, wanted, rel_tol=RATE_TOLERANCE)


def until_the_rate_is_settled(rows_a_second: float, most_s: float) -> Enough:
    """Ends a reading when its rate is right, or after ``most_s`` seconds: a busy machine may need some of them."""

    def enough(frames: list[Frame]) -> bool:
        span = frames[-1].arrived - frames[0].arrived
        if span < RATE_SPAN_S:
            return False
        rows = sum(frame.height for frame in frames[1:])
        return span > most_s or is_near(rows / span, rows_a_second)

    return enough


def is_of_another_job(reading: StreamReading, number: int) -> bool:
    """Whether frames came and all name another job than the one with this number."""
    return bool(reading.frames) and all(frame.job_number not in (None, number) for frame in reading.frames)


def problems_of_two_readers(one: StreamReading, other: StreamReading) -> list[str]:
    """Where two readers of one stream were given different rows; that they have no row in common is a problem too."""
    rows = [
        {index: (at, data) for frame in reading.frames for index, at, data in frame.rows()} for reading in (one, other)
    ]
    common = sorted(rows[0].keys() & rows[1].keys())
    if not common:
        return [f"the two readers have no row in common ({len(rows[0])} and {len(rows[1])} rows)"]
    return [f"row {index} is not the same for both readers" for index in common if rows[0][index] != rows[1][index]]


def mismatch_with_waterfall(
    readings: Sequence[StreamReading], view: View, rows: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Where the rows of the streams differ from ``rows`` of the waterfall, which the latter rounds to 0.01.

    A row is known by its start; that a stream has no row in common with the waterfall is a problem too.
    """
    bins = len(field_of(view.answer.raw, "frequencies_list"))
    shown = {row["startTimestamp"]: {sensor["id"]: sensor["intensity"] for sensor in row["sensors"]} for row in rows}
    found = []
    for reading in readings:
        compared = 0
        for frame in reading.frames:
            for index, at, data in frame.rows():
                if at not in shown:
                    continue
                compared += 1
                amplitudes = array("f", data)
                for place, channel in enumerate(range(frame.first_channel, frame.last_channel + 1)):
                    streamed = amplitudes[place * bins : (place + 1) * bins]
                    listed = shown[at].get(channel, [])
                    if len(listed) != bins or any(
                        abs(one - other) > _WATERFALL_ROUNDING for one, other in zip(streamed, listed, strict=True)
                    ):
                        found.append(f"stream {reading.stream}, row {index}: channel {channel} is another one")
                        break
        if not compared:
            found.append(f"stream {reading.stream} has no row in common with the {len(rows)} of the waterfall")
    return found


def _frame_problems(frame: Frame, stream: int, view: View) -> list[str]:
    channels = [channel for channel, index in view.request.streams().items() if index == stream]
    found = frame.problems()
    if (frame.first_channel, frame.last_channel) != (channels[0], channels[-1]):
        found.append(
            f"a frame has channels {frame.first_channel}-{frame.last_channel}, expected {channels[0]}-{channels[-1]}"
        )
    width = len(channels) * len(field_of(view.answer.raw, "frequencies_list"))
    if frame.width != width:
        found.append(f"a row has {frame.width} values, expected {width} (channels x frequencies)")
    if frame.job_number is not None and frame.job_number != number_of(view.job_id):
        found.append(f"a frame is of job number {frame.job_number}, the view has job {view.job_id}")
    return found


def _row_problems(reading: StreamReading, view: View, expected: Sequence[int] | None) -> list[str]:
    rows = [(index, at) for frame in reading.frames for index, at, _ in frame.rows()]
    indexes = [index for index, _ in rows]
    found = [] if expected is None else _index_problems(indexes, expected)
    if not rows:
        return found
    if expected is None and any(later != earlier + 1 for earlier, later in itertools.pairwise(indexes)):
        found.append(f"row indexes do not count up by one: {_around_break(indexes)}")
    row_ms = field_of(view.answer.raw, "lines_dt") * 1000
    if view.request.window is None:
        first_index, first_ms = rows[0]
    else:
        first_index, first_ms = 0, view.request.window[0] * 1000
        end_ms = view.request.window[1] * 1000
        outside = [at for _, at in rows if not first_ms <= at <= end_ms]
        if outside:
            found.append(f"a row of {outside[0]} ms lies outside the window {first_ms}-{end_ms} ms")
    for index, at in rows:
        wanted = first_ms + (index - first_index) * row_ms
        if abs(at - wanted) > _ROUNDING_MS:
            found.append(f"row {index} has the time {at} ms, expected {wanted:.0f} ms (a row each {row_ms:g} ms)")
            break
    return found


def _index_problems(indexes: list[int], expected: Sequence[int]) -> list[str]:
    if indexes == list(expected):
        return []
    missing = sorted(set(expected) - set(indexes))
    foreign = sorted(set(indexes) - set(expected))
    if missing or foreign:
        return [
            f"{len(indexes)} rows came, expected {len(expected)} "
            f"(missing {_shortened(missing)}, not expected {_shortened(foreign)})"
        ]
    return [f"rows are not in order or came twice: {_around_break(indexes)}"]


def _around_break(indexes: list[int]) -> list[int]:
    place = next((at for at, (one, next_) in enumerate(itertools.pairwise(indexes)) if next_ != one + 1), 0)
    return indexes[max(0, place - 1) : place + 3]


def _shortened(numbers: list[int]) -> str:
    return f"{numbers[:3]}..." if len(numbers) > 3 else str(numbers)


def _age_problems(reading: StreamReading, view: View, live_age: float) -> list[str]:
    if view.request.window is not None:
        return []
    ages = [frame.arrived - at / 1000 for frame in reading.frames for at in frame.times_ms]
    wrong = [age for age in ages if not -_CLOCK_SKEW_S < age < live_age]
    if not wrong:
        return []
    return [f"a live row is {wrong[0]:.0f} s old" if wrong[0] > 0 else f"a live row is {-wrong[0]:.0f} s in the future"]


def _problems_between_streams(readings: Sequence[StreamReading]) -> list[str]:
    """Rows of the same index have the same time in every stream."""
    times: dict[int, int] = {}
    for reading in readings:
        for frame in reading.frames:
            for index, at in zip(frame.row_indexes, frame.times_ms, strict=False):
                if times.setdefault(index, at) != at:
                    return [
                        f"row {index} has the time {at} ms in stream {reading.stream}, {times[index]} ms in another"
                    ]
    return []
