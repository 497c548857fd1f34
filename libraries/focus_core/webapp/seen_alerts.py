"""Alerts as the site shows them: in the operator's list, in its exports, and as messages of the exchange."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from focus_core.base.quantities import Metres, Moment, Seconds
from focus_core.webapp.alerts import AlertClass, Severity

Wanted = Callable[[str], bool]
Order = Literal["time", "severity", "distance", "alert_class"]
State = Literal["open", "closed"]

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
    - ``end``: when it is or was closed (UTC); none in a message
    - ``state``: open or closed; none in a message
    - ``length``: time between beginning and end (s); none in a message
    """

    id: str
    alert_class: AlertClass
    severity: Severity
    distance: Metres
    time: Moment
    end: Moment | None = None
    state: str | None = None

    @property
    def length(self) -> Seconds | None:
        """Seconds between beginning and end."""
        return None if self.end is None else Seconds((self.end - self.time).total_seconds())

    def __str__(self) -> str:
        return f"{self.alert_class} alert {self.id} ({self.severity}, {self.distance}, {self.time})"


@dataclass(frozen=True)
class AlertQuery:
    """What is asked of the web app's list and exports; what is None is not asked. ``page`` counts from 1."""

    severity: Severity | None = None
    alert_class: AlertClass | None = None
    since: datetime | None = None
    until: datetime | None = None
    state: State | None = None
    page: int | None = None
    order: Order = "time"
    ascending: bool = False

    def params(self) -> dict[str, Any]:
        """The parameters of the request."""
        asked = {
            "severities[]": self.severity and int(self.severity),
            "classIds[]": self.alert_class and int(self.alert_class),
            "startTime": self.since and self.since.isoformat(),
            "endTime": self.until and self.until.isoformat(),
            "isLive": self.state and str(self.state == "open").lower(),
            "page": self.page,
            "orderBy": _ORDERS[self.order],
            "orderByDirection": "asc" if self.ascending else "desc",
        }
        return {name: value for name, value in asked.items() if value is not None}

    def accepts(self, one: SeenAlert) -> bool:
        """What the web app does for its list, for messages: severity, class and time."""
        return (
            (self.severity is None or one.severity == self.severity)
            and (self.alert_class is None or one.alert_class == self.alert_class)
            and (self.since is None or one.time >= self.since)
            and (self.until is None or one.time <= self.until)
        )


def listed(entries: Iterable[Mapping[str, Any]], wanted: Wanted) -> list[SeenAlert]:
    """The alerts of the operator's list, or of its export as JSON, whose ids are ``wanted``.

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
            _moment(begun),
            _moment(entry["end_time"]) if entry.get("end_time") else None,
            entry.get("status"),
        )
    except (ValueError, TypeError) as error:
        raise AssertionError(f"alert {ident} of the {where} is none: {error}") from None


def _moment(text: object) -> Moment:
    return Moment.convert(datetime.fromisoformat(str(text)))
