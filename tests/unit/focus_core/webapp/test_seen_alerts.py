"""Alerts as the site shows them, wherever it does."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from focus_core.base.quantities import Metres, Moment, Seconds
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message
from focus_core.webapp.seen_alerts import AlertQuery, SeenAlert, exported, listed, of_messages

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


def test_end_state_and_length_are_known_where_the_site_shows_them() -> None:
    ended = {"end_time": "2026-11-30T12:02:50Z", "status": "closed"}
    (seen,) = listed([LISTED | ended], everybody)
    assert (seen.state, seen.length, str(seen.end)) == ("closed", Seconds(170), "2026-11-30 12:02:50 UTC")
    assert (SEEN.state, SEEN.length, SEEN.end) == (None, None, None)
    with pytest.raises(AssertionError, match="alert a1 of the list is none"):
        listed([LISTED | {"end_time": "soon"}], everybody)


def test_filters_and_order_are_asked_of_the_web_app() -> None:
    assert AlertQuery().params() == {"orderBy": "startTime", "orderByDirection": "desc"}
    asked = AlertQuery(Severity.low, AlertClass.SC, AT, AT, "open", 2, "alert_class", ascending=True)
    assert asked.params() == {
        "orderBy": "classId",
        "orderByDirection": "asc",
        "severities[]": 1,
        "classIds[]": 103,
        "startTime": "2026-11-30T12:00:00+00:00",
        "endTime": "2026-11-30T12:00:00+00:00",
        "isLive": "true",
        "page": 2,
    }


def test_what_the_web_app_filters_is_filtered_of_messages_too() -> None:
    assert AlertQuery(Severity.high, AlertClass.SD, AT, AT).accepts(SEEN)
    later, earlier = AT + timedelta(seconds=1), AT - timedelta(seconds=1)
    others = [AlertQuery(Severity.low), AlertQuery(alert_class=AlertClass.SC), AlertQuery(since=later)]
    assert not any(one.accepts(SEEN) for one in [*others, AlertQuery(until=earlier)])
