"""Keywords about alerts on their way: what the broker carries, in which order, and who takes it."""

import json
from datetime import UTC, datetime
from typing import Any, Literal

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.disruption import rules
from focus_core.rabbitmq.client import ALERT_KEY, JSON, PERSISTENT
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.messages import Message
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.webapp.alerts import Alert, AlertClass, Severity, message_faults
from robot.api.deco import keyword

from focus_keywords.alerts.sending import send

# Every field of an alert's message, with its type (site-contract 6).
ALERT_FIELDS: dict[str, type | tuple[type, ...]] = {
    "algorun_id": str,
    "alert_id": str,
    "class_id": int,
    "severity": int,
    "distance_m": (int, float),
    "alert_time": str,
    "time_interval_s": (int, float),
    "is_external": bool,
    "is_dead": bool,
    "is_faded": bool,
}


class AlertTransport:
    """Alerts as messages of the site's exchange."""

    @keyword(tags=("rabbitmq", "alerts"))
    def disconnect_the_consumer_of_alerts(self) -> None:
        """Makes the broker end the connection on which the web app consumes alerts.

        Refused where the site's policy forbids disruption. The web app has to connect again by itself.

        Example:
        | Disconnect The Consumer Of Alerts
        | Get Consumer Count    >=    1    key=Algorithm.AlertReport    within=30 s
        """
        reason = rules.why_forbidden(site())
        if reason:
            raise rules.DisruptionRefusedError(reason)
        names = set[str]().union(*(clients.rabbitmq().management.consumers_of(queue) for queue in self._alert_queues()))
        if not names:
            raise AssertionError("Nobody consumes alerts, so nobody can be cut off.")
        for name in sorted(names):
            clients.rabbitmq().management.close_connection(name, "ended by a test of the web app's recovery")

        def gone() -> bool:
            left = names & {entry.name for entry in clients.rabbitmq().management.connections()}
            if left:
                raise NotYet(f"{', '.join(sorted(left))} is still there")
            return True

        wait_until("The connection of the alerts' consumer is gone", gone, timeout=site().timings.reconnected_s)

    @keyword(tags=("rabbitmq", "alerts"))
    def alert_message_should_match_the_contract(
        self,
        alert_class: Literal["SD", "SC"] = "SD",
        severity: Literal["low", "medium", "high"] = "high",
        distance_m: int = 1250,
    ) -> None:
        """Sends an alert through the web app and looks at its message on the exchange.

        Fails unless it is persistent JSON under the key ``Algorithm.AlertReport`` and has every field that the analysis
        sends, with the right type and value (site-contract 6).

        Example:
        | Alert Message Should Match The Contract    SC    low    500
        """
        alert = Alert(unique("alert"), AlertClass[alert_class], Severity[severity], distance_m)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            sent = datetime.now(UTC)
            send([alert])
            message = self._messages_of(queue, [alert])[0]
        problems = _envelope_faults(message) + _field_faults(message.body) + message_faults(alert, message.body, sent)
        fail_with(f"The message of the {alert} is not as agreed", problems)

    @keyword(tags=("rabbitmq", "alerts"))
    def alerts_of_one_request_should_pass_in_order(self, count: int) -> None:
        """Sends so many alerts in one request; each must pass the exchange exactly once, in the order of their ids.

        Example:
        | Alerts Of One Request Should Pass In Order    20
        """
        demands.at_least(1, count=count)
        alerts = [_alert() for _ in range(count)]
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            send(alerts)
            self._expect_in_order(queue, alerts)

    @keyword(tags=("rabbitmq", "alerts"))
    def alerts_sent_in_a_row_should_pass_in_order(self, count: int) -> None:
        """Sends so many alerts, each as soon as the one before was accepted; each must pass the exchange exactly once,
        in that order.

        Example:
        | Alerts Sent In A Row Should Pass In Order    50
        """
        demands.at_least(1, count=count)
        alerts = [_alert() for _ in range(count)]
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            for alert in alerts:
                send([alert])
            self._expect_in_order(queue, alerts)

    def _alert_queues(self) -> list[str]:
        """The site's durable or transient queues for alerts; private queues of tests are not among them."""
        private = {queue.name for queue in clients.rabbitmq().queues() if queue.exclusive}
        bindings = clients.rabbitmq().bindings()
        return [
            entry.queue for entry in bindings if entry.queue not in private and entry.routing_key.startswith(ALERT_KEY)
        ]

    def _messages_of(self, queue: ExclusiveTestQueue, alerts: list[Alert]) -> list[Message]:
        ids = {alert.id for alert in alerts}
        queue.wait_for_all(
            f"{len(ids)} alerts on exchange '{clients.rabbitmq().exchange}'",
            lambda message: _id_of(message) in ids,
            len(ids),
            timeout=site().timings.alert_visible_s,
        )
        # What comes twice comes at once: it is there when a marker published now is.
        return [message for message in queue.messages_until_now() if _id_of(message) in ids]

    def _expect_in_order(self, queue: ExclusiveTestQueue, alerts: list[Alert]) -> None:
        seen = [_id_of(message) for message in self._messages_of(queue, alerts)]
        sent = [alert.id for alert in alerts]
        if seen == sent:
            return
        if len(seen) != len(set(seen)):
            raise AssertionError(f"{len(sent)} alerts were sent, {len(seen)} passed the exchange: some twice.")
        first = next(place for place, (one, other) in enumerate(zip(seen, sent, strict=False)) if one != other)
        raise AssertionError(
            f"{len(sent)} alerts passed the exchange in another order than they were sent, from alert {first + 1} on: "
            f"{seen[first]} instead of {sent[first]}."
        )


def _alert() -> Alert:
    return Alert(unique("alert"), AlertClass.SD, Severity.low, 1250)


def _id_of(message: Message) -> str:
    return str(message.body.get("alert_id")) if isinstance(message.body, dict) else ""


def _envelope_faults(message: Message) -> list[str]:
    expected = {"routing_key": ALERT_KEY, "content_type": JSON, "delivery_mode": PERSISTENT}
    return [
        f"{name} is {getattr(message, name)!r} instead of {value!r}"
        for name, value in expected.items()
        if getattr(message, name) != value
    ]


def _field_faults(body: dict[str, Any]) -> list[str]:
    found = [f"{name} is missing" for name in ALERT_FIELDS if name not in body]
    for name, kind in ALERT_FIELDS.items():
        value = body.get(name)
        # True and False are numbers to Python.
        wrong = not isinstance(value, kind) or (kind is not bool and isinstance(value, bool))
        if name in body and wrong:
            found.append(f"{name} is {json.dumps(value)}")
    return found
