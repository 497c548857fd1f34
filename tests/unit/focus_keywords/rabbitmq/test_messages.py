"""Keywords of MessageLibrary and the newer ones of RabbitLibrary where the site is wrong: each names the fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.waiting import WaitTimeout
from focus_core.disruption.rules import DisruptionRefusedError
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.management import Binding, Connection, Node, Queue
from focus_core.rabbitmq.messages import Message
from MessageLibrary import MessageLibrary, _envelope_faults, _field_faults
from RabbitLibrary import RabbitLibrary

SITE = SimpleNamespace(
    name="wrong",
    rabbitmq=SimpleNamespace(username="prisma", tls_port=None),
    policy=SimpleNamespace(disruption=False, max_pods=0),
    timings=SimpleNamespace(reconnected_s=0.1, alert_visible_s=0.1, job_running_s=0.1, first_frame_s=0.1),
)
VIEW: Any = SimpleNamespace(job_id="7-12")
COMMANDS = Queue("grpc-job-7-12-commands", durable=True, arguments={"x-max-length": 1})
OWN = Queue("grpc-job-7-12-frames", durable=True, arguments={"x-max-length-bytes": 1})


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("MessageLibrary", "RabbitLibrary"):
        monkeypatch.setattr(f"{library}.site", lambda: SITE)
    monkeypatch.setattr("MessageLibrary.STATISTICS_AGE_S", 0)


def broker(**facts: Any) -> Any:
    """A broker of which only `facts` differ from a right one; those of the management API stand beside the others."""
    management: dict[str, Any] = {
        "nodes": [Node("n", running=True, alarms=())],
        "queue": Queue("q", durable=True),
        "connections": [],
        "consumers_of": {"c"},
        "close_connection": None,
    }
    right: dict[str, Any] = {
        "version": "4.1",
        "queues": [OWN, COMMANDS, Queue("webapp-alerts", durable=True)],
        "bindings": [Binding("webapp-alerts", "Algorithm.AlertReport.#"), Binding(COMMANDS.name, "roi")],
        "is_routed": False,
        "ready_messages": 0,
        "drain_own_queue": [],
    }
    unknown = facts.keys() - management.keys() - right.keys()
    assert not unknown
    answers = {name: facts.get(name, value) for name, value in {**right, **management}.items()}
    made = {name: (lambda *_a, found=found, **_o: found) for name, found in answers.items()}
    return SimpleNamespace(
        exchange="prisma",
        address="broker:1",
        management=SimpleNamespace(**{name: made[name] for name in management}),
        **{name: made[name] for name in right},
    )


def rabbit(**facts: Any) -> RabbitLibrary:
    library = RabbitLibrary()
    library.__dict__["_rabbit"] = broker(**facts)
    return library


def messages(**facts: Any) -> MessageLibrary:
    library = MessageLibrary()
    library.__dict__["_rabbit"] = broker(**facts)
    return library


@contextmanager
def passed(*found: Message) -> Iterator[Any]:
    """A private queue that holds these messages."""
    yield SimpleNamespace(wait_for_all=lambda *_a, **_o: list(found), messages_until_now=lambda: list(found))


def test_right_facts_pass() -> None:
    library = rabbit()
    library.management_should_describe_the_broker()
    library.broker_should_have_no_alarm()
    assert library.queue_should_be_durable("q") == Queue("q", durable=True)
    library.message_should_find_no_queue("Nobody.Listens")
    messages().alerts_should_be_acknowledged()
    messages().alerts_should_be_consumed()
    messages().commands_of_view_should_be_read(VIEW)


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
        rabbit(is_routed=True).message_should_find_no_queue("Nobody.Listens")


@pytest.mark.parametrize(
    ("seconds", "fault"), [([0], "1 of 1 connections"), ([60, 601], "1 of 2 connections"), ([], "Nothing of the site")]
)
def test_connections_without_a_heartbeat_are_named(
    seconds: list[int], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("RabbitLibrary.unique", lambda _prefix: "marker")
    own = [Connection("m", "marker", "prisma", 600), Connection("o", "other", "guest", 0)]
    library = rabbit(connections=[*(Connection(f"c{one}", "app", "prisma", one) for one in seconds), *own])
    library._rabbit.connect = lambda **_name: SimpleNamespace(close=lambda: None)
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

    library._rabbit.connect = connect
    with pytest.raises(AssertionError, match=r"refused connection 3 of 5: it is full\."):
        library.broker_should_take_connections_at_once(5)
    assert opened == []


def test_alerts_that_are_not_acknowledged_are_told() -> None:
    with pytest.raises(WaitTimeout, match="1 wait, 2 are not acknowledged"):
        messages(queue=Queue("webapp-alerts", durable=True, ready=1, unacknowledged=2)).alerts_should_be_acknowledged()
    with pytest.raises(WaitTimeout, match="no consumer"):
        messages(consumers_of=set()).alerts_should_be_consumed()


def test_nobody_is_cut_off_where_the_policy_forbids_it() -> None:
    with pytest.raises(DisruptionRefusedError, match=r"policy\.disruption is false"):
        messages().cut_off_the_consumer_of_alerts()


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


def alert_message(number: int, **changes: Any) -> Message:
    return Message("Algorithm.AlertReport", {"alert_id": f"a{number}"} | changes, "application/json", 2)


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [([0, 2, 1], "from alert 2 on: a2 instead of a1"), ([0, 1, 1, 2], "3 alerts were sent, 4 passed")],
)
def test_order_and_number_of_alerts(numbers: list[int], fault: str) -> None:
    alerts: Any = [SimpleNamespace(id=f"a{number}") for number in range(3)]
    with (
        passed(*(alert_message(number) for number in numbers)) as queue,
        pytest.raises(AssertionError, match=fault),
    ):
        messages()._expect_in_order(queue, alerts)


def test_alerts_in_order_pass() -> None:
    alerts: Any = [SimpleNamespace(id=f"a{number}") for number in range(3)]
    with passed(*(alert_message(number) for number in range(3)), alert_message(9)) as queue:
        messages()._expect_in_order(queue, alerts)


def test_every_field_of_an_alert_has_its_type() -> None:
    right = dict.fromkeys(("algorun_id", "alert_id", "alert_time"), "x")
    right |= dict.fromkeys(("class_id", "severity", "distance_m", "time_interval_s"), 1)  # type: ignore[arg-type]
    right |= dict.fromkeys(("is_external", "is_dead", "is_faded"), False)  # type: ignore[arg-type]
    assert _field_faults(right) == []
    assert _field_faults({**right, "severity": True}) == ["severity is true"]
    assert _field_faults({**right, "is_dead": 0}) == ["is_dead is 0"]
    del right["is_faded"]
    assert _field_faults(right) == ["is_faded is missing"]


def test_the_envelope_of_an_alert() -> None:
    assert _envelope_faults(alert_message(1)) == []
    assert _envelope_faults(Message("Other", {}, None, 1)) == [
        "routing_key is 'Other' instead of 'Algorithm.AlertReport'",
        "content_type is None instead of 'application/json'",
        "delivery_mode is 1 instead of 2",
    ]


def test_queues_and_commands_of_a_view() -> None:
    with pytest.raises(AssertionError, match="grpc-job-7-12-frames: it is not durable"):
        loose = Queue(OWN.name, durable=False, arguments=OWN.arguments)
        messages(queues=[loose, COMMANDS]).view_should_have_its_queues(VIEW)
    with pytest.raises(AssertionError, match=r"'keepalive' does not reach queue .*; it is bound to roi only"):
        messages().command_should_reach_the_queue_of(VIEW, "keepalive")
    with pytest.raises(WaitTimeout, match="3 commands wait"):
        messages(ready_messages=3).commands_of_view_should_be_read(VIEW)
