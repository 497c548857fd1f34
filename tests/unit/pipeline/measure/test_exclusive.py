"""Exclusive suites beside another run: what counts as an overlap, and where it is read from."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from robot import run

from pipeline.measure import exclusive
from pipeline.measure.exclusive import Span
from pipeline.results.model import Attempt, TestResult, Verdict

START = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def span(suite: str, begin: float, end: float, *, alone: bool = False, run: str = "one") -> Span:
    return Span(suite, run, START + timedelta(seconds=begin), START + timedelta(seconds=end), exclusive=alone)


@pytest.mark.parametrize(
    ("one", "other", "disturbed"),
    [
        (span("A", 0, 10), span("B", 5, 15, run="two"), False),
        (span("A", 0, 10, alone=True), span("B", 5, 15, run="two"), True),
        (span("A", 5, 6), span("B", 0, 15, alone=True), True),
        (span("A", 0, 10, alone=True), span("B", 10, 15, alone=True), False),
        (span("A", 0, 10, alone=True), span("A", 2, 8, alone=True), False),
        (span("A", 0, 10, alone=True), span("A", 2, 8, alone=True, run="two"), True),
    ],
)
def test_an_exclusive_suite_that_met_another_one_is_reported(one: Span, other: Span, disturbed: bool) -> None:
    assert bool(exclusive.overlaps([one, other])) is disturbed
    assert bool(exclusive.overlaps([other, one])) is disturbed


def test_an_overlap_names_both_and_their_times() -> None:
    (sentence,) = exclusive.overlaps([span("A", 0, 10, alone=True), span("B", 5, 15, run="two")])
    assert sentence.startswith("the suite A of run one (10:00:00.000000 to 10:00:10.000000 UTC) and the suite B of run")


def test_a_suite_has_the_site_from_its_first_test_to_its_last() -> None:
    file = "/elsewhere/suites/resilience/mongodb.robot"
    local = datetime(2026, 11, 22, 10, 0).astimezone().replace(tzinfo=None)
    tests = []
    for number, tags in enumerate((("exclusive",), ())):
        ran = Attempt(Verdict.PASSED, (local + timedelta(seconds=10 * number)).isoformat(), 3.0)
        tests.append(TestResult(f"T{number}", f"T{number}", "", file, 1, tags, "", (), "resilience", (ran,)))
    (found,) = exclusive.spans_of_suites(tests, "one")
    assert (found.suite, found.exclusive) == ("suites/resilience/mongodb.robot", True)
    assert found.end - found.begin == timedelta(seconds=13)
    assert found.begin == local.astimezone(UTC)


def entry(test: str, event: str, second: int) -> dict[str, str]:
    return {"test": test, "event": event, "time": f"2026-11-22T10:00:{second:02d}.000Z"}


def test_a_fault_lasts_from_when_it_was_made_to_its_last_entry() -> None:
    entries = [entry("T", "steady before", 0), entry("T", "fault", 2), entry("T", "summary", 9)]
    (found,) = exclusive.spans_of_faults(entries, "one", {"T": "Suites.Resilience"})
    assert (found.suite, found.exclusive) == ("Suites.Resilience", True)
    assert (found.begin, found.end) == (START + timedelta(seconds=2), START + timedelta(seconds=9))


def test_a_run_is_read_with_its_journals(tmp_path: Path) -> None:
    suite = tmp_path / "losing.robot"
    suite.write_text("*** Test Cases ***\nLost\n    [Tags]    exclusive    disruptive\n    No Operation\n")
    run(suite, outputdir=tmp_path, report=None, log=None, console="none")
    (tmp_path / "lane").mkdir()
    text = "\n".join(json.dumps(one) for one in (entry("Lost", "fault", 1), entry("Lost", "summary", 2)))
    (tmp_path / "lane" / "disruption.jsonl").write_text(text)
    found = exclusive.spans_of_run(tmp_path, "one")
    assert [(one.suite, one.what) for one in found] == [("losing.robot", "suite"), ("losing.robot", "fault in")]
    assert exclusive.overlaps(found) == []
    assert exclusive.overlaps([*found, span("Other", 0, 5, run="two")])
