"""Whose line it is: by what it names, else by the time at which it was written."""

from __future__ import annotations

from typing import Any

import pytest
from focus_core.logs.attribution import Attribution
from focus_core.logs.entries import Entry, Source

RUN = "20261201-050000-ab12"
TOKENS = {"one": "aaaaaaa1", "two": "bbbbbbb2", "later": "ccccccc3"}


def test_record(name: str, lane: int, at: float) -> dict[str, Any]:
    about = {"name": f"Suite.{name}", "file": name, "run": RUN, "lane": lane, "user": f"lane{lane}"}
    return {"what": "test", "token": TOKENS[name], "at": at, "job_prefix": "focus-job-", **about}


# No test of pytest's, for all its name.
test_record.__test__ = False  # type: ignore[attr-defined]


def over(name: str, at: float) -> dict[str, Any]:
    return {"what": "end", "token": TOKENS[name], "at": at, "status": "PASS"}


def job(identifier: str, token: str, lane: int, at: float) -> dict[str, Any]:
    return {"what": "job", "job": identifier, "token": token, "at": at, "run": RUN, "lane": lane}


RECORDS = [
    test_record("one", 0, 100.0),
    job("7-12", TOKENS["one"], 0, 103.0),
    over("one", 110.0),
    test_record("later", 0, 120.0),
    over("later", 130.0),
    test_record("two", 1, 105.0),
    job("8-13", "0", 1, 104.0),
    over("two", 115.0),
]


def line(text: str, at: float, **source: str) -> Entry:
    return Entry("line", at, Source(**({"service": "focus_server", "pod": "focus-1"} | source)), text)


def owner(entry: Entry, attribution: Attribution | None = None) -> tuple[str, str]:
    verdict = (attribution or Attribution(RECORDS)).of(entry)
    return "+".join(test.file for test in verdict.tests) or "none", verdict.by


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"POST /configure 200 id={RUN}.1.{TOKENS['two']}.17 job=9-1", ("two", "request id")),
        (f"GET /health 200 id={RUN}.1.0.3", ("none", "request id")),
        ("job 7-12 made for lane1", ("one", "job")),
        ("GET /focus-server/ack/7-12 200", ("one", "job")),
        ("queue focus-job-7-12-frames removed", ("one", "job")),
        ("job 8-13 is running", ("two", "job")),
        (f"Alert alert-{RUN}-1-0a1b2c3d arrived", ("two", "name")),
        ("no job for lane1: the site is full", ("two", "user")),
        ("channels 7-12 were asked for", ("one+two", "time")),
        ("something", ("one+two", "time")),
        ("client=lane10 asks", ("one+two", "time")),
    ],
)
def test_a_line_is_told_by_what_it_names(text: str, expected: tuple[str, str]) -> None:
    assert owner(line(text, 107.0)) == expected


@pytest.mark.parametrize(
    ("at", "expected"),
    [(99.0, "none"), (102.0, "one"), (107.0, "one+two"), (112.0, "two"), (117.0, "none"), (125.0, "later")],
)
def test_a_line_that_names_nothing_is_told_by_its_time(at: float, expected: str) -> None:
    assert owner(line("takes traces", at)) == (expected, "time")


def test_what_names_a_test_is_its_own_also_when_it_is_over() -> None:
    assert owner(line(f"cleaned up id={RUN}.0.{TOKENS['one']}.99", 128.0)) == ("one", "request id")
    assert owner(line("cleared up", 128.0, service="cleanup_jobs", pod="cleanup-job-7-12-x", job="7-12")) == (
        "one",
        "job",
    )


def test_a_pod_of_a_job_that_nobody_of_this_run_made_belongs_to_no_test() -> None:
    assert owner(line("serves", 107.0, service="jobs", pod="grpc-job-99-9-x", job="99-9")) == ("none", "job")


def test_the_lines_of_a_traceback_go_with_the_line_that_they_follow() -> None:
    attribution = Attribution(RECORDS)
    owner(line(f"ERROR id={RUN}.1.{TOKENS['two']}.17", 107.0), attribution)
    assert owner(line("Traceback (most recent call last):", 107.001), attribution) == ("two", "line before")
    assert owner(line('  File "x.py", line 3', 107.002), attribution) == ("two", "line before")
    assert owner(line("ValueError: no", 107.003), attribution) == ("two", "line before")
    assert owner(line("  indented, long after", 108.5), attribution) == ("one+two", "time")


def test_a_clock_that_is_behind_is_set_right() -> None:
    attribution = Attribution(RECORDS, {"worker": 30.0})
    assert owner(line("takes traces", 72.0, node="worker"), attribution) == ("one", "time")
    assert owner(line("takes traces", 102.0, node=""), attribution) == ("one", "time")


def test_a_test_that_still_runs_has_no_end() -> None:
    attribution = Attribution([one for one in RECORDS if one.get("token") != TOKENS["two"] or one["what"] != "end"])
    assert owner(line("takes traces", 500.0), attribution) == ("two", "time")


def test_a_gap_may_be_of_every_test_that_it_touches() -> None:
    gap = Entry("gap", 108.0, Source("webapp", "webapp-1"), "gap", seconds=15.0)
    assert owner(gap) == ("one+two+later", "time")


def test_without_tests_everything_is_of_none() -> None:
    assert owner(line("job 7-12 made for lane0", 107.0), Attribution([])) == ("none", "time")
