"""Keywords that follow one alert through the whole site: everything that speaks of it, on one time line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.cluster.owners import Owner
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.run import clients, evidence
from focus_core.site.data import site
from focus_core.webapp.alert_traces import AlertTrace, Place, in_order, speaks_of, trace
from focus_core.webapp.alerts import CLOCK_TOLERANCE, Alert
from robot.api.deco import keyword

from focus_keywords.alerts import sending
from focus_keywords.alerts.message_checks import id_of
from focus_keywords.getters import CHECK, checked

_FILTERS: dict[str, Any] = {"alert": Alert, "place": Place, "queue": ExclusiveTestQueue}
_TAGS = ("alerts", "Getter", "Assertion")


class AlertInvestigation:
    """Every trace of an alert. What the site lacks, as a cluster or a database, is not looked at."""

    @keyword(tags=_TAGS, types=CHECK | _FILTERS)
    def get_alert_traces(
        self,
        alert: Alert,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        place: Place | None = None,
        queue: ExclusiveTestQueue | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[AlertTrace]:
        """Returns everything that speaks of an alert, by its time; with an operator the list of the places is checked.

        Places are ``request`` and ``answer`` (of this test, to the web app), ``message`` (of a private queue that is
        given as ``queue``), ``list`` (the operator's), ``log`` (of any pod) and ``document`` (of any collection). The
        log shows them as one table, which is the time line of the alert. ``place`` looks at one place only.

        | ${queue} =    Bind Private Queue
        | ${alert} =    Send Alert    SD    high    1250 m
        | Get Alert Traces    ${alert}    contains    request, message, list    queue=${queue}    within=5 s
        """
        read = lambda: _traces(alert, place, queue)  # noqa: E731 - used once
        what = f"Traces of alert {alert.id}"
        found: list[AlertTrace] = checked(what, read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | _FILTERS)
    def get_alert_trace_count(
        self,
        alert: Alert,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        place: Place | None = None,
        queue: ExclusiveTestQueue | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many things speak of an alert; places and ``queue`` are those of `Get Alert Traces`.

        | ${alert} =    Send Alert    SD    high    1250 m
        | Get Alert Trace Count    ${alert}    ==    1    place=list    within=5 s
        """
        read = lambda: len(_traces(alert, place, queue))  # noqa: E731 - used once
        what = f"Number of traces of alert {alert.id}"
        found: int = checked(what, read, operator, expected, message, within, during)
        return found


def _traces(alert: Alert, place: Place | None, queue: ExclusiveTestQueue | None) -> list[AlertTrace]:
    readers: dict[Place, Callable[[], Iterator[AlertTrace]]] = {
        "request": lambda: _requests(alert),
        "answer": lambda: _answers(alert),
        "message": lambda: _messages(alert, queue),
        "list": lambda: _listed(alert),
        "log": lambda: _log_lines(alert),
        "document": lambda: _documents(alert),
    }
    return in_order(one for name, read in readers.items() if place in (None, name) for one in read())


def _sent(alert: Alert) -> list[sending.SentRequest]:
    return [one for one in sending.requests_of_this_test if alert.id in one.ids]


def _requests(alert: Alert) -> Iterator[AlertTrace]:
    for one in _sent(alert):
        yield trace("request", one.at, "push-to-rabbit", f"{alert}, one of {len(one.ids)}")


def _answers(alert: Alert) -> Iterator[AlertTrace]:
    for one in _sent(alert):
        number = one.answer.headers.get("X-Request-ID", "without X-Request-ID")
        yield trace("answer", one.answered, "push-to-rabbit", f"{one.answer.status}, request {number}")


def _messages(alert: Alert, queue: ExclusiveTestQueue | None) -> Iterator[AlertTrace]:
    for message in queue.messages_until_now() if queue else []:
        if id_of(message) == alert.id:
            yield trace("message", message.body.get("alert_time"), queue.name if queue else "", message.body)


def _listed(alert: Alert) -> Iterator[AlertTrace]:
    for entry in clients.webapp().alerts():
        if entry.get("ext_id") == alert.id:
            yield trace("list", entry.get("start_time"), "alert", entry)


def _log_lines(alert: Alert) -> Iterator[AlertTrace]:
    if "kubernetes" not in site().capabilities:
        return
    begun = min((one.at for one in _sent(alert)), default=evidence.test_start() or datetime.now(UTC))
    for line in Owner(clients.cluster(), site()).log_lines(begun - CLOCK_TOLERANCE, None):
        if alert.id in line.text:
            yield trace("log", line.time, line.pod, line.text)


def _documents(alert: Alert) -> Iterator[AlertTrace]:
    if "mongodb" not in site().capabilities:
        return
    mongodb = clients.mongodb()
    for collection in mongodb.collections():
        for document in mongodb.documents(collection, speaks_of(alert.id)):
            yield trace("document", document.get("start_time"), collection, document)
