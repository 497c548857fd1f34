"""Alerts that belong together: one class, close in place and time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simulator.pods.webapp.alerts import CLOSES_AFTER_SECONDS, INTERVAL_SECONDS, Alert

NEAR_METRES = 50.0
NEAR_SECONDS = INTERVAL_SECONDS + CLOSES_AFTER_SECONDS


@dataclass
class Group:
    """Alerts of one class, each beginning near the one before it; oldest first, never empty."""

    alerts: list[Alert]

    def takes(self, alert: Alert) -> bool:
        """Return whether an alert that began later belongs to the group."""
        last = self.alerts[-1]
        is_near = abs(last.distance_m - alert.distance_m) <= NEAR_METRES
        return last.class_id == alert.class_id and is_near and self.is_near_in_time(alert)

    def is_near_in_time(self, alert: Alert) -> bool:
        """Return whether an alert that began later did so soon enough."""
        return (alert.start_time - self.alerts[-1].start_time).total_seconds() <= NEAR_SECONDS

    def as_json(self) -> dict[str, Any]:
        """Return what the groups have in common, and the ids of their alerts."""
        first, last = self.alerts[0], self.alerts[-1]
        is_open = any(alert.is_open for alert in self.alerts)
        return {
            "class_id": first.class_id,
            "severity": max(alert.severity for alert in self.alerts),
            "distance_m": first.distance_m,
            "start_time": first.start_time.isoformat(timespec="milliseconds"),
            "end_time": max(alert.end_time for alert in self.alerts).isoformat(timespec="milliseconds"),
            "last_start_time": last.start_time.isoformat(timespec="milliseconds"),
            "status": "open" if is_open else "closed",
            "alertIds": [alert.ext_id for alert in self.alerts],
        }


def grouped(alerts: list[Alert]) -> list[Group]:
    """Return the groups of alerts in any order; the group that began last comes first."""
    groups: list[Group] = []
    # Those that may still take one: what is later than a group can take stays so for all that follow.
    growing: list[Group] = []
    for alert in sorted(alerts, key=lambda one: one.start_time):
        growing = [one for one in growing if one.is_near_in_time(alert)]
        group = next((one for one in reversed(growing) if one.takes(alert)), None)
        if group is None:
            group = Group([])
            groups.append(group)
            growing.append(group)
        group.alerts.append(alert)
    return groups[::-1]
