"""Keywords that read alerts where the site shows them: the operator's list, its export, the exchange."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.base.objects import field_of
from focus_core.base.quantities import Metres, Moment
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.run import clients
from focus_core.webapp import seen_alerts
from focus_core.webapp.alerts import Alert, AlertClass, Severity
from focus_core.webapp.seen_alerts import Order, SeenAlert
from robot.api.deco import keyword

from focus_keywords.alerts import sending
from focus_keywords.getters import CHECK, checked

AlertField = Literal["id", "alert_class", "severity", "distance", "time"]
Source = Literal["list", "csv"] | ExclusiveTestQueue

_FILTERS: dict[str, Any] = {
    "alert": Alert,
    "sent_by": Literal["me"],
    "severity": Severity,
    "alert_class": AlertClass,
    "distance": Metres,
    "since": Moment,
    "source": Source,
}
_ORDER: dict[str, Any] = {"order": Order, "ascending": bool}
_TAGS = ("alerts", "Getter", "Assertion")


class AlertGetters:
    """Alerts as the site shows them, returned and checked."""

    @keyword(tags=_TAGS, types=CHECK | _FILTERS | _ORDER)
    def get_alerts(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: Literal["me"] | None = None,
        severity: Severity | None = None,
        alert_class: AlertClass | None = None,
        distance: Metres | None = None,
        since: Moment | None = None,
        order: Order = "time",
        ascending: bool = False,
        source: Source = "list",
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[SeenAlert]:
        """Returns the alerts that the operator's list shows; with an operator their ids are checked.

        ``alert``: what `Send Alert` has returned. ``sent_by=me``: those of this test. ``severity``, ``alert_class`` and
        ``since`` are asked of the web app, which also puts them in ``order``: by ``time``, ``severity``, ``distance``
        or ``alert_class``, the highest first unless ``ascending`` is yes. ``source=csv`` reads the export instead of
        the list; a private queue as the ``source`` reads the messages that it got, in the order in which they came.

        | ${alerts} =    Get Alerts    sent_by=me    severity=high    since=10 minutes ago
        """
        read = _read(alert, sent_by, severity, alert_class, distance, since, order, ascending, source)
        found: list[SeenAlert] = checked(_named("Alerts", source), read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | _FILTERS)
    def get_alert_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: Literal["me"] | None = None,
        severity: Severity | None = None,
        alert_class: AlertClass | None = None,
        distance: Metres | None = None,
        since: Moment | None = None,
        source: Source = "list",
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many alerts the operator's list shows; filters and ``source`` are those of `Get Alerts`.

        | Get Alert Count    ==    2    sent_by=me    distance=1250 m    within=5 s
        """
        read = _read(alert, sent_by, severity, alert_class, distance, since, "time", False, source)
        what = _named("Number of alerts", source)
        found: int = checked(what, lambda: len(read()), operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types={"field": AlertField} | CHECK | _FILTERS | _ORDER)
    def get_alert_field(
        self,
        field: AlertField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: Literal["me"] | None = None,
        severity: Severity | None = None,
        alert_class: AlertClass | None = None,
        distance: Metres | None = None,
        since: Moment | None = None,
        order: Order = "time",
        ascending: bool = False,
        source: Source = "list",
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of an alert, or the list of it where several fit, in their order; filters, order and
        ``source`` are those of `Get Alerts`.

        | ${alert} =    Send Alert    SD    high    1250 m
        | Get Alert Field    severity    ==    high    alert=${alert}    within=5 s
        | Get Alert Field    severity    ==    high    alert=${alert}    source=csv
        | Get Alert Field    severity    ==    high, low    order=severity    sent_by=me
        """
        read = _read(alert, sent_by, severity, alert_class, distance, since, order, ascending, source)
        what = _named(f"{field} of alerts", source)
        return checked(what, lambda: field_of(read(), "alert", field), operator, expected, message, within, during)


def _read(
    alert: Alert | None,
    sent_by: Literal["me"] | None,
    severity: Severity | None,
    alert_class: AlertClass | None,
    distance: Metres | None,
    since: Moment | None,
    order: Order,
    ascending: bool,
    source: Source,
) -> Callable[[], list[SeenAlert]]:
    params = seen_alerts.query(
        severity=severity, alert_class=alert_class, since=since, order=order, ascending=ascending
    )

    def named(ident: str) -> bool:
        return (alert is None or ident == alert.id) and (sent_by is None or ident in sending.ids_of_this_test)

    def meant(one: SeenAlert) -> bool:
        return distance is None or one.distance == distance

    def asked(one: SeenAlert) -> bool:
        """What the web app does for its list, for messages."""
        return (
            (severity is None or one.severity == severity)
            and (alert_class is None or one.alert_class == alert_class)
            and (since is None or one.time >= since)
        )

    def read() -> list[SeenAlert]:
        if source == "csv":
            return [
                one
                for one in seen_alerts.exported(clients.webapp().exported_alerts(params=params), named)
                if meant(one)
            ]
        if isinstance(source, ExclusiveTestQueue):
            bodies = [message.body for message in source.messages_until_now() if isinstance(message.body, dict)]
            return [one for one in seen_alerts.of_messages(bodies, named) if meant(one) and asked(one)]
        return [one for one in seen_alerts.listed(clients.webapp().alerts(params=params), named) if meant(one)]

    if isinstance(source, ExclusiveTestQueue) and (order != "time" or ascending):
        raise BenchError("Messages stand in the order in which they came; leave out order and ascending.")
    return read


def _named(what: str, source: Source) -> str:
    where = {"list": "in the operator's list", "csv": "in the export"}
    return f"{what} {where[source] if isinstance(source, str) else f'in queue {source.name}'}"
