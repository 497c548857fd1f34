"""Keywords about alerts on their way where the site is wrong: each names the fault."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.disruption.rules import DisruptionRefusedError
from focus_core.rabbitmq.messages import Message
from focus_core.run import clients
from focus_keywords.alerts.transport import AlertTransport, _envelope_faults, _field_faults
from support.fake_broker import broker

SITE = SimpleNamespace(
    name="wrong",
    policy=SimpleNamespace(disruption=False, max_pods=0),
    timings=SimpleNamespace(reconnected_s=0.1, alert_visible_s=0.1),
)
# The client that the keywords ask: the last one that a test made.
ASKED: list[Any] = []


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focus_keywords.alerts.transport.site", lambda: SITE)
    monkeypatch.setattr(clients, "rabbitmq", lambda: ASKED[-1])


def alerts(**facts: Any) -> AlertTransport:
    ASKED.append(broker(**facts))
    return AlertTransport()


@contextmanager
def passed(*found: Message) -> Iterator[Any]:
    """A private queue that holds these messages."""
    yield SimpleNamespace(wait_for_all=lambda *_a, **_o: list(found), messages_until_now=lambda: list(found))


def test_nobody_is_cut_off_where_the_policy_forbids_it() -> None:
    with pytest.raises(DisruptionRefusedError, match=r"policy\.disruption is false"):
        alerts().disconnect_the_consumer_of_alerts()


def alert_message(number: int, **changes: Any) -> Message:
    return Message("Algorithm.AlertReport", {"alert_id": f"a{number}"} | changes, "application/json", 2)


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [([0, 2, 1], "from alert 2 on: a2 instead of a1"), ([0, 1, 1, 2], "3 alerts were sent, 4 passed")],
)
def test_order_and_number_of_alerts(numbers: list[int], fault: str) -> None:
    sent: Any = [SimpleNamespace(id=f"a{number}") for number in range(3)]
    with (
        passed(*(alert_message(number) for number in numbers)) as queue,
        pytest.raises(AssertionError, match=fault),
    ):
        alerts()._expect_in_order(queue, sent)


def test_alerts_in_order_pass() -> None:
    sent: Any = [SimpleNamespace(id=f"a{number}") for number in range(3)]
    with passed(*(alert_message(number) for number in range(3)), alert_message(9)) as queue:
        alerts()._expect_in_order(queue, sent)


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
