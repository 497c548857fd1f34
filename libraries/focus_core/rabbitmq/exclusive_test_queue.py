"""A queue of one test's own that gets a copy of what an exchange carries."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Self

from focus_core.base import tape
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.rabbitmq.client import ALERT_BINDING, RabbitClient
from focus_core.rabbitmq.connection import CONNECT_TIMEOUT_S, broken_connection_named
from focus_core.rabbitmq.messages import Message, parsed_message
from focus_core.rabbitmq.taped import AMQP, MESSAGES


class ExclusiveTestQueue(AbstractContextManager["ExclusiveTestQueue"]):
    """An exclusive queue on a connection of its own: the broker removes it with the connection, even after a crash.

    It gets what an exchange, the site's unless another is named, carries under the ``binding`` pattern.
    """

    def __init__(self, client: RabbitClient, binding: str = ALERT_BINDING, exchange: str | None = None) -> None:
        self.name = unique("focus-test")
        self.binding = binding
        self.exchange = client.exchange if exchange is None else exchange
        self._client = client
        self._seen: list[Message] = []
        self._connection: Any = None
        tape.through(AMQP, f"bind {self.exchange} {binding}", self._open)

    def wait_for(self, what: str, wanted: Callable[[Message], bool], *, timeout: float) -> Message:
        """The first of all messages that `wanted` accepts; none within `timeout` seconds raises AssertionError."""
        return self.wait_for_all(what, wanted, 1, timeout=timeout)[0]

    def wait_for_all(
        self, what: str, wanted: Callable[[Message], bool], count: int, *, timeout: float
    ) -> list[Message]:
        """All messages so far that `wanted` accepts, as soon as they are `count`, in the order in which they came.

        Fewer within `timeout` seconds raise AssertionError.
        """
        ask = lambda: self._wait_for_all(what, wanted, count, timeout)  # noqa: E731 - used once
        return tape.through(MESSAGES, f"wait for {what}", ask)

    def _wait_for_all(self, what: str, wanted: Callable[[Message], bool], count: int, timeout: float) -> list[Message]:
        deadline = time.monotonic() + timeout
        with broken_connection_named(self._client.address):
            while True:
                self._seen += self._new_messages()
                found = [message for message in self._seen if wanted(message)]
                if len(found) >= count:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{what}: waited {timeout:g} s, {self._account(found, count)}.")
                self._connection.process_data_events(time_limit=min(left, 0.05))

    def messages_until_now(self) -> list[Message]:
        """Everything that reached the queue before this call.

        Proved without waiting: a marker goes into the queue itself, and what comes before it was there first.
        """
        return tape.through(MESSAGES, f"messages until now {self.exchange} {self.binding}", self._until_now)

    def _until_now(self) -> list[Message]:
        marker = unique("marker")
        with broken_connection_named(self._client.address):
            self._channel.basic_publish("", self.name, json.dumps({"marker": marker}).encode())
        self._seen.remove(
            self.wait_for(
                "The queue's own marker comes back",
                lambda message: isinstance(message.body, dict) and message.body.get("marker") == marker,
                timeout=CONNECT_TIMEOUT_S,
            )
        )
        return list(self._seen)

    def confirm_times_ms(self, count: int) -> list[float]:
        """Publishes so many persistent messages into the queue, each when the one before is confirmed; milliseconds of
        each confirmation."""
        import pika

        properties = pika.BasicProperties(delivery_mode=2)
        with broken_connection_named(self._client.address):
            channel = self._connection.channel()
            channel.confirm_delivery()
            times = []
            for number in range(count):
                begun = time.perf_counter()
                channel.basic_publish("", self.name, json.dumps(number).encode(), properties, mandatory=True)
                times.append((time.perf_counter() - begun) * 1000)
        return times

    def wait_until_broken(self, timeout: float) -> None:
        """Returns when the connection is broken; AssertionError when it still holds after `timeout` seconds."""
        from pika.exceptions import AMQPError

        def broken() -> bool:
            try:
                self._connection.process_data_events(time_limit=0)
            except AMQPError:
                return True
            raise NotYet("it holds")

        wait_until(f"The connection of queue {self.name} is broken", broken, timeout=timeout)

    def connect_again(self, timeout: float) -> float:
        """Connects and makes the queue again, as often as it needs; returns after how many seconds it was there.

        What was in the queue is lost with its connection. AssertionError when it takes more than `timeout` seconds.
        """
        begun = time.monotonic()

        def connected() -> bool:
            try:
                self._open()
            except BenchError as error:
                raise NotYet(str(error)) from error
            return True

        wait_until(f"A client of {self._client.address} connects again", connected, timeout=timeout)
        return time.monotonic() - begun

    def close(self) -> None:
        """Removes the queue by closing its connection."""
        if self._connection and self._connection.is_open:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _open(self) -> None:
        from pika.exceptions import ChannelClosedByBroker

        self._connection = self._client.connect(name=self.name)
        try:
            self._channel = self._connection.channel()
            self._channel.queue_declare(self.name, exclusive=True, auto_delete=True)
            self._channel.queue_bind(self.name, self.exchange, self.binding)
        except ChannelClosedByBroker as error:
            self._connection.close()
            raise AssertionError(
                f"No queue could be bound to exchange '{self.exchange}' with key '{self.binding}': {error.reply_text}."
            ) from error

    def _new_messages(self) -> list[Message]:
        found: list[Message] = []
        while True:
            method, properties, body = self._channel.basic_get(self.name, auto_ack=True)
            if method is None:
                return found
            found.append(parsed_message(method.routing_key, properties, body))

    def _account(self, found: list[Message], count: int) -> str:
        if not self._seen:
            return "no message came at all"
        if found:
            return f"{len(found)} of {count} came"
        last = self._seen[-1]
        return f"{len(self._seen)} other messages came, the last under '{last.routing_key}': {last.body!r:.200}"
