"""What a load that sends alerts leaves: followed to the exchange while it lasts, deleted at the end of the test."""

from __future__ import annotations

from collections.abc import Sequence

from focus_core.base import cleanup
from focus_core.load import alert_actions, alert_ids
from focus_core.load.plan import Action, FollowedAlerts
from focus_core.run import clients
from focus_core.site.data import site


def following(prefix: str, actions: Sequence[Action], per_request: int = 1) -> FollowedAlerts | None:
    """How the alerts of these actions are followed, where the site has a broker; ``prefix`` begins their ids."""
    if "webapp" in site().capabilities:
        cleanup.current().add(f"Alerts of the load {prefix}", lambda: clients.webapp().delete_alerts(listed(prefix)))
    if "rabbitmq" not in site().capabilities:
        return None
    return alert_actions.followed(prefix, actions, site().timings.alert_visible_s, per_request)


def listed(prefix: str, since: float = 0) -> list[str]:
    """The ids of a load's alerts in the operator's list, of those that were begun since that epoch second."""
    idents = [str(entry.get("ext_id")) for entry in clients.webapp().alerts()]
    return [one for one in idents if (sent := alert_ids.read(prefix, one)) and sent.begun >= since]
