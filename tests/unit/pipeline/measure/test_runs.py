"""Measuring many runs: what counts as flaky, and cores that are kept busy only as long as they should be."""

from __future__ import annotations

import os
from pathlib import Path

import psutil
import pytest
from robot import run

from pipeline import command_line
from pipeline.errors import RunError
from pipeline.measure import command, runs

SUITE = """
*** Test Cases ***
Good
    No Operation

Changing
    Should Be Equal    ${outcome}    good
"""


def output(folder: Path, outcome: str) -> Path:
    (folder / "suite.robot").write_text(SUITE)
    path = folder / f"{outcome}.xml"
    run(folder / "suite.robot", output=path, report=None, log=None, console="none", variable=f"outcome:{outcome}")
    return path


def test_a_test_that_failed_once_and_passed_once_is_flaky(tmp_path: Path) -> None:
    verdicts = runs.Verdicts()
    verdicts.read(1, output(tmp_path, "good"))
    verdicts.read(2, output(tmp_path, "bad"))
    assert verdicts.flaky == ["Changing"]
    assert verdicts.failed == {"Changing": [2]}


def test_a_test_that_always_fails_is_not_flaky(tmp_path: Path) -> None:
    verdicts = runs.Verdicts()
    verdicts.read(1, output(tmp_path, "bad"))
    assert (verdicts.flaky, verdicts.failed) == ([], {"Changing": [1]})


def test_cores_are_busy_only_meanwhile() -> None:
    before = set(psutil.Process().children())
    with runs.busy_cores():
        assert len(set(psutil.Process().children()) - before) == os.cpu_count()
    assert set(psutil.Process().children()) == before


@pytest.mark.parametrize(
    "args",
    [["repeat", "--runs", "2", "--busy", "3"], ["cold", "--runs", "0x"], ["cold", "--runs", "0"], ["cold", "-v"], []],
)
def test_wrong_options_are_refused(args: list[str]) -> None:
    with pytest.raises(RunError):
        command.main(command_line.parse(["measure", *args]))
