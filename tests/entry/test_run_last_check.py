"""The last check of a run: a workload that was restarted, and that no test looked at, fails it."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from focus_core.cluster.client import ClusterClient
from focus_core.site import loader as site_loader
from focus_core.site.model import Site
from support.checkout import WAIT_S, Checkout, OwnSite, folder_of, wait_for

# It neither asks for the cluster nor uses the web app.
SUITE = """\
*** Settings ***
Library           OperatingSystem
Resource          focus.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Passes Meanwhile
    Create File    {folder}/started
    Wait Until Created    {folder}/restarted    timeout=1 min
"""


@pytest.mark.nightly
def test_a_restart_that_no_test_saw_fails_the_run_and_a_rerun(
    here: Checkout, own_site: OwnSite, tmp_path: Path
) -> None:
    suite = tmp_path / "suite.robot"
    suite.write_text(SUITE.format(folder=tmp_path), encoding="utf-8")
    process = here.start("suites", "--site", str(own_site.file), str(suite))
    wait_for("the test's start", (tmp_path / "started").exists)
    site = site_loader.read(str(own_site.state_dir / "site.yaml"))
    assert isinstance(site, Site)
    cluster, selector = ClusterClient.of_site(site), site.workloads.segy_recorder.selector
    (pod,) = cluster.core.list_namespaced_pod(site.kubernetes.namespace, label_selector=selector).items
    # The simulated site's containers are processes.
    os.kill(int(pod.status.container_statuses[0].container_id.removeprefix("process://")), signal.SIGKILL)
    wait_for("the restart", lambda: [one.restarts for one in cluster.pods(selector)] == [1])
    (tmp_path / "restarted").touch()
    out, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 1, out + err
    assert "1 passed, 0 failed" in out
    named = f"no fault of the tests explains it: {pod.metadata.name} was restarted 1 times (ended with Error)"
    assert named in out
    assert named in (folder_of(out) / "summary.md").read_text(encoding="utf-8")
    again = here.run("rerun")
    assert again.code == 252
    assert named in again.sentence
