"""Keywords about alerts on their way where the site is wrong: each names the fault."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.disruption.rules import DisruptionRefusedError
from focus_core.run import clients
from focus_keywords.alerts.transport import AlertTransport
from support.fake_broker import broker

SITE = SimpleNamespace(
    name="wrong",
    policy=SimpleNamespace(disruption=False, max_pods=0),
    timings=SimpleNamespace(reconnected_s=0.1, alert_visible_s=0.1),
)
# The client that the keywords ask: the last one that a test made.
ASKED: list[Any] = []


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focus_keywords.alerts.transport.site", lambda: SITE)
    monkeypatch.setattr(clients, "rabbitmq", lambda: ASKED[-1])


def alerts(**facts: Any) -> AlertTransport:
    ASKED.append(broker(**facts))
    return AlertTransport()


def test_nobody_is_cut_off_where_the_policy_forbids_it() -> None:
    with pytest.raises(DisruptionRefusedError, match=r"policy\.disruption is false"):
        alerts().disconnect_the_consumer_of_alerts()
