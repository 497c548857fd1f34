"""What follows from the answer of a view, and answers from which nothing can follow."""

from typing import Any

import pytest
from assertionengine import AssertionOperator
from focus_core.server.client import Exchange
from focus_core.views.view import View, ViewRequest, ViewType, read_answer
from focus_keywords.views.quantities import ViewQuantities

QUANTITIES = ViewQuantities()
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
    assert QUANTITIES.get_window_of_a_transform(view()) == 0.5
    assert QUANTITIES.get_rows_a_second(view()) == 20
    assert QUANTITIES.get_rows_in_the_display_time(view()) == 600
    assert QUANTITIES.get_overlap_of_transforms(view()) == 0.9
    assert QUANTITIES.get_largest_error_of_frequencies(view(), 2) == 0.25
    assert QUANTITIES.get_number_of_streams(view()) == 3


def test_a_getter_checks_its_value_where_an_operator_is_given() -> None:
    operator = AssertionOperator["<="]
    assert QUANTITIES.get_overlap_of_transforms(view(), operator, 1.0) == 0.9
    with pytest.raises(AssertionError, match=r"Overlap of transforms of the .* should be less than or equal"):
        QUANTITIES.get_overlap_of_transforms(view(), operator, 0.5)


@pytest.mark.parametrize("seconds", [0, -1, True, "0.05", None])
def test_rows_of_no_time_are_a_failure(seconds: Any) -> None:
    with pytest.raises(AssertionError, match=r"lines_dt of the .* instead of seconds above 0"):
        QUANTITIES.get_rows_a_second(view(lines_dt=seconds))


@pytest.mark.parametrize("listed", [[], [0.0], [1.0, 1.0], ["0", "2"], None])
def test_a_step_needs_two_frequencies(listed: Any) -> None:
    with pytest.raises(AssertionError, match="frequenc"):
        QUANTITIES.get_window_of_a_transform(view(frequencies_list=listed))


def test_channels_are_in_streams_one_after_the_other() -> None:
    QUANTITIES.streams_should_have_channels(view(), 2, 2, 1)


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
        QUANTITIES.streams_should_have_channels(view(channel_to_stream_index=mapping), 2, 2, 1)


def test_channels_are_listed_in_order() -> None:
    QUANTITIES.channels_should_be_listed_in_order(view())


@pytest.mark.parametrize("channels", ["56789"[:4], "65789", "456789"])
def test_other_channels_are_a_failure(channels: str) -> None:
    with pytest.raises(AssertionError, match="does not list channels 5-9, each once and in order"):
        QUANTITIES.channels_should_be_listed_in_order(view(channel_to_stream_index=dict.fromkeys(channels, 0)))
