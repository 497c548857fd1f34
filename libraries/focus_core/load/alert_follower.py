"""Takes the alerts of a load from the exchange while it lasts, in the event loop that sends them: both by one clock."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.load.alert_count import AlertCount
from focus_core.load.broker import asked, open_channel
from focus_core.load.plan import FollowedAlerts
from focus_core.load.result import AlertsOutcome
from focus_core.rabbitmq.connection import CONNECT_TIMEOUT_S
from focus_core.site.model import Rabbit

_LOOK_S = 0.02


class AlertFollower:
    """A queue of the load's own, exclusive, which the broker removes with its connection."""

    def __init__(self, followed: FollowedAlerts, broker: Rabbit) -> None:
        self._followed, self._broker = followed, broker
        self._count = AlertCount(followed)
        self._name = unique("focus-load")
        self._channel: Any = None
        self._broken = False
        self._marker = self._name.encode()
        self._marker_came = asyncio.Event()

    def settle(self, number: int, cause: str) -> None:
        """An action has ended; ``cause`` of its failure, empty for none."""
        self._count.settle(number, cause, time.time())

    async def open(self) -> None:
        """Binds the queue. Raises ``BenchError`` when the broker does not let it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(2 * CONNECT_TIMEOUT_S):
                self._channel = await open_channel(self._broker, self._name, self._lose)
                if self._channel is not None and await self._consume(self._channel):
                    return
        raise BenchError(
            f"No queue could be bound to exchange '{self._broker.exchange}' of RabbitMQ at {self._broker.host}:"
            f"{self._broker.port}: check that both are there and that the site's user may bind queues."
        )

    async def close(self) -> AlertsOutcome:
        """Waits for the alerts that were confirmed and have not come, and removes the queue."""
        deadline = time.monotonic() + self._followed.within_s
        while not (self._count.complete or self._broken) and time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_S)
        # What was confirmed before the marker stands before it in the queue: what comes twice has come.
        if not self._broken:
            self._channel.basic_publish("", self._name, self._marker)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._marker_came.wait(), CONNECT_TIMEOUT_S)
        broken = "" if self._marker_came.is_set() else "the broker broke off the connection that followed the alerts"
        self.stop()
        return self._count.outcome(broken)

    def stop(self) -> None:
        """Removes the queue."""
        if self._channel is not None and self._channel.connection.is_open:
            self._channel.connection.close()

    async def _consume(self, channel: Any) -> bool:
        exchange, key = self._broker.exchange, self._followed.routing_key
        return (
            await asked(channel, lambda done: channel.queue_declare(self._name, exclusive=True, callback=done))
            and await asked(channel, lambda done: channel.queue_bind(self._name, exchange, key, callback=done))
            and await asked(
                channel, lambda done: channel.basic_consume(self._name, self._take, auto_ack=True, callback=done)
            )
        )

    def _lose(self) -> None:
        self._broken = True

    def _take(self, _channel: Any, _method: Any, _properties: Any, body: bytes) -> None:
        at = time.time()
        if body == self._marker:
            self._marker_came.set()
        else:
            self._count.arrive(body, at)
