"""What is wrong with the messages of alerts is named."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from focus_core.rabbitmq.messages import Message
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message
from focus_keywords.alerts.message_checks import envelope_faults, faults, field_faults, order_faults

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
ALERTS = [Alert(f"a{number}", AlertClass.SD, Severity.high, 1250) for number in range(3)]


def message_of(alert: Alert, **changes: Any) -> Message:
    return Message("Algorithm.AlertReport", exchange_message(alert, AT) | changes, "application/json", 2)


def test_a_right_message_has_no_fault() -> None:
    assert faults(message_of(ALERTS[0]), ALERTS[0], AT) == []


def test_envelope_fields_and_values_are_all_looked_at() -> None:
    body = exchange_message(ALERTS[0], AT) | {"severity": 1, "is_dead": 0}
    assert faults(Message("Other", body, "application/json", 2), ALERTS[0], AT) == [
        "routing_key is 'Other' instead of 'Algorithm.AlertReport'",
        "is_dead is 0",
        "severity is 1 instead of 3",
    ]


@pytest.mark.parametrize(
    ("numbers", "fault"),
    [
        ([0, 1, 2], []),
        ([0, 2, 1], ["they passed in another order, from alert 2 on: a2 instead of a1"]),
        ([0, 1, 1, 2], ["3 were sent and 4 passed: some twice"]),
        ([0, 2, 2], ["1 of 3 did not pass, first a1"]),
        ([], ["3 of 3 did not pass, first a0"]),
    ],
)
def test_order_and_number_of_alerts(numbers: list[int], fault: list[str]) -> None:
    assert order_faults([message_of(ALERTS[number]) for number in numbers], ALERTS) == fault


def test_every_field_of_an_alert_has_its_type() -> None:
    right = exchange_message(ALERTS[0], AT)
    assert field_faults(right) == []
    assert field_faults({**right, "severity": True}) == ["severity is true"]
    assert field_faults({**right, "is_dead": 0}) == ["is_dead is 0"]
    del right["is_faded"]
    assert field_faults(right) == ["is_faded is missing"]


def test_the_envelope_of_an_alert() -> None:
    assert envelope_faults(Message("Other", {}, None, 1)) == [
        "routing_key is 'Other' instead of 'Algorithm.AlertReport'",
        "content_type is None instead of 'application/json'",
        "delivery_mode is 1 instead of 2",
    ]
