"""Runs to publish: made up, in a folder as a run leaves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from pipeline.paths import ROOT
from pipeline.results import run_json
from pipeline.results.model import Attempt, Run, TestResult, Verdict
from pipeline.results.stamp import Stamp
from pipeline.xray.publishing import Source

START = "2026-11-22T11:00:00"
STAMP = Stamp("20261122-110000-ab12", "regression", "staging", False, "0.1.0", "abcdef", branch="main")


def attempt(verdict: Verdict, reason: str = "", **more: object) -> Attempt:
    return replace(Attempt(verdict, START, 1.5, reason, reason), **more)  # type: ignore[arg-type]


def a_test(name: str, key: str, *attempts: Attempt, tags: Sequence[str] = ()) -> TestResult:
    used = attempts or (attempt(Verdict.PASSED),)
    keys = (key,) if key else ()
    return TestResult(
        name, f"Api.X.{name}", "Api.X", "suites/api/x.robot", 3, ("api", *keys, *tags), key, (), "api", used
    )


def a_run(*tests: TestResult, **stamp: object) -> Run:
    return Run(replace(STAMP, **stamp), START, 60.0, tests)  # type: ignore[arg-type]


def many(count: int) -> list[TestResult]:
    """Tests with keys from PZ-90000 on; each tenth failed."""
    bad = attempt(Verdict.FAILED, "status is 500, expected 200", keywords=("Ask Server",))
    good = attempt(Verdict.PASSED)
    return [a_test(f"Test {n}", f"PZ-{90000 + n}", good if n % 10 else bad) for n in range(count)]


def in_folder(run: Run, folder: Path, name: str = "") -> Source:
    """The run in its folder, with metrics.json and a summary."""
    folder.mkdir(parents=True, exist_ok=True)
    run_json.write(run, folder / run_json.NAME)
    (folder / "summary.md").write_text(f"# {run.stamp.title}\n\n1 passed\n", encoding="utf-8")
    (folder / "run.json").write_text("{}", encoding="utf-8")
    return Source(run, name or run.stamp.run_id, [folder], folder)


def settings_file(path: Path, url: str, **changes: object) -> Path:
    """The project's own settings, but for the address."""
    found = yaml.safe_load((ROOT / "variables" / "xray.yaml").read_text(encoding="utf-8"))
    path.write_text(yaml.safe_dump(found | {"url": url} | changes, allow_unicode=True), encoding="utf-8")
    return path
