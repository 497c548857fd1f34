"""Alerts that are sent all through a fault, and what a good refusal of them is."""

from __future__ import annotations

from typing import Any

import pytest
from focus_core.base.http_session import Headers, HttpAnswer
from focus_core.webapp.alert_sender import AlertSender
from focus_core.webapp.alerts import new_alerts
from focus_core.webapp.unavailable import problems_of_unavailable


def answer(status: int, text: str = "RabbitMQ did not take it", retry: str = "5", seconds: float = 0.1) -> HttpAnswer:
    return HttpAnswer(status, Headers([("Retry-After", retry)]), [], "utf-8", text.encode(), seconds)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (answer(500), "it was answered 500"),
        (answer(503, "try again"), "its reason does not speak of rabbitmq"),
        (answer(503, retry="soon"), "its Retry-After is 'soon'"),
        (answer(503, retry="0"), "its Retry-After is '0'"),
        (answer(503, seconds=5.1), "it took 5.1 s instead of at most 5 s"),
    ],
)
def test_what_is_wrong_with_a_refusal_is_named(given: HttpAnswer, problem: str) -> None:
    (found,) = problems_of_unavailable(given, "rabbitmq", 5)
    assert found.startswith(problem)


def test_confirmed_refused_and_lost_alerts_are_kept_apart() -> None:
    assert problems_of_unavailable(answer(503), "rabbitmq", 5) == []
    alerts = new_alerts("SD", "low", 1, amount=3)
    client: Any = None
    sender = AlertSender([client], list(zip(alerts, [answer(201), answer(503), None], strict=True)))
    assert str(sender) == "1 of 3 alerts confirmed"
    assert sender.confirmed == alerts[:1]
    assert sender.problems("rabbitmq", 5) == [f"{alerts[2].id} was not answered at all"]
