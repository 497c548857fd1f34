"""The list of flaky tests: what is refused, and which failures a gate passes over."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from pipeline.errors import RunError
from pipeline.results import quarantine
from pipeline.results.model import Attempt, TestResult, Verdict
from pipeline.results.quarantine import Entry

TODAY = date(2026, 11, 30)
WHOLE = "{test: 'suites/api/x.robot::Late', owner: Roy, issue: PZ-12345, expires: 2026-12-31}"


def entry(test: str, days: int) -> Entry:
    return Entry(f"suites/api/x.robot::{test}", "Roy", "PZ-12345", TODAY + timedelta(days=days))


def a_test(name: str, *tags: str) -> TestResult:
    attempt = Attempt(Verdict.FAILED)
    return TestResult(name, f"Api.X.{name}", "Api.X", "/there/suites/api/x.robot", 1, tags, "", (), "api", (attempt,))


def test_a_whole_entry_is_read(tmp_path: Path) -> None:
    (tmp_path / "quarantine.yaml").write_text(f"- {WHOLE}")
    assert quarantine.read(tmp_path / "quarantine.yaml") == [entry("Late", 31)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is no list"),
        ("- [", "cannot be read"),
        ("- late", "entry 1 needs exactly test, owner, issue, expires"),
        ("- {test: a, owner: b, issue: c}", "needs exactly"),
        (f"- {WHOLE[:-1]}, why: x}}", "needs exactly"),
        (f"- {WHOLE.replace('suites/api/x.robot::Late', 'PZ-13784')}", "test is 'PZ-13784'"),
        (f"- {WHOLE.replace('Roy', '')}", "owner is empty"),
        (f"- {WHOLE.replace('PZ-12345', 'soon')}", "issue is 'soon'"),
        (f"- {WHOLE.replace('2026-12-31', 'never')}", "expires is 'never'"),
        (f"- {WHOLE.replace('2026-12-31', '2026-12-31 10:00:00')}", "expires is '2026-12-31 10:00:00'"),
        (f"- {WHOLE}\n- {WHOLE}", "twice"),
    ],
)
def test_an_entry_that_is_not_whole_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "quarantine.yaml").write_text(text)
    with pytest.raises(RunError, match=r"^quarantine\.yaml") as refused:
        quarantine.read(tmp_path / "quarantine.yaml")
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    ("days", "tags", "reason"),
    [(-1, (), "ended on 2026-11-29"), (61, (), "lasts 61 days"), (5, ("critical",), "critical"), (0, (), "")],
)
def test_what_has_expired_lasts_too_long_or_is_critical_is_a_problem(
    days: int, tags: tuple[str, ...], reason: str
) -> None:
    found = quarantine.problems([entry("Late", days)], [a_test("Late", *tags)], TODAY)
    assert [reason in sentence for sentence in found] == ([True] if reason else [])


def test_only_an_entry_that_holds_lets_a_failure_pass() -> None:
    failed = [a_test("Late"), a_test("Expired"), a_test("Critical", "critical"), a_test("Other")]
    entries = [entry("Late", 0), entry("Expired", -1), entry("Critical", 5)]
    counting, passed_over = quarantine.applied(entries, failed, TODAY)
    assert [test.name for test in passed_over] == ["Late"]
    assert [test.name for test in counting] == ["Expired", "Critical", "Other"]
