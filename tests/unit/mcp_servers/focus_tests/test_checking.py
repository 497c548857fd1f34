"""What is said of a text by its dry run."""

from __future__ import annotations

from pathlib import Path

import pytest
from robot.run import run as run_robot

from mcp_servers.focus_tests import checking, refusals
from mcp_servers.focus_tests.dry_run import OUTPUT, SUITE


def dry_run(folder: Path) -> bool:
    """As in a process of its own, without the project's words."""
    quiet = {"dryrun": True, "console": "none", "log": None, "report": None}
    run_robot(str(folder / SUITE), outputdir=str(folder), output=OUTPUT, **quiet)
    return True


def test_a_text_whose_tests_are_left_out_is_told_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "dry_run", dry_run)
    monkeypatch.setattr(refusals, "refusals", lambda _: [])
    text = "*** Test Cases ***\nOne\n    [Tags]    {}\n    Log    x\n"
    assert checking.check_test(text.format("sandbox"))["ok"] is True
    checked = checking.check_test(text.format("robot:exclude"))
    assert checked["ok"] is False
    assert checked["refused"] == ["None of its tests would run: leave out the tag robot:exclude."]
