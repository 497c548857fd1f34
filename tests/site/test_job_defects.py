"""Each switch of jobs, windows and the server's life changes what it names."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from kubernetes import client
from support.focus_views import Cluster, Views, connect, frames
from support.site_commands import Site, eventually, simulator, start_site

SMALL: dict[str, Any] = {"channels": {"min": 1, "max": 3}}


def test_no_cpu_memory_limits(views: Views, cluster: Cluster, defect: Callable[..., None]) -> None:
    def requests(job_id: str) -> set[str]:
        return set(cluster.job(job_id).spec.template.spec.containers[0].resources.requests)

    good = views.open(**SMALL)["job_id"]
    defect("no-cpu-memory-limits")
    bad = views.open(**SMALL)["job_id"]
    assert requests(good) - requests(bad) == {"cpu", "memory"}
    for job_id in (good, bad):
        views.close(job_id)


def test_service_wrong_target(views: Views, cluster: Cluster, defect: Callable[..., None]) -> None:
    defect("service-wrong-target")
    job_id = views.open(**SMALL)["job_id"]
    service = cluster.core.read_namespaced_service(f"grpc-service-{job_id}", cluster.namespace)
    assert [port.target_port for port in service.spec.ports] == [5001]
    views.close(job_id)


def test_job_log_empty(views: Views, cluster: Cluster, defect: Callable[..., None]) -> None:
    defect("job-log-empty")
    job_id = views.open(**SMALL)["job_id"]
    views.running(job_id)
    assert cluster.log(job_id) == ""
    views.close(job_id)


@pytest.mark.parametrize("name", ["historic-job-endless", "finished-job-stays"])
@pytest.mark.nightly
def test_a_historic_job_that_does_not_go(
    views: Views, cluster: Cluster, defect: Callable[..., None], name: str
) -> None:
    defect(name)
    view = views.open(**views.historic(seconds=10), **SMALL)
    with connect(view["stream_port"]) as channel:
        for stream in range(view["stream_amount"]):
            assert list(frames(channel, stream))
    time.sleep(2)
    job = cluster.job(view["job_id"])
    assert job.status.succeeded == (None if name == "historic-job-endless" else 1)
    assert (job.spec.ttl_seconds_after_finished is None) is (name == "finished-job-stays")
    views.close(view["job_id"])


@pytest.mark.nightly
def test_cleanup_job_stays(views: Views, cluster: Cluster, defect: Callable[..., None]) -> None:
    defect("cleanup-job-stays")
    job_id = views.open(**SMALL)["job_id"]
    views.running(job_id)
    views.close(job_id)
    name = f"cleanup-job-{job_id}"
    eventually(lambda: cluster.batch.read_namespaced_job(name, cluster.namespace).status.succeeded)
    time.sleep(3)
    assert name in cluster.job_names()
    cluster.batch.delete_namespaced_job(name, cluster.namespace, propagation_policy="Background")


@pytest.mark.nightly
def test_idle_job_stays(views: Views, cluster: Cluster, simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("idle-job-stays")
    job_id = views.open(**SMALL)["job_id"]
    views.running(job_id)
    time.sleep(simulated_site["timings"]["idle_job_s"] + 3)
    assert f"grpc-job-{job_id}" in cluster.job_names()
    views.close(job_id)


@pytest.mark.nightly
def test_watched_job_removed(views: Views, defect: Callable[..., None]) -> None:
    defect("watched-job-removed")
    view = views.open(**SMALL)
    with connect(view["stream_port"]) as channel, pytest.raises(grpc.RpcError) as ended:
        list(frames(channel, 0, timeout=60))
    assert ended.value.code() != grpc.StatusCode.DEADLINE_EXCEEDED


@pytest.mark.parametrize("kept", [False, True])
@pytest.mark.nightly
def test_idle_stream_kept(views: Views, simulated_site: Site, defect: Callable[..., None], kept: bool) -> None:
    if kept:
        defect("idle-stream-kept")
    view = views.open(channels={"min": 1, "max": 300})
    with connect(view["stream_port"]) as channel:
        call = frames(channel, 0, timeout=120)
        next(call)
        time.sleep(simulated_site["timings"]["idle_stream_s"] + 2)
        until = time.monotonic() + 3
        ended = True
        for _ in call:
            if time.monotonic() > until:
                ended = False
                break
        assert ended is not kept
    views.close(view["job_id"])


def test_slot_never_freed(views: Views, defect: Callable[..., None]) -> None:
    defect("slot-never-freed")
    slots = []
    for _ in range(3):
        job_id = views.open(**SMALL)["job_id"]
        slots.append(int(job_id.partition("-")[0]))
        views.running(job_id)
        views.close(job_id)
    assert slots == [slots[0], slots[0] + 1, slots[0] + 2]


@pytest.mark.nightly
def test_windows_leak_and_windows_unchecked(
    views: Views, cluster: Cluster, simulated_site: Site, defect: Callable[..., None]
) -> None:
    windows = simulated_site["limits"]["max_windows"]
    defect("windows-leak")
    for _ in range(windows):
        views.close(views.open(**SMALL)["job_id"])
    assert views.configure(**SMALL).status_code == 429
    defect("refusal-leaves-job")
    before = cluster.job_names()
    assert views.configure(**SMALL).status_code == 429
    (left,) = (name for name in cluster.job_names() - before if name.startswith("grpc-job-"))
    views.close(left.removeprefix("grpc-job-"))
    defect("windows-unchecked")
    views.close(views.open(**SMALL)["job_id"])


def test_refusal_leaves_job(views: Views, cluster: Cluster, defect: Callable[..., None]) -> None:
    defect("refusal-leaves-job")
    before = cluster.job_names()
    assert views.configure(**SMALL, nfftSelection=0).status_code == 400
    (left,) = (name for name in cluster.job_names() - before if name.startswith("grpc-job-"))
    views.close(left.removeprefix("grpc-job-"))


def test_configure_slow(views: Views, defect: Callable[..., None]) -> None:
    defect("configure-slow")
    begun = time.monotonic()
    job_id = views.open(**SMALL)["job_id"]
    assert time.monotonic() - begun >= 2
    views.close(job_id)


@pytest.mark.nightly
def test_server_leaks_and_startup_error(tmp_path: Path) -> None:
    try:
        site = start_site(tmp_path, "--time-scale", "0.1", "--defect", "server-leaks", "--defect", "startup-error")
        views, cluster = Views(site), Cluster(site)
        selector = site["workloads"]["focus_server"]["selector"]
        (pod,) = cluster.core.list_namespaced_pod(cluster.namespace, label_selector=selector).items
        log = cluster.core.read_namespaced_pod_log(pod.metadata.name, cluster.namespace)
        assert " ERROR focus: the folder of the recordings is not mounted" in log

        def memory() -> int:
            asking = client.CustomObjectsApi(cluster.core.api_client)
            place = ("metrics.k8s.io", "v1beta1", cluster.namespace, "pods", pod.metadata.name)
            found = asking.get_namespaced_custom_object(*place)
            return int(found["containers"][0]["usage"]["memory"].removesuffix("Ki")) * 1024

        views.close(views.open(**SMALL)["job_id"])
        before = memory()
        for _ in range(4):
            views.close(views.open(**SMALL)["job_id"])
        assert memory() - before > 30 << 20
    finally:
        simulator("down", "--state-dir", tmp_path)
