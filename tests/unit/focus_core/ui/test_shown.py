"""What scripts read of the page becomes alerts and balloons, or one sentence."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from focus_core.ui import shown
from focus_core.ui.times import local_field
from focus_core.webapp.alerts import AlertClass, Severity

ROW = {
    "id": "alert-1",
    "type": "SD",
    "severity": "high",
    "colour": "rgb(224, 49, 49)",
    "icon": True,
    "distance": "1250",
    "start": "2026-10-25T00:30:00.000Z",
    "startText": "2026-10-25 02:30:00",
    "end": "",
    "status": "open",
    "review": "in review",
    "notes": "",
}


def test_a_row_is_an_alert() -> None:
    alert = shown.alert_of(ROW)
    assert (alert.id, alert.alert_class, alert.severity, alert.colour) == (
        "alert-1",
        AlertClass.SD,
        Severity.high,
        "red",
    )
    assert alert.time == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert (alert.distance, alert.end, alert.review, alert.notes) == (1250, None, "in review", 0)


def test_another_colour_is_named_as_the_browser_does() -> None:
    assert shown.alert_of({**ROW, "colour": "rgb(0, 0, 0)"}).colour == "rgb(0, 0, 0)"


@pytest.mark.parametrize("change", [{"type": "??"}, {"severity": ""}, {"distance": "far"}, {"start": ""}])
def test_a_row_that_nobody_can_read_is_a_failure(change: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="A row of the journal cannot be read"):
        shown.alert_of({**ROW, **change})


def test_a_balloon_is_what_its_name_says() -> None:
    balloon = shown.balloon_of({"name": "SC alert north, gate 7, medium, 1463 m", "x": 120.5})
    assert (balloon.id, balloon.alert_class, balloon.distance, balloon.x) == (
        "north, gate 7",
        AlertClass.SC,
        1463,
        120.5,
    )


def test_a_balloon_without_a_place_is_a_failure() -> None:
    with pytest.raises(AssertionError, match="A balloon of the map is named 'SC alert 7'"):
        shown.balloon_of({"name": "SC alert 7", "x": 0})


def test_a_field_of_a_time_leaves_out_seconds_that_are_zero() -> None:
    assert local_field(datetime(2026, 1, 2, 3, 4, 0, tzinfo=UTC)) == "2026-01-02T03:04"
    assert local_field(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05"
