"""Alerts as they leave the web app: routing key, body and properties of each message, wrong where a defect is on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pika

from simulator.defects import active

ROUTING_KEY = "Algorithm.AlertReport"
_OTHER_KEY = "Algorithm.AlertReport.FiberCut"
_PERSISTENT, _TRANSIENT = 2, 1
# With the defect alerts-lost every alert with such a number is lost.
_LOST_EACH = 50

Message = dict[str, Any]


class Outgoing:
    """Counts the alerts of one web app on their way out."""

    def __init__(self) -> None:
        self._count = 0

    def of(self, messages: list[Message]) -> Iterator[tuple[str, bytes, pika.BasicProperties]]:
        """Return what is published for the messages of one request: routing key, body, properties."""
        if active("alerts-reversed"):
            messages = messages[::-1]
        if active("alerts-published-twice"):
            messages = [message for message in messages for _ in range(2)]
        properties = _properties()
        key = _OTHER_KEY if active("alerts-misrouted") else ROUTING_KEY
        for message in messages:
            self._count += 1
            if self._count % _LOST_EACH or not active("alerts-lost"):
                yield key, json.dumps(message).encode(), properties


def _properties() -> pika.BasicProperties:
    kind: str | None = "text/plain" if active("alerts-as-text") else "application/json"
    return pika.BasicProperties(
        content_type=None if active("alerts-untyped") else kind,
        delivery_mode=_TRANSIENT if active("alerts-not-persistent") else _PERSISTENT,
    )
