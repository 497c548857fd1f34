"""A message of the broker, as a test sees it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from focus_core.contract import messages as contract_messages
from focus_core.site import secrets


@dataclass(frozen=True)
class Message:
    """A message that a queue got.

    - ``routing_key``: what it was published under
    - ``body``: an object where it is JSON, else the text
    - ``content_type``: as application/json; None where the sender gave none
    - ``delivery_mode``: 2 outlives a restart of the broker, 1 does not; None where the sender gave none
    """

    routing_key: str
    body: Any
    content_type: str | None
    delivery_mode: int | None

    def __str__(self) -> str:
        return f"message under '{self.routing_key}'"


def parsed_message(routing_key: str, properties: Any, body: bytes) -> Message:
    """A message as pika gives it. A secret of the site in it is noted as a leak, and what breaks the contract
    of record too."""
    text = body.decode(errors="replace")
    secrets.note_leaks(f"A message under routing key '{routing_key}'", f"{routing_key} {properties} {text}")
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        parsed = text
    contract_messages.note_message(routing_key, parsed)
    return Message(routing_key, parsed, properties.content_type, properties.delivery_mode)
