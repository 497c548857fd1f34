"""Which alerts form a group."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from simulator.pods.webapp.alerts import Alert
from simulator.pods.webapp.groups import grouped

START = datetime(2026, 1, 1, tzinfo=UTC)


def alert(name: str, *, after: float = 0.0, metres: float = 1000, class_id: int = 104, severity: int = 1) -> Alert:
    begins = START + timedelta(seconds=after)
    return Alert(name, class_id, severity, metres, begins, begins + timedelta(seconds=170), "run", True)


def ids(alerts: list[Alert]) -> list[list[str]]:
    return [group.as_json()["alertIds"] for group in grouped(alerts)]


def test_alerts_in_any_order_are_grouped_by_time_with_the_newest_group_first() -> None:
    alerts = [alert("late", after=400), alert("second", after=170), alert("first")]
    assert ids(alerts) == [["late"], ["first", "second"]]


def test_each_alert_is_near_the_one_before_it_and_a_class_is_no_other() -> None:
    chain = [alert(str(number), after=number, metres=1000 + 50 * number) for number in range(4)]
    assert ids(chain) == [["0", "1", "2", "3"]]
    assert ids([alert("a"), alert("b", after=1, metres=1050.5)]) == [["b"], ["a"]]
    assert ids([alert("a"), alert("b", after=170.5)]) == [["b"], ["a"]]
    assert ids([alert("sd"), alert("sc", after=1, class_id=103)]) == [["sc"], ["sd"]]


def test_a_group_shows_its_worst_severity_and_lasts_from_first_to_last() -> None:
    (group,) = grouped([alert("a", severity=2), alert("b", after=60, metres=1020, severity=3), alert("c", after=90)])
    shown = group.as_json()
    assert (shown["severity"], shown["distance_m"], shown["status"]) == (3, 1000, "closed")
    assert shown["start_time"] == "2026-01-01T00:00:00.000+00:00"
    assert shown["last_start_time"] == "2026-01-01T00:01:30.000+00:00"
    assert shown["end_time"] == "2026-01-01T00:04:20.000+00:00"
