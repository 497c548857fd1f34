"""Keywords about alerts on their way: what the broker carries, how soon, and who takes it."""

import time
from datetime import UTC, datetime
from statistics import mean, quantiles

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.waiting import NotYet, wait_until
from focus_core.disruption import rules
from focus_core.rabbitmq.client import ALERT_KEY
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.messages import Message
from focus_core.run import clients, shown_values
from focus_core.site.data import site
from focus_core.webapp.alerts import CLOCK_TOLERANCE, Alert, new_alerts
from robot.api.deco import keyword

from focus_keywords.alerts import message_checks
from focus_keywords.alerts.operator import ClassWord, SeverityWord
from focus_keywords.alerts.sending import send

# From the request until the alert is listed: milliseconds (site-contract 7.4, PZ-14962).
LISTED_MEAN_MS, LISTED_P95_MS = 200.0, 500.0
ROUNDS = 3


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

    @keyword(tags=("rabbitmq", "alerts", "Assertion"))
    def alert_message_should_match_the_contract(
        self, alert_class: ClassWord = "SD", severity: SeverityWord = "high", distance_m: int = 1250
    ) -> None:
        """Sends an alert through the web app and looks at its message on the exchange.

        Fails unless it is persistent JSON under the key ``Algorithm.AlertReport`` and has every field that the analysis
        sends, with the right type and value (site-contract 6).

        Example:
        | Alert Message Should Match The Contract    SC    low    500
        """
        (alert,) = new_alerts(alert_class, severity, distance_m)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            sent = datetime.now(UTC)
            send([alert])
            message = self._message_of(queue, alert)
        fail_with(f"The message of the {alert} is not as agreed", message_checks.faults(message, alert, sent))

    @keyword(tags=("rabbitmq", "alerts", "Assertion"))
    def alerts_should_arrive_promptly(self, count: int = 10) -> None:
        """Sends so many alerts, one after the other, and follows each to the exchange and into the list; at most three
        rounds.

        Fails when in each round one takes more than 200 ms on average from its request until it is listed, or the
        slowest twentieth more than 500 ms (site-contract 7.4): a single round may meet a pause of the machine. For
        exclusive suites.

        Example:
        | Alerts Should Arrive Promptly
        """
        demands.at_least(2, count=count)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            for _ in range(ROUNDS):
                times = [self._milliseconds_until_listed(queue) for _ in range(count)]
                average, p95 = mean(times), quantiles(times, n=20)[-1]
                shown_values.log_value("Milliseconds from the request until an alert is listed", times)
                if average <= LISTED_MEAN_MS and p95 <= LISTED_P95_MS:
                    return
        raise AssertionError(
            f"An alert is listed {average:.0f} ms after its request on average and 95 % within {p95:.0f} ms; allowed "
            f"are {LISTED_MEAN_MS:g} ms and {LISTED_P95_MS:g} ms."
        )

    def _alert_queues(self) -> list[str]:
        """The site's durable or transient queues for alerts; private queues of tests are not among them."""
        private = {queue.name for queue in clients.rabbitmq().queues() if queue.exclusive}
        bindings = clients.rabbitmq().bindings()
        return [
            entry.queue for entry in bindings if entry.queue not in private and entry.routing_key.startswith(ALERT_KEY)
        ]

    def _milliseconds_until_listed(self, queue: ExclusiveTestQueue) -> float:
        (alert,) = new_alerts("SD", "low", 1250)
        asked = {"startTime": (datetime.now(UTC) - CLOCK_TOLERANCE).isoformat()}

        def listed() -> bool:
            if alert.id not in {entry.get("ext_id") for entry in clients.webapp().alerts(params=asked)}:
                raise NotYet("it is not there")
            return True

        begun = time.perf_counter()
        send([alert])
        self._message_of(queue, alert)
        wait_until(f"The {alert} in the operator's list", listed, timeout=site().timings.alert_visible_s, interval=0.01)
        return (time.perf_counter() - begun) * 1000

    def _message_of(self, queue: ExclusiveTestQueue, alert: Alert) -> Message:
        return queue.wait_for(
            f"The {alert} on exchange '{clients.rabbitmq().exchange}'",
            lambda message: message_checks.id_of(message) == alert.id,
            timeout=site().timings.alert_visible_s,
        )
