"""What is reported of a run that was stopped, from what a stopped Robot Framework writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from robot.run import run

from pipeline.results.stamp import Stamp
from pipeline.run import folders as runs
from pipeline.run import interrupted
from pipeline.run.selection import select

STAMP = Stamp("20261122-110000-ab12", "suites", "simulated", True, "0.1.0", "abc")
SUITE = """\
*** Test Cases ***
Ended Well
    No Operation

Ended Badly
    Fail    no

Under Way
    Evaluate    os.kill(os.getpid(), signal.SIGINT)    modules=os, signal
    Sleep    1 min
    [Teardown]    Fail    nor this

Not Begun
    No Operation
"""
OF_A_LANE_THAT_NEVER_BEGAN = "*** Test Cases ***\nNever\n    [Tags]    alerts\n    No Operation\n"


def test_what_had_ended_keeps_its_verdict_and_all_else_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "RESULTS", tmp_path)
    suites = [tmp_path / "one.robot", tmp_path / "two.robot"]
    for path, text in zip(suites, (SUITE, OF_A_LANE_THAT_NEVER_BEGAN), strict=True):
        path.write_text(text)
    selected = select([str(path) for path in suites], tmp_path)
    current = runs.Run("one", "suites", "simulated", "/", [], [], selected.tests).open()
    run(str(suites[0]), outputdir=str(current.folder), log=None, report=None, console="none")
    counts = interrupted.report(current, STAMP, selected)
    assert counts.startswith("1 passed, 1 failed, 0 skipped, 3 not run in ")
    never = interrupted.result_of(current, STAMP, selected).tests[-1]
    assert (never.name, never.area, never.suite, never.source) == ("Never", "alerts", "Two", str(suites[1]))
    summary = (current.folder / "summary.md").read_text(encoding="utf-8")
    assert "**This run does not count.** The run was stopped with Ctrl-C." in summary
    assert "- **Two.Never**: the run was stopped before this test began" in summary


def test_a_run_that_was_stopped_before_a_lane_began_has_a_summary_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "RESULTS", tmp_path)
    (tmp_path / "one.robot").write_text(SUITE)
    selected = select([str(tmp_path / "one.robot")], tmp_path)
    current = runs.Run("one", "suites", "simulated", "/", [], [], selected.tests).open()
    assert interrupted.report(current, STAMP, selected) == "0 passed, 0 failed, 0 skipped, 4 not run in 0.0 s"
