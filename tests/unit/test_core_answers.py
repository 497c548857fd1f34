"""The rules of a view's answer: the recorded samples fit, and every single wrong value is found."""

from copy import deepcopy
from typing import Any

import pytest
from focus_core import focus_answers
from focus_core.focus_answers import ViewAnswer, ViewRequest, ViewType

PRR = 2000.0
REQUEST = ViewRequest(ViewType.MultiChannel, (1, 50), 1024, (0, 500), 300, 600, (1_700_000_000, 1_700_007_200))


def good_answer() -> dict[str, Any]:
    """A recorded historic sample: 256 bins, three streams of 17, 17 and 16 channels, rows of half a second."""
    step = PRR / 1025
    return {
        "status": "success",
        "job_id": "7-1729",
        "frequencies_list": [index * step for index in range(256)],
        "frequencies_amount": 256,
        "lines_dt": 0.5,
        "channel_to_stream_index": {str(ch): 0 if ch < 18 else 1 if ch < 35 else 2 for ch in range(1, 51)},
        "channel_amount": 50,
        "stream_amount": 3,
        "stream_port": 12307,
        "stream_url": "http://10.10.100.113",
        "view_type": 0,
        "metadata": {"num_traces": 10000},
    }


def problems(answer: dict[str, Any], request: ViewRequest = REQUEST) -> list[str]:
    return focus_answers.problems_of_answer(request, answer, PRR)


def test_the_recorded_sample_is_right() -> None:
    assert focus_answers.read_answer(good_answer()).job_id == "7-1729"
    assert problems(good_answer()) == []


@pytest.mark.parametrize(
    ("field", "value", "found"),
    [
        ("status", "", "status is ''"),
        ("job_id", "seven", "job_id is 'seven'"),
        ("frequencies_amount", 257, "frequencies_amount is 257"),
        ("frequencies_list", [0.0], "has 1 bins, expected 256"),
        ("lines_dt", 0.256, "expected 0.5 s"),
        ("channel_amount", 51, "channel_amount is 51, expected 50"),
        ("stream_amount", 50, "stream_amount is 50, expected 3"),
        ("stream_port", 70000, "stream_port is 70000"),
        ("stream_url", "worker", "stream_url is 'worker'"),
        ("view_type", 1, "view_type is 1, expected 0"),
    ],
)
def test_each_wrong_value_is_found(field: str, value: Any, found: str) -> None:
    answer = good_answer() | {field: value}
    assert any(found in problem for problem in problems(answer))


def test_a_wrong_frequency_is_found() -> None:
    answer = good_answer()
    answer["frequencies_list"][100] += 0.5
    assert problems(answer) == ["frequency 100 is 195.6219512195122 Hz, expected 195.1220 Hz"]


def test_a_missing_and_a_foreign_channel_are_found() -> None:
    answer = good_answer()
    del answer["channel_to_stream_index"]["7"]
    answer["channel_to_stream_index"]["51"] = 2
    assert "missing [7], not asked for ['51']" in problems(answer)[0]


def test_a_channel_in_the_wrong_stream_is_found() -> None:
    answer = good_answer()
    answer["channel_to_stream_index"]["18"] = 0
    assert problems(answer) == ["channel 18 is in stream 0, expected 1"]


@pytest.mark.parametrize("field", list(good_answer()))
def test_a_missing_field_is_named_and_nothing_else(field: str) -> None:
    answer = good_answer()
    del answer[field]
    assert problems(answer) == [f"{field} is missing"]


@pytest.mark.parametrize(("field", "value"), [("stream_port", "12307"), ("frequencies_list", {}), ("view_type", "0")])
def test_a_wrong_type_is_named_and_nothing_else(field: str, value: Any) -> None:
    found = problems(good_answer() | {field: value})
    assert len(found) == 1
    assert found[0].startswith(f"{field} is {value!r} (")


@pytest.mark.parametrize("field", ["job_id", "stream_port", "stream_amount", "stream_url"])
def test_an_answer_that_leads_nowhere_is_refused(field: str) -> None:
    answer = good_answer()
    del answer[field]
    with pytest.raises(AssertionError, match=f"does not lead to a stream.*{field}"):
        focus_answers.read_answer(answer)


def test_a_waterfall_has_no_spectrum_to_compare() -> None:
    request = ViewRequest(ViewType.Waterfall, (1, 50), 1, None, None, 600)
    answer = good_answer() | {"view_type": 2, "frequencies_list": [0.0], "frequencies_amount": 1}
    assert problems(answer, request) == []
    assert problems(answer | {"frequencies_amount": 2, "lines_dt": 0}, request) == [
        "frequencies_amount is 2, but the list has 1",
        "lines_dt is 0 s, expected more than 0",
    ]


@pytest.mark.parametrize(
    ("channels", "groups"), [((7, 7), [1]), ((1, 2), [1, 1]), ((1, 8), [3, 3, 2]), ((1, 50), [17, 17, 16])]
)
def test_channels_are_grouped_as_recorded(channels: tuple[int, int], groups: list[int]) -> None:
    streams = list(ViewRequest(ViewType.MultiChannel, channels, 1024, (0, 500), 10, 1000).streams().values())
    assert [streams.count(index) for index in sorted(set(streams))] == groups


def test_a_single_channel_has_one_stream() -> None:
    assert ViewRequest(ViewType.SingleChannel, (7, 7), 1024, (0, 500), 10, 1000).streams() == {7: 0}


def test_a_waterfall_sends_neither_frequency_nor_duration() -> None:
    body = ViewRequest(ViewType.Waterfall, (1, 50), 1, None, None, 1000).body()
    assert "frequencyRange" not in body
    assert "displayTimeAxisDuration" not in body
    assert body["nfftSelection"] == 1


def test_whole_numbers_are_sent_as_integers() -> None:
    body = ViewRequest(ViewType.MultiChannel, (1, 3), 1024, (0.0, 1000.0), 10.0, 1000).body()
    assert repr(body["frequencyRange"]) == "{'min': 0, 'max': 1000}"
    assert repr(body["displayTimeAxisDuration"]) == "10"


def metadata() -> dict[str, Any]:
    return good_answer() | {
        "nfft": 1024,
        "channels": {"min": 1, "max": 50},
        "frequencyRange": {"min": 0, "max": 500},
        "timeStatus": "Historic",
    }


@pytest.mark.parametrize("field", [*good_answer(), "nfft", "channels", "frequencyRange", "timeStatus"])
def test_metadata_repeat_answer_and_request(field: str) -> None:
    answer = good_answer()
    assert focus_answers.problems_of_metadata(REQUEST, metadata(), answer) == []
    changed = deepcopy(metadata())
    changed[field] = "else"
    found = focus_answers.problems_of_metadata(REQUEST, changed, answer)
    assert len(found) == 1
    assert found[0].startswith(field)


def test_the_typed_answer_keeps_the_whole() -> None:
    answer = focus_answers.read_answer(good_answer())
    assert isinstance(answer, ViewAnswer)
    assert answer.raw["metadata"] == {"num_traces": 10000}
