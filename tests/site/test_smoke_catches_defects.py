"""The smoke tier is worth running: each of these faults of the site makes a smoke test fail and name the fault."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from robot.api import ExecutionResult
from support.site_commands import Site

PROJECT = Path(__file__).resolve().parents[2]

# Defect, suite that must notice, words that a failure message must hold.
FAULTS = [
    ("wrong-channel-amount", "live/live_view.robot", "channel_amount is 100, expected 99"),
    ("empty-status", "live/live_view.robot", "status is '', expected 'success'"),
    ("string-port", "live/live_view.robot", "(str) instead of an integer"),
    ("stream-silent", "live/live_view.robot", "stream 0: 0 frames in"),
    ("negative-amplitudes", "live/live_view.robot", "is negative"),
    ("delete-job-404", "live/live_view.robot", "was answered 404 instead of 200"),
    ("live-metadata-missing-fields", "api/site_description.robot", "num_samples_per_trace is missing"),
    ("nfft-unchecked", "api/configure_meaning.robot", "This site allows at most 4096"),
    ("job-never-starts", "cluster/jobs_of_views.robot", "FailedScheduling"),
    ("no-job-id-label", "cluster/jobs_of_views.robot", "label job_id of pods"),
    ("uuid-index-missing", "data_quality/collections.robot", "has no index on uuid"),
    ("recording-without-start", "data_quality/recordings.robot", "orphan"),
    ("exchange-missing", "messaging/exchange.robot", "no exchange 'prisma'"),
    ("alerts-unbound", "alerts/accepted.robot", "in the operator's list: waited"),
    ("alert-class-accepted", "alerts/refused.robot", "classId 0 was accepted (201)"),
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
