"""Keywords about RabbitMQ: the exchange, its queues, and messages that pass it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cached_property

from focus_core import cleanup
from focus_core.alerts import Alert, AlertClass, Severity, exchange_message
from focus_core.disruption import undos
from focus_core.own_queue import OwnQueue
from focus_core.rabbit_client import ALERT_BINDING, ALERT_KEY, RabbitClient
from focus_core.run_identity import unique
from focus_core.site_data import lane_user, site
from focus_core.waiting import NotYet, wait_until
from focus_core.webapp_client import WebAppClient
from robot.api.deco import keyword, library


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class RabbitLibrary:
    """The broker of the site: what it holds, and whether messages pass."""

    @keyword(tags=("rabbitmq",))
    def exchange_should_be_a_durable_topic(self) -> None:
        """Fails unless the site's exchange exists, is of type topic, durable, and not deleted with its last queue."""
        exchange = self._rabbit.exchange_facts()
        if (exchange.type, exchange.durable, exchange.auto_delete) != ("topic", True, False):
            raise AssertionError(
                f"Exchange '{exchange.name}' is of type {exchange.type}, durable {exchange.durable}, auto-delete "
                f"{exchange.auto_delete}; a durable topic exchange that stays is required."
            )

    @keyword(tags=("rabbitmq",))
    def alerts_should_have_a_durable_queue(self) -> None:
        """Fails unless a durable queue is bound to the exchange for alerts, so that none is lost while nobody
        listens."""
        durable = {queue.name for queue in self._rabbit.queues() if queue.durable}
        bindings = self._rabbit.bindings()
        if not any(entry.queue in durable and entry.routing_key in (ALERT_BINDING, "#") for entry in bindings):
            seen = ", ".join(f"{entry.queue} <- {entry.routing_key}" for entry in bindings) or "none at all"
            raise AssertionError(
                f"No durable queue of exchange '{self._rabbit.exchange}' is bound to {ALERT_BINDING}; bindings: {seen}."
            )

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
        with self._rabbit.listen() as queue:
            # The web app listens to the same key, so the operator's list is cleaned too.
            cleanup.current().add(
                str(alert), lambda: WebAppClient.of_site(site(), lane_user()).delete_alerts([alert.id])
            )
            self._rabbit.publish(routing_key, sent)
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
    def publish_confirmed_messages(self, count: int = 20) -> OwnQueue:
        """Makes a durable queue of the run's own and publishes so many persistent messages; each must be confirmed.

        The queue is deleted at the end of the test. Returns it.

        Example:
        | ${queue} =    Publish Confirmed Messages    50
        | Every Confirmed Message Should Arrive    ${queue}
        """
        queue = OwnQueue(self._rabbit)
        undos.register(site(), undos.OWN_QUEUE, f"Queue {queue.name}", {"queue": queue.name})
        queue.declare()
        refused = queue.publish(range(count))
        if refused is not None:
            raise AssertionError(f"RabbitMQ refused message {refused + 1} of {count} for a queue without a limit.")
        return queue

    @keyword(tags=("rabbitmq",))
    def every_confirmed_message_should_arrive(self, queue: OwnQueue) -> None:
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
            queue.name for queue in self._rabbit.queues() if queue.durable and not queue.name.startswith(of_views)
        )

    @keyword(tags=("rabbitmq",))
    def durable_queues_should_still_be_there(self, queues: list[str]) -> None:
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

    @cached_property
    def _rabbit(self) -> RabbitClient:
        return RabbitClient.of_site(site())
