"""What testers see of frames and streams, from frames of known amplitudes."""

from array import array
from typing import Any

import pytest
from focus_core.streams import statistics
from focus_core.streams.client import Frame, StreamReading


def frame(values: list[float], *, arrived: float, first_channel: int = 7, **changed: Any) -> Frame:
    fields: dict[str, Any] = {
        "first_channel": first_channel,
        "last_channel": 8,
        "times_ms": (1_700_000_000_000, 1_700_000_000_010),
        "row_indexes": (0, 1),
        "width": 2,
        "height": 2,
        "lowest": 99.0,
        "highest": 99.0,
        "data": array("f", values).tobytes(),
        "job_number": 17,
        "arrived": arrived,
    }
    return Frame(**fields | changed)


ONE = frame([1, 2, 3, 4], arrived=1_700_000_000.11)
OTHER = frame([0.5, 2, 3, 8.5], arrived=1_700_000_000.31)


def test_a_frame_is_described_by_its_own_amplitudes() -> None:
    (seen,) = statistics.frames_of(StreamReading(2, [ONE]))
    assert str(seen) == "frame 0 of stream 2: 2 rows of channels 7-8"
    assert (seen.lowest, seen.highest, seen.mean, seen.size, seen.job_number) == (1, 4, 2.5, 16, 17)
    assert (str(seen.begin), seen.delay) == ("2023-11-14 22:13:20 UTC", pytest.approx(0.1))


def test_a_frame_without_times_has_no_moment() -> None:
    (seen,) = statistics.frames_of(StreamReading(0, [frame([], arrived=1, times_ms=())]))
    assert (seen.begin, seen.delay, seen.mean) == (None, None, 0)


def test_a_stream_is_what_its_frames_add_up_to() -> None:
    seen = statistics.of(StreamReading(2, [ONE, OTHER], finished=True, seconds=1.5))
    assert str(seen) == "stream 2: 2 frames, 4 rows of channels 7-8"
    assert (seen.lowest, seen.highest, seen.mean, seen.ended) == (0.5, 8.5, 3, True)
    assert (seen.rows_a_second, seen.bytes_a_second) == (pytest.approx(10), pytest.approx(80))
    assert seen.bytes_a_row == 8


def test_one_frame_has_no_rate() -> None:
    seen = statistics.of(StreamReading(2, [ONE]))
    assert (seen.rows_a_second, seen.bytes_a_second) == (None, None)


def test_channels_that_change_are_all_named() -> None:
    seen = statistics.of(StreamReading(0, [ONE, frame([1], arrived=2, first_channel=6), ONE]))
    assert seen.channels == "7-8, 6-8"


def test_a_silent_stream_is_a_failure_that_names_how_it_stopped() -> None:
    with pytest.raises(AssertionError, match=r"stream 1: 0 frames in 2.0 s, stopped by DEADLINE: there is no frame"):
        statistics.of(StreamReading(1, ended_by="DEADLINE", seconds=2))
