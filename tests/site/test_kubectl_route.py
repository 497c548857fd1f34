"""The two ways to the cluster of a site, directly and by kubectl on its node: the same questions, the same answers."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient
from focus_core.disruption.cluster_changes import ClusterChanges
from focus_core.site import loader as site_loader
from focus_core.site.model import Site as SiteModel
from robot.api import ExecutionResult
from support.site_commands import Site, eventually

PROJECT = Path(__file__).resolve().parents[2]
RABBITMQ = "app.kubernetes.io/instance=rabbitmq-panda"
POD = "rabbitmq-panda-0"

QUESTIONS: dict[str, Callable[[ClusterClient], Any]] = {
    "version": lambda cluster: cluster.version(),
    "nodes": lambda cluster: cluster.nodes(),
    "pods": lambda cluster: cluster.pods(RABBITMQ),
    "deployments": lambda cluster: cluster.workloads("Deployment"),
    "stateful sets": lambda cluster: cluster.workloads("StatefulSet"),
    "one workload": lambda cluster: cluster.workload("StatefulSet", "rabbitmq-panda"),
    "no workload": lambda cluster: cluster.workload("Deployment", "nobody"),
    "jobs": lambda cluster: cluster.jobs("nobody"),
    "services": lambda cluster: cluster.services(),
    "endpoints": lambda cluster: cluster.endpoints("rabbitmq-panda"),
    "events": lambda cluster: cluster.events_of(POD)[:1],
    "log": lambda cluster: cluster.pod_log(POD)[:5],
    "log of a second": lambda cluster: cluster.pod_log(POD, since=cluster.pods(RABBITMQ)[0].created)[:2],
    "names of the measured": lambda cluster: [one.pod for one in cluster.pod_metrics(RABBITMQ)],
    "a command": lambda cluster: cluster.run_in_pod(POD, ["echo", "it's", "two  words"]),
    "no command": lambda cluster: cluster.run_in_pod(POD, ["no-such-program"]),
    "a failing command": lambda cluster: cluster.run_in_pod(POD, ["cat", "/no/such/file"]),
}


@pytest.fixture
def sites(simulated_site: Site) -> dict[str, SiteModel]:
    """The site as either file describes it."""
    found = {}
    for name in ("site", "site-kubectl"):
        site = site_loader.read(str(Path(simulated_site["state_dir"]) / f"{name}.yaml"))
        assert isinstance(site, SiteModel)
        found[name] = site
    return found


@pytest.mark.parametrize("question", QUESTIONS)
def test_both_ways_answer_the_same(sites: dict[str, SiteModel], question: str) -> None:
    direct, over_ssh = (QUESTIONS[question](ClusterClient.of_site(site)) for site in sites.values())
    assert direct == over_ssh
    if question not in ("no workload", "jobs"):
        assert direct


@pytest.mark.parametrize("name", ["site", "site-kubectl"])
def test_both_ways_refuse_the_same(sites: dict[str, SiteModel], name: str) -> None:
    cluster = ClusterClient.of_site(sites[name])
    with pytest.raises(BenchError, match="refused read_namespaced_pod_log in namespace panda: 404"):
        cluster.pod_log("nobody")
    with pytest.raises(BenchError, match="could not be run in pod nobody"):
        cluster.run_in_pod("nobody", ["true"])


@pytest.mark.parametrize("name", ["site", "site-kubectl"])
def test_both_ways_make_and_undo_faults(sites: dict[str, SiteModel], name: str) -> None:
    cluster, recorder = ClusterChanges.of_site(sites[name]), sites[name].workloads.segy_recorder
    cluster.scale(recorder, 0)
    assert cluster.replicas(recorder) == 0
    eventually(lambda: not cluster.pods_of(recorder))
    cluster.scale(recorder, 1)
    (pod,) = eventually(lambda: [one for one in cluster.pods_of(recorder) if one.ready])
    cluster.delete_pod(pod)
    eventually(lambda: [one for one in cluster.pods_of(recorder) if one.ready and one.name != pod.name])
    cluster.isolate("focus-test", {"app": "nobody"})
    cluster.end_isolation("focus-test")
    cluster.end_isolation("focus-test")
    cluster.take_service_names(["focus-test-1", "focus-test-2"])
    with pytest.raises(BenchError, match="409"):
        cluster.take_service_names(["focus-test-1"])
    cluster.free_service_names(["focus-test-1"])
    services = {service.name for service in cluster.services()}
    assert "focus-test-2" in services - {"focus-test-1"}
    # What others made stays, whatever it is called.
    cluster.free_service_names(["focus-test-1", "focus-test-2", *services])
    assert {service.name for service in cluster.services()} == services - {"focus-test-2"}


# Without the suites about views: a slow machine asks kubectl longer than this fast site keeps an idle view.
SUITES = [f"suites/{name}.robot" for name in ("connectivity/kubernetes", "cluster/workloads")]
# Each question costs a kubectl on the node; the tests above ask them one by one every time.
MORE = [f"suites/cluster/{name}.robot" for name in ("operation", "ports", "resources")]


@pytest.mark.parametrize(
    ("suites", "least"), [(SUITES, 10), pytest.param(SUITES + MORE, 16, marks=pytest.mark.nightly)], ids=["few", "all"]
)
def test_the_suites_pass_by_kubectl(simulated_site: Site, tmp_path: Path, suites: list[str], least: int) -> None:
    site_file = Path(simulated_site["state_dir"]) / "site-kubectl.yaml"
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{site_file}", "--log", "NONE", "--report", "NONE"]
    command += ["--output", str(tmp_path / "output.xml"), *suites]
    subprocess.run(command, cwd=PROJECT, capture_output=True, check=False)
    tests = list(ExecutionResult(tmp_path / "output.xml").suite.all_tests)
    assert len(tests) >= least
    assert [f"{test.name}: {test.message}" for test in tests if not test.passed] == []
