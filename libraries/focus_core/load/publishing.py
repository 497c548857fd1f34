"""Messages of a load for the broker: many under way on one connection, each with the broker's confirm."""

from __future__ import annotations

import asyncio
from typing import Any

from focus_core.load.broker import asked, open_channel
from focus_core.load.http1 import LOST, NOT_ENDED, TIMEOUT, UNREACHABLE
from focus_core.rabbitmq.client import JSON, PERSISTENT
from focus_core.site.model import Rabbit

NOT_CONFIRMED, NOT_ROUTED = "not confirmed", "not routed"


class Publisher:
    """One connection to a broker in the running event loop, made at the first message and again after it was lost."""

    def __init__(self, broker: Rabbit, timeout: float) -> None:
        self._broker, self._timeout = broker, timeout
        self._channel: Any = None
        self._opening = asyncio.Lock()
        self._last_tag = 0
        self._under_way: dict[int, asyncio.Future[str]] = {}
        self._returned: set[str] = set()

    async def publish(self, exchange: str | None, routing_key: str, body: str) -> str:
        """Publishes a message and waits for its confirm; the cause of a failure, empty for none."""
        import pika
        from pika.exceptions import AMQPError

        try:
            channel = self._channel
            # The lock and its timeout cost as much as the rest: only the first message needs them.
            if channel is None or not channel.is_open:
                async with asyncio.timeout(self._timeout):
                    channel = await self._open_channel()
            if channel is None:
                return UNREACHABLE
            loop = asyncio.get_running_loop()
            self._last_tag += 1
            tag = self._last_tag
            confirmed: asyncio.Future[str] = loop.create_future()
            self._under_way[tag] = confirmed
            properties = pika.BasicProperties(content_type=JSON, delivery_mode=PERSISTENT, message_id=str(tag))
            named = self._broker.exchange if exchange is None else exchange
            channel.basic_publish(named, routing_key, body.encode(), properties, mandatory=True)
            late = loop.call_later(self._timeout, self._end, tag, TIMEOUT)
            try:
                return await confirmed
            finally:
                late.cancel()
        except TimeoutError:
            return TIMEOUT
        except AMQPError:
            return LOST

    def close(self) -> None:
        """Ends everything."""
        self._all_end(NOT_ENDED)
        if self._channel and self._channel.connection.is_open:
            self._channel.connection.close()

    async def _open_channel(self) -> Any:
        async with self._opening:
            if self._channel is None or not self._channel.is_open:
                self._channel = await self._connect()
            return self._channel

    async def _connect(self) -> Any:
        """A channel with confirms on a new connection; None when there is none."""
        self._last_tag = 0
        channel = await open_channel(self._broker, "focus-load", lambda: self._all_end(LOST))
        if channel is None:
            return None
        channel.add_on_return_callback(self._on_return)
        confirming = await asked(channel, lambda done: channel.confirm_delivery(self._on_confirm, callback=done))
        return channel if confirming else None

    def _on_return(self, _channel: Any, _method: Any, properties: Any, _body: bytes) -> None:
        # The broker sends it back before it confirms it.
        self._returned.add(properties.message_id)

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        cause = "" if method.NAME == "Basic.Ack" else NOT_CONFIRMED
        tags = (
            [tag for tag in self._under_way if tag <= method.delivery_tag] if method.multiple else [method.delivery_tag]
        )
        for tag in tags:
            self._end(tag, NOT_ROUTED if str(tag) in self._returned else cause)
            self._returned.discard(str(tag))

    def _end(self, tag: int, cause: str) -> None:
        confirmed = self._under_way.pop(tag, None)
        if confirmed and not confirmed.done():
            confirmed.set_result(cause)

    def _all_end(self, cause: str) -> None:
        self._returned.clear()
        for tag in list(self._under_way):
            self._end(tag, cause)
