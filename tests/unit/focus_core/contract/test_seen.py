"""What a process sees of the contract: checked as it comes, kept for the run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from focus_core.contract import record
from focus_core.contract.answers import Answer, contract, service_of
from focus_core.contract.seen import Seen
from focus_core.contract.violation import Violation
from focus_core.site import secrets

FOCUS = "http://127.0.0.1:5000/focus-server"
RIGHT = {"lowest_channel": 1, "highest_channel": 2, "channels": [1, 2]}


def answer(path: str, body: Any, status: int = 200, method: str = "GET", **headers: str) -> Answer:
    shown = {"Content-Type": "application/json"} | headers
    return Answer("focus-server", method, FOCUS + path, status, shown, json.dumps(body), '{"start_time": 1}')


def test_a_right_answer_is_counted_with_its_shape() -> None:
    seen = Seen()
    seen.answer(answer("/channels?x=1", RIGHT))
    found = seen.as_json()
    assert found["calls"] == {"focus-server GET /channels": {"200": 1}}
    assert found["parameters"] == {"focus-server GET /channels": ["x"]}
    places = found["shapes"]["focus-server GET /channels 200"]
    assert places == {
        "": ["object"], "lowest_channel": ["integer"], "highest_channel": ["integer"], "channels": ["array"],
        "channels[]": ["integer"],
    }  # fmt: skip
    assert seen.take() == []


def test_a_violation_names_operation_place_rule_and_value_once() -> None:
    seen = Seen()
    for _ in range(3):
        seen.answer(answer("/channels", RIGHT | {"highest_channel": "2"}))
    (broken,) = seen.take()
    assert str(broken) == (
        "focus-server GET /channels 200: highest_channel is '2' (str) instead of an integer (rule type)"
    )
    assert seen.take() == []
    (kept,) = seen.as_json()["violations"]
    assert (kept["path"], kept["rule"], kept["count"]) == ("highest_channel", "type", 3)
    seen.explain(broken, "PZ-13271")
    assert seen.as_json()["violations"][0]["bug"] == "PZ-13271"


def test_a_whole_number_is_no_float() -> None:
    seen = Seen()
    seen.answer(answer("/channels", RIGHT | {"channels": [1, 2.0]}))
    (broken,) = seen.take()
    assert (broken.violation.path, broken.violation.rule) == ("channels[1]", "whole-numbers")


def test_what_the_record_does_not_have_is_no_violation_but_kept() -> None:
    seen = Seen()
    seen.answer(answer("/brand_new", {}))
    assert seen.take() == []
    assert seen.as_json()["unknown"] == {"focus-server GET /brand_new 200": 1}


def test_the_ingress_may_answer_for_a_server_that_is_away() -> None:
    seen = Seen()
    seen.answer(answer("/channels", {"error": "The server did not answer in time."}, 504))
    assert seen.take() == []
    seen.answer(answer("/channels", {"detail": "?"}, 504))
    assert [one.violation.rule for one in seen.take()] == ["required", "additionalProperties"]
    seen.answer(answer("/channels", {"error": "?"}, 500))
    assert [one.violation.rule for one in seen.take()] == ["status"]


def test_bodies_of_requests_are_kept_too() -> None:
    seen = Seen()
    seen.answer(answer("/recordings_in_time_range", [], method="POST"))
    shape = seen.as_json()["shapes"]["focus-server POST /recordings_in_time_range request"]
    assert shape == {"": ["object"], "start_time": ["integer"]}


def test_a_test_touches_what_was_asked_since_the_last_one() -> None:
    seen = Seen()
    seen.answer(answer("/channels", RIGHT))
    seen.end_test("Suite.First")
    seen.answer(answer("/sensors", {"sensors": [0]}))
    seen.end_test("Suite.Second")
    assert seen.as_json()["tests"] == {
        "Suite.First": ["focus-server GET /channels"], "Suite.Second": ["focus-server GET /sensors"],
    }  # fmt: skip


def test_messages_and_documents_are_kept_alike() -> None:
    seen = Seen()
    seen.value("stream DataStream", {"start_channel": 0}, [Violation("start_channel", "minimum", "it is 0")])
    assert str(seen.take()[0]) == "stream DataStream: it is 0 (rule minimum)"
    assert seen.as_json()["calls"] == {"stream DataStream": {"seen": 1}}


def test_the_file_is_written_when_something_is_new(tmp_path: Path) -> None:
    seen = Seen()
    seen.write(tmp_path / "a.json")
    assert not (tmp_path / "a.json").exists()
    seen.answer(answer("/channels", RIGHT))
    seen.write(tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == seen.as_json()
    seen.write(tmp_path / "b.json")
    assert not (tmp_path / "b.json").exists()


def test_the_file_holds_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_values", set())
    monkeypatch.setattr(secrets, "_pattern", None)
    secrets.register("very-secret-token")
    seen = Seen()
    seen.answer(answer("/ack/7-1", {"status": "very-secret-token"}))
    seen.write(tmp_path / "a.json")
    assert "very-secret" not in (tmp_path / "a.json").read_text(encoding="utf-8")


def test_the_service_follows_from_the_url() -> None:
    assert service_of("https://h/prisma/api/site/api/alert") == "webapp"
    assert contract("webapp").prefix == record.WEBAPP_PREFIX
    assert service_of("https://h/focus-server/ack") == service_of("https://h/") == "focus-server"
