"""Alerts are read where the tester says, and filtered by whoever can."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base import cleanup
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Metres, Moment
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.messages import Message
from focus_core.run import clients
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message
from focus_keywords.alerts import sending
from focus_keywords.alerts.getters import AlertGetters

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
MINE = Alert("mine", AlertClass.SD, Severity.high, 1250)
OTHER = Alert("other", AlertClass.SC, Severity.low, 7)
ENTRIES = [
    {"ext_id": one.id, "class_id": one.alert_class, "severity": one.severity, "distance_m": one.distance_m}
    | {"start_time": AT.isoformat()}
    for one in (MINE, OTHER)
]


class WebApp:
    """Lists two alerts, exports one, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def alerts(self, *, params: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(params)
        return ENTRIES

    def exported_alerts(self, *, params: dict[str, Any]) -> str:
        self.asked.append(params)
        return f"ext_id,class_id,severity,distance_m,start_time\nmine,104,3,1250,{AT.isoformat()}\n"

    def alerts_exported_as_json(self, *, params: dict[str, Any]) -> list[dict[str, Any]]:
        self.asked.append(params)
        return ENTRIES[:1]

    def delete_alerts(self, _ids: list[str]) -> None:
        return None


@pytest.fixture
def webapp(monkeypatch: pytest.MonkeyPatch) -> Iterator[WebApp]:
    app = WebApp()
    monkeypatch.setattr(clients, "webapp", lambda: app)
    cleanup.push()
    yield app
    cleanup.pop()


def private_queue() -> ExclusiveTestQueue:
    queue: Any = ExclusiveTestQueue.__new__(ExclusiveTestQueue)
    queue.name = "own"
    bodies = [exchange_message(one, AT) for one in (OTHER, MINE)]
    queue.messages_until_now = lambda: [Message("key", body, "application/json", 2) for body in bodies]
    found: ExclusiveTestQueue = queue
    return found


def test_the_list_is_asked_and_the_rest_filtered_here(webapp: WebApp) -> None:
    words = AlertGetters()
    assert list(words.get_alert_field("id", severity=Severity.high)) == ["mine", "other"]
    assert webapp.asked[-1]["severities[]"] == 3
    assert words.get_alert_field("severity", alert=OTHER) == Severity.low
    assert words.get_alert_count(distance=Metres(1250)) == 1
    assert words.get_alert_count(source="csv") == 1
    assert words.get_alert_field("id", source="json") == "mine"
    words.get_alerts(page=2, state="closed", until=Moment.convert("2026-11-30 13:00"))
    asked = {name: webapp.asked[-1][name] for name in ("page", "isLive", "endTime")}
    assert asked == {"page": 2, "isLive": "false", "endTime": "2026-11-30T13:00:00+00:00"}


def test_mine_are_those_of_this_test(webapp: WebApp) -> None:
    assert webapp.asked == []
    assert AlertGetters().get_alert_count(sent_by="me") == 0
    sending.remove_at_end(["mine"])
    assert AlertGetters().get_alert_field("id", sent_by="me") == "mine"
    cleanup.current().run()
    assert AlertGetters().get_alert_count(sent_by="me") == 0


def test_messages_of_a_private_queue_are_filtered_here() -> None:
    words, queue = AlertGetters(), private_queue()
    assert list(words.get_alert_field("id", source=queue)) == ["other", "mine"]
    assert words.get_alert_count(source=queue, severity=Severity.high) == 1
    assert words.get_alert_count(source=queue, alert_class=AlertClass.SC) == 1
    assert words.get_alert_count(source=queue, since=Moment.convert("2026-11-30 13:00")) == 0
    with pytest.raises(BenchError, match="Messages stand in the order in which they came"):
        words.get_alerts(source=queue, order="severity")
    with pytest.raises(BenchError, match="Only the operator's list has pages"):
        words.get_alerts(source="csv", page=1)


def test_no_alert_is_named(webapp: WebApp) -> None:
    assert webapp.asked == []
    nobody: Any = SimpleNamespace(id="nobody")
    with pytest.raises(AssertionError, match="severity of alerts in the export: there is no alert"):
        AlertGetters().get_alert_field("severity", alert=nobody, source="csv")
