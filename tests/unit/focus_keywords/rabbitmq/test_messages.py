"""Keywords of Messages and the newer ones of Broker where the site is wrong: each names the fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Seconds
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.management import Connection
from focus_core.run import clients
from focus_keywords.rabbitmq.broker import Broker
from focus_keywords.rabbitmq.messages import Messages
from support.fake_broker import broker

SITE = SimpleNamespace(
    name="wrong",
    rabbitmq=SimpleNamespace(username="prisma", tls_port=None),
    policy=SimpleNamespace(disruption=False, max_pods=0),
    timings=SimpleNamespace(reconnected_s=0.1, alert_visible_s=0.1, job_running_s=0.1, first_frame_s=0.1),
)


# The client that the keywords ask: the last one that a test made.
ASKED: list[Any] = []


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("messages", "broker"):
        monkeypatch.setattr(f"focus_keywords.rabbitmq.{module}.site", lambda: SITE)
    monkeypatch.setattr(clients, "rabbitmq", lambda: ASKED[-1])


def rabbit(**facts: Any) -> Broker:
    ASKED.append(broker(**facts))
    return Broker()


def messages(**facts: Any) -> Messages:
    ASKED.append(broker(**facts))
    return Messages()


def test_a_message_that_nobody_takes_is_unroutable() -> None:
    rabbit().message_should_be_unroutable("Nobody.Listens")


def test_a_message_that_somebody_takes_is_told_with_the_bindings() -> None:
    with pytest.raises(AssertionError, match=r"webapp-alerts <- Algorithm\.AlertReport\.#"):
        rabbit(is_routed=True).message_should_be_unroutable("Nobody.Listens")


@pytest.mark.parametrize(
    ("seconds", "fault"), [([0], "1 of 1 connections"), ([60, 601], "1 of 2 connections"), ([], "Nothing of the site")]
)
def test_connections_without_a_heartbeat_are_named(seconds: list[int], fault: str) -> None:
    connections = [Connection(f"c{one}", "app", "prisma", Seconds(one)) for one in seconds]
    library = rabbit(connections_until_now=[*connections, Connection("o", "other", "guest", Seconds(0))])
    with pytest.raises(AssertionError, match=fault):
        library.every_connection_should_have_a_heartbeat()


def test_a_refused_connection_is_counted() -> None:
    library = rabbit()
    opened: list[int] = []

    def connect() -> Any:
        if len(opened) == 2:
            raise BenchError("it is full.")
        opened.append(1)
        return SimpleNamespace(close=opened.pop)

    ASKED[-1].connect = connect
    with pytest.raises(AssertionError, match=r"refused connection 3 of 5: it is full\."):
        library.broker_should_accept_connections_at_once(5)
    assert opened == []


@pytest.mark.parametrize(("times", "fault"), [([11.0] * 100, "11.0 ms on average"), ([1.0] * 90 + [60.0] * 10, "60.0")])
def test_slow_confirmations_are_told(times: list[float], fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExclusiveTestQueue, "_open", lambda _queue: None)
    monkeypatch.setattr(ExclusiveTestQueue, "close", lambda _queue: None)
    monkeypatch.setattr(ExclusiveTestQueue, "confirm_times_ms", lambda _queue, _count: times)
    with pytest.raises(AssertionError, match=fault):
        messages().messages_should_be_confirmed_quickly()
