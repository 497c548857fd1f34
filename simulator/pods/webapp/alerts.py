"""Alerts: the rules of a request, the message that travels, and the list of those that arrived."""

from __future__ import annotations

import csv
import io
import math
import threading
import uuid
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.defects import active
from simulator.pods.webapp.errors import invalid

CLASSES = {103: "SC", 104: "SD"}
SEVERITIES = (1, 2, 3)
FIBRE_METRES = 10000
MAX_IDS = 100
PAGE_SIZE = 100
KEPT = 20000
# An alert lasts as long as its message states; the user interface closes it this long after that (170 s after a push).
# The message is the same at every time scale; only the closing follows it.
INTERVAL_SECONDS = 150
CLOSES_AFTER_SECONDS = 20.0
LONGEST_SECONDS = 24 * 3600.0
# With the defect alert-ids-cut an id has at most so many characters; with alerts-merged alerts that begin at one place
# within so many seconds are one.
_CUT_ID = 255
_MERGED_SECONDS = 1.0

_FIELDS = ("alertsAmount", "dofM", "classId", "severity", "alertIds")
_ORDER = {
    "startTime": "start_time",
    "endTime": "end_time",
    "severity": "severity",
    "classId": "class_id",
    "distance": "distance_m",
    "alertId": "ext_id",
    "status": "is_open",
}


@dataclass(frozen=True)
class AlertRequest:
    """A checked request to push alerts: distance in metres of fibre, one alert per id."""

    distance_m: int
    class_id: int
    severity: int
    ids: tuple[str, ...]


def check_request(body: object) -> AlertRequest:
    """Return the request, or raise 400 naming the field and what it allows."""
    if not isinstance(body, dict):
        raise invalid("The body must be a JSON object.")
    if active("alert-fields-accepted"):
        body = {"dofM": 0, "classId": 103, "severity": 1, "alertIds": ["unnamed"], **body}
        body.setdefault("alertsAmount", len(body["alertIds"]) if isinstance(body["alertIds"], list) else 1)
    missing = [name for name in _FIELDS if body.get(name) is None]
    if missing:
        raise invalid(f"Missing: {', '.join(missing)}.")
    distance, class_id, severity, amount = (
        _whole_number(body, name) for name in ("dofM", "classId", "severity", "alertsAmount")
    )
    if class_id not in CLASSES and not active("alert-class-accepted"):
        raise invalid(f"classId {class_id} is not allowed; allowed are 103 (SC) and 104 (SD).")
    if severity not in SEVERITIES and not (severity == 0 and active("severity-zero-accepted")):
        raise invalid(f"severity {severity} is not allowed; allowed are 1, 2 and 3.")
    if not 0 <= distance <= FIBRE_METRES and not active("alert-dof-accepted"):
        raise invalid(f"dofM {distance} is outside of the fibre; allowed are 0 to {FIBRE_METRES} m.")
    ids = _ids(body["alertIds"])
    if amount < 1 or amount != len(ids):
        raise invalid(f"alertsAmount is {amount} but must be the number of alertIds, here {len(ids)}, and at least 1.")
    return AlertRequest(distance, class_id, severity, ids)


