"""Runs with loads: folders as a run leaves them, without a run."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

from focus_core.load.plan import Phase, Plan, request
from focus_core.load.result import Outcome, Result
from focus_core.load.times import Times

from pipeline import paths
from pipeline.results.model import Run
from pipeline.results.stamp import Stamp
from pipeline.run import folders

BEGUN = 1_796_000_000
# As kept beside a log: without the site, its users and addresses.
PLAN = Plan((Phase(10, 20),), (request("GET /channels"),))
TEST = "Channels [Fast]"


def result(p95_ms: float, failed: int = 0) -> Result:
    """200 requests, 5 % of which took as long as p95 or longer; the generator was in time."""
    total = Times.of_seconds([p95_ms / 2000] * 180 + [p95_ms / 1000] * 20)
    outcome = Outcome("GET /channels", 200, 200 - failed, total=total)
    return Result(BEGUN, 10.0, 10.0, 200, (outcome,), late=Times.of_seconds([0.001] * 200))


def write(folder: Path, name: str, done: Result, plan: Plan = PLAN, limits: dict[str, float] | None = None) -> None:
    data = {"test": TEST, "name": name, "plan": asdict(plan), "result": asdict(done), "limits": limits or {}}
    number = len(list(folder.glob("load-*.json")))
    (folder / f"load-{number}.json").write_text(json.dumps(data))


def a_run(run_id: str, number: int = 1) -> tuple[Run, Path]:
    """A run of one site, begun so many hours after another one; its folder is there and empty."""
    stamp = Stamp(run_id, "suites", "staging", False, "1", "abc")
    kept = folders.Run(run_id, "suites", "staging", str(paths.ROOT), [], [], [])
    return Run(stamp, f"2026-11-30T{number:02}:00:00", 9.0, ()), kept.open().folder


def loaded(run_id: str, p95_ms: float, number: int = 1) -> tuple[Run, Path]:
    """A run with one load of 20 requests a second."""
    run, folder = a_run(run_id, number)
    write(folder, "channels", replace(result(p95_ms), begun=BEGUN + 3600 * number))
    return run, folder
