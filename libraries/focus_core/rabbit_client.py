"""The site's RabbitMQ: AMQP to publish and consume, the management API for facts about what it holds."""

from __future__ import annotations

import json
import logging
import time
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

from focus_core.errors import BenchError
from focus_core.http_session import HttpSession, NoAnswerError
from focus_core.run_identity import unique
from focus_core.secrets import reveal

if TYPE_CHECKING:
    from focus_core.site_model import Site

CONNECT_TIMEOUT_S = 5.0
# A queue may lie untouched for a whole test; the broker drops silent connections after two of these.
HEARTBEAT_S = 600
# Every alert key (Algorithm.AlertReport, .MLGround, .Pulse, .FiberCut) of the alert exchange.
ALERT_KEY = "Algorithm.AlertReport"
ALERT_BINDING = "Algorithm.AlertReport.#"
PERSISTENT = 2


@dataclass(frozen=True)
class Message:
    """A consumed message; `body` is parsed when it is JSON, else the text."""

    routing_key: str
    body: Any
    content_type: str | None
    delivery_mode: int | None


@dataclass(frozen=True)
class Exchange:
    """What the broker says about an exchange."""

    name: str
    type: str
    durable: bool
    auto_delete: bool


@dataclass(frozen=True)
class Queue:
    """What the broker says about a queue."""

    name: str
    durable: bool


@dataclass(frozen=True)
class Binding:
    """The site's exchange delivers messages with this routing key pattern to this queue."""

    queue: str
    routing_key: str


class RabbitClient:
    """The broker of one site. Nothing is connected before the first use."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        management_url: str,
        username: str,
        password: str,
        vhost: str = "/",
        exchange: str = "prisma",
        verify: bool | str = True,
        timeout: float = CONNECT_TIMEOUT_S,
    ) -> None:
        self.address = f"{host}:{port}"
        self.exchange = exchange
        self.vhost = vhost
        self._host = host
        self._port = port
        self._management_url = management_url.rstrip("/")
        self._username = username
        self._password = password
        self._verify = verify
        self._timeout = timeout
        self._login = {"Authorization": f"Basic {b64encode(f'{username}:{password}'.encode()).decode()}"}

    @classmethod
    def of_site(cls, site: Site, timeout: float = CONNECT_TIMEOUT_S) -> RabbitClient:
        """The broker of `site`; `timeout` seconds for each step of a connection."""
        place = site.rabbitmq
        return cls(
            host=place.host,
            port=place.port,
            management_url=place.management_url,
            username=place.username,
            password=reveal(place.password),
            vhost=place.vhost,
            exchange=place.exchange,
            verify=str(site.tls.ca_file) if site.tls.ca_file else True,
            timeout=timeout,
        )

    def connect(self) -> Any:
        """A new pika BlockingConnection; the caller closes it. An unreachable or refusing broker raises BenchError."""
        # Imported here: a suite that speaks only REST must not pay for it.
        import pika
        from pika.exceptions import AMQPConnectionError

        # What pika has to say comes back as an error, worded for the reader of the report.
        logging.getLogger("pika").setLevel(logging.CRITICAL)
        parameters = pika.ConnectionParameters(
            host=self._host,
            port=self._port,
            virtual_host=self.vhost,
            credentials=pika.PlainCredentials(self._username, self._password),
            heartbeat=HEARTBEAT_S,
            socket_timeout=self._timeout,
            stack_timeout=2 * self._timeout,
            blocked_connection_timeout=self._timeout,
        )
        try:
            return pika.BlockingConnection(parameters)
        except AMQPConnectionError as error:
            raise BenchError(
                f"RabbitMQ at {self.address} does not let '{self._username}' in ({type(error).__name__}); check that "
                "it runs and that rabbitmq.host, port, username and password of the site file are right."
            ) from error

    def publish(self, routing_key: str, body: Mapping[str, Any]) -> None:
        """Publishes `body` as persistent JSON on the site's exchange and waits for the broker's confirmation.

        A message that the broker rejects, or that no queue wanted, raises AssertionError.
        """
        import pika
        from pika.exceptions import ChannelClosedByBroker, NackError, UnroutableError

        properties = pika.BasicProperties(content_type="application/json", delivery_mode=PERSISTENT)
        with broken_connection_named(self.address), closing(self.connect()) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            try:
                channel.basic_publish(self.exchange, routing_key, json.dumps(body).encode(), properties, mandatory=True)
            except UnroutableError as error:
                raise AssertionError(
                    f"Exchange '{self.exchange}' has no queue for the routing key '{routing_key}': the message was "
                    "returned."
                ) from error
            except (NackError, ChannelClosedByBroker) as error:
                raise AssertionError(
                    f"RabbitMQ did not accept a message for exchange '{self.exchange}', key '{routing_key}': {error}."
                ) from error

    def listen(self, binding: str = ALERT_BINDING) -> PrivateQueue:
        """A queue of this test's own that gets what the site's exchange carries under the `binding` pattern."""
        return PrivateQueue(self, binding)

    def delete_own_queue(self, name: str, run: str) -> None:
        """Deletes a queue that carries the id of `run` in its name, with what is in it; any other is refused."""
        if not run or run not in name:
            raise BenchError(f"Queue '{name}' is not one of run {run}; it was not deleted.")
        with broken_connection_named(self.address), closing(self.connect()) as connection:
            connection.channel().queue_delete(name)

    def exchange_facts(self) -> Exchange:
        """Type and durability of the site's exchange; a missing one raises AssertionError."""
        found = self._get(f"exchanges/{self._quoted_vhost}/{quote(self.exchange, safe='')}")
        if found is None:
            raise AssertionError(f"RabbitMQ has no exchange '{self.exchange}' in vhost '{self.vhost}'.")
        return Exchange(found["name"], found["type"], found["durable"], found["auto_delete"])

    def queues(self) -> list[Queue]:
        """All queues of the site's vhost."""
        return [Queue(entry["name"], entry["durable"]) for entry in self._get(f"queues/{self._quoted_vhost}") or []]

    def bindings(self) -> list[Binding]:
        """Queues bound to the site's exchange."""
        found = self._get(f"exchanges/{self._quoted_vhost}/{quote(self.exchange, safe='')}/bindings/source") or []
        return [
            Binding(entry["destination"], entry["routing_key"])
            for entry in found
            if entry["destination_type"] == "queue"
        ]

    def version(self) -> str:
        """The broker's version."""
        return str((self._get("overview") or {}).get("rabbitmq_version"))

    @property
    def _quoted_vhost(self) -> str:
        return quote(self.vhost, safe="")

    @cached_property
    def _session(self) -> HttpSession:
        return HttpSession(f"{self._management_url}/api", timeout=CONNECT_TIMEOUT_S, verify=self._verify)

    def _get(self, path: str) -> Any:
        url = f"{self._management_url}/api/{path}"
        try:
            answer = self._session.send("GET", f"/{path}", headers=self._login)
        except NoAnswerError as error:
            raise BenchError(
                f"RabbitMQ's management API does not answer {url} ({error}); check that it runs and "
                "that rabbitmq.management_url of the site file is right."
            ) from error
        if answer.status == 404:
            return None
        if answer.status != 200:
            raise BenchError(
                f"RabbitMQ's management API refused {url} ({answer.status}); give '{self._username}' the right to "
                "read it or correct rabbitmq.username of the site file."
            )
        return json.loads(answer.content)


