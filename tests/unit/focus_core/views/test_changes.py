"""Changes of a view: what is sent, what the view is afterwards, and what is wrong with an answer."""

import json
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.views import changes, metadata, refusals
from focus_core.views.changes import ViewChange
from focus_core.views.refusals import Kind
from focus_core.views.view import View, ViewRequest, ViewType, read_answer

PRR = 2000.0


def exchange(status: int, body: Any) -> Exchange:
    headers = {"Content-Type": "application/json"}
    return Exchange("POST", "http://site/focus-server/config/1-1", "", status, headers, json.dumps(body), 0.1)


def view(request: ViewRequest | None = None) -> View:
    asked = request or ViewRequest(ViewType.MultiChannel, (1, 6), 512, (0, 500), 10, 1000)
    raw = {
        "status": "success",
        "job_id": "1-1",
        "frequencies_list": [0.0] if asked.frequency is None else asked.frequencies(PRR),
        "frequencies_amount": 1,
        "lines_dt": 0.01,
        "channel_to_stream_index": {str(channel): stream for channel, stream in asked.streams().items()},
        "channel_amount": asked.channel_count,
        "stream_amount": 3,
        "stream_port": 12301,
        "stream_url": "http://site",
        "view_type": int(asked.view_type),
        "metadata": {},
    }
    return View(asked, read_answer(raw), exchange(200, raw))


def changed(change: ViewChange, of: View | None = None) -> View:
    return change.applied_to(of or view(), exchange(200, {}), PRR, 1)


def test_other_channels_change_nothing_else() -> None:
    before, after = view(), changed(ViewChange(channels=(11, 20)))
    differing = {name for name, value in after.answer.raw.items() if value != before.answer.raw[name]}
    assert differing == {"channel_amount", "channel_to_stream_index"}
    assert after.request.channels == (11, 20)
    assert list(after.answer.raw["channel_to_stream_index"].values()) == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2]


def test_a_region_from_zero_starts_at_the_first_channel() -> None:
    assert changed(ViewChange(channels=(0, 2))).request.channels == (1, 2)
    assert changed(ViewChange(channels=(0, 2))).answer.stream_amount == 2


def test_another_spectrum_has_other_frequencies() -> None:
    raw = changed(ViewChange(nfft=256, frequency=(0, 200))).answer.raw
    assert raw["frequencies_amount"] == len(raw["frequencies_list"]) == 25
    assert raw["frequencies_list"][1] == PRR / 257
    assert raw["lines_dt"] == 0.01


def test_another_display_has_other_rows() -> None:
    assert changed(ViewChange(duration=20, height=500)).answer.raw["lines_dt"] == 0.04
    assert changed(ViewChange(height=500)).answer.raw["lines_dt"] == 0.02


def test_a_waterfall_keeps_its_one_frequency() -> None:
    before = view(ViewRequest(ViewType.Waterfall, (1, 6), 1, None, None, 1000))
    assert changed(ViewChange(height=600), before).answer.raw["lines_dt"] == 0.05
    after = changed(ViewChange(channels=(3, 4)), before)
    assert after.answer.raw["lines_dt"] == before.answer.raw["lines_dt"]
    assert after.answer.raw["frequencies_list"] == [0.0]
    assert after.request.channels == (3, 4)


def test_a_body_holds_what_changes() -> None:
    assert ViewChange(nfft=512).body() == {"nfftSelection": 512}
    assert ViewChange((1, 5), 512, (0, 200), 20.0, 500).body() == {
        "channels": {"min": 1, "max": 5},
        "nfftSelection": 512,
        "frequencyRange": {"min": 0, "max": 200},
        "displayTimeAxisDuration": 20,
        "displayInfo": {"height": 500},
    }


def test_a_change_of_nothing_is_a_mistake_of_the_table() -> None:
    with pytest.raises(BenchError, match="names at least one of: channels, nfft"):
        ViewChange().body()


def test_the_older_form_is_complete_and_counts_sensors_from_zero() -> None:
    form = changes.complete_form(view().request)
    assert form["sensors"] == {"min": 0, "max": 5}
    assert set(form) == {
        "displayTimeAxisDuration", "nfftSelection", "canvasInfo", "sensors", "frequencyRange", "start_time", "end_time",
    }  # fmt: skip
    with pytest.raises(BenchError, match="a waterfall has neither"):
        changes.complete_form(ViewRequest(ViewType.Waterfall, (1, 6), 1, None, None, 1000))


def test_a_table_holds_json() -> None:
    assert changes.parse('{"roi": [1, null]}') == {"roi": [1, None]}
    with pytest.raises(BenchError, match="is JSON"):
        changes.parse("one")


@pytest.mark.parametrize(
    "body",
    [{}, {"status": "ok", "task_id": "1-1"}, {"status": changes.ACCEPTED, "task_id": "1-2"}, {"task_id": "1-1"}],
)
def test_an_acceptance_that_says_something_else_is_found(body: Any) -> None:
    assert changes.problems_of_acceptance(view(), exchange(200, body))


def test_an_acceptance_names_the_view() -> None:
    body = {"status": changes.ACCEPTED, "task_id": "1-1"}
    assert changes.problems_of_acceptance(view(), exchange(200, body)) == []


