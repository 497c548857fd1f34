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
        return (
            last.class_id == alert.class_id
            and abs(last.distance_m - alert.distance_m) <= NEAR_METRES
            and (alert.start_time - last.start_time).total_seconds() <= NEAR_SECONDS
        )

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
    for alert in sorted(alerts, key=lambda one: one.start_time):
        group = next((one for one in reversed(groups) if one.takes(alert)), None)
        if group is None:
            groups.append(Group([alert]))
        else:
            group.alerts.append(alert)
    return groups[::-1]
