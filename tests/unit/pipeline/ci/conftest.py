"""Shards with real results: suites that need no site, run by Robot Framework."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from robot.run import run

from pipeline import paths
from pipeline.ci import delivery, plan
from pipeline.ci.packing import PlannedTest
from pipeline.ci.plan import Plan
from pipeline.results.stamp import Stamp
from pipeline.run import folders

SUITES = {
    "first": "First Good\n    [Tags]    api\n    No Operation\n\nFirst Bad\n    [Tags]    api\n    Fail    ${SAID}\n",
    "second": "Second\n    [Tags]    live    critical    PZ-13419\n    Should Be Equal    ${SAID}    right\n",
}
STAMP = Stamp("run-1", "nightly", "staging", False, "1", "abc", branch="main")


@pytest.fixture
def planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plan:
    """A plan of two shards with one suite each."""
    monkeypatch.setattr(paths, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(folders, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(paths, "ROOT", tmp_path)
    (tmp_path / "suites").mkdir()
    for name, text in SUITES.items():
        (tmp_path / "suites" / f"{name}.robot").write_text(f"*** Test Cases ***\n{text}")
    tests = [
        PlannedTest("suites/first.robot", 2, "First Good", "First.First Good", ("api",)),
        PlannedTest("suites/first.robot", 6, "First Bad", "First.First Bad", ("api",)),
        PlannedTest("suites/second.robot", 2, "Second", "Second.Second", ("live", "critical", "PZ-13419")),
    ]
    durations = {tests[0].id: 9.0, tests[1].id: 9.0, tests[2].id: 1.0}
    return Plan("run-1", "nightly", "abc", "Suites", (), ("suites",), plan.cut(tests, durations, 2))


@pytest.fixture
def run_shard(planned: Plan) -> Callable[..., Path]:
    """Runs a shard of the plan, as `ci run` would; `said` is what its tests look at, "right" for a good run."""

    def execute(
        number: int, attempt: int = 1, said: str = "right", broken: str = "", restarted: tuple[str, ...] = ()
    ) -> Path:
        shard = planned.shard(number)
        folder = delivery.folder_of(planned, shard, attempt)
        metadata = STAMP.robot_options()[5::2]
        run(
            str(paths.ROOT / "suites"),
            suite=[one.tests[0].suite for one in shard.suites],
            outputdir=str(folder),
            metadata=metadata,
            variable=[f"SAID:{said}"],
            log=None,
            report=None,
            console="none",
        )
        delivery.finish(planned, shard, attempt, broken, restarted)
        return folder

    return execute