class PrivateQueue(AbstractContextManager["PrivateQueue"]):
    """An exclusive queue on a connection of its own: the broker removes it with the connection, even after a crash."""

    def __init__(self, client: RabbitClient, binding: str) -> None:
        from pika.exceptions import ChannelClosedByBroker

        self.name = unique("focus-test")
        self._address = client.address
        self._connection = client.connect()
        self._seen: list[Message] = []
        try:
            self._channel = self._connection.channel()
            self._channel.queue_declare(self.name, exclusive=True, auto_delete=True)
            self._channel.queue_bind(self.name, client.exchange, binding)
        except ChannelClosedByBroker as error:
            self._connection.close()
            raise AssertionError(
                f"No queue could be bound to exchange '{client.exchange}' with key '{binding}': {error.reply_text}."
            ) from error

    def wait_for(self, what: str, wanted: Callable[[Message], bool], *, timeout: float) -> Message:
        """The first of all messages that `wanted` accepts; none within `timeout` seconds raises AssertionError."""
        deadline = time.monotonic() + timeout
        with broken_connection_named(self._address):
            while True:
                self._seen += self._new_messages()
                found = next((message for message in self._seen if wanted(message)), None)
                if found:
                    return found
                left = deadline - time.monotonic()
                if left <= 0:
                    raise AssertionError(f"{what}: waited {timeout:g} s, {self._account()}.")
                self._connection.process_data_events(time_limit=min(left, 0.05))

    def messages_until_now(self) -> list[Message]:
        """Everything that reached the queue before this call.

        Proved without waiting: a marker goes into the queue itself, and what comes before it was there first.
        """
        marker = unique("marker")
        with broken_connection_named(self._address):
            self._channel.basic_publish("", self.name, json.dumps({"marker": marker}).encode())
        self._seen.remove(
            self.wait_for(
                "The queue's own marker comes back",
                lambda message: isinstance(message.body, dict) and message.body.get("marker") == marker,
                timeout=CONNECT_TIMEOUT_S,
            )
        )
        return list(self._seen)

    def close(self) -> None:
        """Removes the queue by closing its connection."""
        if self._connection.is_open:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def _new_messages(self) -> list[Message]:
        found: list[Message] = []
        while True:
            method, properties, body = self._channel.basic_get(self.name, auto_ack=True)
            if method is None:
                return found
            found.append(_message(method.routing_key, properties, body))

    def _account(self) -> str:
        if not self._seen:
            return "no message came at all"
        last = self._seen[-1]
        return f"{len(self._seen)} other messages came, the last under '{last.routing_key}': {last.body!r:.200}"


@contextmanager
def broken_connection_named(address: str) -> Iterator[None]:
    """A broker that goes away in the middle is a fault of the bench."""
    from pika.exceptions import AMQPError

    try:
        yield
    except AMQPError as error:
        raise BenchError(
            f"RabbitMQ at {address} broke off the connection ({type(error).__name__}); check its log."
        ) from error


def _message(routing_key: str, properties: Any, body: bytes) -> Message:
    text = body.decode(errors="replace")
    try:
        parsed: Any = json.loads(text)
    except ValueError:
        parsed = text
    return Message(routing_key, parsed, properties.content_type, properties.delivery_mode)
