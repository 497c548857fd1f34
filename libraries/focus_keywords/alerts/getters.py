"""Keywords that read alerts where the site shows them: the operator's list, its exports, the exchange."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.objects import field_of
from focus_core.base.quantities import Metres, Moment
from focus_core.webapp.alerts import Alert, AlertClass, Severity
from focus_core.webapp.seen_alerts import AlertQuery, Order, SeenAlert, State
from robot.api.deco import keyword

from focus_keywords.alerts.reading import Asked, SentBy, Source
from focus_keywords.getters import CHECK, checked

AlertField = Literal["id", "alert_class", "severity", "distance", "time", "end", "state", "length"]

_FILTERS: dict[str, Any] = {
    "alert": Alert,
    "sent_by": SentBy,
    "severity": Severity,
    "alert_class": AlertClass,
    "distance": Metres,
    "since": Moment,
    "until": Moment,
    "state": State,
    "page": int,
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
        sent_by: SentBy | None = None,
        severity: Severity | None = None,
        alert_class: AlertClass | None = None,
        distance: Metres | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        state: State | None = None,
        page: int | None = None,
        order: Order = "time",
        ascending: bool = False,
        source: Source = "list",
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[SeenAlert]:
        """Returns the alerts that the operator's list shows; with an operator their ids are checked.

        ``alert``: what `Send Alert` has returned. ``sent_by=me``: those of this test. ``severity``, ``alert_class``,
        ``since`` and ``until`` (when they began), ``state`` (open or closed) and ``page`` (from 1) are asked of the web
        app, which also puts them in ``order``: by ``time``, ``severity``, ``distance`` or ``alert_class``, the highest
        first unless ``ascending`` is yes. ``source=csv`` and ``source=json`` read the exports instead of the list; a
        private queue as the ``source`` reads the messages that it got, in the order in which they came.

        | ${alerts} =    Get Alerts    sent_by=me    severity=high    since=10 minutes ago
        """
        query = _query(severity, alert_class, since, until, state, page, order, ascending)
        asked = Asked(query, alert, sent_by, distance, source)
        what = asked.named("Alerts")
        found: list[SeenAlert] = checked(what, asked.read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | _FILTERS)
    def get_alert_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        alert: Alert | None = None,
        sent_by: SentBy | None = None,
        severity: Severity | None = None,
        alert_class: AlertClass | None = None,
        distance: Metres | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        state: State | None = None,
        page: int | None = None,
        source: Source = "list",
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many alerts the operator's list shows; filters and ``source`` are those of `Get Alerts`.

        | Get Alert Count    ==    2    sent_by=me    distance=1250 m    within=5 s
        """
        query = _query(severity, alert_class, since, until, state, page, "time", False)
        asked = Asked(query, alert, sent_by, distance, source)
        what = asked.named("Number of alerts")
        found: int = checked(what, lambda: len(asked.read()), operator, expected, message, within, during)
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
        sent_by: SentBy | None = None,
        severity: Severity | None = None,
        alert_class: AlertClass | None = None,
        distance: Metres | None = None,
        since: Moment | None = None,
        until: Moment | None = None,
        state: State | None = None,
        page: int | None = None,
        order: Order = "time",
        ascending: bool = False,
        source: Source = "list",
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of an alert, or the list of it where several fit, in their order; filters, order and
        ``source`` are those of `Get Alerts`. ``end``, ``state`` (open or closed) and ``length`` are known to list and
        exports only.

        | ${alert} =    Send Alert    SD    high    1250 m
        | Get Alert Field    severity    ==    high    alert=${alert}    within=5 s
        | Get Alert Field    severity    ==    high    alert=${alert}    source=csv
        | Get Alert Field    severity    ==    high, low    order=severity    sent_by=me
        """
        query = _query(severity, alert_class, since, until, state, page, order, ascending)
        asked = Asked(query, alert, sent_by, distance, source)
        read = lambda: field_of(asked.read(), "alert", field)  # noqa: E731 - used once
        return checked(asked.named(f"{field} of alerts"), read, operator, expected, message, within, during)


def _query(
    severity: Severity | None,
    alert_class: AlertClass | None,
    since: Moment | None,
    until: Moment | None,
    state: State | None,
    page: int | None,
    order: Order,
    ascending: bool,
) -> AlertQuery:
    if page is not None:
        demands.at_least(1, page=page)
    return AlertQuery(severity, alert_class, since, until, state, page, order, ascending)
