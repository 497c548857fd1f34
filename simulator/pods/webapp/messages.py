"""The web app's link to RabbitMQ: one thread that consumes the alerts and publishes on behalf of the requests."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import AMQPError, ChannelClosedByBroker

from simulator.defects import active
from simulator.pods.broker_errors import BROKER_ERRORS
from simulator.pods.webapp.outgoing import ROUTING_KEY, Message, Outgoing

EXCHANGE = "prisma"
QUEUE = "webapp-alerts"
BINDING = "Algorithm.AlertReport.#"
_RETRY_SECONDS = 0.3
_BINDING_SECONDS = 2.0


# Messages of one request, and what its caller waits for.
_Publication = tuple[list[Message], Future[None]]


class BrokerDownError(Exception):
    """The broker cannot be reached, or did not take the message."""


class AlertLink:
    """Connects again whenever the broker comes back.

    ``on_message`` gets each decoded message and whether the broker had sent it before, in the link's thread.
    """

    def __init__(self, url: str, on_message: Callable[[object, bool], None]) -> None:
        self._parameters = pika.URLParameters(url)
        self._parameters.heartbeat = 10
        self._parameters.socket_timeout = 3
        self._parameters.stack_timeout = 4
        self._parameters.blocked_connection_timeout = 4
        self._on_message = on_message
        self._connection: pika.BlockingConnection | None = None
        self._publishing: BlockingChannel | None = None
        self._outgoing = Outgoing()
        self._waiting: SimpleQueue[_Publication] = SimpleQueue()
        self._bound: str | None = None
        self._next_binding = 0.0
        self._owes_acknowledgements = False

    @property
    def connected(self) -> bool:
        """Whether alerts can be published and come back now."""
        return self._connection is not None

    def start(self) -> None:
        """Start the link's thread; it ends with the program."""
        threading.Thread(target=self._run, name="alerts", daemon=True).start()

    def publish(self, messages: list[Message]) -> Future[None]:
        """Publish persistent messages; the future fails with BrokerDownError unless the broker confirmed all."""
        done: Future[None] = Future()
        if active("alerts-unpublished"):
            for message in messages:
                self._on_message(message, False)
            done.set_result(None)
            return done
        connection = self._connection
        if connection is None:
            done.set_exception(BrokerDownError("RabbitMQ is not reachable"))
            return done
        self._waiting.put((messages, done))
        try:
            connection.add_callback_threadsafe(self._publish_waiting)
        except AMQPError as lost:
            _fail(self._take_waiting(), BrokerDownError(str(lost) or type(lost).__name__))
        return done

    def _run(self) -> None:
        reported = ""
        while True:
            try:
                self._serve()
            except BROKER_ERRORS as lost:
                problem = f"RabbitMQ lost or not reachable: {type(lost).__name__} {lost}".strip()
                if problem != reported:
                    print(problem, flush=True)
                    reported = problem
            self._connection = None
            self._publishing = None
            time.sleep(_RETRY_SECONDS)
            while active("webapp-never-reconnects"):
                time.sleep(_RETRY_SECONDS)

    def _serve(self) -> None:
        connection = pika.BlockingConnection(self._parameters)
        try:
            durable = not active("alert-queue-transient")
            channel = _channel_with_queue(connection, durable)
            self._bound = None
            self._bind(channel)
            channel.basic_qos(prefetch_count=200)
            channel.basic_consume(QUEUE, self._receive)
            self._publishing = connection.channel()
            # One answer of the broker for all messages of a request: a hundred confirmations take seconds.
            self._publishing.tx_select()
            self._connection = connection
            print(f"Connected to RabbitMQ; alerts arrive through queue {QUEUE}", flush=True)
            while durable != active("alert-queue-transient"):
                connection.process_data_events(time_limit=0.2)
                self._bind(channel)
                if self._owes_acknowledgements and not active("alerts-unacknowledged"):
                    self._owes_acknowledgements = False
                    channel.basic_ack(0, multiple=True)
        finally:
            self._connection = None
            if connection.is_open:
                connection.close()

    def _bind(self, channel: BlockingChannel) -> None:
        wanted = ROUTING_KEY if active("alert-kinds-unbound") else BINDING
        if active("alerts-unbound"):
            wanted = ""
        # Repeated, because somebody may have removed and made the exchange again.
        if wanted == self._bound and time.monotonic() < self._next_binding:
            return
        self._next_binding = time.monotonic() + _BINDING_SECONDS
        if wanted != self._bound:
            for other in {ROUTING_KEY, BINDING} - {wanted}:
                channel.queue_unbind(QUEUE, EXCHANGE, other)
        self._bound = wanted
        if wanted:
            channel.queue_bind(QUEUE, EXCHANGE, wanted)

    def _publish_waiting(self) -> None:
        """All that wait in one transaction: the broker takes as long for one message as for a hundred."""
        taken = self._take_waiting()
        if not taken:
            return  # with those of a call before
        try:
            if self._publishing is None or not self._publishing.is_open:
                raise BrokerDownError("the channel to RabbitMQ was lost")
            for messages, _ in taken:
                for key, body, properties in self._outgoing.of(messages):
                    self._publishing.basic_publish(EXCHANGE, key, body, properties)
            self._publishing.tx_commit()
        except BrokerDownError as down:
            _fail(taken, down)
        except AMQPError as lost:
            _fail(taken, BrokerDownError(f"{type(lost).__name__} {lost}".strip()))
            raise  # the loop connects anew
        else:
            for _, done in taken:
                done.set_result(None)

    def _take_waiting(self) -> list[_Publication]:
        """What waits and whose caller has not got a failure meanwhile: that must not arrive later."""
        taken = []
        with contextlib.suppress(Empty):
            while True:
                publication = self._waiting.get_nowait()
                if publication[1].set_running_or_notify_cancel():
                    taken.append(publication)
        return taken

    def _receive(
        self, channel: BlockingChannel, method: pika.spec.Basic.Deliver, _properties: object, body: bytes
    ) -> None:
        tag = method.delivery_tag
        try:
            self._on_message(json.loads(body), method.redelivered)
        except ValueError as wrong:
            print(f"Alert message with key {method.routing_key} dropped: {wrong}", flush=True)
            channel.basic_reject(tag, requeue=False)
        else:
            self._owes_acknowledgements = active("alerts-unacknowledged")
            if not self._owes_acknowledgements:
                channel.basic_ack(tag)


def _fail(publications: list[_Publication], error: BrokerDownError) -> None:
    for _, done in publications:
        done.set_exception(error)


def _channel_with_queue(connection: pika.BlockingConnection, durable: bool) -> BlockingChannel:
    """Return a channel on which the alerts' queue was declared; one that is of the other kind is made anew."""
    channel = connection.channel()
    try:
        channel.queue_declare(QUEUE, durable=durable)
    except ChannelClosedByBroker:
        channel = connection.channel()
        channel.queue_delete(QUEUE)
        channel.queue_declare(QUEUE, durable=durable)
    return channel
