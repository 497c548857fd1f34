"""Alerts as the site shows them, wherever it does."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from focus_core.base.quantities import Metres, Moment
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message
from focus_core.webapp.seen_alerts import SeenAlert, exported, listed, of_messages, query

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
LISTED = {"ext_id": "a1", "class_id": 104, "severity": 3, "distance_m": 1250.0, "start_time": "2026-11-30T12:00:00Z"}
SEEN = SeenAlert("a1", AlertClass.SD, Severity.high, Metres(1250), Moment.convert(AT))
CSV = "ext_id,class_id,severity,distance_m,start_time,more\r\na1,104,3,1250.0,2026-11-30T12:00:00+00:00,x\r\n"


def everybody(_ident: str) -> bool:
    return True


def test_list_export_and_message_show_one_alert() -> None:
    message = exchange_message(Alert("a1", AlertClass.SD, Severity.high, 1250), AT)
    assert listed([LISTED], everybody) == exported(CSV, everybody) == of_messages([message], everybody) == [SEEN]
    assert str(SEEN) == "SD alert a1 (high, 1250 m, 2026-11-30 12:00:00 UTC)"


def test_what_is_not_wanted_is_not_even_read() -> None:
    assert listed([{"ext_id": "other"}, LISTED], "a1".__eq__) == [SEEN]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"severity": 7}, "alert a1 of the list is none: 7 is not a valid Severity"),
        ({"class_id": "SD"}, "alert a1 of the list is none"),
        ({"start_time": "noon"}, "alert a1 of the list is none"),
        ({"distance_m": None}, "an alert of the list has no distance_m"),
    ],
)
def test_what_is_no_alert_is_named(change: dict[str, object], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        listed([LISTED | change], everybody)


def test_filters_and_order_are_asked_of_the_web_app() -> None:
    assert query() == {"orderBy": "startTime", "orderByDirection": "desc"}
    asked = query(severity=Severity.low, alert_class=AlertClass.SC, since=AT, order="alert_class", ascending=True)
    assert asked == {
        "orderBy": "classId",
        "orderByDirection": "asc",
        "severities[]": 1,
        "classIds[]": 103,
        "startTime": "2026-11-30T12:00:00+00:00",
    }
