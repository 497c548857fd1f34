"""The rules of frames: good ones have no problem, and each single wrong one is found."""

from array import array
from dataclasses import replace
from typing import Any

import pytest
from focus_core.server.client import Exchange
from focus_core.streams import checks as stream_checks
from focus_core.streams.client import Frame, StreamReading
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType

LINES_DT = 0.1
NOW_MS = 1_700_000_000_000
RAW = {"frequencies_list": [0.0, 10.0], "lines_dt": LINES_DT}
START = 1_700_000_000


def view(window: tuple[int, int] | None = None, channels: tuple[int, int] = (1, 2)) -> View:
    request = ViewRequest(ViewType.SingleChannel, channels, 128, (0, 50), 10, 100, window)
    return View(request, ViewAnswer("4-17", 1, 12304, "http://x", RAW), Exchange("POST", "", "", 200, {}, "", 0.0))


def frame(first: int, rows: int = 2, **changes: Any) -> Frame:
    values = array("f", [float(first + row + 1) for row in range(rows) for _ in range(4)])
    good = Frame(
        first_channel=1,
        last_channel=2,
        times_ms=tuple(NOW_MS + round(row * LINES_DT * 1000) for row in range(first, first + rows)),
        row_indexes=tuple(range(first, first + rows)),
        width=4,
        height=rows,
        lowest=min(values),
        highest=max(values),
        data=values.tobytes(),
        job_number=17,
        arrived=NOW_MS / 1000 + (first + rows) * LINES_DT,
    )
    return replace(good, **changes)


def reading(*frames: Frame) -> StreamReading:
    return StreamReading(0, list(frames))


def problems(*frames: Frame, seen_by: View | None = None, expected: list[int] | None = None) -> list[str]:
    return stream_checks.problems([reading(*frames)], seen_by or view(), live_age=10, expected_rows=expected)


def test_good_frames_have_no_problem() -> None:
    assert problems(frame(5), frame(7, rows=3), frame(10)) == []


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"last_channel": 3}, "a frame has channels 1-3, expected 1-2"),
        ({"width": 2, "height": 4}, "a row has 2 values, expected 4"),
        ({"job_number": 18}, "a frame is of job number 18, the view has job 4-17"),
        ({"row_indexes": (8, 9)}, "row indexes do not count up by one: [5, 6, 8, 9]"),
        ({"row_indexes": (6, 7)}, "row indexes do not count up by one: [5, 6, 6, 7]"),
        ({"times_ms": (NOW_MS + 700, NOW_MS + 850)}, "row 8 has the time 1700000000850 ms, expected 1700000000800 ms"),
        ({"arrived": START + 60.0}, "a live row is 59 s old"),
        ({"arrived": START - 60.0}, "a live row is 61 s in the future"),
    ],
)
def test_each_wrong_frame_is_found(changes: dict[str, Any], found: str) -> None:
    assert any(found in problem for problem in problems(frame(5), frame(7, **changes)))


def test_streams_agree_on_the_time_of_a_row() -> None:
    later = frame(5, times_ms=(NOW_MS + 600, NOW_MS + 700))
    found = stream_checks.problems([reading(frame(5)), reading(later)], view(), live_age=10)
    assert found == ["row 5 has the time 1700000000600 ms in stream 0, 1700000000500 ms in another"]


def test_rows_of_a_window_are_those_of_its_recorded_parts() -> None:
    assert stream_checks.rows_of_window(view((START, START + 2))) == list(range(20))
    parts = [(START, START + 1), (START + 3, START + 4)]
    assert stream_checks.rows_of_window(view((START, START + 4)), parts) == [*range(10), *range(30, 40)]


def test_every_row_of_a_window_has_to_come_once_and_in_order() -> None:
    seen_by = view((START, START + 1))
    whole = [frame(0, rows=5), frame(5, rows=5)]
    expected = list(range(10))
    assert problems(*whole, seen_by=seen_by, expected=expected) == []
    assert (
        "5 rows came, expected 10 (missing [5, 6, 7]..., not expected [])"
        in problems(whole[0], seen_by=seen_by, expected=expected)[0]
    )
    assert "0 rows came, expected 10" in problems(seen_by=seen_by, expected=expected)[0]
    assert "not expected [10]" in problems(*whole, frame(10, rows=1), seen_by=seen_by, expected=expected)[0]
    assert "not in order or came twice" in problems(*reversed(whole), seen_by=seen_by, expected=expected)[0]


