"""Keywords about alerts: sent through the web app, carried by the exchange, seen by the operator."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.quantities import Moment
from focus_core.base.waiting import NotYet, wait_until
from focus_core.rabbitmq.client import ALERT_KEY
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.webapp.alerts import Alert, exchange_message, listed_faults, new_alerts, parse_distance
from robot.api.deco import keyword

from focus_keywords.alerts import message_checks
from focus_keywords.alerts.message_checks import id_of
from focus_keywords.alerts.sending import remove_at_end, send, send_at_once

ClassWord = Literal["SD", "SC"]
SeverityWord = Literal["low", "medium", "high"]
Login = Literal["bearer", "cookie"]


class Distance(int):
    """Metres on the fibre, written like ``1250 m``."""

    @classmethod
    def convert(cls, text: object) -> Distance:
        """What a tester wrote, or a whole number of metres. Raises ``ValueError`` for a text without a unit."""
        return cls(text if isinstance(text, int) else parse_distance(str(text)))


class OperatorAlerts:
    """Alerts as an operator knows them."""

    @keyword(tags=("alerts",))
    def send_alert(
        self,
        alert_class: ClassWord,
        severity: SeverityWord,
        distance: Distance,
        *,
        login: Login = "bearer",
        copies: int = 1,
        id_begins: str = "alert",
        id_length: int = 0,
    ) -> Alert:
        """Sends one alert through the web app and returns it; the web app must answer 201.

        With ``login=cookie`` it is sent as a browser does: by cookie and CSRF token. ``copies`` name the same id so
        many times in the request. The id, which is made for this test, begins with ``id_begins`` and is filled up to
        ``id_length`` characters.

        Example:
        | ${alert} =    Send Alert    SD    high    1250 m
        """
        demands.at_least(1, copies=copies)
        (alert,) = new_alerts(alert_class, severity, distance, id_begins=id_begins, id_length=id_length)
        send([alert] * copies, authentication=login)
        return alert

    @keyword(tags=("alerts",))
    def send_alerts(
        self, amount: int, alert_class: ClassWord, severity: SeverityWord, distance: Distance
    ) -> list[Alert]:
        """Sends so many alerts, at most 100, in one request and returns them in their order.

        Example:
        | ${queue} =    Bind Private Queue
        | ${alerts} =    Send Alerts    20    SD    low    1250 m
        | Get Alerts    ==    ${alerts}    sent_by=me    source=${queue}    within=5 s
        """
        alerts = self._new(amount, alert_class, severity, distance)
        send(alerts)
        return alerts

    @keyword(tags=("alerts",))
    def send_alerts_in_a_row(
        self, amount: int, alert_class: ClassWord, severity: SeverityWord, distance: Distance
    ) -> list[Alert]:
        """Sends so many alerts, each as soon as the one before was accepted, and returns them in their order.

        Example:
        | ${alerts} =    Send Alerts In A Row    5    SD    low    1250 m
        """
        alerts = self._new(amount, alert_class, severity, distance)
        for alert in alerts:
            send([alert])
        return alerts

    @keyword(tags=("alerts",))
    def send_alerts_at_once(
        self, amount: int, alert_class: ClassWord, severity: SeverityWord, distance: Distance
    ) -> list[Alert]:
        """Sends so many alerts, each in a request of its own, at most 16 of them at the same time, and returns them.

        Example:
        | ${alerts} =    Send Alerts At Once    10    SD    low    1250 m
        """
        alerts = self._new(amount, alert_class, severity, distance)
        send_at_once(alerts)
        return alerts

    @keyword(tags=("alerts",))
    def alert_should_reach_the_operator(
        self,
        alert_class: ClassWord,
        severity: SeverityWord,
        distance: Distance,
        *,
        amount: int = 1,
        login: Login = "bearer",
        id_begins: str = "alert",
        id_length: int = 0,
    ) -> None:
        """Sends ``amount`` alerts and fails unless each passes the exchange and stands in the operator's list.

        Both must happen once for each, within the site's ``alert_visible_s``. On the exchange the whole message counts:
        routing key, content type, delivery mode, every field with its type and value, and the order; in the list every
        value. ``login``, ``id_begins`` and ``id_length`` are those of `Send Alert`.

        Example:
        | Alert Should Reach The Operator    SD    high    1250 m
        """
        demands.at_least(1, amount=amount)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            sent = datetime.now(UTC)
            alerts = new_alerts(
                alert_class, severity, distance, amount=amount, id_begins=id_begins, id_length=id_length
            )
            send(alerts, authentication=login)
            self._expect_on_the_exchange(alerts, queue, sent)
        self._expect_in_the_list(alerts, sent)

    @keyword(tags=("alerts",))
    def publish_alert(
        self,
        alert_class: ClassWord,
        severity: SeverityWord,
        distance: Distance,
        *,
        routing_key: str = ALERT_KEY,
        begun: Moment | None = None,
        closes_in: timedelta | None = None,
    ) -> Alert:
        """Publishes one alert on the exchange, as an algorithm does, and returns it.

        It begins now, or at the moment ``begun``, or so that the site closes it in ``closes_in``, which is less than
        the site's ``alert_closed_s``.

        Example:
        | ${alert} =    Publish Alert    SC    low    500 m
        | Get Alert Field    severity    ==    low    alert=${alert}    within=5 s
        """
        at = self._beginning(begun, closes_in)
        (alert,) = new_alerts(alert_class, severity, distance)
        remove_at_end([alert.id])
        clients.rabbitmq().publish(routing_key, exchange_message(alert, at))
        return alert

    @keyword(tags=("alerts", "Assertion"))
    def alert_should_be_listed_in_its_regions_only(self, alert: Alert) -> None:
        """Asks for the alerts of each region of the site; fails unless the alert is listed for exactly those regions
        that the list names with it, one at least.

        Example:
        | ${alert} =    Send Alert    SD    high    1250 m
        | Get Alert Count    ==    1    alert=${alert}    within=5 s
        | Alert Should Be Listed In Its Regions Only    ${alert}
        """
        named = self._regions_of(alert)
        problems = [] if named else ["the list names no region with it"]
        for region in clients.webapp().regions():
            found = self._entries(alert, {"regionIds[]": region["id"]})
            if bool(found) != (region["id"] in named):
                lies = "is" if found else "is not"
                problems.append(f"it {lies} listed for region {region['name']}; its regions are {sorted(named)}")
        fail_with(f"The {alert} is not listed by its regions", problems)

    @keyword(tags=("alerts", "Assertion"))
    def pages_of_the_list_should_hold_each_alert_once(self, alerts: Sequence[Alert]) -> None:
        """Reads the list, of which there must be more than one page, page by page; fails unless each of these alerts
        stands on one of them, and none on two. For exclusive suites: the pages move when others send alerts.

        Example:
        | ${alerts} =    Send Alerts    100    SD    low    1250 m
        | ${others} =    Send Alerts    20    SD    low    1250 m
        | Get Alert Count    ==    120    sent_by=me    within=5 s
        | Pages Of The List Should Hold Each Alert Once    ${alerts}
        """
        demands.at_least(1, alerts=len(alerts))
        answer = clients.webapp().call("GET", "alert", params={"page": 1})
        last = answer.body.get("maxPage", 0) if isinstance(answer.body, dict) else 0
        if last < 2:
            raise AssertionError(f"The list of alerts names {last} pages, with {len(alerts)} of ours in it.")
        pages = [clients.webapp().alerts(params={"page": page}) for page in range(1, last + 1)]
        shown = [entry.get("ext_id") for page in pages for entry in page]
        counts = {alert.id: shown.count(alert.id) for alert in alerts}
        problems = [f"{ident} stands there {count} times" for ident, count in counts.items() if count != 1]
        fail_with(f"The {last} pages of the list do not hold each of {len(alerts)} alerts once", problems)

    def _new(self, amount: int, alert_class: str, severity: str, distance: int) -> list[Alert]:
        demands.at_least(1, amount=amount)
        return new_alerts(alert_class, severity, distance, amount=amount)

    def _beginning(self, begun: Moment | None, closes_in: timedelta | None) -> datetime:
        if closes_in is None:
            return begun or datetime.now(UTC)
        closed = timedelta(seconds=site().timings.alert_closed_s)
        if begun is not None or not timedelta(0) < closes_in < closed:
            raise BenchError(
                f"closes_in is a time above 0 and below {closed.total_seconds():g} s, the site's alert_closed_s, and "
                "begun is left out beside it; correct the table."
            )
        return datetime.now(UTC) - (closed - closes_in)

    def _expect_on_the_exchange(self, alerts: list[Alert], queue: ExclusiveTestQueue, sent: datetime) -> None:
        ids = {alert.id for alert in alerts}
        queue.wait_for_all(
            f"{_named(alerts)} on exchange '{clients.rabbitmq().exchange}'",
            lambda message: id_of(message) in ids,
            len(ids),
            timeout=site().timings.alert_visible_s,
        )
        # What comes twice comes at once: it is there when a marker published now is.
        messages = [message for message in queue.messages_until_now() if id_of(message) in ids]
        by_id = {alert.id: alert for alert in alerts}
        problems = message_checks.order_faults(messages, alerts)
        for message in messages:
            problems += message_checks.faults(message, by_id[id_of(message)], sent)
        fail_with(f"{_named(alerts)} passed the exchange changed", problems)

    def _expect_in_the_list(self, alerts: list[Alert], sent: datetime) -> None:
        def listed() -> dict[Any, list[dict[str, Any]]]:
            entries: dict[Any, list[dict[str, Any]]] = {}
            for entry in clients.webapp().alerts():
                entries.setdefault(entry.get("ext_id"), []).append(entry)
            missing = [alert for alert in alerts if alert.id not in entries]
            if missing:
                raise NotYet(f"{len(entries)} alerts, {len(missing)} of ours missing, first the {missing[0]}")
            return entries

        entries = wait_until(f"{_named(alerts)} in the operator's list", listed, timeout=site().timings.alert_visible_s)
        problems = []
        for alert in alerts:
            if len(entries[alert.id]) > 1:
                problems.append(f"{alert.id} stands there {len(entries[alert.id])} times")
            problems += listed_faults(alert, entries[alert.id][0], sent)
        fail_with(f"The operator sees {_named(alerts)} changed", problems)

    def _regions_of(self, alert: Alert) -> set[Any]:
        entries = self._entries(alert, {"withRegions": "true"})
        if not entries:
            raise AssertionError(f"The {alert} is not in the operator's list.")
        return set(entries[0].get("regions") or [])

    def _entries(self, alert: Alert, params: dict[str, Any]) -> list[dict[str, Any]]:
        return [entry for entry in clients.webapp().alerts(params=params) if entry.get("ext_id") == alert.id]


def _named(alerts: Sequence[Alert]) -> str:
    return f"The {alerts[0]}" if len(alerts) == 1 else f"{len(alerts)} alerts, first the {alerts[0]},"
