"""Keywords about messages: published, consumed, counted; alerts and commands as they travel."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from functools import cached_property
from statistics import mean, quantiles
from typing import Any, Literal

from focus_core.base import cleanup
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import run_id, unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.disruption import rules
from focus_core.rabbitmq import commands, view_queues
from focus_core.rabbitmq.client import ALERT_BINDING, ALERT_KEY, JSON, PERSISTENT, RabbitClient
from focus_core.rabbitmq.durable_test_queue import DurableTestQueue
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.messages import Message
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.views.view import View
from focus_core.webapp.alerts import Alert, AlertClass, Severity, message_faults, push_body
from focus_core.webapp.client import WebAppClient
from robot.api import logger
from robot.api.deco import keyword, library

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
# The numbers of the management API are at most so old, unless the broker is told otherwise, and a moment on the way.
STATISTICS_AGE_S = 6.0
# Publishing with a confirmation: milliseconds (site-contract 7.4, PZ-14963).
CONFIRM_MEAN_MS, CONFIRM_P95_MS = 10.0, 50.0
ROUNDS = 3


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class MessageLibrary:
    """Messages of the site's broker: what a test publishes and consumes itself, and what the site sends.

    Queues that a test makes are its own and go at its end; the site's own queues are never emptied.
    """

    @keyword(tags=("rabbitmq",))
    def publish_message(self, routing_key: str, body: dict[str, Any], exchange: str | None = None) -> None:
        """Publishes a persistent JSON message on an exchange, the site's unless another is named.

        Fails unless the broker confirms it, and when no queue wants it.

        Example:
        | VAR    &{body} =    type=KeepaliveCommand
        | Publish Message    keepalive    ${body}    exchange=baby_analyzer_commands
        """
        self._rabbit.publish(routing_key, body, exchange=exchange)
        logger.info(f"Published under '{routing_key}': {body}")

    @keyword(tags=("rabbitmq",))
    def bind_private_queue(self, binding: str = ALERT_BINDING, exchange: str | None = None) -> ExclusiveTestQueue:
        """A queue of this test's own that gets a copy of what an exchange, the site's unless another is named, carries.

        ``binding`` is a routing key, where ``*`` stands for one word and ``#`` for any. Only this connection can use
        the queue; the broker removes it with the connection, at the latest when the test ends.

        Example:
        | ${queue} =    Bind Private Queue    Algorithm.AlertReport.#
        """
        queue = ExclusiveTestQueue(self._rabbit, binding, exchange)
        cleanup.current().add(f"Queue {queue.name}", queue.close)
        return queue

    @keyword(tags=("rabbitmq",))
    def message_should_arrive(self, queue: ExclusiveTestQueue, routing_key: str, body: dict[str, Any]) -> Message:
        """Waits, at most ``alert_visible_s``, for a message of that key and body in a private queue; returns it.

        What is returned has ``routing_key``, ``body``, ``content_type`` and ``delivery_mode``.

        Example:
        | ${message} =    Message Should Arrive    ${queue}    keepalive    ${body}
        """
        return queue.wait_for(
            f"The message '{routing_key}' in queue {queue.name}",
            lambda message: (message.routing_key, message.body) == (routing_key, body),
            timeout=site().timings.alert_visible_s,
        )

    @keyword(tags=("rabbitmq",))
    def drain_queue(self, queue: DurableTestQueue | str) -> list[Any]:
        """Takes every message out of a queue of this run's own, and returns their bodies in order.

        The queue of anybody else is refused before the broker is asked: its messages are the site's.

        Example:
        | ${bodies} =    Drain Queue    ${queue}
        """
        name = queue if isinstance(queue, str) else queue.name
        return [message.body for message in self._rabbit.drain_own_queue(name, run_id())]

    @keyword(tags=("rabbitmq",))
    def queue_should_hold(self, queue: DurableTestQueue, messages: int) -> None:
        """Fails unless so many messages wait in a queue of this run's own; they stay there.

        Example:
        | Queue Should Hold    ${queue}    500
        """
        waiting = self._rabbit.ready_messages(queue.name)
        if waiting != messages:
            raise AssertionError(f"Queue {queue.name} holds {waiting} messages; {messages} were confirmed for it.")

    @keyword(tags=("rabbitmq",))
    def messages_should_be_confirmed_quickly(self, count: int = 100) -> None:
        """Publishes so many messages, one after the other, into a queue of this run's own; at most three rounds.

        Fails when in each round the broker confirms one in more than 10 ms on average, or the slowest twentieth in more
        than 50 ms (site-contract 7.4): a single round may meet a pause of the machine. For exclusive suites.

        Example:
        | Messages Should Be Confirmed Quickly
        """
        with ExclusiveTestQueue(self._rabbit) as queue:
            for _ in range(ROUNDS):
                times = queue.confirm_times_ms(count)
                average, p95 = mean(times), quantiles(times, n=20)[-1]
                logger.info(f"Confirmed in {average:.1f} ms on average, 95 % within {p95:.1f} ms")
                if average <= CONFIRM_MEAN_MS and p95 <= CONFIRM_P95_MS:
                    return
        raise AssertionError(
            f"RabbitMQ confirms a message in {average:.1f} ms on average and 95 % within {p95:.1f} ms; allowed are "
            f"{CONFIRM_MEAN_MS:g} ms and {CONFIRM_P95_MS:g} ms."
        )

    @keyword(tags=("rabbitmq",))
    def break_connection_of_client(self, queue: ExclusiveTestQueue) -> None:
        """Makes the broker end the connection of a private queue, and waits until the client has noticed.

        Nobody but this test is disturbed: the connection is found by the name that it gave itself.

        Example:
        | Break Connection Of Client    ${queue}
        | Client Should Connect Again    ${queue}
        """

        def found() -> str:
            seen = [entry.name for entry in self._rabbit.management.connections() if entry.client == queue.name]
            if not seen:
                raise NotYet("the management API does not show it yet")
            return seen[0]

        budget = site().timings.reconnected_s
        name = wait_until(f"The connection of queue {queue.name} is shown", found, timeout=budget)
        self._rabbit.management.close_connection(name, "ended by a test of its own client")
        queue.wait_until_broken(budget)

    @keyword(tags=("rabbitmq",))
    def client_should_connect_again(self, queue: ExclusiveTestQueue) -> float:
        """Connects the client of a private queue again; fails unless that works within the site's ``reconnected_s``.

        Its queue is made anew: what was in it is lost, what comes from now on is not. Returns the seconds it took.

        Example:
        | ${seconds} =    Client Should Connect Again    ${queue}
        """
        seconds = queue.connect_again(site().timings.reconnected_s)
        logger.info(f"Connected again after {seconds:.2f} s.")
        return seconds

    @keyword(tags=("rabbitmq", "alerts"))
    def cut_off_the_consumer_of_alerts(self) -> None:
        """Makes the broker end the connection on which the web app consumes alerts.

        Refused where the site's policy forbids disruption. The web app has to connect again by itself:
        `Alerts Should Be Consumed`.

        Example:
        | Cut Off The Consumer Of Alerts
        """
        reason = rules.why_forbidden(site())
        if reason:
            raise rules.DisruptionRefusedError(reason)
        names = set[str]().union(*(self._rabbit.management.consumers_of(queue) for queue in self._alert_queues()))
        if not names:
            raise AssertionError("Nobody consumes alerts, so nobody can be cut off.")
        for name in sorted(names):
            self._rabbit.management.close_connection(name, "ended by a test of the web app's recovery")

        def gone() -> bool:
            left = names & {entry.name for entry in self._rabbit.management.connections()}
            if left:
                raise NotYet(f"{', '.join(sorted(left))} is still there")
            return True

        wait_until("The connection of the alerts' consumer is gone", gone, timeout=site().timings.reconnected_s)

    @keyword(tags=("rabbitmq", "alerts"))
    def alerts_should_be_consumed(self) -> None:
        """Waits, at most ``reconnected_s``, until somebody consumes the site's queue of alerts.

        Example:
        | Alerts Should Be Consumed
        """
        begun = time.monotonic()

        def consumed() -> bool:
            if not any(self._rabbit.management.consumers_of(queue) for queue in self._alert_queues()):
                raise NotYet("no consumer")
            return True

        wait_until("Somebody consumes the site's alerts", consumed, timeout=site().timings.reconnected_s)
        logger.info(f"Consumed after {time.monotonic() - begun:.1f} s.")

    @keyword(tags=("rabbitmq", "alerts"))
    def alerts_should_be_acknowledged(self) -> None:
        """Waits, at most ``reconnected_s``, until the site's queue of alerts has no alert that waits or is not
        acknowledged. It takes six seconds at least: the broker's numbers may be older than the last alert before.

        Example:
        | Send Alert    SD    high    1250 m
        | Alerts Should Be Acknowledged
        """

        fresh_from = time.monotonic() + STATISTICS_AGE_S

        def empty() -> bool:
            found = [queue for name in self._alert_queues() if (queue := self._rabbit.management.queue(name))]
            left = [f"{one.name}: {one.ready} wait, {one.unacknowledged} are not acknowledged" for one in found]
            if not found or any(one.ready + one.unacknowledged for one in found):
                raise NotYet("; ".join(left) or "there is no such queue")
            if time.monotonic() < fresh_from:
                raise NotYet("numbers that may be old")
            return True

        wait_until("Every alert is consumed and acknowledged", empty, timeout=site().timings.reconnected_s)

    @keyword(tags=("rabbitmq", "alerts"))
    def alert_should_travel_as_agreed(
        self,
        alert_class: Literal["SD", "SC"] = "SD",
        severity: Literal["low", "medium", "high"] = "high",
        distance_m: int = 1250,
    ) -> None:
        """Sends an alert through the web app and looks at its message on the exchange.

        Fails unless it is persistent JSON under the key ``Algorithm.AlertReport`` and has every field that the analysis
        sends, with the right type and value (site-contract 6).

        Example:
        | Alert Should Travel As Agreed    SC    low    500
        """
        alert = Alert(unique("alert"), AlertClass[alert_class], Severity[severity], distance_m)
        with ExclusiveTestQueue(self._rabbit) as queue:
            sent = datetime.now(UTC)
            self._push([alert])
            message = self._messages_of(queue, [alert])[0]
        problems = _envelope_faults(message) + _field_faults(message.body) + message_faults(alert, message.body, sent)
        fail_with(f"The message of the {alert} is not as agreed", problems)

    @keyword(tags=("rabbitmq", "alerts"))
    def alerts_of_one_request_should_pass_in_order(self, count: int) -> None:
        """Sends so many alerts in one request; each must pass the exchange exactly once, in the order of their ids.

        Example:
        | Alerts Of One Request Should Pass In Order    20
        """
        alerts = [_alert() for _ in range(count)]
        with ExclusiveTestQueue(self._rabbit) as queue:
            self._push(alerts)
            self._expect_in_order(queue, alerts)

    @keyword(tags=("rabbitmq", "alerts"))
    def alerts_sent_in_a_row_should_pass_in_order(self, count: int) -> None:
        """Sends so many alerts, each as soon as the one before was accepted; each must pass the exchange exactly once,
        in that order.

        Example:
        | Alerts Sent In A Row Should Pass In Order    50
        """
        alerts = [_alert() for _ in range(count)]
        with ExclusiveTestQueue(self._rabbit) as queue:
            for alert in alerts:
                self._push([alert])
            self._expect_in_order(queue, alerts)

    @keyword(tags=("rabbitmq", "view"))
    def view_should_have_its_queues(self, view: View) -> None:
        """Waits, at most ``job_running_s``, for the queue of a view and the one of its commands.

        Fails unless both outlive a restart of the broker and have a limit that they cannot grow beyond.

        Example:
        | View Should Have Its Queues    ${view}
        """
        queues = view_queues.wait_for_queues(self._rabbit, view.job_id, timeout=site().timings.job_running_s)
        problems = [f"{queue.name}: {fault}" for queue in queues for fault in view_queues.faults(queue)]
        fail_with(f"The queues of the {view} are not as they must be", problems)

    @keyword(tags=("rabbitmq", "view"))
    def command_should_reach_the_queue_of(
        self, view: View, command: Literal["keepalive", "input_changed", "colormap", "caxis", "monitor_queues"]
    ) -> None:
        """Publishes a good command for the job of a view; fails unless a binding gives it to the view's queue.

        Whether the job has taken it out again does not matter: `Commands Of View Should Be Read`.

        Example:
        | Command Should Reach The Queue Of    ${view}    keepalive
        """
        own = view_queues.wait_for_queues(self._rabbit, view.job_id, timeout=site().timings.job_running_s)[-1]
        keys = [
            entry.routing_key for entry in self._rabbit.bindings(commands.COMMAND_EXCHANGE) if entry.queue == own.name
        ]
        if not any(view_queues.topic_matches(key, command) for key in keys):
            raise AssertionError(
                f"The command '{command}' does not reach queue {own.name} of the {view}; it is bound to "
                f"{', '.join(keys)} only."
            )
        message = commands.message(command, view.job_id, commands.COMMANDS[command].good_value)
        self._rabbit.publish(command, message, exchange=commands.COMMAND_EXCHANGE)

    @keyword(tags=("rabbitmq", "view"))
    def commands_of_view_should_be_read(self, view: View) -> None:
        """Waits, at most ``first_frame_s``, until the job of a view that is watched has taken every command out of its
        queue.

        Example:
        | Commands Of View Should Be Read    ${view}
        """
        own = view_queues.wait_for_queues(self._rabbit, view.job_id, timeout=site().timings.job_running_s)[-1]

        def read() -> bool:
            waiting = self._rabbit.ready_messages(own.name)
            if waiting:
                raise NotYet(f"{waiting} commands wait")
            return True

        wait_until(f"The job of the {view} reads its commands", read, timeout=site().timings.first_frame_s)

    @cached_property
    def _rabbit(self) -> RabbitClient:
        return RabbitClient.of_site(site())

    @cached_property
    def _webapp(self) -> WebAppClient:
        return clients.webapp()

    def _alert_queues(self) -> list[str]:
        """The site's durable or transient queues for alerts; private queues of tests are not among them."""
        private = {queue.name for queue in self._rabbit.queues() if queue.exclusive}
        bindings = self._rabbit.bindings()
        return [
            entry.queue for entry in bindings if entry.queue not in private and entry.routing_key.startswith(ALERT_KEY)
        ]

    def _push(self, alerts: list[Alert]) -> None:
        ids = [alert.id for alert in alerts]
        cleanup.current().add(f"{len(ids)} alerts from {ids[0]}", lambda: self._webapp.delete_alerts(ids))
        answer = self._webapp.push_alert(push_body(alerts))
        if answer.status != 201:
            raise AssertionError(f"The {alerts[0]} was refused ({answer.status} {answer.body!r:.300}); expected 201.")

    def _messages_of(self, queue: ExclusiveTestQueue, alerts: list[Alert]) -> list[Message]:
        ids = {alert.id for alert in alerts}
        queue.wait_for_all(
            f"{len(ids)} alerts on exchange '{self._rabbit.exchange}'",
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
