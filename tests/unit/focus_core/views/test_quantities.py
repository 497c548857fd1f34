"""What follows from the answer of a view, and answers from which nothing can follow."""

from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.views import quantities
from focus_core.views.view import View, ViewRequest, ViewType, read_answer
from focus_keywords.views.answers import ViewAnswers

ANSWERS = ViewAnswers()
RAW: dict[str, Any] = {
    "job_id": "7-1729",
    "stream_amount": 3,
    "stream_port": 12307,
    "stream_url": "http://127.0.0.1",
    "lines_dt": 0.05,
    "frequencies_list": [0.0, 2.0, 4.0, 6.5],
    "channel_to_stream_index": {"5": 0, "6": 0, "7": 1, "8": 1, "9": 2},
}


def view(**changed: Any) -> View:
    request = ViewRequest(ViewType.MultiChannel, (5, 9), 1024, (0, 500), 30, 600)
    return View(request, read_answer(RAW | changed), Exchange("POST", "", "", 200, {}, "", 0))


def test_quantities_follow_from_the_answer() -> None:
    found = {name: quantity(view()) for name, quantity in quantities.QUANTITIES.items()}
    assert found == {
        "frequency_count": 4,
        "first_frequency": 0,
        "last_frequency": 6.5,
        "frequency_step": 2,
        "step_deviation": pytest.approx(100 * (2.5 - 6.5 / 3) / (6.5 / 3)),
        "transform_seconds": 0.5,
        "transform_overlap": 90,
        "row_seconds": 0.05,
        "rows_a_second": 20,
        "rows_in_display_time": 600,
        "stream_count": 3,
        "mapped_channels": (5, 9),
    }
    assert str(found["frequency_step"]) == "2 Hz"


@pytest.mark.parametrize("seconds", [0, -1, True, "0.05", None])
def test_rows_of_no_time_are_a_failure(seconds: Any) -> None:
    with pytest.raises(AssertionError, match=r"lines_dt of the .* instead of seconds above 0"):
        quantities.row_seconds(view(lines_dt=seconds))


@pytest.mark.parametrize("listed", [[], [0.0], [1.0, 1.0], ["0", "2"], None])
def test_a_step_needs_two_frequencies(listed: Any) -> None:
    with pytest.raises(AssertionError, match="frequenc"):
        quantities.step(view(frequencies_list=listed))


def test_frequencies_that_fall_are_a_failure() -> None:
    with pytest.raises(AssertionError, match="do not rise"):
        quantities.step_deviation(view(frequencies_list=[4.0, 2.0, 0.0]))


def test_rows_fill_a_display_time_that_was_asked_for() -> None:
    request = ViewRequest(ViewType.Waterfall, (5, 9), 1, None, None, 600)
    waterfall = View(request, read_answer(RAW), Exchange("POST", "", "", 200, {}, "", 0))
    with pytest.raises(BenchError, match="without a display time"):
        quantities.rows_in_display_time(waterfall)


def test_channels_of_a_stream_are_those_that_the_answer_mapped() -> None:
    assert str(quantities.mapped_channels(view(), 1)) == "7-8"
    assert str(quantities.mapped_channels(view(), 2)) == "9"
    assert quantities.mapped_channels(view(channel_to_stream_index={"5": 0, "6": 1, "7": 0}), 0) == "5, 7"
    with pytest.raises(AssertionError, match="maps no channel to stream 3"):
        quantities.mapped_channels(view(), 3)


def test_channels_are_in_streams_one_after_the_other() -> None:
    ANSWERS.streams_should_have_channels(view(), 2, 2, 1)


@pytest.mark.parametrize(
    "mapping",
    [
        {"5": 0, "6": 0, "7": 1, "8": 1, "9": 1},
        {"5": 0, "6": 1, "7": 0, "8": 1, "9": 2},
        {"5": 1, "6": 1, "7": 2, "8": 2, "9": 3},
        {"5": False, "6": False, "7": True, "8": True, "9": 2},
        {"5": 0, "6": 0, "7": 1, "8": 1},
        {},
        None,
    ],
)
def test_other_streams_are_a_failure(mapping: Any) -> None:
    with pytest.raises(AssertionError):
        ANSWERS.streams_should_have_channels(view(channel_to_stream_index=mapping), 2, 2, 1)


def test_channels_are_listed_in_order() -> None:
    ANSWERS.channels_should_be_listed_in_order(view())


@pytest.mark.parametrize("channels", ["56789"[:4], "65789", "456789"])
def test_other_channels_are_a_failure(channels: str) -> None:
    with pytest.raises(AssertionError, match="does not list channels 5-9, each once and in order"):
        ANSWERS.channels_should_be_listed_in_order(view(channel_to_stream_index=dict.fromkeys(channels, 0)))
