"""Counts the alerts of a load: which were confirmed, which came, how often, in which order, with what in them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from focus_core.load import alert_ids
from focus_core.load.plan import FollowedAlerts
from focus_core.load.result import AlertsOutcome
from focus_core.load.times import TimesRecorder
from focus_core.webapp.alerts import Alert

# The report names so many of each kind.
_NAMED = 3


class AlertCount:
    """Moments are epoch seconds; an action that was not settled counts as not confirmed."""

    def __init__(self, followed: FollowedAlerts) -> None:
        self._followed = followed
        self._confirmed_at: dict[int, float] = {}
        self._settled = 0
        self._came: Counter[tuple[int, int]] = Counter()
        self._awaited: set[tuple[int, int]] = set()
        self._latest_begun = 0.0
        self._last = (0, 0)
        self._last_places: dict[int, int] = {}
        self._misordered: list[str] = []
        self._wrong: list[str] = []
        self._times = TimesRecorder()

    def settle(self, number: int, cause: str, at: float) -> None:
        """An action has ended, and was confirmed unless there is a ``cause``."""
        self._settled += 1
        if not cause:
            self._confirmed_at[number] = at
            self._awaited.update(key for key in self._keys(number) if key not in self._came)

    def arrive(self, body: bytes, at: float) -> None:
        """A message has come; one that is not of this load is none of its business."""
        message = _object(body)
        sent = alert_ids.read(self._followed.prefix, str(message.get("alert_id")))
        if sent is None:
            return
        key = (sent.number, sent.place)
        self._came[key] += 1
        self._awaited.discard(key)
        if self._came[key] > 1:
            return
        self._times.add(max(0.0, at - sent.begun))
        name = _name(key)
        if self._is_overtaken(sent):
            self._misordered.append(f"{name} came after one that was sent later")
        if differing := _differing(sent.alert, message):
            self._wrong.append(f"{name} has {differing}")
        self._latest_begun = max(self._latest_begun, sent.begun)
        self._last = max(self._last, key)
        self._last_places[sent.number] = max(self._last_places.get(sent.number, 0), sent.place)

    @property
    def complete(self) -> bool:
        """Whether every alert that was confirmed has come."""
        return not self._awaited

    def outcome(self, broken: str = "") -> AlertsOutcome:
        """What has become of all of them; ``broken``: why the queue saw not all that passed."""
        doubled = [f"{_name(key)} came {times} times" for key, times in self._came.items() if times > 1]
        lost = [f"{_name(key)} was confirmed and never came" for key in sorted(self._awaited)]
        kinds = (lost, doubled, self._misordered, self._wrong)
        return AlertsOutcome(
            sent=self._settled * self._followed.per_action,
            confirmed=len(self._confirmed_at) * self._followed.per_action,
            arrived=len(self._came),
            lost=len(lost),
            doubled=len(doubled),
            misordered=len(self._misordered),
            wrong=len(self._wrong),
            arrival=self._times.times(),
            problems=tuple(text for kind in kinds for text in kind[:_NAMED]),
            broken=broken,
        )

    def _keys(self, number: int) -> Iterator[tuple[int, int]]:
        return ((number, place) for place in range(1, self._followed.per_action + 1))

    def _is_overtaken(self, sent: alert_ids.Sent) -> bool:
        if self._followed.one_sender:
            return (sent.number, sent.place) < self._last
        confirmed_at = self._confirmed_at.get(sent.number)
        in_its_request = sent.place < self._last_places.get(sent.number, 0)
        return in_its_request or (confirmed_at is not None and confirmed_at < self._latest_begun)


def _name(key: tuple[int, int]) -> str:
    number, place = key
    return f"alert {place} of action {number}"


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _differing(alert: Alert, message: Mapping[str, Any]) -> str:
    """Members of the message that are not those of the alert; empty for none."""
    expected = {
        "class_id": int(alert.alert_class),
        "severity": int(alert.severity),
        "distance_m": alert.distance_m,
    }
    differ = {name: message.get(name) for name, value in expected.items() if message.get(name) != value}
    return ", ".join(f"{name} {value!r} instead of {expected[name]}" for name, value in differ.items())
