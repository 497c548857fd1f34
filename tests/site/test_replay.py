"""Failures that defects of the site cause are repeated from their bundles, without the site, to the same message."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from support.site_commands import Site

from pipeline.replay import again, bundles

PROJECT = Path(__file__).resolve().parents[2]
LEFT_OUT = ("slow", "exclusive", "disruptive")
# Defect, suite that detects it, its tests that are run.
DEFECTS = [
    ("wrong-channel-amount", "live/live_view", "smoke"),
    ("empty-status", "live/live_view", "smoke"),
    ("string-port", "live/live_view", "smoke"),
    ("stream-silent", "live/live_view", "smoke"),
    ("negative-amplitudes", "live/live_view", "smoke"),
    ("delete-job-404", "live/live_view", "smoke"),
    ("live-metadata-missing-fields", "api/site_description", "smoke"),
    ("nfft-unchecked", "api/configure_meaning", "smoke"),
    ("no-job-id-label", "cluster/jobs_of_views", "smoke"),
    ("uuid-index-missing", "data_quality/indexes", "smoke"),
    ("recording-without-start", "data_quality/recordings", "smoke"),
    ("exchange-missing", "messaging/exchange", "smoke"),
    ("alert-class-accepted", "alerts/refused", "smoke"),
    ("channels-unlisted", "api/site_description", "regression"),
    ("health-missing", "api/health", "regression"),
    ("error-with-traceback", "api/error_bodies", "regression"),
    ("waterfall-unordered", "live/waterfall_data", "regression"),
    ("duplicate-uuid", "data_quality/integrity", "regression"),
    ("half-range-accepted", "historic/refused_windows", "smoke"),
    ("counts-mismatch", "live/live_view", "smoke"),
    ("frequencies-object", "live/live_view", "smoke"),
    ("alerts-unbound", "alerts/accepted", "smoke"),
]


@pytest.mark.nightly
@pytest.mark.parametrize(("name", "suite", "tag"), DEFECTS, ids=[row[0] for row in DEFECTS])
def test_the_replay_fails_with_the_same_message(
    simulated_site: Site, defect: Callable[..., None], tmp_path: Path, name: str, suite: str, tag: str
) -> None:
    defect(name)
    site_file = Path(simulated_site["state_dir"]) / "site.yaml"
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{site_file}", "--include", tag]
    command += [part for left_out in LEFT_OUT for part in ("--exclude", left_out)]
    command += ["--outputdir", str(tmp_path), "--log", "NONE", "--report", "NONE", f"suites/{suite}.robot"]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    kept = sorted((tmp_path / "bundles").glob("*.zip"))
    assert kept, "no test failed"
    replay = again.play(bundles.read(kept[0]), tmp_path / "replay")
    assert replay.same, f"recorded: {replay.bundle.message}\nnow: {replay.result.message}"
