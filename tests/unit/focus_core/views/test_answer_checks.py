"""The rules of a view's answer: the recorded samples fit, and every single wrong value is found."""

from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.views import answer_checks
from focus_core.views.answer_checks import SiteFacts
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType, read_answer

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
        "metadata": {
            "layer_type": "smart_recorder",
            "parent": {"layer_type": "prp2_recording", "prr": 2000, "recording_timezone": "Asia/Jerusalem"},
        },
    }


def problems(answer: dict[str, Any], request: ViewRequest = REQUEST) -> list[str]:
    return answer_checks.problems_of_answer(request, answer, PRR)


def test_the_recorded_sample_is_right() -> None:
    assert read_answer(good_answer()).job_id == "7-1729"
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
        ("stream_url", "http://10.10.100.113/x", "expected the URL of the stream's host"),
        ("job_id", "0-1729", "job_id is '0-1729'"),
        ("metadata", {}, "metadata.parent is not an object"),
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
        read_answer(answer)


def test_a_waterfall_has_no_spectrum_to_compare() -> None:
    request = ViewRequest(ViewType.Waterfall, (1, 50), 1, None, None, 600)
    answer = good_answer() | {"view_type": 2, "frequencies_list": [0.0], "frequencies_amount": 1, "lines_dt": 0.05}
    assert problems(answer, request) == []
    assert problems(answer | {"frequencies_amount": 2, "lines_dt": 0.5}, request) == [
        "frequencies_amount is 2, expected 1 (the length of the list)",
        "lines_dt is 0.5 s, expected 0.05 s (display time / height)",
    ]
    assert problems(answer | {"frequencies_list": [1.0]}, request) == ["frequency 0 is 1.0 Hz, expected 0.0000 Hz"]


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


def test_the_typed_answer_keeps_the_whole() -> None:
    answer = read_answer(good_answer())
    assert isinstance(answer, ViewAnswer)
    assert answer.raw["metadata"]["layer_type"] == "smart_recorder"


def test_a_true_is_not_stream_one() -> None:
    answer = good_answer()
    answer["channel_to_stream_index"]["18"] = True
    assert problems(answer) == ["channel 18 is in stream True, expected 1"]


def test_an_answer_without_a_stream_leads_nowhere() -> None:
    with pytest.raises(AssertionError, match="stream_amount is 0"):
        read_answer(good_answer() | {"stream_amount": 0})


def test_a_range_below_one_step_still_has_one_bin() -> None:
    narrow = ViewRequest(ViewType.MultiChannel, (1, 3), 256, (600, 601), 10, 1000)
    assert narrow.frequencies(PRR) == [77 * PRR / 257]


def problems_on(answer: dict[str, Any], facts: SiteFacts) -> list[str]:
    return answer_checks.problems_of_answer(REQUEST, answer, PRR, facts)


def test_the_port_follows_from_the_slot_where_the_site_names_its_base() -> None:
    assert problems_on(good_answer(), SiteFacts(stream_base_port=12300)) == []
    assert problems_on(good_answer() | {"stream_port": 12308}, SiteFacts(stream_base_port=12300)) == [
        "stream_port is 12308, expected 12307 for job 7-1729"
    ]


def test_the_recorder_speaks_of_the_fibre_of_the_live_metadata() -> None:
    assert problems_on(good_answer(), SiteFacts(fibre={"prr": 2000.0, "dtype": "float32"})) == []
    assert problems_on(good_answer(), SiteFacts(fibre={"prr": 1000.0})) == [
        "metadata.parent.prr is 2000, the live metadata say 1000.0"
    ]
    answer = good_answer()
    answer["metadata"] = {"layer_type": "else", "parent": {"recording_timezone": "Nowhere"}}
    assert problems_on(answer, SiteFacts()) == [
        "metadata.layer_type is 'else', expected 'smart_recorder'",
        "metadata.parent.layer_type is None, expected 'prp2_recording'",
        "metadata.parent.recording_timezone is 'Nowhere', no time zone",
    ]


def test_a_field_is_given_by_its_name_and_type() -> None:
    assert answer_checks.field_of(good_answer(), "stream_amount") == 3
    with pytest.raises(AssertionError, match=r"stream_port is '12307' \(str\) instead of an integer"):
        answer_checks.field_of(good_answer() | {"stream_port": "12307"}, "stream_port")
    with pytest.raises(AssertionError, match="lines_dt is missing"):
        answer_checks.field_of({}, "lines_dt")
    with pytest.raises(BenchError, match="no field 'ports'; its fields are status, job_id"):
        answer_checks.field_of(good_answer(), "ports")


def view(job_id: str, port: int, url: str = "http://a") -> View:
    return View(REQUEST, ViewAnswer(job_id, 3, port, url, {}), Exchange("POST", "", "", 200, {}, "", 0.0))


@pytest.mark.parametrize(
    ("views", "found"),
    [
        ([view("1-7", 12301), view("2-8", 12302)], []),
        ([view("1-7", 12301), view("1-8", 12301)], ["slot 1 was", "port 12301 was"]),
        ([view("1-7", 12301), view("2-7", 12302)], ["job number 7 was"]),
        ([view("1-7", 12301), view("2-8", 12303)], ["ports do not keep step with the slots (1-7: 12301, 2-8: 12303)"]),
        ([view("1-7", 12301), view("2-8", 12302, "http://b")], ["streams are on different hosts: http://a, http://b"]),
    ],
)
def test_what_views_must_not_share_is_found(views: list[View], found: list[str]) -> None:
    problems_between = answer_checks.problems_between(views)
    assert len(problems_between) == len(found)
    assert all(problem.startswith(start) for problem, start in zip(problems_between, found, strict=True))
