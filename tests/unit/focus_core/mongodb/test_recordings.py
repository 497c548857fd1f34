"""Recordings as data: their classes, whether their times can be true, and how the server would look for them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from focus_core.mongodb.plans import QUESTIONS, Plan, plan_of, question
from focus_core.mongodb.recordings import classes_of, classify, gaps, in_future, overlaps

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
START = datetime(2026, 11, 22, 10, 0)  # as pymongo returns it: naive UTC
MINUTE = timedelta(minutes=1)
GOOD: dict[str, Any] = {
    "uuid": "a",
    "start_time": START,
    "end_time": START + 5 * MINUTE,
    "deleted": False,
}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names}


def lasting(name: str, first: int, last: int | None, **more: Any) -> dict[str, Any]:
    """A recording between two minutes."""
    end = None if last is None else START + last * MINUTE
    return {"uuid": name, "start_time": START + first * MINUTE, "end_time": end, "deleted": False, **more}


@pytest.mark.parametrize(
    ("recording", "expected"),
    [
        (GOOD, "historic"),
        (without("end_time"), "live"),
        ({**GOOD, "end_time": None}, "live"),
        ({**GOOD, "end_time": None, "start_time": START - timedelta(hours=24)}, "stale"),
        ({**GOOD, "deleted": True}, "deleted"),
        ({**without("end_time"), "deleted": True}, "deleted"),
        (without("start_time"), "invalid"),
        ({**GOOD, "start_time": "yesterday"}, "invalid"),
        (without("start_time", "end_time"), "orphan"),
        (without("uuid", "deleted"), "orphan"),
    ],
)
def test_a_recording_is_classified(recording: dict[str, Any], expected: str) -> None:
    assert classify(recording, NOW) == expected


def test_classes_are_counted() -> None:
    assert classes_of([GOOD, GOOD, without("end_time")], NOW) == {"historic": 2, "live": 1}


@pytest.mark.parametrize(
    ("others", "named"),
    [
        ([lasting("b", 5, 6)], []),
        ([lasting("b", 4, 6)], ["b begins at 2026-11-22 10:04:00, a ends at 2026-11-22 10:05:00"]),
        # The one that lasts longest is in the way of all later ones.
        ([lasting("b", 1, 2), lasting("c", 3, 4)], ["b begins at 2026-11-22 10:01:00, a", "c begins at"]),
        ([lasting("b", 4, 6, deleted=True), lasting("c", 4, None), lasting("d", 4, 6, end_time="text")], []),
    ],
)
def test_recordings_that_overlap_are_named(others: list[dict[str, Any]], named: list[str]) -> None:
    found = overlaps([*others, GOOD])
    assert len(found) == len(named)
    assert all(phrase.startswith(start) for phrase, start in zip(found, named, strict=True))


def test_recordings_of_the_future_are_named() -> None:
    found = in_future([GOOD, lasting("b", 50, 61), lasting("c", 61, None), {"uuid": "d", "start_time": "x"}], NOW)
    assert found == ["b has end_time 2026-11-22 11:01:00", "c has start_time 2026-11-22 11:01:00"]


def test_gaps_are_seconds() -> None:
    assert gaps([GOOD, lasting("b", 6, 7), lasting("c", 7, None)]) == [60.0, 0.0]


def test_a_plan_is_read_from_both_shapes_of_an_answer() -> None:
    keys = {"start_time": 1, "uuid": 1}
    scan = {"stage": "FETCH", "inputStage": {"stage": "IXSCAN", "indexName": "start_time_1", "keyPattern": keys}}
    expected = Plan("g", ["FETCH", "IXSCAN"], ["start_time_1"], ["start_time"])
    assert plan_of("g", {"queryPlanner": {"winningPlan": scan}}) == expected
    assert plan_of("g", {"queryPlanner": {"winningPlan": {"queryPlan": scan, "slotBasedPlan": {}}}}) == expected
    both = {"stage": "OR", "inputStages": [scan, {"stage": "COLLSCAN"}]}
    assert plan_of("g", {"queryPlanner": {"winningPlan": both}}).stages == ["OR", "FETCH", "IXSCAN", "COLLSCAN"]
    assert expected.needless_documents is None
    assert str(expected) == "FETCH IXSCAN on start_time_1"


def test_what_a_plan_costs_is_read() -> None:
    cost = {"nReturned": 2, "totalKeysExamined": 3, "totalDocsExamined": 5}
    plan = plan_of("g", {"queryPlanner": {"winningPlan": {"stage": "COLLSCAN"}}, "executionStats": cost})
    assert (plan.returned, plan.keys_examined, plan.documents_examined, plan.needless_documents) == (2, 3, 5, 3)


def test_questions_ask_one_field_each_and_times_in_order() -> None:
    asked = [question(name, START, "u", START + MINUTE) for name in QUESTIONS]
    assert [one.field for one in asked] == ["start_time", "start_time", "end_time", "uuid", "deleted"]
    assert [list(one.condition) for one in asked] == [[one.field] for one in asked]
    assert [bool(one.sort) for one in asked] == [True, True, True, False, False]