def test_what_changed_beside_the_channels_is_named() -> None:
    before = view()
    expected = metadata.expected(before)
    now = metadata.expected(changed(ViewChange(channels=(11, 20))))
    assert changes.unexpected_changes(before, now, expected) == []
    assert changes.unexpected_changes(before, now | {"nfft": 256}, expected) == ["nfft was 512 and is now 256"]
    assert changes.unexpected_changes(before, now | {"more": 1}, expected) == ["more was None and is now 1"]
    assert changes.unexpected_changes(before, expected, expected) == ["the channels are still 1-6"]


WANTED = "as allowed, expected [1, 2222] or 0 <= start < end or channels.min = channels.max"
REFUSED: dict[str, Any] = {
    "error": "roi.max is above the maximum channel 2222.",
    "field": "roi.max",
    "allowed": [1, 2222],
}


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (400, REFUSED, []),
        (400, REFUSED | {"allowed": "0 <= start < end"}, []),
        (400, REFUSED | {"allowed": "channels.min = channels.max"}, []),
        (400, REFUSED | {"allowed": "channels of the fibre"}, [f"it names 'channels of the fibre' {WANTED}"]),
        (400, REFUSED | {"allowed": [1, 2223]}, [f"it names [1, 2223] {WANTED}"]),
        (400, REFUSED | {"allowed": [True, 2222]}, [f"it names [True, 2222] {WANTED}"]),
        (400, REFUSED | {"allowed": None}, [f"it names None {WANTED}"]),
        (400, {name: REFUSED[name] for name in ("error", "field")}, [f"it names nothing {WANTED}"]),
        (400, REFUSED | {"field": "nfft"}, ["it names the field 'nfft' instead of 'roi'"]),
        (422, {"detail": []}, ['it was answered 422 instead of 400: {"detail": []}']),
    ],
)
def test_a_refused_meaning_names_its_field_and_what_is_allowed(status: int, body: Any, found: list[str]) -> None:
    assert changes.problems_of_refusal(exchange(status, body), 400, "roi", "roi", [1, 2222]) == found


def test_a_refused_shape_names_its_place() -> None:
    detail = {"loc": ["body", "roi", 0], "msg": "Invalid field roi.0: a valid integer", "type": "int_type"}
    answer = exchange(422, {"detail": [detail]})
    assert changes.problems_of_refusal(answer, 422, "roi.0", "roi") == []
    found = changes.problems_of_refusal(answer, 422, "roi", "roi")
    assert found[0] == "it names body.roi.0 instead of body.roi"
    assert "it calls the mistake 'int_type'" in found[1]
    assert changes.problems_of_refusal(answer, 422, "roi.0", "region")
    assert changes.problems_of_refusal(answer, 422, "roi.0", "roi", kinds=(Kind.Present,))


@pytest.mark.parametrize(
    ("field", "value", "kinds"),
    [
        ("roi", ..., (Kind.Region, Kind.Present, Kind.Once)),
        ("sensors.min", "one", (Kind.Integer,)),
        ("canvasInfo", None, (Kind.Object, Kind.Present)),
        ("nfftSelection", True, (Kind.Integer,)),
        ("start_time", 5, (Kind.Clock,)),
    ],
)
def test_a_wrong_value_is_refused_for_what_it_is(field: str, value: Any, kinds: tuple[Kind, ...]) -> None:
    assert changes.kinds_of(field, value) == kinds


def test_a_field_that_no_change_has_is_the_tables_mistake() -> None:
    with pytest.raises(BenchError, match="no field 'colour'"):
        changes.kinds_of("colour")


def test_another_status_names_no_field() -> None:
    body = {"error": "Invalid job_id: there is no such job."}
    assert changes.problems_of_refusal(exchange(404, body), 404, "", "job_id") == []
    assert changes.problems_of_refusal(exchange(404, body | {"field": "roi"}), 404, "", "job_id") == [
        "it names the field 'roi' instead of ''"
    ]


@pytest.mark.parametrize(
    ("view_type", "field", "allowed"),
    [
        (ViewType.MultiChannel, "roi", [1, 2222]),
        (ViewType.MultiChannel, "sensors.min", [1, 2222]),
        (ViewType.MultiChannel, "frequencyRange", [0, 1000]),
        (ViewType.MultiChannel, "nfftSelection", [128, 256]),
        (ViewType.SingleChannel, "nfftSelection", [128, 256, 512]),
        (ViewType.Waterfall, "nfftSelection", refusals.NOTHING),
        (ViewType.Waterfall, "channels.max", [1, 2222]),
        (ViewType.MultiChannel, "start_time", refusals.NOTHING),
    ],
)
def test_what_is_allowed_comes_from_the_site(view_type: ViewType, field: str, allowed: Any) -> None:
    from focus_core.site.model import Limits

    limits = Limits(
        lowest_channel=1, highest_channel=2222, frequency_max_hz=1000, nfft_single=[128, 256, 512],
        nfft_multi=[128, 256], max_windows=30, capacity=200,
    )  # fmt: skip
    asked = ViewRequest(view_type, (1, 6), 512, None if view_type is ViewType.Waterfall else (0, 500), 10, 1000)
    assert changes.allowed_values(view(asked), field, limits) == allowed
