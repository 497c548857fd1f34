"""The smoke tier is worth running: each of these faults of the site makes a smoke test fail and name the fault."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from robot.api import ExecutionResult
from site_commands import Site

PROJECT = Path(__file__).resolve().parents[2]

# Defect, suite that must notice, words that a failure message must hold.
FAULTS = [
    ("wrong-channel-amount", "live", "channel_amount is 100, expected 99"),
    ("empty-status", "live", "status is '', expected 'success'"),
]


@pytest.mark.nightly
@pytest.mark.parametrize(("fault", "suite", "words"), FAULTS, ids=[row[0] for row in FAULTS])
def test_a_smoke_test_names_the_fault(
    simulated_site: Site, defect: Callable[..., None], tmp_path: Path, fault: str, suite: str, words: str
) -> None:
    defect(fault)
    site_file = Path(simulated_site["state_dir"]) / "site.yaml"
    command = [sys.executable, "-m", "robot", "--include", "smoke", "--variable", f"SITE:{site_file}"]
    command += ["--output", str(tmp_path / "output.xml"), "--log", "NONE", "--report", "NONE", f"suites/{suite}"]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    failures = [test.message for test in ExecutionResult(tmp_path / "output.xml").suite.all_tests if test.failed]
    assert any(words in message for message in failures), failures
