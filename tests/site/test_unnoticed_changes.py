"""Small changes of the site that users ran into: for each of them a regression test fails and names it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from robot.api import ExecutionResult
from support.focus_views import Cluster
from support.site_commands import Site, eventually, switch

PROJECT = Path(__file__).resolve().parents[2]

# Defect, suite, test that must notice, words of its failure. The defects of load that show in times have their tests in
# `run.py strength --area load`, which has the machine for itself.
CHANGES = [
    ("answers-swapped", "live/concurrent_views", "Five Views Opened At The Same Time*", "expected"),
    ("answers-swapped", "live/concurrent_views", "Metadata Asked For At The Same Time*", "channels.min is"),
    ("answers-swapped", "live/concurrent_views", "Rows Asked For At The Same Time*", "a row shows"),
    ("answers-swapped", "historic/recordings_list", "Lists Asked For At The Same Time*", "is missing"),
    ("stream-ends-early", "live/streams", "A Live Stream Goes On", "5 frames in"),
    ("streams-swapped", "live/streams", "Frames Of A Stream Carry*", "should be '77-109'"),
    ("frequencies-uneven", "live/calculations_at_run_time", "Frequencies Of A View Rise*", "step_deviation"),
    ("channels-flicker", "api/site_description", "Channels Are Those Of The Fibre", "channels[1111] is 1111, expected"),
    ("configure-late", "api/response_times", "Ten Views One After The Other*", "half of 10 views"),
    ("playbacks-differ", "historic/playback_rows", "Two Playbacks Of One Recording*", "is not the same"),
    ("playbacks-differ", "historic/playback_rows", "Rows Over REST Are Those*", "is another one"),
    ("recorder-without-memory-limit", "cluster/resources", "Every Workload Declares*", "no limit of memory"),
    ("cleanup-without-memory-limit", "cluster/jobs_of_views", "The Cleanup Job Of A View*", "no limit of memory"),
    ("capacity-collapse", "load/growing_live", "Live Views Up To What*", "accepted of each step (refused with"),
    ("login-without-retry-after", "connectivity/ingress", "Who Logs In Too Often*", "Retry-After"),
]


@pytest.mark.nightly
@pytest.mark.parametrize(("change", "suite", "test", "words"), CHANGES, ids=[f"{row[0]}: {row[2]}" for row in CHANGES])
def test_a_test_names_the_change(
    simulated_site: Site, defect: Callable[..., None], tmp_path: Path, change: str, suite: str, test: str, words: str
) -> None:
    assert failure(simulated_site, tmp_path, suite, test) == ""
    defect(change)
    assert words in failure(simulated_site, tmp_path, suite, test)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("suite", "test"),
    [
        ("live/live_view", "A Live View Waits And Then Runs"),
        ("live/metadata", "Metadata Are Complete While The Job Still Waits"),
        ("live/waterfall", "Waterfall Has No Rows Before The Job Runs"),
    ],
)
def test_an_answer_that_comes_when_the_job_runs_already_fails_no_test_about_waiting(
    simulated_site: Site, defect: Callable[..., None], tmp_path: Path, suite: str, test: str
) -> None:
    assert failure(simulated_site, tmp_path, suite, test) == ""
    defect("configure-late")
    defect("answers-late")
    assert failure(simulated_site, tmp_path, suite, test) == ""


@pytest.mark.nightly
def test_a_restart_in_the_course_of_a_run_is_named(
    simulated_site: Site, defect: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOCUS_RUN_ID", "run-with-a-restart")
    suite, test = "cluster/workloads", "Every Node Is Ready"
    assert failure(simulated_site, tmp_path, suite, test) == ""
    cluster = Cluster(simulated_site)
    selector = simulated_site["workloads"]["segy_recorder"]["selector"]

    def restarted() -> int:
        (pod,) = cluster.core.list_namespaced_pod(cluster.namespace, label_selector=selector).items
        return int(pod.status.container_statuses[0].restart_count)

    before = restarted()
    defect("recorder-crashes")
    eventually(lambda: restarted() > before)
    switch(simulated_site, "off", "recorder-crashes")
    message = failure(simulated_site, tmp_path, suite, test)
    assert "segy-recorder" in message
    assert "was restarted" in message
    eventually(lambda: not failure(simulated_site, tmp_path, suite, test))


def failure(site: Site, folder: Path, suite: str, test: str) -> str:
    """Run one test; return the message of its failure, empty when it passed."""
    output = folder / "output.xml"
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{site['state_dir']}/site.yaml", "--test", test]
    command += ["--output", str(output), "--log", "NONE", "--report", "NONE", f"suites/{suite}.robot"]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    (only,) = ExecutionResult(output).suite.all_tests
    assert only.passed or only.failed, only.message
    return only.message if only.failed else ""
