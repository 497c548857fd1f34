"""A keyword that sends alerts at a rate."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Literal

from focus_core.base import demands
from focus_core.load.figures import Load
from focus_core.load.plan import Action, Phase, Publish, Request, Step
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message, push_body
from robot.api.deco import keyword

from focus_keywords.load.applied import applied

By = Literal["web app", "broker"]
_ID, _DISTANCE_M = "load-$run-$number", 1250
_ACCEPTED = (200, 201)
_ALERT_KEY = "Algorithm.AlertReport"
_TYPES: dict[str, Any] = {"amount": int, "rate": float, "by": By, "users": int}


class AlertLoad:
    """Alerts that are sent when they are due, whatever became of those before."""

    @keyword(tags=("Load", "Alert"), types=_TYPES)
    def apply_load_of_alerts(self, amount: int, *, rate: float, by: By = "web app", users: int = 2) -> Load:
        """Sends ``amount`` SD alerts of high severity, ``rate`` of them a second, and returns what became of them: by
        the web app, as users do, or straight to the broker, which confirms each.

        Each has an id of its own, which begins with ``load-`` and the id of the run.

        | ${load} =    Apply Load Of Alerts    20    rate=10
        | Get Load Figure    ${load}    success    >=    99 %
        """
        demands.at_least(1, amount=amount)
        demands.above_zero(rate=rate)
        alert = Alert(_ID, AlertClass.SD, Severity.high, _DISTANCE_M)
        step: Step
        if by == "web app":
            body = json.dumps(push_body([alert]))
            step = Request("POST", "/$site_id/api/push-to-rabbit", (body,), server="webapp", statuses=_ACCEPTED)
        else:
            step = Publish(_ALERT_KEY, (json.dumps(exchange_message(alert, datetime.now(UTC))),))
        action = Action((step,), f"alert by the {by}")
        return applied(f"{amount} alerts by the {by}", (Phase(amount / rate, rate),), (action,), users, None)
