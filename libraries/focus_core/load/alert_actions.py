"""Alerts as actions of a load: by the web app, as users send them, or straight to the broker, which confirms each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from focus_core.base.errors import BenchError
from focus_core.load import alert_ids
from focus_core.load.plan import Action, FollowedAlerts, Publish, Request, Step
from focus_core.rabbitmq.client import ALERT_KEY
from focus_core.webapp.alerts import AlertClass, Severity, exchange_message, push_body

By = Literal["web app", "broker"]
# As a tester writes them.
KINDS = tuple(f"{alert_class} {severity}" for alert_class in AlertClass for severity in Severity)
_ACCEPTED = (200, 201)


def of_kind(
    kind: str, prefix: str, by: str = "web app", *, per_request: int = 1, weight: float = 1, name: str | None = None
) -> Action:
    """Sends ``per_request`` alerts of a kind, as ``SD high``; ``prefix`` begins their ids.

    Raises ``BenchError`` for a kind or a way that there is not.
    """
    if kind not in KINDS or by not in ("web app", "broker"):
        raise BenchError(
            f"An alert is one of {', '.join(KINDS)}, by the web app or the broker, not '{kind}' by '{by}'."
        )
    if by == "broker" and per_request != 1:
        raise BenchError("A message to the broker carries one alert; leave out per_request.")
    alert_class, _, severity = kind.partition(" ")
    both = AlertClass[alert_class], Severity[severity]
    # Each kind has its own place, so that the distance of one that was mixed up shows it too.
    distance_m = 1000 + 100 * both[1] + both[0]
    alerts = [alert_ids.alert(prefix, *both, distance_m, place) for place in range(1, per_request + 1)]
    step: Step
    if by == "web app":
        body = json.dumps(push_body(alerts))
        step = Request("POST", "/$site_id/api/push-to-rabbit", (body,), server="webapp", statuses=_ACCEPTED)
    else:
        step = Publish(ALERT_KEY, (json.dumps(exchange_message(alerts[0], datetime.now(UTC))),))
    return Action((step,), name or kind, weight)


def followed(prefix: str, actions: Sequence[Action], within_s: float, per_request: int = 1) -> FollowedAlerts:
    """How the alerts of these actions are followed; those that were confirmed have to come within so many seconds."""
    one_sender = all(isinstance(step, Publish) for action in actions for step in action.steps)
    return FollowedAlerts(prefix, ALERT_KEY, per_request, one_sender, within_s)
