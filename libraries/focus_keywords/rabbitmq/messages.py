"""Keywords about messages: published, consumed, counted, confirmed."""

from __future__ import annotations

from statistics import mean, quantiles

from focus_core.base import cleanup, demands
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import JsonObject
from focus_core.rabbitmq.client import ALERT_BINDING
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.run import clients
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword

# Publishing with a confirmation: milliseconds (site-contract 7.4, PZ-14963).
CONFIRM_MEAN_MS, CONFIRM_P95_MS = 10.0, 50.0
ROUNDS = 3


class Messages:
    """Messages that a test publishes and consumes itself."""

    @keyword(tags=("rabbitmq",))
    def publish_message(self, routing_key: str, body: JsonObject, exchange: str | None = None) -> None:
        """Publishes a persistent JSON message on an exchange, the site's unless another is named.

        Fails unless the broker confirms it, and when no queue wants it.

        Example:
        | VAR    &{body} =    type=KeepaliveCommand
        | Publish Message    keepalive    ${body}    exchange=baby_analyzer_commands
        """
        clients.rabbitmq().publish(routing_key, body, exchange=exchange)
        logger.info(f"Published under '{routing_key}': {body}")

    @keyword(tags=("rabbitmq",))
    def bind_private_queue(self, binding: str = ALERT_BINDING, exchange: str | None = None) -> ExclusiveTestQueue:
        """A queue of this test's own that gets a copy of what an exchange, the site's unless another is named, carries.

        ``binding`` is a routing key, where ``*`` stands for one word and ``#`` for any. Only this connection can use
        the queue; the broker removes it with the connection, at the latest when the test ends.

        Example:
        | ${queue} =    Bind Private Queue    Algorithm.AlertReport.#
        """
        queue = ExclusiveTestQueue(clients.rabbitmq(), binding, exchange)
        cleanup.current().add(f"Queue {queue.name}", queue.close)
        return queue

    @keyword(tags=("rabbitmq",))
    def messages_should_be_confirmed_quickly(self, count: int = 100) -> None:
        """Publishes so many messages, one after the other, into a queue of this run's own; at most three rounds.

        Fails when in each round the broker confirms one in more than 10 ms on average, or the slowest twentieth in more
        than 50 ms (site-contract 7.4): a single round may meet a pause of the machine. For exclusive suites.

        Example:
        | Messages Should Be Confirmed Quickly
        """
        demands.at_least(2, count=count)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
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
            seen = [entry.name for entry in clients.rabbitmq().management.connections() if entry.client == queue.name]
            if not seen:
                raise NotYet("the management API does not show it yet")
            return seen[0]

        budget = site().timings.reconnected_s
        name = wait_until(f"The connection of queue {queue.name} is shown", found, timeout=budget)
        clients.rabbitmq().management.close_connection(name, "ended by a test of its own client")
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
