"""What a failed test carries: each pod's lines of its time window, or the reason why there are none."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient
from focus_core.cluster.objects import Event, LogLine, Pod
from focus_core.run import evidence, probes
from focus_core.site import loader as site_loader
from focus_core.site.model import Site

SINCE = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)
NO_POD = Pod("", "", "", True, 0, {}, False)


def pod(name: str, phase: str) -> Pod:
    return replace(NO_POD, name=name, phase=phase)


class Cluster:
    """A cluster with one pod for each selector; the log of "broken" cannot be read."""

    def __init__(self, pods: dict[str, Pod]) -> None:
        self._pods = pods

    def pods(self, selector: str) -> list[Pod]:
        return [self._pods[selector]] if selector in self._pods else []

    def images(self) -> dict[str, tuple[str, ...]]:
        return {"focus": ("focus:1",)}

    def events_of(self, _name: str) -> list[Event]:
        return [Event("FailedScheduling", "Warning", "no node fits", SINCE)]

    def pod_log(self, name: str, *, since: datetime) -> list[LogLine]:
        if name == "broken":
            raise BenchError("The Kubernetes API refused it: 500 Internal Server Error.")
        assert since == SINCE
        return [LogLine("inside", "2026-01-01T12:00:00.1Z")]


@pytest.fixture(autouse=True)
def alive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "require_alive", lambda *_: None)


@pytest.fixture
def site() -> Site:
    staging = site_loader.read("staging")
    assert isinstance(staging, Site)
    return staging


def texts(site: Site, monkeypatch: pytest.MonkeyPatch, pods: dict[str, Pod]) -> dict[str, str]:
    monkeypatch.setattr(ClusterClient, "of_site", lambda _site, **_options: Cluster(pods))
    return {log.pod: log.text for log in evidence.collect(site, SINCE)}


def test_every_pod_reports_what_it_can(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_log_names_the_images_of_its_pod(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    pods = {site.workloads.focus_server.selector: pod("focus", "Running")}
    monkeypatch.setattr(ClusterClient, "of_site", lambda _site, **_options: Cluster(pods))
    assert [log.images for log in evidence.collect(site, SINCE)] == [("focus:1",)]


def test_a_cluster_that_does_not_answer_is_reported(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    def dead(_site: Site, **_options: object) -> ClusterClient:
        raise ConnectionRefusedError("nobody there")

    monkeypatch.setattr(ClusterClient, "of_site", dead)
    (only,) = evidence.collect(site, SINCE)
    assert "could not be read (ConnectionRefusedError: nobody there)" in only.text


def test_the_logs_of_a_test_are_one_file(tmp_path: Path) -> None:
    path = evidence.write(
        [evidence.PodLog("a (Running)", "one"), evidence.PodLog("b", "two")], tmp_path / "new", "S.T 1", SINCE
    )
    assert re.fullmatch(r"S_T_1-[0-9a-f]{10}\.log", path.name)
    assert path.read_text() == "==> a (Running) <==\none\n==> b <==\ntwo"


@pytest.mark.parametrize("name", ["試験" * 50, "CON", "a/b\\c:d*?", ". ..", "x" * 400, "Suite.A Very Long Name " * 9])
def test_the_file_of_a_test_has_a_name_that_every_file_system_takes(name: str) -> None:
    assert re.fullmatch(r"([A-Za-z0-9][A-Za-z0-9_]{0,39}-)?[0-9a-f]{10}\.log", evidence.file_name(name, SINCE))


def test_no_two_tests_share_a_file() -> None:
    names = ["S.A test!", "S.A test?", "S.A TEST!", "S.A_test_", "試験", "試煉"]
    files = [evidence.file_name(name, SINCE + timedelta(seconds=later)) for name in names for later in (0, 1)]
    assert len({file.lower() for file in files}) == len(files)
