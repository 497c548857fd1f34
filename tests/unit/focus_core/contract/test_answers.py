"""The exact shapes of the Focus Server's answers: right ones pass, and each thing that is changed in one is found."""

import copy
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from focus_core.contract import answers
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_answer, check_status

JSON = "application/json"
CONTRACT = answers.contract("focus-server")
NULLABLE = ("sw_version", "content_type", "producer_version", "source_uuid", "original_uuid", "recording_sw_version")
RECORDING = {
    "layer_type": "prp2_recording",
    "uuid": "b",
    "dx": 1.02,
    "prr": 2000,
    "num_traces": 2048,
    "num_samples_per_trace": 9791,
    "late_t_axis_decimation": 4,
    "decimation_factor_x": 4,
    "version": "TLV-1.3",
    "fiber_start_meters": 0,
    "fiber_length_meters": 10_000,
    "gauge_length_meters": 10.2,
    "fiber_description": "fibre",
    "recording_timezone": "Asia/Jerusalem",
    "recording_machine_name": "preprocessor-0",
    **dict.fromkeys(NULLABLE),
    **dict.fromkeys(("cut_sw_version", "fast_time_pixels", "slow_time_pixels", "feature_names", "algo_metadata")),
    "start_time": None,
    "end_time": None,
    "preprocessor_version": "11",
    "preprocessor_calculation_version": "8",
    "n_features": 1,
}
VIEW: dict[str, Any] = {
    "status": "success",
    "job_id": "7-1729",
    "frequencies_list": [0.0, 1.95],
    "frequencies_amount": 2,
    "lines_dt": 0.5,
    "channel_to_stream_index": {"1": 0, "2": 1},
    "channel_amount": 2,
    "stream_amount": 2,
    "stream_port": 12307,
    "stream_url": "http://10.0.0.1",
    "view_type": 0,
    "metadata": {
        "layer_type": "smart_recorder",
        "uuid": "a",
        "sw_version": None,
        "cmd": "--storage segy",
        "processors": [],
        "version": "TLV-1.3",
        "num_traces": 10_000,
        "parent": RECORDING,
    },
}
METADATA = VIEW | {
    "nfft": 1024,
    "channels": {"min": 1, "max": 2},
    "frequencyRange": {"min": 0, "max": 1000},
    "timeStatus": "Live",
}
HEALTH = {
    "status": "ok",
    "version": "11.17",
    "uptime": 1.5,
    "dependencies": {"mongodb": "ok", "rabbitmq": "ok", "kubernetes": "ok"},
}
LIVE_METADATA = {
    "dx": 1.02,
    "prr": 2000.0,
    "fiber_start_meters": 0,
    "fiber_length_meters": 10_000,
    "sw_version": "11.17",
    "number_of_channels": 9791,
    "fiber_description": "fibre",
    "num_samples_per_trace": 9791,
    "dtype": "float32",
}
ROW = {"canvasId": "7-1729", "sensors": [{"id": 1, "intensity": [0.5, 1]}], "startTimestamp": 1, "endTimestamp": 2}
BLOCK = {"rows": [ROW], "current_max_amp": 1, "current_min_amp": 0.5}
WAITING = {
    "error": "waiting for fiber",
    "reason": "prr is missing",
    "status": "waiting_for_fiber",
    "message": "try again",
    "details": {"prr": 0.0, "sw_version": "waiting for fiber", "fiber_description": "waiting for fiber"},
}
REFUSAL = {"error": "channels are wrong", "field": "channels", "allowed": {"min": 1, "max": 2222}}
RIGHT: dict[tuple[str, str, int], Any] = {
    ("GET", "/ack", 200): {},
    ("GET", "/health", 200): HEALTH,
    ("GET", "/health", 503): HEALTH | {"status": "degraded", "message": "down: mongodb"},
    ("GET", "/channels", 200): {"lowest_channel": 1, "highest_channel": 2, "channels": [1, 2]},
    ("GET", "/sensors", 200): {"sensors": [0, 1]},
    ("GET", "/live_metadata", 200): LIVE_METADATA,
    ("POST", "/configure", 200): VIEW,
    ("POST", "/configure", 400): REFUSAL,
    ("POST", "/configure", 422): {"detail": [{"loc": ["body", 1], "msg": "Field required", "type": "missing"}]},
    ("POST", "/configure", 429): {"error": "too many windows"},
    ("POST", "/configure", 503): WAITING,
    ("POST", "/config_task", 200): {"status": "Config received successfully", "task_id": "7-1729"},
    ("POST", "/config/7-1729", 409): {"error": "The job is over."},
    ("GET", "/metadata/7-1729", 200): METADATA,
    ("GET", "/metadata/7-1729", 404): {"error": "Invalid job_id"},
    ("GET", "/ack/7-1729", 200): {"status": "running"},
    ("GET", "/waterfall/7-1729/10", 201): [BLOCK],
    ("GET", "/waterfall/7-1729", 200): {"data": [BLOCK]},
    ("POST", "/recordings_in_time_range", 200): [[1, 2], [3, -1]],
    ("DELETE", "/job/7-1729", 200): {"status": "success", "job_id": "7-1729"},
    ("DELETE", "/job/7-1729", 403): {"error": "It belongs to another client."},
    ("GET", "/no/such/route", 404): {"detail": "Not Found"},
    ("PATCH", "/no/such/route", 405): {"detail": "Method Not Allowed"},
}
# What may be left out, be null, or be of any kind, by the end of its place.
OPTIONAL = (".field", ".allowed", ".allowed.min", ".allowed.max", ".message")
OPEN = (".metadata", ".metadata.parent", ".feature_names", ".algo_metadata", ".start_time", ".end_time")
MAY_BE_NULL = (
    *(f".parent.{name}" for name in RECORDING if RECORDING[name] is None),
    *(".n_features", ".preprocessor_version", ".preprocessor_calculation_version", ".metadata.sw_version"),
    *(".allowed.min", ".allowed.max"),
    *(".fiber_start_meters", ".fiber_length_meters", ".num_samples_per_trace", ".dtype", ".frequencyRange"),
)


