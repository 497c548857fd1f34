"""Alerts as an algorithm reports them: what the contract of record allows, spread over the time asked for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from focus_core.contract import messages as contract_messages
from focus_core.contract import seen
from focus_core.data import names, webapp_objects
from focus_core.data.profiles import Alerts
from focus_core.data.recordings import FIBRE, Source

NOW = datetime(2026, 12, 1, 12, 0)
NAME = names.new(timedelta(hours=1)).text
SOURCE = Source(NAME, 7, NOW, NOW, FIBRE)
ASKED = Alerts(count=45, by="algorithm", over=600)


def test_messages_fit_the_contract() -> None:
    seen.of_process().take()
    sent = webapp_objects.messages(SOURCE, ASKED)
    for key, body in sent:
        contract_messages.note_message(key, body)
    assert seen.of_process().take() == []
    contract_messages.note_message(sent[0][0], {**sent[0][1], "severity": 4})
    assert len(seen.of_process().take()) == 1


def test_runs_of_the_algorithm_report_under_its_keys_in_order_of_time() -> None:
    sent = webapp_objects.messages(SOURCE, ASKED)
    assert len({key for key, _ in sent}) == 4
    assert len({body["algorun_id"] for _, body in sent}) == 5
    times = [datetime.fromisoformat(body["alert_time"]) for _, body in sent]
    assert times == sorted(times)
    now = NOW.replace(tzinfo=UTC)
    assert now - timedelta(seconds=600) <= times[0] <= times[-1] <= now


def test_each_alert_belongs_to_its_set() -> None:
    ids = [alert.id for alert, _ in webapp_objects.alerts(SOURCE, ASKED)]
    assert len(set(ids)) == 45
    assert {names.of_object(one) for one in ids} == {NAME}
