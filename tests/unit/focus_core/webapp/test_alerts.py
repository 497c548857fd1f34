"""Alerts as data: what a tester writes, what is sent, and which differences are seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.webapp.alerts import (
    Alert,
    AlertClass,
    Severity,
    exchange_message,
    listed_faults,
    message_faults,
    new_alerts,
    parse_distance,
    push_body,
)

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
ALERT = Alert("alert-1", AlertClass.SD, Severity.high, 1250)
LISTED = {"ext_id": "alert-1", "class_id": 104, "severity": 3, "distance_m": 1250, "start_time": "2026-11-22T11:00:01Z"}


@pytest.mark.parametrize(("text", "metres"), [("1250 m", 1250), ("0m", 0), ("-1 m", -1), ("2 km", 2000)])
def test_a_distance_is_read(text: str, metres: int) -> None:
    assert parse_distance(text) == metres


@pytest.mark.parametrize("text", ["1250", "1.5 m", "1 mile", "1 k m", ""])
def test_a_distance_without_metres_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="1250 m"):
        parse_distance(text)


def test_new_alerts_have_ids_of_their_own_that_are_as_long_as_asked() -> None:
    alerts = new_alerts("SC", "low", 7, amount=2, id_begins="גדר", id_length=1000)
    assert alerts[0].id != alerts[1].id
    assert {(len(one.id), one.id[:4], one.alert_class, one.distance_m) for one in alerts} == {
        (1000, "גדר-", AlertClass.SC, 7)
    }


@pytest.mark.parametrize("length", [-3, 100_000_000])
def test_an_id_has_a_length_that_a_request_can_carry(length: int) -> None:
    with pytest.raises(BenchError, match="id_length is a whole number from 0 to 1000000, not"):
        new_alerts("SC", "low", 7, id_length=length)


def test_alerts_are_pushed_together() -> None:
    second = Alert("alert-2", ALERT.alert_class, ALERT.severity, ALERT.distance_m)
    assert push_body([ALERT, second]) == {
        "alertsAmount": 2,
        "dofM": 1250,
        "classId": 104,
        "severity": 3,
        "alertIds": ["alert-1", "alert-2"],
    }


def test_an_unchanged_alert_has_no_faults() -> None:
    assert message_faults(ALERT, exchange_message(ALERT, NOW), NOW) == []
    assert listed_faults(ALERT, LISTED, NOW) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("ext_id", "alert-9"),
        ("class_id", 103),
        ("severity", 1),
        ("distance_m", 1251),
        ("start_time", "2026-11-22T09:00:00Z"),
        ("start_time", "soon"),
        ("start_time", None),
    ],
)
def test_every_change_of_a_listed_alert_is_seen(field: str, value: Any) -> None:
    faults = listed_faults(ALERT, {**LISTED, field: value}, NOW)
    assert len(faults) == 1
    assert field in faults[0]


@pytest.mark.parametrize("field", ["alert_id", "class_id", "severity", "distance_m", "time_interval_s", "alert_time"])
def test_every_missing_field_of_a_message_is_seen(field: str) -> None:
    message = exchange_message(ALERT, NOW)
    del message[field]
    assert [fault.split()[0] for fault in message_faults(ALERT, message, NOW)] == [field]


def test_a_time_without_zone_is_utc() -> None:
    message = {
        **exchange_message(ALERT, NOW),
        "alert_time": (NOW + timedelta(seconds=5)).replace(tzinfo=None).isoformat(),
    }
    assert message_faults(ALERT, message, NOW) == []
