"""Getters of the broker: what is late is waited for, what is in a private queue is filtered."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.rabbitmq import queues
from focus_core.rabbitmq.management import BrokerState, Queue
from focus_core.rabbitmq.messages import Message
from focus_core.run import clients
from focus_core.webapp.alerts import Alert, AlertClass, Severity
from focus_keywords.rabbitmq import queue_getters
from focus_keywords.rabbitmq.broker_getters import BrokerGetters
from focus_keywords.rabbitmq.message_getters import MessageGetters
from focus_keywords.rabbitmq.queue_getters import QueueField, QueueGetters
from support.fake_broker import broker

IS = AssertionOperator["=="]
FULL = Queue("q", durable=True, consumers=1, ready=2, unacknowledged=3)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the queue was counted, for each look."""
    looks: list[bool] = []

    def find(_client: Any, _wanted: Any, *, counted: bool = False) -> list[Queue]:
        looks.append(counted)
        return [FULL]

    monkeypatch.setattr(queues, "find", find)
    monkeypatch.setattr(clients, "rabbitmq", broker)
    return looks


@pytest.mark.parametrize(
    ("field", "value", "counted", "waits"),
    [
        ("ready", 2, True, False),
        ("consumers", 1, True, False),
        ("messages", 5, False, True),
        ("durable", True, False, False),
    ],
)
def test_each_number_is_fresh(
    field: QueueField,
    value: object,
    counted: bool,
    waits: bool,
    found: list[bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue_getters, "_STATISTICS_AGE_S", 0.3)
    begun = time.monotonic()
    assert QueueGetters().get_queue_field(field) == value
    assert found == [counted]
    assert (time.monotonic() - begun >= 0.3) == waits


def test_consumers_are_counted_now(found: list[bool]) -> None:
    assert QueueGetters().get_consumer_count(IS, 1) == 1
    assert found == [True]


def test_an_alarm_fails_with_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    ill = broker(broker=BrokerState("4.1", ("n",), (), ("mem_alarm of n",)))
    monkeypatch.setattr(clients, "rabbitmq", lambda: ill)
    with pytest.raises(AssertionError, match=r"alarms of RabbitMQ: .*mem_alarm of n"):
        BrokerGetters().get_broker_field("alarms", IS, "")


ALERT = Alert("a1", AlertClass.SD, Severity.high, 7)
MESSAGES = [
    Message("one", {"alert_id": "a1", "list": [1, 2]}, "application/json", 2),
    Message("two", {"alert_id": "a2", "list": [3]}, "application/json", 1),
    Message("two", "text", None, None),
]
QUEUE: Any = SimpleNamespace(name="own", messages_until_now=lambda: list(MESSAGES))


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda words: words.get_messages(QUEUE), MESSAGES),
        (lambda words: words.get_messages(QUEUE, alert=ALERT), MESSAGES[:1]),
        (lambda words: words.get_message_count(QUEUE, key="two"), 2),
        (lambda words: words.get_message_field(QUEUE, "delivery_mode", alert=ALERT), 2),
        (lambda words: words.get_message_field(QUEUE, "body.list[-1]", alert=ALERT), 2),
        (lambda words: list(words.get_message_field(QUEUE, "content_type", key="two")), ["application/json", None]),
    ],
)
def test_messages_are_filtered(read: Callable[[MessageGetters], Any], value: object) -> None:
    assert read(MessageGetters()) == value


def test_a_message_without_the_member_is_named() -> None:
    with pytest.raises(AssertionError, match=r"body\.list in queue own: there is no list: at 'list' stands a text"):
        MessageGetters().get_message_field(QUEUE, "body.list", key="two")
    with pytest.raises(AssertionError, match="there is no message"):
        MessageGetters().get_message_field(QUEUE, "body", key="three")
    with pytest.raises(BenchError, match="has no field 'colour'; use one of routing_key"):
        MessageGetters().get_message_field(QUEUE, "colour")
