"""The metadata of a view: what they have to be, and how a difference is reported."""

from typing import Any

import pytest
from focus_core.server.client import Exchange
from focus_core.views import metadata
from focus_core.views.view import View, ViewAnswer, ViewRequest, ViewType

RAW = {
    "job_id": "1-1",
    "view_type": 0,
    "lines_dt": 0.01,
    "frequencies_list": [0.0, 1.95, 3.9],
    "channel_to_stream_index": {"1": 0, "2": 0, "3": 1},
    "metadata": {"num_traces": 10000, "parent": {"prr": 2000}},
}
EXCHANGE = Exchange("POST", "http://site/focus-server/configure", "", 200, {}, "", 0.1)


def view(request: ViewRequest | None = None) -> View:
    asked = request or ViewRequest(ViewType.MultiChannel, (1, 3), 512, (0, 500), 10, 1000)
    return View(asked, ViewAnswer("1-1", 2, 12301, "http://site", RAW), EXCHANGE)


def good() -> dict[str, Any]:
    return RAW | {
        "nfft": 512,
        "channels": {"min": 1, "max": 3},
        "frequencyRange": {"min": 0, "max": 500},
        "timeStatus": "Live",
    }


def test_good_metadata_have_no_problem() -> None:
    assert metadata.problems(view(), good()) == []


@pytest.mark.parametrize("name", list(good()))
def test_a_missing_value_is_named_and_nothing_else(name: str) -> None:
    content = good()
    del content[name]
    found = metadata.problems(view(), content)
    assert len(found) == 1
    assert found[0].startswith(f"{name} is missing, expected ")


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("nfft", 513, "nfft is 513, expected 512"),
        ("nfft", 512.0, "nfft is 512.0, expected 512"),
        ("nfft", "512", "nfft is '512', expected 512"),
        ("channels", {"min": 1, "max": 4}, "channels.max is 4, expected 3"),
        ("channels", {"min": 1}, "channels is {'min': 1}, expected {'min': 1, 'max': 3}"),
        ("frequencyRange", None, "frequencyRange is None, expected {'min': 0, 'max': 500}"),
        ("timeStatus", "Historic", "timeStatus is 'Historic', expected 'Live'"),
        ("view_type", False, "view_type is False, expected 0"),
        ("lines_dt", 0.011, "lines_dt is 0.011, expected 0.01"),
        ("lines_dt", True, "lines_dt is True, expected 0.01"),
        ("frequencies_list", [0.0, 1.95], "frequencies_list has 2 entries, expected 3"),
        ("frequencies_list", [0.0, 2.95, 3.9], "frequencies_list[1] is 2.95, expected 1.95"),
        ("metadata", {"num_traces": 10000, "parent": {"prr": 2001}}, "metadata.parent.prr is 2001, expected 2000"),
        ("colour", "red", "colour is 'red', but the view has none"),
    ],
)
def test_each_wrong_value_is_named(name: str, value: Any, found: str) -> None:
    assert metadata.problems(view(), good() | {name: value}) == [found]


def test_channels_come_in_order() -> None:
    swapped = {"channel_to_stream_index": {"2": 0, "1": 0, "3": 1}}
    assert len(metadata.problems(view(), good() | swapped)) == 1


def test_rounding_is_no_difference() -> None:
    assert metadata.problems(view(), good() | {"lines_dt": 0.01 + 1e-12}) == []


def test_what_is_no_object_is_named() -> None:
    assert metadata.problems(view(), []) == ["the body is not an object: []"]


def test_a_waterfall_has_no_frequencies() -> None:
    waterfall = view(ViewRequest(ViewType.Waterfall, (1, 3), 1, None, None, 1000))
    assert metadata.expected(waterfall)["frequencyRange"] is None
    assert metadata.problems(waterfall, good() | {"nfft": 1, "frequencyRange": None}) == []


def test_a_historic_view_says_so() -> None:
    historic = view(ViewRequest(ViewType.MultiChannel, (1, 3), 512, (0, 500), 10, 1000, (1, 2)))
    assert metadata.problems(historic, good()) == ["timeStatus is 'Live', expected 'Historic'"]


FIBRE = {"dx": 1.02, "prr": 2000.0, "fiber_start_meters": 0, "fiber_length_meters": 10000, "fiber_description": "a"}
LIVE = FIBRE | {"number_of_channels": 9791}


def test_metadata_and_live_metadata_speak_of_one_fibre() -> None:
    parent = FIBRE | {"num_samples_per_trace": 9791}
    assert metadata.mismatch_with_live_metadata({"metadata": {"parent": parent}}, LIVE) == []
    found = metadata.mismatch_with_live_metadata({"metadata": {"parent": parent | {"prr": 1000}}}, LIVE)
    assert found == ["metadata.parent.prr is 1000, live metadata have prr 2000.0"]
    assert len(metadata.mismatch_with_live_metadata({"metadata": {"parent": {}}}, LIVE)) == len(parent)


@pytest.mark.parametrize("content", [{}, {"metadata": None}, {"metadata": {"parent": 1}}])
def test_metadata_without_a_recording_are_named(content: dict[str, Any]) -> None:
    assert "is missing" in metadata.mismatch_with_live_metadata(content, LIVE)[0]
