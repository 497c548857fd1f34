"""Keywords of Messages and the newer ones of Broker where the site is wrong: each names the fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.management import Connection, Node, Queue
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


def test_right_facts_pass() -> None:
    library = rabbit()
    library.management_should_describe_the_broker()
    library.broker_should_have_no_alarm()
    assert library.queue_should_be_durable("q") == Queue("q", durable=True)
    library.message_should_be_unroutable("Nobody.Listens")


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"version": "None"}, "version 'None'"),
        ({"nodes": []}, "0 nodes"),
        ({"nodes": [Node("n", running=False, alarms=())]}, "not running: n"),
    ],
)
def test_a_broker_that_does_not_run_is_named(facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        rabbit(**facts).management_should_describe_the_broker()


def test_an_alarm_is_named() -> None:
    with pytest.raises(AssertionError, match="n: mem_alarm"):
        rabbit(nodes=[Node("n", running=True, alarms=("mem_alarm",))]).broker_should_have_no_alarm()


@pytest.mark.parametrize(
    ("queue", "fault"),
    [
        (None, "no queue 'q'"),
        (Queue("q", durable=False), "durable False"),
        (Queue("q", durable=True, auto_delete=True), "auto-delete True"),
        (Queue("q", durable=True, exclusive=True), "exclusive True"),
    ],
)
def test_a_queue_that_does_not_stay_is_named(queue: Queue | None, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        rabbit(queue=queue).queue_should_be_durable("q")


def test_a_message_that_somebody_takes_is_told_with_the_bindings() -> None:
    with pytest.raises(AssertionError, match=r"webapp-alerts <- Algorithm\.AlertReport\.#"):
        rabbit(is_routed=True).message_should_be_unroutable("Nobody.Listens")


@pytest.mark.parametrize(
    ("seconds", "fault"), [([0], "1 of 1 connections"), ([60, 601], "1 of 2 connections"), ([], "Nothing of the site")]
)
def test_connections_without_a_heartbeat_are_named(
    seconds: list[int], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("focus_keywords.rabbitmq.broker.unique", lambda _prefix: "marker")
    own = [Connection("m", "marker", "prisma", 600), Connection("o", "other", "guest", 0)]
    library = rabbit(connections=[*(Connection(f"c{one}", "app", "prisma", one) for one in seconds), *own])
    ASKED[-1].connect = lambda **_name: SimpleNamespace(close=lambda: None)
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


@pytest.mark.parametrize("waiting", [0, 4])
def test_a_queue_is_counted(waiting: int) -> None:
    with pytest.raises(AssertionError, match=f"holds {waiting} messages; 3 were confirmed"):
        messages(ready_messages=waiting).queue_should_hold(SimpleNamespace(name="own"), 3)  # type: ignore[arg-type]


@pytest.mark.parametrize(("times", "fault"), [([11.0] * 100, "11.0 ms on average"), ([1.0] * 90 + [60.0] * 10, "60.0")])
def test_slow_confirmations_are_told(times: list[float], fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExclusiveTestQueue, "_open", lambda _queue: None)
    monkeypatch.setattr(ExclusiveTestQueue, "close", lambda _queue: None)
    monkeypatch.setattr(ExclusiveTestQueue, "confirm_times_ms", lambda _queue, _count: times)
    with pytest.raises(AssertionError, match=fault):
        messages().messages_should_be_confirmed_quickly()
