"""What a failed test carries: each pod's lines of its time window, or the reason why there are none."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core import evidence, probes, site_loader
from focus_core.cluster_client import ClusterClient
from focus_core.site_model import Site
from kubernetes.client.exceptions import ApiException

SINCE = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
LOG = "2026-01-01T11:59:59.9Z before\n2026-01-01T12:00:00.1Z inside"


def pod(name: str, phase: str) -> Any:
    return SimpleNamespace(metadata=SimpleNamespace(name=name, namespace="panda"), status=SimpleNamespace(phase=phase))


class Core:
    """A cluster with one pod for each selector; the log of "broken" cannot be read."""

    def __init__(self, pods: dict[str, Any]) -> None:
        self.pods = pods

    def list_namespaced_pod(self, _namespace: str, *, label_selector: str, **_options: Any) -> Any:
        found = self.pods.get(label_selector)
        return SimpleNamespace(items=[found] if found else [])

    def read_namespaced_pod_log(self, name: str, _namespace: str, **_options: Any) -> str:
        if name == "broken":
            raise ApiException(status=500, reason="Internal Server Error")
        return LOG


@pytest.fixture(autouse=True)
def alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "demand", lambda *_: None)


@pytest.fixture
def site() -> Site:
    staging = site_loader.read("staging")
    assert isinstance(staging, Site)
    return staging


def texts(site: Site, monkeypatch: pytest.MonkeyPatch, pods: dict[str, Any]) -> dict[str, str]:
    event = SimpleNamespace(type="Warning", reason="FailedScheduling", message="no node fits")
    cluster = SimpleNamespace(core=Core(pods), events=lambda _name: [event])
    monkeypatch.setattr(ClusterClient, "of_site", lambda _site: cluster)
    return {log.pod: log.text for log in evidence.collect(site, SINCE)}


def test_every_pod_tells_what_it_can(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    evidence.forget_jobs()
    evidence.note_job("7-12")
    seen = texts(
        site,
        monkeypatch,
        {
            site.workloads.focus_server.selector: pod("focus", "Running"),
            site.workloads.webapp.selector: pod("broken", "Running"),
            "app=grpc-job-7-12": pod("job", "Pending"),
        },
    )
    evidence.forget_jobs()
    assert seen["focus (Running)"] == "2026-01-01T12:00:00.1Z inside"
    assert "500 Internal Server Error" in seen["broken (Running)"]
    assert "FailedScheduling: no node fits" in seen["job (Pending)"]


def test_a_cluster_that_does_not_answer_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(_site: Site) -> ClusterClient:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(ClusterClient, "of_site", dead)
    (only,) = evidence.collect(site, SINCE)
    assert "could not be read (ConnectionRefusedError: nobody there)" in only.text


def test_the_logs_of_a_test_are_one_file(tmp_path: Path) -> None:
    path = evidence.write(
        [evidence.PodLog("a (Running)", "one"), evidence.PodLog("b", "two")], tmp_path / "new", "S.T 1"
    )
    assert path.name == "S.T_1.log"
    assert path.read_text() == "==> a (Running) <==\none\n==> b <==\ntwo"
