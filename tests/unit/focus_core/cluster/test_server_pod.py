"""How the server started and keeps: which lines are its start, and what is judged over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from focus_core.base.errors import BenchError
from focus_core.cluster import server_pod as server_life
from focus_core.cluster.objects import LogLine, Pod
from focus_core.cluster.server_pod import Sample

BEGUN = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
POD = Pod("focus", "Running", "Running", True, 0, {}, False, created=BEGUN, ready_since=BEGUN)
MIB = 2**20


def line(after: float, text: str) -> LogLine:
    return LogLine(text, f"{BEGUN + timedelta(seconds=after):%Y-%m-%dT%H:%M:%S.%f}000Z")


LINES = [line(0.5, "INFO listens"), line(0.8, "ERROR GET /x 503"), line(1.5, "ERROR late"), line(9, "ERROR much later")]


def texts(lines: list[LogLine]) -> list[str]:
    return [one.text for one in lines]


def test_the_start_ends_when_the_pod_is_ready_and_has_no_requests() -> None:
    ready = replace(POD, ready_since=BEGUN + timedelta(seconds=1))
    assert texts(server_life.start_of(LINES, ready, 30)) == ["INFO listens", "ERROR late"]


def test_a_pod_that_became_ready_again_later_has_a_start_of_limited_length() -> None:
    again = replace(POD, ready_since=BEGUN + timedelta(hours=1))
    assert texts(server_life.start_of(LINES, again, 5)) == ["INFO listens", "ERROR late"]


def test_a_log_without_its_start_cannot_be_judged() -> None:
    old = replace(POD, created=BEGUN - timedelta(days=1))
    with pytest.raises(BenchError, match="what it logged at its start is gone"):
        server_life.start_of(LINES, old, 30)
    assert server_life.start_of(LINES, replace(old, restarts=1), 30)
    with pytest.raises(AssertionError, match="has logged nothing"):
        server_life.start_of([], POD, 30)


def test_errors_are_found_by_their_level() -> None:
    logged = ["INFO no error at all", "ERROR x", "CRITICAL y", "Traceback (most recent call last):", "WARNING z"]
    assert server_life.errors_in([line(0, text) for text in logged]) == logged[1:4]


def samples(*memory: int, troubles: int = 0) -> list[Sample]:
    return [
        Sample(number, "no pod" if number < troubles else "", size * MIB) for number, size in enumerate(memory, start=0)
    ]


def test_a_server_that_keeps_is_stable_whatever_the_first_view_loaded() -> None:
    assert server_life.problems_over_time(samples(50, 100, 110, 119), 90, 20) == []


def test_memory_that_grows_is_named() -> None:
    (problem,) = server_life.problems_over_time(samples(100, 100, 130), 90, 20)
    assert problem == "its memory grew by 30 % from 100 MiB to 130 MiB, at most 20 % are allowed"


def test_views_that_fail_are_counted_and_reported() -> None:
    found = server_life.problems_over_time(samples(1, 1, 1, 1, troubles=2), 90, 20)
    assert found == ["only 50 % of 4 views succeeded, at least 90 % have to: no pod"]
    assert server_life.problems_over_time(samples(1, 1, 1, 1, troubles=1), 75, 20) == []


def test_a_pod_that_is_not_the_same_is_named() -> None:
    assert server_life.changes(POD, POD) == []
    assert server_life.changes(POD, replace(POD, restarts=2)) == ["its pod focus was started again 2 times"]
    assert server_life.changes(POD, replace(POD, name="new")) == ["its pod focus was replaced by new"]


def test_the_table_reports_each_sample() -> None:
    assert server_life.table(samples(100, troubles=1)) == "     0.0 s    100 MiB  no pod"
