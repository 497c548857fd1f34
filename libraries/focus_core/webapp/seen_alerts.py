"""Alerts as the site shows them: in the operator's list, in its export as CSV, and as messages of the exchange."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from focus_core.base.quantities import Metres, Moment
from focus_core.webapp.alerts import AlertClass, Severity

Wanted = Callable[[str], bool]
Order = Literal["time", "severity", "distance", "alert_class"]

_ORDERS: dict[Order, str] = {
    "time": "startTime",
    "severity": "severity",
    "distance": "distance",
    "alert_class": "classId",
}
_LISTED = ("ext_id", "class_id", "severity", "distance_m", "start_time")
_MESSAGE = ("alert_id", "class_id", "severity", "distance_m", "alert_time")


@dataclass(frozen=True)
class SeenAlert:
    """An alert as the site shows it.

    - ``id``: what it was sent with
    - ``alert_class``: SC or SD
    - ``severity``: low, medium or high
    - ``distance``: its place on the fibre, in metres
    - ``time``: when it began (UTC)
    """

    id: str
    alert_class: AlertClass
    severity: Severity
    distance: Metres
    time: Moment

    def __str__(self) -> str:
        return f"{self.alert_class} alert {self.id} ({self.severity}, {self.distance}, {self.time})"


def query(
    *,
    severity: Severity | None = None,
    alert_class: AlertClass | None = None,
    since: datetime | None = None,
    order: Order = "time",
    ascending: bool = False,
) -> dict[str, Any]:
    """The parameters of the web app's list and export for these filters and this order."""
    asked: dict[str, Any] = {
        "orderBy": _ORDERS[order],
        "orderByDirection": "asc" if ascending else "desc",
    }
    if severity is not None:
        asked["severities[]"] = int(severity)
    if alert_class is not None:
        asked["classIds[]"] = int(alert_class)
    if since is not None:
        asked["startTime"] = since.isoformat()
    return asked


def listed(entries: Iterable[Mapping[str, Any]], wanted: Wanted) -> list[SeenAlert]:
    """The alerts of the operator's list whose ids are ``wanted``.

    Raises ``AssertionError`` for one that is no alert, naming what is wrong.
    """
    return _all(entries, _LISTED, "list", wanted)


def exported(text: str, wanted: Wanted) -> list[SeenAlert]:
    """Those of an export as CSV. Raises ``AssertionError`` as `listed` does."""
    return _all(csv.DictReader(io.StringIO(text)), _LISTED, "export", wanted)


def of_messages(bodies: Iterable[Mapping[str, Any]], wanted: Wanted) -> list[SeenAlert]:
    """Those of messages of the exchange. Raises ``AssertionError`` as `listed` does."""
    return _all(bodies, _MESSAGE, "exchange", wanted)


def _all(entries: Iterable[Mapping[str, Any]], names: tuple[str, ...], where: str, wanted: Wanted) -> list[SeenAlert]:
    return [_seen(entry, names, where) for entry in entries if wanted(str(entry.get(names[0])))]


def _seen(entry: Mapping[str, Any], names: tuple[str, ...], where: str) -> SeenAlert:
    missing = [name for name in names if entry.get(name) is None]
    if missing:
        raise AssertionError(f"an alert of the {where} has no {', '.join(missing)}: {dict(entry)!r:.300}")
    ident, class_id, severity, distance, begun = (entry[name] for name in names)
    try:
        return SeenAlert(
            str(ident),
            AlertClass(int(class_id)),
            Severity(int(severity)),
            Metres(distance),
            Moment.convert(datetime.fromisoformat(str(begun))),
        )
    except (ValueError, TypeError) as error:
        raise AssertionError(f"alert {ident} of the {where} is none: {error}") from None
