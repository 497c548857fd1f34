"""Each client's answers come back from a recording as they were."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from bson import ObjectId
from focus_core.base import http_session, tape
from focus_core.base.http_session import Headers, HttpAnswer, NoAnswerError
from focus_core.base.tape import Door
from focus_core.cluster.taped import COMMANDS, KUBERNETES, TapedRest
from focus_core.mongodb.taped import MONGODB
from focus_core.node.shell import SSH, Ended
from focus_core.rabbitmq.management import Queue
from focus_core.rabbitmq.messages import Message
from focus_core.rabbitmq.taped import MESSAGES, QUEUES
from focus_core.streams import client as streams
from focus_core.streams.client import STREAMS, Frame, StreamReading


def frame(number: int, size: int = 8) -> Frame:
    return Frame(1, 2, (1000 + number,), (number,), 2, 1, 0.0, 1.0, bytes(size), 7, 5.5)


READING = StreamReading(3, [frame(0), frame(1)], ended_by="UNAVAILABLE (gone)", seconds=1.5, silent_s=0.1)
ANSWERS: list[tuple[Door[Any], Any]] = [
    (SSH, Ended(1, "printed", "complained")),
    (COMMANDS, Ended(0, "printed", "")),
    (MONGODB, [{"_id": ObjectId(), "start_time": datetime(2026, 11, 30, 1, 2, 3), "count": 2**40, "x": None}]),
    (MESSAGES, [Message("Algorithm.AlertReport.x", {"classId": 104}, "application/json", 2)]),
    (QUEUES, [Queue("q", durable=True, arguments={"x-expires": 1}, ready=3)]),
    (STREAMS, READING),
]


def again(door: Door[Any], answer: Any) -> Any:
    return door.decode(json.loads(json.dumps(door.encode(door.keep(answer)))))


@pytest.mark.parametrize(("door", "answer"), ANSWERS, ids=lambda value: getattr(value, "name", ""))
def test_an_answer_comes_back(door: Door[Any], answer: Any) -> None:
    assert again(door, answer) == answer


@pytest.mark.parametrize("content", ["שלום".encode(), b"\xff\x00"])
def test_an_http_answer_comes_back(content: bytes) -> None:
    headers = Headers([("Content-Type", "text/plain"), ("Retry-After", "1")])
    answer = again(http_session.HTTP, HttpAnswer(429, headers, ["a=b"], "utf-8", content, 0.25))
    assert (answer.status, answer.set_cookies, answer.content, answer.seconds) == (429, ["a=b"], content, 0.25)
    assert dict(answer.headers) == dict(headers)


@dataclass
class Answered:
    status: int
    text: str
    reason: str = "OK"
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "application/json"})

    def read(self) -> bytes:
        return self.text.encode()


def test_an_answer_of_the_cluster_comes_back_without_what_a_secret_holds() -> None:
    pods = again(KUBERNETES, Answered(200, '{"kind": "PodList", "items": []}'))
    assert (pods.status, pods.read()) == (200, b'{"kind": "PodList", "items": []}')
    secret = again(KUBERNETES, Answered(200, '{"kind": "Secret", "data": {"password": "aGlkZGVu"}}'))
    assert json.loads(secret.read())["data"] == {"password": "PHNlY3JldD4="}


def test_errors_keep_their_class() -> None:
    from pymongo.errors import ServerSelectionTimeoutError
    from urllib3.exceptions import MaxRetryError

    assert isinstance(KUBERNETES.error("MaxRetryError", "gone"), MaxRetryError)
    assert isinstance(MONGODB.error("ServerSelectionTimeoutError", "gone"), ServerSelectionTimeoutError)
    assert isinstance(http_session.HTTP.error("NoAnswerError", "TimeoutError"), NoAnswerError)
    # Nothing else is made of a name that stands in a file.
    assert type(MONGODB.error("SystemExit", "x")).__name__ == "BenchError"


def test_a_long_reading_keeps_its_first_and_last_frames(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "_KEPT_BYTES", 80)
    reading = StreamReading(0, [frame(number) for number in range(100)], finished=True)
    kept = STREAMS.encode(STREAMS.keep(reading))
    assert kept["frames_left_out"] == 100 - 10 - 5
    assert [one["row_indexes"][0] for one in kept["frames"]] == [*range(10), *range(95, 100)]
    assert len(reading.frames) == 100


class Cluster:
    """Where a request would block, were its answer read."""

    def request(self, method: str, url: str, **_: Any) -> Any:
        if "follow" in url or ("watch" in url and "timeoutSeconds" not in url):
            return url
        return Answered(200, method)


def test_what_is_followed_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tape, "_recorder", None)
    recorder = tape.record()
    rest = TapedRest(Cluster())
    assert isinstance(rest.request("GET", "https://x/log?follow=true"), str)
    assert isinstance(rest.request("GET", "https://x/pods?watch=True"), str)
    rest.request("GET", "https://x/pods?watch=True&timeoutSeconds=1")
    assert [call.request for call in recorder.during().calls] == ["GET /pods?watch=True&timeoutSeconds=1"]
