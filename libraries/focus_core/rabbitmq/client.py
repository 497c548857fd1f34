"""The site's RabbitMQ: AMQP to publish and consume, the management API for facts about what it holds."""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from focus_core.base import tape
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.rabbitmq import connection as rabbit_connection
from focus_core.rabbitmq.connection import CONNECT_TIMEOUT_S, broken_connection_named
from focus_core.rabbitmq.management import Binding, BrokerExchange, BrokerState, Connection, ManagementApi, Queue
from focus_core.rabbitmq.taped import AMQP, QUEUES
from focus_core.site.secrets import reveal

if TYPE_CHECKING:
    from focus_core.site.model import Site

# Every alert key (Algorithm.AlertReport, .MLGround, .Pulse, .FiberCut) of the alert exchange.
ALERT_KEY = "Algorithm.AlertReport"
ALERT_BINDING = "Algorithm.AlertReport.#"
PERSISTENT = 2
JSON = "application/json"


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
        proxy: str | None = None,
    ) -> None:
        self.address = f"{host}:{port}"
        self.exchange = exchange
        self.management = ManagementApi(
            url=management_url,
            vhost=vhost,
            username=username,
            password=password,
            verify=verify,
            timeout=CONNECT_TIMEOUT_S,
            proxy=proxy,
        )
        self._verify = verify
        self._place: dict[str, Any] = {
            "host": host,
            "port": port,
            "vhost": vhost,
            "username": username,
            "password": password,
            "timeout": timeout,
        }

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
            verify=site.tls.verify,
            timeout=timeout,
            proxy=site.proxy,
        )

    def connect(self, name: str | None = None) -> Any:
        """A new pika BlockingConnection, which the management API shows by its `name`; the caller closes it.

        An unreachable or refusing broker raises BenchError.
        """
        return rabbit_connection.connect(**self._place, name=name or unique("focus-client"))

    def connect_by_tls(self, port: int) -> Any:
        """The same over TLS: certificate and host name are verified."""
        trust = ssl.create_default_context(cafile=self._verify if isinstance(self._verify, str) else None)
        return rabbit_connection.connect(**{**self._place, "port": port}, name=unique("focus-client"), tls=trust)

    def lets_in(self, username: str, password: str) -> bool:
        """Whether the broker lets another user in. A broker that cannot be reached raises BenchError."""
        return bool(tape.through(AMQP, f"login of {username}", lambda: self._lets_in(username, password)))

    def _lets_in(self, username: str, password: str) -> bool:
        from pika.exceptions import ProbableAccessDeniedError, ProbableAuthenticationError

        try:
            rabbit_connection.connect(
                **{**self._place, "username": username, "password": password}, name=unique("focus-stranger")
            ).close()
        except BenchError as error:
            if isinstance(error.__cause__, ProbableAuthenticationError | ProbableAccessDeniedError):
                return False
            raise
        return True

    def publish(self, routing_key: str, body: Mapping[str, Any], *, exchange: str | None = None) -> None:
        """Publishes `body` as persistent JSON on an exchange, the site's unless another is named, and waits for the
        broker's confirmation.

        A message that the broker rejects, or that no queue wanted, raises AssertionError.
        """
        if not self.is_routed(routing_key, body, exchange=exchange):
            raise AssertionError(
                f"Exchange '{self._named(exchange)}' has no queue for the routing key '{routing_key}': the message "
                "was returned."
            )

    def is_routed(self, routing_key: str, body: Mapping[str, Any], *, exchange: str | None = None) -> bool:
        """Publishes like `publish`, and returns whether a queue got the message; False: it was returned."""
        ask = lambda: self._is_routed(routing_key, body, exchange)  # noqa: E731 - used once
        return bool(tape.through(AMQP, f"publish {self._named(exchange)} {routing_key}", ask, dict(body)))

    def publish_all(self, messages: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """Publishes routing keys and bodies on the site's exchange, in order, on one connection, as `publish` does.

        A message that the broker rejects, or that no queue wanted, raises AssertionError; those before it are sent.
        """
        ask = lambda: self._publish_all(messages)  # noqa: E731 - used once
        missed = tape.through(AMQP, f"publish {len(messages)} messages", ask, [list(one) for one in messages])
        if missed:
            raise AssertionError(
                f"Exchange '{self.exchange}' has no queue for the routing key '{missed}': the message was returned."
            )

    def _publish_all(self, messages: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
        with broken_connection_named(self.address), closing(self.connect()) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            lost = (key for key, body in messages if not _is_routed_on(channel, self.exchange, key, body))
            return next(lost, "")

    def _is_routed(self, routing_key: str, body: Mapping[str, Any], exchange: str | None) -> bool:
        with broken_connection_named(self.address), closing(self.connect()) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            return _is_routed_on(channel, self._named(exchange), routing_key, body)

    def delete_own_queue(self, name: str, run: str) -> None:
        """Deletes a queue that carries the id of `run` in its name, with what is in it; any other is refused."""
        if not run or run not in name:
            raise BenchError(f"Queue '{name}' is not one of run {run}; it was not deleted.")
        with broken_connection_named(self.address), closing(self.connect()) as connection:
            connection.channel().queue_delete(name)

    def counted(self, queues: Sequence[Queue]) -> list[Queue]:
        """The queues with their ready messages and consumers as they are now.

        Of queues that only another connection can use, and of those that are gone meanwhile, the numbers stay.
        """
        names = ", ".join(queue.name for queue in queues)
        return tape.through(QUEUES, f"messages of {names}", lambda: self._counted(queues))

    def _counted(self, queues: Sequence[Queue]) -> list[Queue]:
        from pika.exceptions import ChannelClosedByBroker

        found = []
        with broken_connection_named(self.address), closing(self.connect()) as connection:
            channel = connection.channel()
            for queue in queues:
                try:
                    now = channel.queue_declare(queue.name, passive=True).method
                except ChannelClosedByBroker:
                    channel = connection.channel()
                    found.append(queue)
                else:
                    found.append(replace(queue, ready=now.message_count, consumers=now.consumer_count))
        return found

    def exchange_facts(self, name: str | None = None) -> BrokerExchange:
        """Type and durability of an exchange, the site's unless another is named; a missing one raises
        AssertionError."""
        return self.management.exchange(self._named(name))

    def queues(self) -> list[Queue]:
        """All queues of the site's vhost."""
        return self.management.queues()

    def bindings(self, exchange: str | None = None) -> list[Binding]:
        """Queues bound to an exchange, the site's unless another is named."""
        return self.management.bindings(self._named(exchange))

    def connections_until_now(self, timeout: float) -> list[Connection]:
        """All connections but one of our own, opened now: when it is shown, each that was opened before is too.

        Raises ``WaitTimeout`` when it is not shown within so many seconds.
        """
        marker = unique("focus-marker")

        def shown() -> list[Connection]:
            seen = self.management.connections()
            if not any(entry.client == marker for entry in seen):
                raise NotYet("the management API does not show a connection that was opened now")
            return seen

        with closing(self.connect(name=marker)):
            seen = wait_until("The connections of the broker are known", shown, timeout=timeout)
        return [entry for entry in seen if entry.client != marker]

    def version(self) -> str:
        """The broker's version."""
        return self.management.version()

    def broker(self) -> BrokerState:
        """Version, nodes and alarms of the broker."""
        nodes = self.management.nodes()
        return BrokerState(
            self.version(),
            tuple(node.name for node in nodes if node.running),
            tuple(node.name for node in nodes if not node.running),
            tuple(f"{alarm} of {node.name}" for node in nodes for alarm in node.alarms),
        )

    def _named(self, exchange: str | None) -> str:
        # An empty name is the broker's default exchange.
        return self.exchange if exchange is None else exchange


def _is_routed_on(channel: Any, exchange: str, routing_key: str, body: Mapping[str, Any]) -> bool:
    """Publishes on a channel with confirms, and returns whether a queue got the message."""
    import pika
    from pika.exceptions import ChannelClosedByBroker, NackError, UnroutableError

    properties = pika.BasicProperties(content_type=JSON, delivery_mode=PERSISTENT)
    try:
        channel.basic_publish(exchange, routing_key, json.dumps(body).encode(), properties, mandatory=True)
    except UnroutableError:
        return False
    except (NackError, ChannelClosedByBroker) as error:
        raise AssertionError(
            f"RabbitMQ did not accept a message for exchange '{exchange}', key '{routing_key}': {error}."
        ) from error
    return True
