"""What a load does, from data: requests, and the whole life of a view from its request to its removal."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment
from focus_core.base.words import ChannelRange, Recording
from focus_core.load import alert_actions
from focus_core.load.plan import Action, ReadFrames, Request, request
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_answer
from focus_core.site import data as site_data
from focus_core.views.opening import view_request
from focus_core.views.refused import FEW_CHANNELS
from focus_core.views.view import ViewRequest, ViewType

# What a removal answers: some servers remove no job at all (PZ-13670), which is a matter of other tests.
_REMOVED = (200, 204, 404)
_DAY_S = 86_400
# How much of a window has to be recorded: between two recordings there are gaps of a second or two.
_COVERED = 0.95
# About so many recorded seconds are played in one.
_PLAYED_S_A_SECOND = 10
_KINDS = ("request", "view", "alert")
_KNOWN = {*_KINDS, "body", "channels", "window", "frames", "weight", "status", "name", "by"}


def of_data(entry: Mapping[str, Any], prefix: str) -> Action:
    """The action of an entry of a profile: ``request`` with ``body`` and ``status``, ``view`` (live or historic)
    with ``channels``, ``frames`` and, if historic, ``window`` in seconds, or ``alert`` (as SD high) with ``by`` (web
    app or broker) and an id that begins with the ``prefix``. Raises ``BenchError`` for another."""
    unknown = entry.keys() - _KNOWN
    if unknown or sum(kind in entry for kind in _KINDS) != 1:
        raise BenchError(
            f"An action has either a request or a view or an alert, and of {', '.join(sorted(_KNOWN))} what it needs, "
            f"not {json.dumps(entry)}."
        )
    weight = float(entry.get("weight", 1))
    if "alert" in entry:
        return alert_actions.of_kind(
            entry["alert"], prefix, entry.get("by", "web app"), weight=weight, name=entry.get("name")
        )
    if "request" in entry:
        bodies = [with_moments(entry["body"])] if "body" in entry else []
        return request(entry["request"], *bodies, weight=weight, status=int(entry.get("status", 200)))
    channels = ChannelRange.convert(entry["channels"]) if "channels" in entry else None
    return of_view(
        entry["view"], channels, int(entry.get("frames", 1)), float(entry.get("window", 10)), weight, entry.get("name")
    )


def of_view(
    kind: str,
    channels: ChannelRange | None = None,
    frames: int = 1,
    window_s: float = 10,
    weight: float = 1,
    name: str | None = None,
) -> Action:
    """A view that is asked for, connected to, read for so many frames, asked for its metadata, and closed."""
    steps = (
        Request(
            "POST", "/configure", (json.dumps(body_of(kind, channels, window_s)),),
            keeps=("job_id", "stream_url", "stream_port"), name="configure",
        ),
        ReadFrames(frames, name="frames"),
        Request("GET", "/metadata/$job_id", name="metadata"),
    )  # fmt: skip
    closing = (Request("DELETE", "/job/$job_id", statuses=_REMOVED, name="close"),)
    return Action(steps, name or f"{kind} view", weight, closing)


def body_of(kind: str, channels: ChannelRange | None = None, window_s: float = 10) -> dict[str, Any]:
    """The body that asks for such a view."""
    return slow_view(kind, channels, window_s).body()


def slow_view(kind: str, channels: ChannelRange | None = None, window_s: float = 10) -> ViewRequest:
    """A view of about a row a second, of few channels unless others are given: many of them can be read at once.

    A historic one plays a window of so many seconds; its display is as long as the rule for windows demands.
    """
    if kind not in ("live", "historic"):
        raise BenchError(f"A view is live or historic, not '{kind}'.")
    window = recorded(window_s) if kind == "historic" else None
    duration = 10.0 if window is None else max(10.0, math.ceil(window_s / site_data.site().limits.history_windows))
    height = 10 if window is None else max(10, int(duration / _PLAYED_S_A_SECOND))
    return view_request(
        ViewType.MultiChannel, channels=channels or FEW_CHANNELS, window=window, duration=duration, height=height
    )


def recorded(seconds: float) -> Recording:
    """A window of so many seconds of the last day that was recorded but for the gaps between two recordings."""
    now = int(time.time())
    answer = client().recordings(now - _DAY_S, now)
    check_answer(answer, OK, "The list of the last day's recordings")
    finished = sorted((start, end) for start, end in answer.json() if end > start)
    for _, last in reversed(finished):
        first = last - int(seconds)
        covered = sum(min(end, last) - max(start, first) for start, end in finished if end > first and start < last)
        if covered >= seconds * _COVERED:
            return Recording(first, last)
    raise AssertionError(f"The site has recorded no {seconds:g} s in a row in the last day.")


def with_moments(body: Any) -> Any:
    """The body with moments that are written in words, as ``1 day ago`` or ``now``, in seconds since the epoch."""
    if isinstance(body, Mapping):
        return {name: with_moments(value) for name, value in body.items()}
    if isinstance(body, str):
        with suppress(ValueError):
            return int(Moment.convert(body).timestamp())
    return body
