"""Keywords about alerts: sent through the web app, carried by the exchange, seen by the operator."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpAnswer
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import number_in
from focus_core.rabbitmq.client import ALERT_KEY
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.messages import Message
from focus_core.run import clients, other_clients
from focus_core.site.data import site
from focus_core.webapp.alerts import (
    Alert,
    AlertClass,
    Severity,
    exchange_message,
    listed_faults,
    message_faults,
    parse_distance,
    push_body,
)
from robot.api import SkipExecution
from robot.api.deco import keyword

from focus_keywords.alerts.sending import expect_status, push, remove_at_end, send

# A tester's word for a field of push-to-rabbit.
FIELDS = {
    "class": "classId",
    "severity": "severity",
    "distance": "dofM",
    "amount": "alertsAmount",
    "ids": "alertIds",
}
# A complete alert that every site accepts; a test of refusal changes one thing of it.
GOOD_CLASS, GOOD_SEVERITY, GOOD_DISTANCE_M = AlertClass.SD, Severity.high, 1250


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
        alert_class: Literal["SD", "SC"],
        severity: Literal["low", "medium", "high"],
        distance: Distance,
    ) -> Alert:
        """Sends one alert through the web app and returns it; the web app must answer 201.

        Example:
        | ${alert} =    Send Alert    SD    high    1250 m
        """
        alerts = _alerts(alert_class, severity, distance, 1)
        send(alerts)
        return alerts[0]

    @keyword(tags=("alerts",))
    def alert_should_reach_the_operator(
        self,
        alert_class: Literal["SD", "SC"],
        severity: Literal["low", "medium", "high"],
        distance: Distance,
        *,
        amount: int = 1,
        login: Literal["bearer", "cookie"] = "bearer",
    ) -> None:
        """Sends ``amount`` alerts and fails unless each passes the exchange and stands in the operator's list.

        Both must happen within the site's ``alert_visible_s``, and every value must be the one that was sent. With
        ``login=cookie`` the alerts are sent as a browser does: by cookie and CSRF token.

        Example:
        | Alert Should Reach The Operator    SD    high    1250 m
        """
        demands.at_least(1, amount=amount)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            sent = datetime.now(UTC)
            alerts = _alerts(alert_class, severity, distance, amount)
            send(alerts, authentication=login)
            for alert in alerts:
                self._expect_on_the_exchange(alert, queue, sent)
        self._expect_in_the_list(alerts, sent)

    @keyword(tags=("alerts",))
    def publish_alert(
        self,
        alert_class: Literal["SD", "SC"],
        severity: Literal["low", "medium", "high"],
        distance: Distance,
        *,
        routing_key: str = ALERT_KEY,
    ) -> Alert:
        """Publishes one alert on the exchange, as an algorithm does, and returns it.

        Example:
        | ${alert} =    Publish Alert    SC    low    500 m
        | Get Alert Field    severity    ==    low    alert=${alert}    within=5 s
        """
        (alert,) = _alerts(alert_class, severity, distance, 1)
        remove_at_end([alert.id])
        clients.rabbitmq().publish(routing_key, exchange_message(alert, datetime.now(UTC)))
        return alert

    @keyword(tags=("alerts",))
    def alert_should_be_refused(self, **change: str) -> None:
        """Sends a good alert with one thing changed; fails unless the web app answers 400 and names the field.

        Nothing may pass the exchange. The change is one of ``class``, ``severity``, ``distance`` (a number of metres),
        ``amount``, ``id``, or ``missing`` with the name of one of these.

        Example:
        | Alert Should Be Refused    class=105
        | Alert Should Be Refused    missing=distance
        """
        what, body, field = _changed(self._good_body(), change)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            answer = push(body)
            expect_status(answer, 400, f"An alert with {what}")
            if not _names(answer, field):
                raise AssertionError(f"An alert with {what} was refused without naming {field}: {answer.body!r:.300}.")
            self._expect_nothing_sent(body, queue, f"the refused alert with {what}")

    @keyword(tags=("alerts",))
    def alert_should_be_refused_to(self, who: Literal["nobody", "viewer"]) -> None:
        """Sends a good alert without a login, or as a user who only reads; fails unless the web app answers 401 or 403
        and sends nothing to the exchange. Skips where the site has no viewer.

        Example:
        | Alert Should Be Refused To    nobody
        """
        body = self._good_body()
        viewer = other_clients.viewer() if who == "viewer" else None
        if who == "viewer" and viewer is None:
            raise SkipExecution(f"Site {site().name} has no user of the role viewer.")
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            answer = push(body, user=viewer) if viewer else push(body, authentication="none")
            what = "alert of a viewer" if viewer else "alert without a login"
            expect_status(answer, 403 if viewer else 401, f"An {what}")
            self._expect_nothing_sent(body, queue, f"the {what}")

    def _good_body(self) -> dict[str, Any]:
        alerts = _alerts(GOOD_CLASS.name, GOOD_SEVERITY.name, GOOD_DISTANCE_M, 1)
        # A site that accepts it although it must not may not keep it.
        remove_at_end([alert.id for alert in alerts])
        return push_body(alerts)

    def _expect_on_the_exchange(self, alert: Alert, queue: ExclusiveTestQueue, sent: datetime) -> None:
        message = queue.wait_for(
            f"The {alert} on exchange '{clients.rabbitmq().exchange}'",
            lambda message: alert.id in _ids(message),
            timeout=site().timings.alert_visible_s,
        )
        faults = message_faults(alert, message.body, sent)
        if not message.routing_key.startswith(ALERT_KEY):
            faults.append(f"the routing key is '{message.routing_key}' instead of '{ALERT_KEY}...'")
        if faults:
            raise AssertionError(f"The {alert} passed the exchange changed: {'; '.join(faults)}.")

    def _expect_in_the_list(self, alerts: list[Alert], sent: datetime) -> None:
        def listed() -> dict[Any, dict[str, Any]]:
            entries = {entry.get("ext_id"): entry for entry in clients.webapp().alerts()}
            missing = [alert for alert in alerts if alert.id not in entries]
            if missing:
                raise NotYet(f"{len(entries)} alerts, {len(missing)} of ours missing, first the {missing[0]}")
            return entries

        what = f"The {alerts[0]} in the operator's list"
        entries = wait_until(what, listed, timeout=site().timings.alert_visible_s)
        for alert in alerts:
            faults = listed_faults(alert, entries[alert.id], sent)
            if faults:
                raise AssertionError(f"The operator sees the {alert} changed: {'; '.join(faults)}.")

    def _expect_nothing_sent(self, body: dict[str, Any], queue: ExclusiveTestQueue, what: str) -> None:
        passed = [message for message in queue.messages_until_now() if set(body.get("alertIds", [])) & _ids(message)]
        if passed:
            raise AssertionError(f"{what[0].upper()}{what[1:]} still passed the exchange: {passed[0].body!r:.300}.")


def _alerts(alert_class: str, severity: str, distance: int, amount: int) -> list[Alert]:
    return [Alert(unique("alert"), AlertClass[alert_class], Severity[severity], int(distance)) for _ in range(amount)]


def _changed(body: dict[str, Any], change: dict[str, str]) -> tuple[str, dict[str, Any], str]:
    """What was changed in words, the changed body, and the field that the refusal must name."""
    if len(change) != 1:
        raise BenchError(
            f"An alert is refused for one change, not {len(change)}: {', '.join(change) or 'say which, as class=105'}."
        )
    name, value = next(iter(change.items()))
    if name == "missing":
        field = _field(value, FIELDS)
        return f"no {field}", {key: kept for key, kept in body.items() if key != field}, field
    if name == "id":
        return f"alert id '{value}'", {**body, "alertIds": [value]}, FIELDS["ids"]
    field = _field(name, [*(known for known in FIELDS if known != "ids"), "id", "missing"])
    return f"{field} {value}", {**body, field: number_in(value)}, field


def _field(name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise BenchError(f"'{name}' is nothing of an alert that can be changed; choose one of {', '.join(known)}.")
    return FIELDS[name]


def _names(answer: HttpAnswer, field: str) -> bool:
    """Whether a refusal names the field, as on the wire or in words ("alertIds", "alert id")."""
    return field.removesuffix("s").lower() in str(answer.body).replace(" ", "").lower()


def _ids(message: Message) -> set[str]:
    return {str(message.body.get("alert_id"))} if isinstance(message.body, dict) else set()
