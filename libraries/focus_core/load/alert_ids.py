"""The id of an alert of a load: by it alone the alert is known again, with all that was sent, wherever it is seen.

``PREFIX-NUMBER-BEGUN-PLACE-CLASS-SEVERITY-DISTANCE``: the number of the action and when it began (microseconds since
the epoch), the place in its request from 1, the alert's class and severity as numbers, and its distance in metres.
"""

from __future__ import annotations

from dataclasses import dataclass

from focus_core.webapp.alerts import Alert, AlertClass, Severity

_PARTS = 6


@dataclass(frozen=True)
class Sent:
    """What an id says of its alert: ``number`` of the action, ``place`` in it, ``begun`` as an epoch second."""

    number: int
    begun: float
    place: int
    alert: Alert


def alert(prefix: str, alert_class: AlertClass, severity: Severity, distance_m: int, place: int = 1) -> Alert:
    """An alert as a load sends it; number and beginning stand in its id as ``$number`` and ``$begun``."""
    ident = f"{prefix}-$number-$begun-{place}-{int(alert_class)}-{int(severity)}-{distance_m}"
    return Alert(ident, alert_class, severity, distance_m)


def read(prefix: str, ident: str) -> Sent | None:
    """What the id says; None for one that no load with this prefix has made."""
    parts = ident.removeprefix(f"{prefix}-").split("-")
    if not ident.startswith(f"{prefix}-") or len(parts) != _PARTS or not all(part.isdigit() for part in parts):
        return None
    number, begun, place, alert_class, severity, distance_m = map(int, parts)
    try:
        sent = Alert(ident, AlertClass(alert_class), Severity(severity), distance_m)
    except ValueError:
        return None
    return Sent(number, begun / 1e6, place, sent)
