"""A queue of this run's own, which the site's messages never reach: what is confirmed there can be counted again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import closing
from typing import TYPE_CHECKING, Any

from focus_core.base.run_identity import unique
from focus_core.rabbitmq.client import PERSISTENT
from focus_core.rabbitmq.connection import broken_connection_named

if TYPE_CHECKING:
    from focus_core.rabbitmq.client import RabbitClient


class DurableTestQueue:
    """A durable queue. Messages are numbers, persistent, published through the default exchange with confirms.

    ``room`` is how many messages it takes before the broker refuses more; None: no limit.
    """

    def __init__(self, client: RabbitClient, room: int | None = None) -> None:
        self.name = unique("focus-own")
        self.confirmed: set[int] = set()
        self.room = room
        self._client = client

    def declare(self) -> None:
        """Makes the queue."""
        limits = {"x-max-length": self.room, "x-overflow": "reject-publish"} if self.room is not None else None
        with broken_connection_named(self._client.address), closing(self._client.connect()) as connection:
            connection.channel().queue_declare(self.name, durable=True, arguments=limits)

    def publish(self, numbers: Iterable[int]) -> int | None:
        """Publishes numbers until the broker refuses one, which is returned; each confirmed one is remembered.

        Raises ``BenchError`` when the connection breaks; what was confirmed before stays remembered.
        """
        import pika
        from pika.exceptions import NackError

        properties = pika.BasicProperties(content_type="application/json", delivery_mode=PERSISTENT)
        with broken_connection_named(self._client.address), closing(self._client.connect()) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            for number in numbers:
                try:
                    channel.basic_publish("", self.name, json.dumps(number).encode(), properties, mandatory=True)
                except NackError:
                    return number
                self.confirmed.add(number)
        return None

    def drain(self) -> list[Any]:
        """Takes every message out of the queue, in order."""
        found: list[Any] = []
        with broken_connection_named(self._client.address), closing(self._client.connect()) as connection:
            channel = connection.channel()
            while True:
                method, _, body = channel.basic_get(self.name, auto_ack=True)
                if method is None:
                    return found
                found.append(json.loads(body))
