"""Loads of alerts by a tester's words: what is refused, and which alerts of the list are of a load."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.load.figures import Load
from focus_core.load.plan import Phase, Plan, request
from focus_core.load.result import Result
from focus_core.run import clients
from focus_keywords.load import alert_following
from focus_keywords.load.alert_load import AlertLoad
from focus_keywords.load.raised import RaisedLoad


@pytest.mark.parametrize(("amount", "duration"), [(None, None), (5, timedelta(seconds=5))])
def test_a_load_of_alerts_has_either_an_amount_or_a_duration(amount: int | None, duration: timedelta | None) -> None:
    with pytest.raises(BenchError, match="either an amount or a duration"):
        AlertLoad().apply_load_of_alerts(amount, rate=1, duration=duration)


def test_a_profile_without_steps_is_not_raised() -> None:
    with pytest.raises(BenchError, match="The load profile spike has neither steps nor bursts"):
        RaisedLoad().raise_load("spike")


def test_a_load_without_alerts_lists_none() -> None:
    load = Load("GET /ack", Plan((Phase(1, 1),), (request("GET /ack"),)), Result(0, 1, 1, 1))
    with pytest.raises(BenchError, match="sent no alerts that were followed"):
        AlertLoad().get_listed_alerts_of_load(load)


def test_listed_are_the_alerts_of_a_load_since_it_began(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = ["load-1-0-5000000-1-104-3-1407", "load-1-0-9000000-1-104-3-1407", "load-1-x", "load-2-0-9000000-1-104-3-1"]
    entries: list[dict[str, Any]] = [{"ext_id": one} for one in ids]
    webapp = SimpleNamespace(alerts=lambda: entries)
    monkeypatch.setattr(clients, "webapp", lambda: webapp)
    assert alert_following.listed("load-1") == ids[:2]
    assert alert_following.listed("load-1", since=8) == ids[1:2]
