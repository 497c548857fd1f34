"""Traces of an alert stand on one time line."""

from __future__ import annotations

from datetime import UTC, datetime

from focus_core.webapp.alert_traces import in_order, trace

AT = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


def test_traces_are_sorted_by_time_and_those_without_one_come_last() -> None:
    traces = [
        trace("document", None, "jobs", {"alert": "a1"}),
        trace("log", "2026-11-30T12:00:01.123456789Z", "webapp-1", "Alert a1 arrived"),
        trace("request", AT, "push-to-rabbit", "a1"),
    ]
    assert [one.place for one in in_order(traces)] == ["request", "log", "document"]
    assert str(in_order(traces)[0]) == "2026-11-30 12:00:00 UTC request push-to-rabbit: a1"
    assert str(traces[0]) == "no time document jobs: {'alert': 'a1'}"


def test_a_time_that_is_none_is_no_time() -> None:
    assert trace("message", "soon", "queue", "").time is None
