"""Keywords about RabbitMQ: the exchange, its queues, and messages that pass it."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, datetime

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import Names
from focus_core.disruption import undos
from focus_core.rabbitmq.client import ALERT_BINDING, ALERT_KEY
from focus_core.rabbitmq.connection import broken_connection_named
from focus_core.rabbitmq.durable_test_queue import DurableTestQueue
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message
from robot.api import SkipExecution
from robot.api.deco import keyword

from focus_keywords.alerts.sending import remove_at_end


class Broker:
    """The broker: what it holds, and whether messages pass."""

    @keyword(tags=("rabbitmq",))
    def exchange_should_be_a_durable_topic(self, exchange: str | None = None) -> None:
        """Fails unless an exchange, the site's unless another is named, exists, is of type topic, durable, and not
        deleted with its last queue.

        Example:
        | Exchange Should Be A Durable Topic    baby_analyzer_commands
        """
        found = clients.rabbitmq().exchange_facts(exchange)
        if (found.type, found.durable, found.auto_delete) != ("topic", True, False):
            raise AssertionError(
                f"Exchange '{found.name}' is of type {found.type}, durable {found.durable}, auto-delete "
                f"{found.auto_delete}; a durable topic exchange that stays is required."
            )

    @keyword(tags=("rabbitmq",))
    def alerts_should_have_a_durable_queue(self) -> None:
        """Fails unless a durable queue is bound to the exchange for alerts, so that none is lost while nobody
        listens.

        | Alerts Should Have A Durable Queue
        """
        durable = {queue.name for queue in clients.rabbitmq().queues() if queue.durable}
        bindings = clients.rabbitmq().bindings()
        if not any(entry.queue in durable and entry.routing_key in (ALERT_BINDING, "#") for entry in bindings):
            seen = ", ".join(f"{entry.queue} <- {entry.routing_key}" for entry in bindings) or "none at all"
            raise AssertionError(
                f"No durable queue of exchange '{clients.rabbitmq().exchange}' is bound to {ALERT_BINDING}; "
                f"bindings: {seen}."
            )

    @keyword(tags=("rabbitmq",))
    def message_should_be_unroutable(self, routing_key: str, exchange: str | None = None) -> None:
        """Publishes a message on an exchange, the site's unless another is named; the broker must return it.

        Whatever queue took it would fill with what nobody asked for.

        Example:
        | Message Should Be Unroutable    Nobody.Listens
        """
        if clients.rabbitmq().is_routed(routing_key, {"source": unique("focus-test")}, exchange=exchange):
            where = clients.rabbitmq().exchange if exchange is None else exchange
            queues = ", ".join(
                f"{entry.queue} <- {entry.routing_key or 'no key'}" for entry in clients.rabbitmq().bindings(exchange)
            )
            raise AssertionError(
                f"Exchange '{where}' gave a message under '{routing_key}' to a queue; nobody may get it. Bindings: "
                f"{queues}."
            )

    @keyword(tags=("rabbitmq",))
    def broker_should_accept_a_channel(self, *, tls: bool = False) -> None:
        """Connects as the site's user, over TLS where that is asked, and opens a channel that confirms messages.

        Skips over TLS where the site file names no ``rabbitmq.tls_port``.

        Example:
        | Broker Should Accept A Channel
        | Broker Should Accept A Channel    tls=True
        """
        if not tls:
            connection = clients.rabbitmq().connect()
        elif (port := site().rabbitmq.tls_port) is None:
            raise SkipExecution(f"Site {site().name} has no AMQP over TLS by design (rabbitmq.tls_port).")
        else:
            connection = clients.rabbitmq().connect_by_tls(port)
        with broken_connection_named(clients.rabbitmq().address), closing(connection):
            connection.channel().confirm_delivery()

    @keyword(tags=("rabbitmq",))
    def every_connection_should_have_a_heartbeat(self, at_most: int = 600) -> None:
        """Fails when a connection of the site's user has no heartbeat, or one of more than ``at_most`` seconds.

        Without it neither side notices for minutes or hours that the other is gone (site-contract 6).

        Example:
        | Every Connection Should Have A Heartbeat    at_most=600
        """
        demands.at_least(1, at_most=at_most)
        user = site().rabbitmq.username
        seen = clients.rabbitmq().connections_until_now(site().timings.reconnected_s)
        connections = [entry for entry in seen if entry.user == user]
        if not connections:
            raise AssertionError(f"Nothing of the site is connected to RabbitMQ as '{user}'.")
        wrong = [entry for entry in connections if not 0 < entry.heartbeat <= at_most]
        if wrong:
            named = "; ".join(f"{entry}: {entry.heartbeat}" for entry in wrong)
            raise AssertionError(
                f"{len(wrong)} of {len(connections)} connections have no heartbeat of 1 to {at_most} s: {named}."
            )

    @keyword(tags=("rabbitmq",))
    def broker_should_accept_connections_at_once(self, count: int) -> None:
        """Opens so many connections, each while the others are open; fails when the broker refuses one.

        Example:
        | Broker Should Accept Connections At Once    ${SITE_DATA.limits.max_windows}
        """
        demands.at_least(1, count=count)
        with ExitStack() as opened:
            for number in range(count):
                try:
                    opened.enter_context(closing(clients.rabbitmq().connect()))
                except BenchError as error:
                    raise AssertionError(f"RabbitMQ refused connection {number + 1} of {count}: {error}") from error

    @keyword(tags=("rabbitmq",))
    def alert_message_should_pass_the_exchange(self, routing_key: str = ALERT_KEY) -> None:
        """Publishes an alert message under ``routing_key`` and fails unless a queue bound to alerts gets it unchanged.

        The message must arrive within the site's ``alert_visible_s``, persistent, as JSON.

        Example:
        | Alert Message Should Pass The Exchange    Algorithm.AlertReport.Pulse
        """
        now = datetime.now(UTC)
        alert = Alert(unique("alert"), AlertClass.SC, Severity.low, 500)
        sent = exchange_message(alert, now)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            # The web app listens to the same key, so the operator's list is cleaned too.
            remove_at_end([alert.id])
            clients.rabbitmq().publish(routing_key, sent)
            message = queue.wait_for(
                f"The message '{routing_key}' of {alert}",
                lambda message: isinstance(message.body, dict) and message.body.get("alert_id") == alert.id,
                timeout=site().timings.alert_visible_s,
            )
        seen = (message.routing_key, message.body, message.content_type, message.delivery_mode)
        expected = (routing_key, sent, "application/json", 2)
        if seen != expected:
            raise AssertionError(f"The message arrived changed: {seen} instead of {expected}.")

    @keyword(tags=("rabbitmq",))
    def publish_confirmed_messages(self, count: int = 20) -> DurableTestQueue:
        """Makes a durable queue of the run's own and publishes so many persistent messages; each must be confirmed.

        The queue is deleted at the end of the test. Returns it.

        Example:
        | ${queue} =    Publish Confirmed Messages    50
        | Every Confirmed Message Should Arrive    ${queue}
        """
        demands.at_least(1, count=count)
        queue = DurableTestQueue(clients.rabbitmq())
        undos.register(site(), undos.OWN_QUEUE, f"Queue {queue.name}", {"queue": queue.name})
        queue.declare()
        refused = queue.publish(range(count))
        if refused is not None:
            raise AssertionError(f"RabbitMQ refused message {refused + 1} of {count} for a queue without a limit.")
        return queue

    @keyword(tags=("rabbitmq",))
    def every_confirmed_message_should_arrive(self, queue: DurableTestQueue) -> None:
        """Empties the queue and fails unless it held exactly the messages that the broker had confirmed, in order.

        Example:
        | Every Confirmed Message Should Arrive    ${queue}
        """
        found, confirmed = queue.drain(), sorted(queue.confirmed)
        if found != confirmed:
            missing = sorted(set(confirmed) - set(found))
            raise AssertionError(
                f"{len(missing)} of {len(confirmed)} confirmed messages are lost; the queue held {len(found)}"
                f"{' in another order' if sorted(found) == confirmed else ''}."
            )

    @keyword(tags=("rabbitmq",))
    def list_durable_queues(self) -> list[str]:
        """The names of the durable queues of the site's vhost, without those of views, which end with their views.

        Example:
        | ${queues} =    List Durable Queues
        """
        of_views = site().job_prefix
        return sorted(
            queue.name for queue in clients.rabbitmq().queues() if queue.durable and not queue.name.startswith(of_views)
        )

    @keyword(tags=("rabbitmq",))
    def durable_queues_should_still_be_there(self, queues: Names) -> None:
        """Waits, at most ``reconnected_s``, until each of the queues is there and durable.

        Example:
        | Durable Queues Should Still Be There    ${queues}
        """
        if not queues:
            raise AssertionError("There was no durable queue before, so none could survive.")

        def there() -> bool:
            missing = sorted(set(queues) - set(self.list_durable_queues()))
            if missing:
                raise NotYet(f"{', '.join(missing)} missing")
            return True

        wait_until(f"{len(queues)} durable queues are there", there, timeout=site().timings.reconnected_s)
