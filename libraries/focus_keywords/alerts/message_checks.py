"""What is wrong with the message of an alert: envelope, fields, their types and values (site-contract 6)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from focus_core.rabbitmq.client import ALERT_KEY, JSON, PERSISTENT
from focus_core.rabbitmq.messages import Message
from focus_core.webapp.alerts import Alert, message_faults

# Every field of an alert's message, with its type.
FIELDS: dict[str, type | tuple[type, ...]] = {
    "algorun_id": str,
    "alert_id": str,
    "class_id": int,
    "severity": int,
    "distance_m": (int, float),
    "alert_time": str,
    "time_interval_s": (int, float),
    "is_external": bool,
    "is_dead": bool,
    "is_faded": bool,
}


def id_of(message: Message) -> str:
    """The id of the alert that a message carries; empty where it carries none."""
    return str(message.body.get("alert_id")) if isinstance(message.body, dict) else ""


def faults(message: Message, alert: Alert, sent: datetime) -> list[str]:
    """Every way in which the message differs from what it must be for an alert that was sent at ``sent`` (aware)."""
    return [*envelope_faults(message), *field_faults(message.body), *message_faults(alert, message.body, sent)]


def order_faults(messages: Sequence[Message], alerts: Sequence[Alert]) -> list[str]:
    """In which way the messages are not those of the alerts, each once and in their order; empty or one sentence."""
    seen, sent = [id_of(message) for message in messages], [alert.id for alert in alerts]
    if seen == sent:
        return []
    if lost := [one for one in sent if one not in seen]:
        return [f"{len(lost)} of {len(sent)} did not pass, first {lost[0]}"]
    if len(seen) > len(sent):
        return [f"{len(sent)} were sent and {len(seen)} passed: some twice"]
    first = next(place for place, (one, other) in enumerate(zip(seen, sent, strict=True)) if one != other)
    return [f"they passed in another order, from alert {first + 1} on: {seen[first]} instead of {sent[first]}"]


def envelope_faults(message: Message) -> list[str]:
    """What is wrong with routing key, content type and delivery mode."""
    expected = {"routing_key": ALERT_KEY, "content_type": JSON, "delivery_mode": PERSISTENT}
    return [
        f"{name} is {getattr(message, name)!r} instead of {value!r}"
        for name, value in expected.items()
        if getattr(message, name) != value
    ]


def field_faults(body: dict[str, Any]) -> list[str]:
    """Fields that are missing or of another type."""
    found = [f"{name} is missing" for name in FIELDS if name not in body]
    for name, kind in FIELDS.items():
        value = body.get(name)
        # True and False are numbers to Python.
        wrong = not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))
        if name in body and wrong:
            found.append(f"{name} is {json.dumps(value)}")
    return found