def test_rows_outside_the_window_are_found() -> None:
    seen_by = view((START, START + 1))
    found = problems(frame(10, rows=2), seen_by=seen_by)
    assert found == ["stream 0: a row of 1700000001100 ms lies outside the window 1700000000000-1700000001000 ms"]


@pytest.mark.parametrize(("rows", "near"), [(20, True), (10, False), (40, False)])
def test_a_rate_is_measured_by_arrivals(rows: int, near: bool) -> None:
    first, second = frame(0, rows=1, arrived=100.0), frame(1, rows=rows, arrived=102.0)
    rate = stream_checks.rate_of(reading(first, second))
    assert rate.rows == rows / 2
    assert rate.bytes == rows / 2 * 16
    assert stream_checks.is_near(rate.rows, 1 / LINES_DT) is near


def test_a_rate_needs_a_span() -> None:
    with pytest.raises(AssertionError, match="too little to measure"):
        stream_checks.rate_of(reading(frame(0)))


def test_a_measurement_ends_when_the_rate_is_right_or_time_is_over() -> None:
    enough = stream_checks.until_the_rate_is_settled(10.0, 5.0)
    begin = frame(0, arrived=100.0)
    assert not enough([begin, frame(2, rows=10, arrived=101.0)])
    assert enough([begin, frame(2, rows=20, arrived=102.0)])
    assert not enough([begin, frame(2, rows=10, arrived=102.0)])
    assert enough([begin, frame(2, rows=10, arrived=106.0)])


def test_two_readers_have_to_agree() -> None:
    compare = stream_checks.problems_of_two_readers
    assert compare(reading(frame(0), frame(2)), reading(frame(2), frame(4))) == []
    assert compare(reading(frame(0)), reading(frame(2))) == ["the two readers have no row in common (2 and 2 rows)"]
    other = frame(2, data=bytes(32))
    assert "row 2 is not the same" in compare(reading(frame(2)), reading(other))[0]


def test_stream_and_waterfall_have_to_agree() -> None:
    def row(index: int, value: float) -> dict[str, Any]:
        sensors = [{"id": channel, "intensity": [value, value]} for channel in (1, 2)]
        return {"startTimestamp": NOW_MS + index * 100, "sensors": sensors}

    compare = stream_checks.mismatch_with_waterfall
    assert compare([reading(frame(5))], view(), [row(5, 6.004), row(9, 1.0)]) == []
    assert compare([reading(frame(5))], view(), [row(5, 6.1)]) == ["stream 0, row 5: channel 1 is another one"]
    assert compare([reading(frame(5))], view(), [row(1, 6.0)]) == [
        "stream 0 has no row in common with the 1 of the waterfall"
    ]


def test_a_closed_port_is_distinguished_from_one_that_hangs() -> None:
    refused = "UNAVAILABLE (failed to connect to all addresses; last error: connect: Connection refused (111))"
    assert StreamReading(0, ended_by=refused).refused
    assert not StreamReading(0, [frame(0)], ended_by=refused).refused
    for reason in ("DEADLINE_EXCEEDED (Deadline Exceeded)", "UNAVAILABLE (Socket closed)", "NOT_FOUND (refused)", ""):
        assert not StreamReading(0, ended_by=reason).refused, reason
    assert not StreamReading(0, finished=True).refused


def test_frames_of_another_job_have_its_number() -> None:
    assert stream_checks.is_of_another_job(StreamReading(0, [frame(0, job_number=18)]), 17)
    assert not stream_checks.is_of_another_job(StreamReading(0, [frame(0, job_number=18), frame(2)]), 17)
    assert not stream_checks.is_of_another_job(StreamReading(0, [frame(0, job_number=None)]), 17)
    assert not stream_checks.is_of_another_job(StreamReading(0), 17)