def exchange(method: str, path: str, status: int, body: Any, **headers: str) -> Exchange:
    text = body if isinstance(body, str) else json.dumps(body)
    shown = {"Content-Type": JSON, "Retry-After": "5"} | {name.replace("_", "-"): it for name, it in headers.items()}
    return Exchange(method, f"http://127.0.0.1:5000/focus-server{path}", "", status, shown, text, 0.1)


def problems(answer: Exchange) -> list[str]:
    return list(map(str, answers.problems(answer.as_answer())))


def places(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    yield path, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in entries:
        yield from places(entry, f"{path}.{name}")


def changed(value: Any, path: str, new: Any) -> Any:
    """A copy with another value at the place; ``...`` takes the member out."""
    copied = copy.deepcopy(value)
    *parents, last = path.split(".")[1:]
    inside = copied
    for name in parents:
        inside = inside[int(name) if isinstance(inside, list) else name]
    if new is ...:
        del inside[last]
    else:
        inside[int(last) if isinstance(inside, list) else last] = new
    return copied


@pytest.mark.parametrize("answer", RIGHT, ids=lambda key: " ".join(map(str, key)))
def test_a_right_answer_passes(answer: tuple[str, str, int]) -> None:
    assert problems(exchange(*answer, RIGHT[answer])) == []


@pytest.mark.parametrize("answer", RIGHT, ids=lambda key: " ".join(map(str, key)))
def test_each_change_of_an_answer_is_found(answer: tuple[str, str, int]) -> None:
    right = RIGHT[answer]
    unseen = []
    for path, value in places(right):
        wrong: list[Any] = []
        if isinstance(value, dict) and not path.endswith((*OPEN, ".channel_to_stream_index")):
            wrong.append({**value, "extra": 1})
        if path:
            in_a_list = path.rpartition(".")[2].isdecimal()
            if not in_a_list and not path.endswith(OPTIONAL):
                wrong.append(...)
            if not path.endswith((*OPEN[2:], *MAY_BE_NULL)):
                wrong.append(None)
            if not path.endswith(OPEN[2:]):
                wrong += [True, ["x"]] if not isinstance(value, list) else [True, "x"]
        for new in wrong:
            body = changed(right, path, new) if path else new
            if not problems(exchange(*answer, body)):
                unseen.append((path, new))
    assert unseen == []


@pytest.mark.parametrize("answer", RIGHT, ids=lambda key: " ".join(map(str, key)))
def test_another_content_type_or_no_json_is_found(answer: tuple[str, str, int]) -> None:
    right = RIGHT[answer]
    assert problems(exchange(*answer, right, Content_Type="text/plain")) == [
        "content type 'text/plain' instead of 'application/json'"
    ]
    assert "is not JSON" in problems(exchange(*answer, json.dumps(right)[:-1]))[0]
    assert problems(exchange(*answer, ""))


@pytest.mark.parametrize(("method", "template"), CONTRACT.operations)
def test_an_operation_has_no_other_status(method: str, template: str) -> None:
    path = template.replace("{rows}", "10").replace("{job_id}", "7-1").replace("{task_id}", "7-1")
    for status in (202, 204, 302, 418, 500, 502, 504):
        assert "has no answer" in problems(exchange(method, path, status, {}))[0]


@pytest.mark.parametrize("wait", ["", "0", "-1", "1.5", "soon", "05"])
@pytest.mark.parametrize("status", [429, 503])
def test_who_is_sent_away_learns_for_how_long(status: int, wait: str) -> None:
    found = problems(exchange("GET", "/channels", status, {"error": "later"}, Retry_After=wait))
    assert found == [f"its header Retry-After is {wait!r}, expected whole seconds above 0"]


@pytest.mark.parametrize("allow", ["", "POST", "GET, POST"])
def test_a_method_that_is_not_allowed_names_those_that_are(allow: str) -> None:
    found = problems(exchange("PUT", "/ack", 405, {"detail": "Method Not Allowed"}, Allow=allow))
    assert "its header Allow names" in found[0]
    assert problems(exchange("PUT", "/ack", 405, {"detail": "Method Not Allowed"}, Allow="GET, HEAD")) == []


def test_an_empty_answer_is_empty() -> None:
    for status in (200, 208):
        assert problems(exchange("GET", "/waterfall/7-1/10", status, "", Content_Type="")) == []
        assert problems(exchange("GET", "/waterfall/7-1/10", status, "[]")) == ["its body is not empty: '[]'"]


def test_the_timeline_is_a_page() -> None:
    html = {"Content_Type": "text/html; charset=utf-8"}
    assert problems(exchange("GET", "/get_recordings_timeline", 200, "<html>x</html>", **html)) == []
    assert "no HTML page" in problems(exchange("GET", "/get_recordings_timeline", 200, "<html>x", **html))[0]
    assert "content type" in problems(exchange("GET", "/get_recordings_timeline", 200, "<html>x</html>"))[0]


def test_only_the_recorder_may_say_more() -> None:
    more = copy.deepcopy(VIEW)
    more["metadata"]["new"] = more["metadata"]["parent"]["new"] = 1
    assert problems(exchange("POST", "/configure", 200, more)) == []


def test_numbers_that_are_none_are_found() -> None:
    assert problems(exchange("POST", "/configure", 200, VIEW | {"lines_dt": float("nan")}))
    assert problems(exchange("POST", "/configure", 200, VIEW | {"frequencies_list": [0.0, float("inf")]}))


def test_paths_are_taken_as_the_server_takes_them() -> None:
    assert exchange("GET", "/metadata/a%2Fb?x=1", 404, {}).as_answer().path == "/metadata/a/b"
    assert CONTRACT.template_of("/metadata/a/b") == ""
    assert CONTRACT.template_of("/config/a/b") == "/config/{task_id}"
    assert CONTRACT.template_of("/waterfall/7-1/-1") == "/waterfall/{job_id}/{rows}"


NO_REQUEST = {"type": "ValidationError", "statusCode": 400, "path": "/", "timestamp": "now", "message": "not HTTP"}


@pytest.mark.parametrize("body", ["{", '{"a": ' + "9" * 5000 + "}", "[" * 5000, '{"a": "\ufffd"}'])
def test_only_a_body_that_cannot_be_parsed_is_refused_in_other_words(body: str) -> None:
    for method, path in (("POST", "/configure"), ("POST", "/recordings_in_time_range")):
        answer = exchange(method, path, 400, {"detail": "There was an error parsing the body"})
        assert problems(answer) == [
            "error is missing",
            "detail is a member that this answer does not have",
        ]
        assert problems(replace(answer, request_body=body)) == []
        assert problems(replace(answer, request_body='{"a": 1}'))
        assert problems(replace(answer, request_body=body, body=json.dumps(NO_REQUEST)))


@pytest.mark.parametrize("path", ["/metadata/" + "x" * 9000, "/metadata/שלום", "/ack/a\nb"])
def test_only_what_is_no_request_is_refused_in_the_words_of_the_ingress(path: str) -> None:
    assert problems(exchange("GET", path, 400, NO_REQUEST)) == []
    assert problems(exchange("GET", path, 400, {"error": "no such path"})) == []
    assert problems(exchange("GET", path, 400, {"detail": "no such path"}))
    assert problems(exchange("GET", "/metadata/7-1", 400, NO_REQUEST))


def test_a_failure_names_status_first_and_then_the_shape() -> None:
    answer = exchange("GET", "/ack/7-1", 200, {"status": "asleep", "extra": 1})
    check_status(answer, 200, "It")
    with pytest.raises(AssertionError, match=r"^It was answered 200 instead of 404: "):
        check_answer(answer, 404, "It")
    with pytest.raises(AssertionError) as failure:
        check_answer(answer, 200, "It")
    assert str(failure.value).splitlines() == [
        "It was answered 200, but not as the contract has it:",
        "- status is 'asleep', expected 'waiting' or 'running' or 'completed'",
        "- extra is a member that this answer does not have",
    ]


def test_a_mistake_is_reported_once() -> None:
    entry = {"loc": ["body", "start_time"], "msg": "start_time: Field required", "type": "missing"}
    other = entry | {"loc": ["body", "end_time"]}
    assert problems(exchange("POST", "/recordings_in_time_range", 422, {"detail": [entry, other]})) == []
    assert problems(exchange("POST", "/recordings_in_time_range", 422, {"detail": [entry, other, entry]})) == [
        "detail[2] says the same as an entry before it"
    ]
