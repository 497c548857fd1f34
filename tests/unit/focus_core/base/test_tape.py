"""Calls that are recorded and played back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from focus_core.base import tape
from focus_core.base.errors import BenchError

PLAIN: tape.Door[Any] = tape.Door("plain", size=lambda answer: len(str(answer)))


@pytest.fixture
def recorder(monkeypatch: pytest.MonkeyPatch) -> Iterator[tape.Recorder]:
    monkeypatch.setattr(tape, "_recorder", None)
    yield tape.record()


def played(calls: list[dict[str, Any]]) -> tape.Player:
    return tape.Player([], calls, lambda value: value)


def test_what_was_answered_is_answered_again_in_order_and_then_the_last_one(recorder: tape.Recorder) -> None:
    for answer in ("waiting", "waiting", "running"):
        tape.through(PLAIN, "GET /ack/1-1", lambda answer=answer: answer)
    player = played([call.data() for call in recorder.during().calls])
    answers = [player.answer(PLAIN, "GET /ack/1-1", None) for _ in range(5)]
    assert answers == ["waiting", "waiting", "running", "running", "running"]


def test_the_same_request_comes_before_one_of_its_name_and_that_before_one_of_another_id(
    recorder: tape.Recorder,
) -> None:
    for request, body in (("POST /configure", "a"), ("POST /configure", "b"), ("GET /metadata/1-17", "")):
        tape.through(PLAIN, request, lambda request=request, body=body: request + body, body)
    player = played([call.data() for call in recorder.during().calls])
    assert player.answer(PLAIN, "POST /configure", "b") == "POST /configureb"
    assert player.answer(PLAIN, "POST /configure", "never sent") == "POST /configurea"
    assert player.answer(PLAIN, "GET /metadata/2-9", "") == "GET /metadata/1-17"


def test_before_the_test_the_answers_before_it_are_given_and_in_it_its_own() -> None:
    def call(answer: str, request: str = "GET /ack") -> dict[str, Any]:
        return {"door": "plain", "request": request, "detail": None, "answer": answer}

    player = tape.Player([call("well"), call("token", "login")], [call("ill")], lambda value: value)
    assert player.answer(PLAIN, "GET /ack", None) == "well"
    player.begin_test()
    assert [player.answer(PLAIN, "GET /ack", None) for _ in range(3)] == ["ill"] * 3
    # What a client had kept when the test was recorded, it asks for now.
    assert player.answer(PLAIN, "login", None) == "token"


def test_what_was_never_asked_is_named() -> None:
    with pytest.raises(BenchError, match=r"has no answer to GET /sensors \(the test did not ask that"):
        played([]).answer(PLAIN, "GET /sensors", None)


def test_an_error_is_raised_again(recorder: tape.Recorder) -> None:
    def refuse() -> None:
        raise AssertionError("it was refused")

    with pytest.raises(AssertionError):
        tape.through(PLAIN, "publish", refuse)
    player = played([call.data() for call in recorder.during().calls])
    with pytest.raises(AssertionError, match="it was refused"):
        player.answer(PLAIN, "publish", None)


def test_a_call_made_of_others_is_one(recorder: tape.Recorder) -> None:
    tape.through(PLAIN, "outer", lambda: tape.through(PLAIN, "inner", lambda: 1))
    assert [call.request for call in recorder.during().calls] == ["outer"]


def test_nothing_is_recorded_meanwhile(recorder: tape.Recorder) -> None:
    with tape.paused():
        tape.through(PLAIN, "evidence", lambda: 1)
    assert not recorder.during().calls


def test_a_long_test_keeps_its_beginning_and_its_end(recorder: tape.Recorder) -> None:
    for number in range(tape.HEAD + tape.TAIL + 10):
        tape.through(PLAIN, f"call {number}", lambda: 1)
    part = recorder.during()
    assert part.missing == 10
    assert part.calls[0].request == "call 0"
    assert part.calls[-1].request == f"call {tape.HEAD + tape.TAIL + 9}"
    assert len(part.calls) == tape.HEAD + tape.TAIL


def test_what_is_too_large_is_left_out_and_named(recorder: tape.Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "MOST_BYTES", 10)
    assert tape.through(PLAIN, "large", lambda: "x" * 11) == "x" * 11
    call = recorder.during().calls[0].data()
    assert call["left_out"]
    with pytest.raises(BenchError, match="left out because of its size"):
        played([call]).answer(PLAIN, "large", None)


def test_a_test_knows_its_suite_and_the_first_calls_of_the_process_but_no_other_test(recorder: tape.Recorder) -> None:
    def ask(name: str) -> None:
        tape.through(PLAIN, name, lambda: name)

    recorder.push()  # a suite
    ask("open site")
    for test in ("one", "other"):
        recorder.push()
        ask("login")
        ask(f"view of {test}")
        if test == "one":
            recorder.pop()
    assert [call.request for call in recorder.before()] == ["open site", "login", "view of one"]
    assert [call.request for call in recorder.during().calls] == ["login", "view of other"]


def test_what_needs_no_site_is_made_anew_where_no_recorded_answer_is_left(
    recorder: tape.Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: tape.Door[str] = tape.Door("name", local=True)
    tape.through(names, "name queue", lambda: "queue-1")
    monkeypatch.setattr(tape, "_player", played([call.data() for call in recorder.during().calls]))
    assert [tape.through(names, "name queue", lambda: "queue-2") for _ in range(2)] == ["queue-1", "queue-2"]
