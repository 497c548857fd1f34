"""Reading what a request brings: JSON bodies, logins, the filters of the alert list. Wrong input is 400."""

from __future__ import annotations

import json
from datetime import datetime
from urllib.parse import parse_qs

from fastapi import Request

from simulator.defects import active
from simulator.pods.webapp.alerts import Filter, parse_time
from simulator.pods.webapp.described import FLAG, NUMBERS, TEXT, TEXTS, query
from simulator.pods.webapp.errors import invalid

# The query parameters that filter_of reads.
FILTER = query(
    **dict.fromkeys(("startTime", "endTime"), TEXT),
    **dict.fromkeys(("classIds", "severities", "regionIds"), NUMBERS),
    **dict.fromkeys(("isLive", "isLiveView"), FLAG),
    alertIds=TEXTS,
)

_DIRECTIONS = ("asc", "desc")


def json_of(body: bytes) -> object:
    """Return the parsed body."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as wrong:
        repeated = f" {body.decode(errors='replace')}" if active("input-repeated") else ""
        raise invalid(f"The body is not JSON.{repeated}") from wrong


def credentials(content_type: str, body: bytes) -> tuple[str, str]:
    """Return name and password of a login, sent as JSON or as a form."""
    fields: object
    if content_type.startswith("application/x-www-form-urlencoded"):
        fields = {key: values[0] for key, values in parse_qs(body.decode("utf-8", "replace")).items()}
    else:
        fields = json_of(body)
    name, password = (fields.get("username"), fields.get("password")) if isinstance(fields, dict) else (None, None)
    if not isinstance(name, str) or not isinstance(password, str) or not name or not password:
        raise invalid("The body must hold the two texts of a login.")
    return name, password


def filter_of(request: Request) -> Filter:
    """Return the filter of an alert list; ``isLiveView`` asks for the open alerts, whatever ``isLive`` is."""
    query = request.query_params
    start, end = (_time(name, query.get(name)) for name in ("startTime", "endTime"))
    if start and end and end < start:
        raise invalid("endTime is before startTime.")
    return Filter(
        start=start,
        end=end,
        classes=_numbers(request, "classIds"),
        severities=_numbers(request, "severities"),
        live=True if flag(request, "isLiveView") else flag(request, "isLive"),
        regions=_numbers(request, "regionIds"),
        ids=_texts(request, "alertIds"),
    )


def flag(request: Request, name: str) -> bool | None:
    """Return a yes or no of the query, None when it is not given."""
    text = request.query_params.get(name)
    if text not in (None, "true", "false"):
        raise invalid(f"{name} must be true or false.")
    return None if text is None else text == "true"


def page_number(request: Request) -> int | None:
    """Return the wanted page, None for all."""
    text = request.query_params.get("page")
    if text is None:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) < 10) or int(text) < 1:
        raise invalid("page must be a whole number from 1.")
    return int(text)


def order(request: Request) -> tuple[str, bool]:
    """Return the field to order by and whether it descends."""
    direction = request.query_params.get("orderByDirection", "desc").lower()
    if direction not in _DIRECTIONS:
        raise invalid("orderByDirection must be asc or desc.")
    return request.query_params.get("orderBy", "startTime"), direction == "desc"


def _time(name: str, text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        # A plus sign of a zone that was not quoted arrives as a space.
        return parse_time(text.replace(" ", "+") if "T" in text else text)
    except (ValueError, OverflowError) as wrong:
        raise invalid(f"{name} must be an ISO 8601 time.") from wrong


def _texts(request: Request, name: str) -> frozenset[str] | None:
    query = request.query_params
    given = [*query.getlist(name), *query.getlist(f"{name}[]")]
    texts = frozenset(part for text in given for part in text.split(",") if part)
    return texts or None


def _numbers(request: Request, name: str) -> frozenset[int] | None:
    texts = _texts(request, name)
    if texts is not None and not all(text.isascii() and text.isdecimal() and len(text) < 10 for text in texts):
        raise invalid(f"{name} must be whole numbers.")
    return None if texts is None else frozenset(map(int, texts))
