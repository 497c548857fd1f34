"""A message of the broker, as a test sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """A consumed message; `body` is parsed when it is JSON, else the text."""

    routing_key: str
    body: Any
    content_type: str | None
    delivery_mode: int | None


def parsed_message(routing_key: str, properties: Any, body: bytes) -> Message:
    """A message as pika gives it."""
    text = body.decode(errors="replace")
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        parsed = text
    return Message(routing_key, parsed, properties.content_type, properties.delivery_mode)
