"""Keywords that send alerts at a rate, and follow each to the exchange."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.load import alert_actions
from focus_core.load.alert_actions import By
from focus_core.load.figures import Load
from focus_core.load.plan import Phase
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked
from focus_keywords.load.alert_following import following, listed
from focus_keywords.load.applied import applied

_TYPES: dict[str, Any] = {
    "amount": int,
    "rate": float,
    "duration": timedelta,
    "by": By,
    "users": int,
    "per_request": int,
}
_COUNT: dict[str, Any] = {"load": Load, **{name: CHECK[name] for name in ("operator", "expected", "message", "within")}}


class AlertLoad:
    """Alerts that are sent when they are due, whatever became of those before."""

    @keyword(tags=("Load", "Alert"), types=_TYPES)
    def apply_load_of_alerts(
        self,
        amount: int | None = None,
        *,
        rate: float,
        duration: timedelta | None = None,
        by: By = "web app",
        users: int = 2,
        per_request: int = 1,
    ) -> Load:
        """Sends ``amount`` alerts of all classes and severities in turn, ``rate`` of them a second, and returns what
        became of them: by the web app, as users do, or straight to the broker, which confirms each. With ``duration``
        in the place of the amount it lasts so long.

        With ``per_request`` so many alerts stand in each request to the web app. Where the site has a broker each alert
        is followed to the exchange, through a queue that is bound before the first is sent: see the figures of alerts
        in `Get Load Figure`. They are deleted at the end of the test. ``action`` of a figure is a class with a
        severity, as ``SD high``.

        | ${load} =    Apply Load Of Alerts    20    rate=10
        | Get Load Figure    ${load}    success    >=    99 %
        | Get Load Figure    ${load}    lost alerts    ==    0
        """
        demands.above_zero(rate=rate)
        if (amount is None) == (duration is None):
            raise BenchError("A load of alerts has either an amount or a duration; name one of them.")
        if duration is not None:
            demands.above_zero(duration=duration.total_seconds())
            amount = round(rate * duration.total_seconds())
        amount = amount or 0
        demands.at_least(1, amount=amount, per_request=per_request)
        prefix = unique("load")
        actions = [alert_actions.of_kind(kind, prefix, by, per_request=per_request) for kind in alert_actions.KINDS]
        followed = following(prefix, actions, per_request)
        # The last request carries as many as the others.
        requests = -(-amount // per_request)
        phase = Phase(amount / rate, requests / (amount / rate))
        return applied(f"{amount} alerts by the {by}", (phase,), actions, users, None, alerts=followed)

    @keyword(tags=("Load", "Alert", "Getter", "Assertion"), types=_COUNT)
    def get_listed_alerts_of_load(
        self,
        load: Load,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
    ) -> int:
        """Returns and checks how many alerts of a load the operator's list shows.

        | ${load} =    Apply Load Of Alerts    20    rate=10
        | Get Listed Alerts Of Load    ${load}    ==    20    within=5 s
        """
        followed = load.plan.alerts
        if followed is None:
            raise BenchError(f"The load {load.name} sent no alerts that were followed; use 'Apply Load Of Alerts'.")
        # One that was repeated has the ids of the first time.
        read = lambda: len(listed(followed.prefix, load.result.begun))  # noqa: E731 - used once
        return int(checked(f"Listed alerts of {load.name}", read, operator, expected, message, within))
