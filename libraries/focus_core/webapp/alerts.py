"""An alert as a tester names it, as the web app takes and lists it, and as the exchange carries it (site-contract 6,
7)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

from focus_core.base import demands
from focus_core.base.run_identity import unique

# An alert lives this long on the exchange's side.
TIME_INTERVAL_S = 150
# The clocks of the site and of this machine may differ by this much.
CLOCK_TOLERANCE = timedelta(seconds=60)

_DISTANCE = re.compile(r"(-?\d+)\s*(k?)m", re.IGNORECASE)


class Named(IntEnum):
    """A number of the protocol that shows itself by its name."""

    def __str__(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return self.name

    def __format__(self, spec: str) -> str:
        return format(self.name, spec)


class AlertClass(Named):
    """The class of an alert: SC is Single Channel, SD Spatial Distribution."""

    SC = 103
    SD = 104


class Severity(Named):
    """The severity of an alert; the operator sees it as white, yellow or red."""

    low = 1
    medium = 2
    high = 3


@dataclass(frozen=True)
class Alert:
    """An alert as it was sent.

    - ``id``: its name, made for this test
    - ``alert_class``: SC or SD
    - ``severity``: low, medium or high
    - ``distance_m``: its place on the fibre, in metres
    """

    id: str
    alert_class: AlertClass
    severity: Severity
    distance_m: int

    def __str__(self) -> str:
        return f"{self.alert_class} alert {self.id} ({self.severity}, {self.distance_m} m)"


def new_alerts(
    alert_class: str,
    severity: str,
    distance_m: int,
    *,
    amount: int = 1,
    id_begins: str = "alert",
    id_length: int = 0,
) -> list[Alert]:
    """Alerts that nobody has sent yet; ids carry the run's id and are filled up to ``id_length`` characters."""
    demands.at_least(0, id_length=id_length)
    ids = [unique(id_begins).ljust(id_length, "x") for _ in range(amount)]
    return [Alert(one, AlertClass[alert_class], Severity[severity], distance_m) for one in ids]


def parse_distance(text: str) -> int:
    """Metres of "1250 m" or "2 km"; anything else raises ValueError."""
    match = _DISTANCE.fullmatch(text.strip())
    if not match:
        raise ValueError(f"A distance is written like '1250 m', not '{text}'.")
    return int(match[1]) * (1000 if match[2] else 1)


def push_body(alerts: list[Alert]) -> dict[str, Any]:
    """The body of push-to-rabbit for alerts that differ only in their id."""
    first = alerts[0]
    return {
        "alertsAmount": len(alerts),
        "dofM": first.distance_m,
        "classId": int(first.alert_class),
        "severity": int(first.severity),
        "alertIds": [alert.id for alert in alerts],
    }


def exchange_message(alert: Alert, at: datetime) -> dict[str, Any]:
    """The message of an alert on the exchange."""
    return {
        "algorun_id": alert.id,
        "alert_id": alert.id,
        "class_id": int(alert.alert_class),
        "severity": int(alert.severity),
        "distance_m": alert.distance_m,
        "alert_time": at.isoformat(),
        "time_interval_s": TIME_INTERVAL_S,
        "is_external": True,
        "is_dead": False,
        "is_faded": False,
    }


def message_faults(alert: Alert, message: Mapping[str, Any], sent: datetime) -> list[str]:
    """Every way in which a message of the exchange differs from the alert that was sent at `sent` (aware)."""
    expected = {"alert_id": alert.id, **_values(alert), "time_interval_s": TIME_INTERVAL_S}
    return _differences(expected, message) + _time_faults("alert_time", message.get("alert_time"), sent)


def listed_faults(alert: Alert, entry: Mapping[str, Any], sent: datetime) -> list[str]:
    """Every way in which an entry of the operator's list differs from the alert that was sent at `sent` (aware)."""
    expected = {"ext_id": alert.id, **_values(alert)}
    return _differences(expected, entry) + _time_faults("start_time", entry.get("start_time"), sent)


def _values(alert: Alert) -> dict[str, int]:
    return {"class_id": int(alert.alert_class), "severity": int(alert.severity), "distance_m": alert.distance_m}


def _differences(expected: Mapping[str, Any], seen: Mapping[str, Any]) -> list[str]:
    return [
        f"{name} is {seen.get(name)!r} instead of {value!r}"
        for name, value in expected.items()
        if seen.get(name) != value
    ]


def _time_faults(name: str, value: object, sent: datetime) -> list[str]:
    try:
        seen = datetime.fromisoformat(str(value))
    except ValueError:
        return [f"{name} is {value!r} instead of an ISO time"]
    seen = seen if seen.tzinfo else seen.replace(tzinfo=UTC)
    if abs(seen - sent) > CLOCK_TOLERANCE:
        return [f"{name} is {seen.isoformat()}, which is not when the alert was sent ({sent.isoformat()})"]
    return []
