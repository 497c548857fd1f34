"""A run as the results that Xray imports: one result for each key, the worst of the tests that share it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.xray import keys
from pipeline.xray.evidence import redacted
from pipeline.xray.settings import Settings

# Xray Cloud refuses a whole import for one longer text.
LONGEST_TEXT = 8192
LONGEST_NAME = 250
# What nobody learnt ranks above what is fine: a scenario of which a case did not run has not passed.
WORST_FIRST = (Verdict.FAILED, Verdict.KNOWN_BUG, Verdict.NOT_RUN, Verdict.SKIPPED, Verdict.PASSED)
SIMULATED = "simulated"


@dataclass(frozen=True)
class Converted:
    """What would be sent. `cases` are the tests behind each key; `local` keys have no Test, `keyless` tests no key."""

    label: str
    info: dict[str, Any]
    tests: list[dict[str, Any]]
    cases: dict[str, list[TestResult]] = field(default_factory=dict)
    local: list[str] = field(default_factory=list)
    keyless: list[str] = field(default_factory=list)


def convert(run: Run, label: str, settings: Settings, created: Mapping[str, str]) -> Converted:
    """Results in the order of the run."""
    cases: dict[str, list[TestResult]] = {}
    local: dict[str, None] = {}
    keyless = []
    for test in run.tests:
        found = keys.of_tags(test.tags, created)
        for key in found.tests:
            cases.setdefault(key, []).append(test)
        local |= dict.fromkeys(found.local)
        if not found.tests and not found.local:
            keyless.append(test.id)
    tests = [_result(key, tests, run, settings, created) for key, tests in cases.items()]
    return Converted(label, _info(run, label, settings), tests, cases, list(local), keyless)


def _info(run: Run, label: str, settings: Settings) -> dict[str, Any]:
    """The issue of the execution, as Jira makes issues; Xray's own fields beside it."""
    stamp = run.stamp
    counts = ", ".join(f"{run.count(verdict)} {verdict.value}" for verdict in Verdict)
    lines = [
        f"{counts} in {run.seconds:.0f} s.",
        f"Run {stamp.run_id}, site {stamp.site}, version {stamp.version}, commit {stamp.commit}"
        + (f", branch {stamp.branch}." if stamp.branch else "."),
        *([f"Product image {stamp.product_image}."] if stamp.product_image else []),
        *(["SIMULATED: no real site took part in this run."] if stamp.simulated else []),
        *(["The checkout had local changes."] if stamp.local_changes else []),
        *([f"This run is not whole: {run.broken}"] if run.broken else []),
    ]
    return {
        "fields": {
            "project": {"key": settings.project},
            "issuetype": {"name": "Test Execution"},
            "summary": cut(f"{stamp.title} ({run.start[:16].replace('T', ' ')})", LONGEST_NAME),
            "description": cut("\n".join(lines)),
            "labels": [label, *([SIMULATED] if stamp.simulated else [])],
            **_revision(stamp.product_image, settings),
        },
        # 'testEnvironments' is refused in this place, where the fields of an import without parts have it.
        "xrayFields": {"testPlanKey": settings.plan, "environments": [settings.environment(stamp.site)]},
    }


def _revision(image: str, settings: Settings) -> dict[str, str]:
    """In a field of the project, since an import in parts has no place of its own for it."""
    return {settings.revision_field: image} if image and settings.revision_field else {}


def _result(
    key: str, tests: list[TestResult], run: Run, settings: Settings, created: Mapping[str, str]
) -> dict[str, Any]:
    worst = min((test.verdict for test in tests), key=WORST_FIRST.index)
    starts = [test.start for test in tests if test.start] or [run.start]
    ends = [_end(test.start, test.seconds) for test in tests if test.start] or [_end(run.start, run.seconds)]
    found: dict[str, Any] = {
        "testKey": key,
        "status": settings.verdicts[worst],
        "start": with_offset(min(starts)),
        "finish": with_offset(max(ends)),
        "comment": cut("\n\n".join(_comment(test) for test in sorted(tests, key=_rank))),
    }
    defects = dict.fromkeys(bug for test in tests for bug in _defects(test, created))
    if defects:
        found["defects"] = list(defects)
    if len(tests) > 1:
        found["iterations"] = [_iteration(test, settings) for test in tests]
    return {name: value for name, value in found.items() if value != ""}


def _rank(test: TestResult) -> int:
    return WORST_FIRST.index(test.verdict)


def _iteration(test: TestResult, settings: Settings) -> dict[str, Any]:
    return {
        "name": cut(test.name, LONGEST_NAME),
        "parameters": [{"name": "case", "value": cut(test.name, LONGEST_NAME)}],
        "log": cut(_comment(test)),
        "duration": f"{test.seconds:.1f} s",
        "status": settings.verdicts[test.verdict],
    }


def _comment(test: TestResult) -> str:
    """What was tested and how it ended; of several attempts each one."""
    lines = [f"{test.id}: {test.verdict.value}"]
    if test.reason:
        lines.append(redacted(test.reason))
    if test.keywords:
        lines.append("in " + " > ".join(test.keywords))
    requirements = keys.of_tags(test.tags, {}).requirements
    if requirements:
        lines.append("Requirements: " + ", ".join(requirements))
    if len(test.attempts) > 1:
        lines += [_attempt(number, one) for number, one in enumerate(test.attempts, 1)]
    return "\n".join(lines)


def _attempt(number: int, attempt: Attempt) -> str:
    when = f", {attempt.start[:19].replace('T', ' ')}" if attempt.start else ""
    return f"Attempt {number}{when}: {attempt.verdict.value}" + (
        f": {redacted(attempt.reason)}" if attempt.reason else ""
    )


def _defects(test: TestResult, created: Mapping[str, str]) -> Iterable[str]:
    """Bugs without an issue (PZ-B..., PZ-Q...) cannot be linked; the comment names them."""
    bugs = [bug for bug in test.bugs if keys.JIRA.fullmatch(bug)] if test.verdict == Verdict.KNOWN_BUG else []
    tagged = keys.of_tags(test.tags, created).bugs if test.verdict in (Verdict.FAILED, Verdict.KNOWN_BUG) else ()
    return [*bugs, *tagged]


def cut(text: str, most: int = LONGEST_TEXT) -> str:
    """Xray counts characters as UTF-16 does: a picture of one character counts as two."""
    if len(text.encode("utf-16-le")) // 2 <= most:
        return text
    end = " [...]"
    kept = text.encode("utf-16-le")[: 2 * (most - len(end))].decode("utf-16-le", errors="ignore")
    return kept + end


def _end(start: str, seconds: float) -> str:
    return (datetime.fromisoformat(start) + timedelta(seconds=seconds)).isoformat() if start else ""


def with_offset(time: str) -> str:
    """Local time in ISO form with its offset from UTC, as Xray demands."""
    return datetime.fromisoformat(time).astimezone().isoformat(timespec="seconds") if time else ""