def _whole_number(body: dict[str, Any], name: str) -> int:
    value = body[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid(f"{name} must be a whole number.")
    return value


def _ids(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_IDS:
        raise invalid(f"alertIds must be a list of 1 to {MAX_IDS} ids.")
    for one in value:
        if not isinstance(one, str) or not one or not one.isprintable() or any(sign.isspace() for sign in one):
            raise invalid("Each alert id must be a text of printable characters without spaces.")
    return tuple(value)


def unchecked_request(body: object) -> AlertRequest | None:
    """Return a request as it came, for the defect refused-alerts-published; None where it names no alert at all."""
    if not isinstance(body, dict) or not isinstance(body.get("alertIds"), list):
        return None
    distance, class_id, severity = (body.get(name, 0) for name in ("dofM", "classId", "severity"))
    return AlertRequest(distance, class_id, severity, tuple(map(str, body["alertIds"])))


def messages_of(request: AlertRequest, now: datetime) -> list[dict[str, Any]]:
    """Return the AMQP messages of the request, one per id, in the form of the analysis algorithms."""
    run = str(uuid.uuid4())
    left_out = ("is_dead", "is_faded") if active("alert-message-incomplete") else ()
    messages: list[dict[str, Any]] = [
        {
            "algorun_id": run,
            "alert_id": _sent_id(one),
            "class_id": request.class_id,
            "severity": min(SEVERITIES) if active("alert-severity-lowered") else request.severity,
            "distance_m": request.distance_m,
            "alert_time": now.isoformat(timespec="milliseconds"),
            "time_interval_s": INTERVAL_SECONDS,
            "is_external": True,
            "is_dead": False,
            "is_faded": False,
        }
        for one in (dict.fromkeys(request.ids) if active("alert-duplicates-dropped") else request.ids)
    ]
    return [{name: value for name, value in one.items() if name not in left_out} for one in messages]


def _sent_id(one: str) -> str:
    if active("alert-ids-mangled"):
        one = one.encode("ascii", "replace").decode()
    return one[:_CUT_ID] if active("alert-ids-cut") else one


@dataclass(frozen=True)
class Region:
    """A named stretch of the fibre, in metres."""

    id: int
    name: str
    start_m: int
    end_m: int


REGIONS = (
    Region(1, "General", 0, FIBRE_METRES),
    Region(2, "North", 0, FIBRE_METRES // 2),
    Region(3, "South", FIBRE_METRES // 2, FIBRE_METRES),
)


@dataclass(frozen=True)
class Alert:
    """An alert that the broker delivered. Times are aware UTC; the distance is in metres of fibre."""

    ext_id: str
    class_id: int
    severity: int
    distance_m: float
    start_time: datetime
    end_time: datetime
    algorun_id: str
    is_external: bool

    @classmethod
    def from_message(cls, message: object, time_scale: float = 1.0) -> Alert:
        """Read a message of the exchange; ValueError names what is wrong with it."""
        if not isinstance(message, dict):
            raise ValueError("not a JSON object")
        try:
            start = parse_time(str(message["alert_time"]))
            interval = float(message.get("time_interval_s", INTERVAL_SECONDS))
            if not 0 <= interval <= LONGEST_SECONDS:
                raise ValueError(f"time_interval_s is not between 0 and {LONGEST_SECONDS:.0f}")
            return cls(
                ext_id=str(message["alert_id"]),
                class_id=int(message["class_id"]),
                severity=int(message["severity"]),
                distance_m=message["distance_m"],
                start_time=start,
                end_time=start + timedelta(seconds=(interval + CLOSES_AFTER_SECONDS) * time_scale),
                algorun_id=str(message.get("algorun_id", "")),
                is_external=bool(message.get("is_external", False)),
            )
        except KeyError as missing:
            raise ValueError(f"{missing.args[0]} is missing") from missing
        except (TypeError, OverflowError) as wrong:
            raise ValueError(str(wrong)) from wrong

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Alert:
        """Read what ``as_row`` returned."""
        return cls(**row | {name: datetime.fromisoformat(row[name]) for name in ("start_time", "end_time")})

    def as_row(self) -> dict[str, Any]:
        """Return the alert as the next pod reads it."""
        return asdict(self) | {"start_time": self.start_time.isoformat(), "end_time": self.end_time.isoformat()}

    @property
    def is_open(self) -> bool:
        """Whether the user interface still shows the alert as open."""
        return active("alert-never-closes") or self.end_time > datetime.now(UTC)

    @property
    def regions(self) -> list[int]:
        """Ids of the regions of the fibre that the alert lies in."""
        return [region.id for region in REGIONS if region.start_m <= self.distance_m <= region.end_m]

    def as_json(self) -> dict[str, Any]:
        """Return the alert as the list shows it."""
        times = {name: getattr(self, name).isoformat(timespec="milliseconds") for name in ("start_time", "end_time")}
        return {**asdict(self), **times, "is_live": self.is_open, "status": "open" if self.is_open else "closed"}


def parse_time(text: str) -> datetime:
    """Return an ISO 8601 time as aware UTC; a time without a zone is UTC. ValueError when it is none."""
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@dataclass(frozen=True)
class Filter:
    """What a list asks for; None means no restriction."""

    start: datetime | None = None
    end: datetime | None = None
    classes: frozenset[int] | None = None
    severities: frozenset[int] | None = None
    live: bool | None = None
    regions: frozenset[int] | None = None
    ids: frozenset[str] | None = None

    def keeps(self, alert: Alert) -> bool:
        """Return whether the alert belongs into the list."""
        return (
            (self.start is None or alert.start_time >= self.start)
            and (self.end is None or alert.start_time <= self.end)
            and (self.classes is None or alert.class_id in self.classes)
            and (self.severities is None or alert.severity in self.severities)
            and (self.live is None or alert.is_open == self.live)
            and (self.regions is None or not self.regions.isdisjoint(alert.regions))
            and (self.ids is None or alert.ext_id in self.ids)
        )


COLUMNS = (
    *("ext_id", "class_id", "severity", "distance_m", "start_time", "end_time"),
    *("algorun_id", "is_external", "is_live", "status"),
)


class AlertStore:
    """The alerts that arrived, oldest first; written by the broker's thread, read by requests."""

    def __init__(self) -> None:
        self._alerts: list[Alert] = []
        self._lock = threading.Lock()

    def add(self, alert: Alert, *, again: bool = False) -> None:
        """Keep an alert, beyond 20,000 without the oldest; one that comes ``again`` only where it is not kept yet."""
        with self._lock:
            if (again and alert in self._alerts) or (active("alerts-merged") and self._is_beside_another(alert)):
                return
            self._alerts.append(alert)
            del self._alerts[:-KEPT]

    def _is_beside_another(self, alert: Alert) -> bool:
        return any(
            (other.class_id, other.distance_m) == (alert.class_id, alert.distance_m)
            and abs((other.start_time - alert.start_time).total_seconds()) < _MERGED_SECONDS
            for other in self._alerts
        )

    def remove(self, ids: set[str]) -> int:
        """Remove all alerts with these ids and return how many there were."""
        with self._lock:
            before = len(self._alerts)
            self._alerts = [alert for alert in self._alerts if alert.ext_id not in ids]
            return before - len(self._alerts)

    def find(self, wanted: Filter, *, order_by: str = "startTime", descending: bool = True) -> list[Alert]:
        """Return the alerts that the filter keeps, in order; 400 for an order that the API does not know."""
        if order_by not in _ORDER:
            raise invalid(f"This orderBy is not allowed; allowed are {', '.join(_ORDER)}.")
        if active("alerts-unsorted"):
            order_by = "startTime"
        if active("alert-severities-ignored"):
            wanted = replace(wanted, severities=None)
        if active("alert-times-ignored"):
            wanted = replace(wanted, start=None, end=None)
        if active("alert-regions-ignored"):
            wanted = replace(wanted, regions=None)
        with self._lock:
            found = [alert for alert in self._alerts if wanted.keeps(alert)]
        found.sort(key=lambda alert: getattr(alert, _ORDER[order_by]), reverse=descending)
        return found


def page_of(found: list[Alert], page: int | None, with_regions: bool) -> dict[str, Any]:
    """Return ``{alerts, alertsCount, maxPage}``: one page, counted from 1, or all without a page."""
    if page is not None and active("alert-pages-ignored"):
        page = 1
    shown = found if page is None else found[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return {
        "alerts": [
            {**alert.as_json(), "regions": alert.regions} if with_regions else alert.as_json() for alert in shown
        ],
        "alertsCount": len(found),
        "maxPage": max(1, math.ceil(len(found) / PAGE_SIZE)),
    }


def as_exported_json(alerts: list[Alert]) -> list[dict[str, Any]]:
    """Return the alerts as the list shows them."""
    rows = [alert.as_json() for alert in alerts]
    if active("alert-json-in-kilometres"):
        rows = [row | {"distance_m": row["distance_m"] / 1000} for row in rows]
    return rows


def as_csv(alerts: list[Alert]) -> str:
    """Return the alerts as CSV (RFC 4180) with a line of names; it holds what the JSON export holds."""
    text = io.StringIO()
    rows = [alert.as_json() for alert in alerts]
    if active("alert-export-all-low"):
        rows = [row | {"severity": min(SEVERITIES)} for row in rows]
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()
