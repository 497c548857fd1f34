"""Times of many answers to one request."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_keywords.load import answer_times
from focus_keywords.load.answer_times import AnswerTimes, Statistic

TIMES = [0.1, 0.2, 0.3, 0.8]


@pytest.fixture(autouse=True)
def server(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    asked: list[Any] = []

    def send(method: str, path: str) -> Any:
        asked.append((method, path))
        return SimpleNamespace(status=200, body="", seconds=TIMES[len(asked) % len(TIMES) - 1])

    monkeypatch.setattr(answer_times, "client", lambda: SimpleNamespace(send=send))
    return asked


def test_each_time_is_returned(server: list[Any]) -> None:
    assert AnswerTimes().get_answer_times("GET /channels", times=4) == TIMES
    assert server == [("GET", "/channels")] * 4


@pytest.mark.parametrize(
    ("of", "seconds"), [("slowest", 0.8), ("fastest", 0.1), ("mean", 0.35), ("median", 0.25), ("95 %", 0.8)]
)
def test_one_of_them_is_returned(of: Statistic, seconds: float) -> None:
    assert AnswerTimes().get_answer_times("GET /channels", times=4, of=of) == pytest.approx(seconds)


def test_a_late_answer_is_named() -> None:
    below = AssertionOperator["<"]
    with pytest.raises(AssertionError, match=r"Slowest of 4 times of GET /channels: '0\.8 s'"):
        AnswerTimes().get_answer_times("GET /channels", below, "500 ms", times=4, of="slowest")
    with pytest.raises(AssertionError, match=r"GET /channels, answer 1 of 4, was answered 200 instead of 404"):
        AnswerTimes().get_answer_times("GET /channels", times=4, status=404)


@pytest.mark.parametrize("request_", ["/channels", "get /channels", "GET", "GET channels"])
def test_what_is_no_request_is_refused(request_: str) -> None:
    with pytest.raises(BenchError, match="A request is written like GET /channels"):
        AnswerTimes().get_answer_times(request_)
