"""Where a site speaks of one alert: requests, messages, lists, logs, documents; on one time line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from focus_core.base.quantities import Moment

Place = Literal["request", "answer", "message", "list", "log", "document"]


@dataclass(frozen=True)
class AlertTrace:
    """A place where the site speaks of an alert.

    - ``place``: request, answer, message, list, log or document
    - ``time``: when it was sent, answered, begun, or written (UTC); none where the place has no time
    - ``where``: the path of the request, the queue, the pod or the collection
    - ``text``: what stands there
    """

    place: Place
    time: Moment | None
    where: str
    text: str

    def __str__(self) -> str:
        return f"{self.time or 'no time'} {self.place} {self.where}: {self.text:.120}"


def trace(place: Place, time: object, where: str, text: object) -> AlertTrace:
    """A trace; ``time`` is a moment or an ISO 8601 text, anything else is no time."""
    return AlertTrace(place, _moment(time), where, str(text))


def in_order(traces: Iterable[AlertTrace]) -> list[AlertTrace]:
    """The traces by their times; those without one come last."""
    return sorted(traces, key=lambda one: (one.time is None, one.time.timestamp() if one.time else 0.0))


def speaks_of(alert_id: str) -> dict[str, Any]:
    """A condition for documents that have the id as the value of any of their fields."""
    values = {"$map": {"input": {"$objectToArray": "$$ROOT"}, "as": "field", "in": "$$field.v"}}
    return {"$expr": {"$in": [alert_id, values]}}


def _moment(time: object) -> Moment | None:
    try:
        return Moment.convert(time if isinstance(time, datetime) else datetime.fromisoformat(str(time)))
    except ValueError:
        return None
