"""What AMQP gives, recorded and played back: whether a message was routed, and the messages of a queue."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from focus_core.base import tape
from focus_core.rabbitmq.management import Queue
from focus_core.rabbitmq.messages import Message

# Plain answers, the messages of a queue, and queues with their numbers.
AMQP: tape.Door[Any] = tape.Door("amqp")
MESSAGES: tape.Door[list[Message]] = tape.Door(
    "amqp", lambda found: list(map(asdict, found)), lambda kept: [Message(**message) for message in kept]
)
QUEUES: tape.Door[list[Queue]] = tape.Door(
    "amqp", lambda found: list(map(asdict, found)), lambda kept: [Queue(**queue) for queue in kept]
)
