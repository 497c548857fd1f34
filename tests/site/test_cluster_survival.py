"""A cluster that is killed and started again: nothing is forgotten, what lives goes on, what died starts again."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from kubernetes import client, watch
from support.cluster_fixtures import (
    NAMESPACE,
    Cluster,
    eventually,
    free_port,
    job,
    marked_processes,
    pid_of,
    pod,
    pod_spec,
    workload,
)

from simulator.cluster.journal import FILE_NAME, Journal
from simulator.cluster.resources import CONFIG_MAP
from simulator.cluster.store import HISTORY, Store


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield started
    finally:
        if started.process.poll() is not None:
            started.start()  # ends what the killed one had left
        started.stop()
    log = (started.directory / "cluster.log").read_text()
    assert "Traceback" not in log, log
    assert marked_processes(started.directory) == []


def create(cluster: Cluster, name: str, spec: dict[str, Any], **labels: str) -> Any:
    cluster.core.create_namespaced_pod(NAMESPACE, pod(name, spec, **labels))
    return cluster.running(name)


def container(cluster: Cluster, name: str) -> Any:
    return cluster.pod(name).status.container_statuses[0]


@pytest.mark.parametrize("image", ["test/forked", "test/started"])
def test_living_pods_are_taken_over_with_their_logs(cluster: Cluster, image: str) -> None:
    port = free_port()
    probe = {"httpGet": {"port": port}, "periodSeconds": 1, "failureThreshold": 1}
    server, talker = f"server-{image[5:]}", f"talker-{image[5:]}"
    create(cluster, server, pod_spec("serve", str(port), image=image, container_readinessProbe=probe))
    before = create(cluster, talker, pod_spec("lines", "40", "0.05", image=image))
    eventually(lambda: "line 3" in cluster.kubectl("logs", talker), "its first lines")
    cluster.kill()
    cluster.start()
    assert container(cluster, talker).container_id == before.status.container_statuses[0].container_id
    assert container(cluster, server).ready
    eventually(lambda: "line 39" in cluster.kubectl("logs", talker), "its last line")
    logged = cluster.kubectl("logs", talker).splitlines()
    assert logged == [f"lines of {talker}", *(f"line {number}" for number in range(40))]
    assert container(cluster, talker).restart_count == 0
    (cluster.pod_directory(server) / "sick").touch()
    eventually(lambda: not container(cluster, server).ready, "probes go on")
    assert cluster.kubectl("exec", talker, "--", "sh", "-c", "echo $POD_NAME") == f"{talker}\n"
    pid = pid_of(before)
    cluster.kubectl("delete", "pod", talker)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_dead_pods_start_again_and_controllers_go_on(cluster: Cluster) -> None:
    cluster.apps.create_namespaced_deployment(NAMESPACE, workload("Deployment", "web", pod_spec("work", "60", "0")))
    (web,) = eventually(lambda: cluster.pods("app=web"), "the pod")
    old = pid_of(cluster.running(web.metadata.name))
    create(cluster, "spare", pod_spec("stubborn", terminationGracePeriodSeconds=30))
    spare = pid_of(cluster.pod("spare"))
    cluster.core.delete_namespaced_pod("spare", NAMESPACE)
    service = {"metadata": {"name": "front"}, "spec": {"ports": [{"port": 80}], "selector": {"app": "web"}}}
    address = cluster.core.create_namespaced_service(NAMESPACE, service).spec.cluster_ip
    cluster.kill()
    os.kill(old, signal.SIGKILL)
    cluster.start()
    again = eventually(lambda: (one := container(cluster, web.metadata.name)).ready and one, "restart")
    assert again.restart_count == 1
    assert (again.last_state.terminated.reason, again.last_state.terminated.exit_code) == (
        "ContainerStatusUnknown",
        137,
    )
    assert again.container_id != f"process://{old}"
    # What was being deleted is gone with its process.
    assert "spare" not in [one.metadata.name for one in cluster.pods()]
    assert not psutil.pid_exists(spare) or psutil.Process(spare).status() == psutil.STATUS_ZOMBIE
    service["metadata"]["name"] = "second"
    assert cluster.core.create_namespaced_service(NAMESPACE, service).spec.cluster_ip != address
    cluster.kubectl("scale", "deployment/web", "--replicas=2")
    cluster.kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    cluster.kubectl("delete", "pod", web.metadata.name)
    cluster.kubectl("rollout", "status", "deployment/web", "--timeout=120s")


@pytest.mark.nightly
def test_jobs_end_as_their_programs_did(cluster: Cluster) -> None:
    codes = {"long": "0", "bad": "3", "meanwhile": "0", "killed": "0"}
    for name, code in codes.items():
        body = job(name, pod_spec("wait", code), ttlSecondsAfterFinished=120)
        cluster.batch.create_namespaced_job(NAMESPACE, body)
    pods = {name: eventually(lambda name=name: cluster.pods(f"job-name={name}"), "the pod")[0] for name in codes}
    running = {name: cluster.running(one.metadata.name) for name, one in pods.items()}
    directories = {name: cluster.pod_directory(one.metadata.name) for name, one in running.items()}
    cluster.kill()
    os.kill(pid_of(running["killed"]), signal.SIGKILL)
    (directories["meanwhile"] / "go").touch()
    eventually(lambda: not psutil.pid_exists(pid_of(running["meanwhile"])), "the end of one")
    cluster.start()
    for name in ("long", "bad"):
        (directories[name] / "go").touch()
    wanted = {"long": "Complete", "bad": "Failed", "meanwhile": "Complete", "killed": "Failed"}
    for name, end in wanted.items():
        eventually(lambda name=name, end=end: cluster.job_end(name) == end, f"{name} {end}")
    assert container(cluster, pods["bad"].metadata.name).state.terminated.exit_code == 3


@pytest.mark.nightly
def test_failures_of_a_job_are_counted_over_a_kill(cluster: Cluster) -> None:
    cluster.batch.create_namespaced_job(NAMESPACE, job("counted", pod_spec("work", "60", "0"), backoffLimit=1))
    (first,) = eventually(lambda: cluster.pods("job-name=counted"), "the pod")
    cluster.running(first.metadata.name)
    cluster.core.delete_namespaced_pod(first.metadata.name, NAMESPACE, grace_period_seconds=0)
    (second,) = eventually(lambda: cluster.pods("job-name=counted"), "the second pod")
    cluster.running(second.metadata.name)
    cluster.kill()
    cluster.start()
    cluster.core.delete_namespaced_pod(second.metadata.name, NAMESPACE, grace_period_seconds=0)

    def over() -> bool:
        status = cluster.batch.read_namespaced_job("counted", NAMESPACE).status
        return bool(cluster.job_end("counted") == "Failed" and status.failed == 2)

    eventually(over, "the back-off limit")


@pytest.mark.nightly
def test_back_off_and_restart_counts_go_on(cluster: Cluster) -> None:
    cluster.core.create_namespaced_pod(NAMESPACE, pod("crasher", pod_spec("crash", "4")))
    eventually(lambda: (cluster.pod("crasher").status.container_statuses or [None])[0], "a status")
    before = eventually(lambda: container(cluster, "crasher").restart_count >= 2 and container(cluster, "crasher"), "2")
    cluster.kill()
    cluster.start()
    assert container(cluster, "crasher").restart_count >= before.restart_count
    eventually(lambda: container(cluster, "crasher").restart_count > before.restart_count, "one more")
    assert container(cluster, "crasher").last_state.terminated.exit_code == 4


def test_a_watch_resumes_over_a_kill(cluster: Cluster) -> None:
    core = cluster.core
    core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "first"}})
    begin = core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "second"}})
    core.delete_namespaced_config_map("first", NAMESPACE)
    cluster.kill()
    cluster.start()
    core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "third"}})
    stream = watch.Watch().stream(core.list_namespaced_config_map, NAMESPACE, resource_version=begin, timeout_seconds=1)
    seen = [(event["type"], event["object"].metadata.name) for event in stream]
    assert seen == [("ADDED", "second"), ("DELETED", "first"), ("ADDED", "third")]


@pytest.mark.nightly
def test_every_acknowledged_write_survives_kills(cluster: Cluster) -> None:
    written: list[str] = []
    for _ in range(3):
        for _ in range(30):
            name = f"kept-{len(written)}"
            cluster.core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": name}, "data": {"n": name}})
            written.append(name)
        cluster.kill()
        cluster.start()
    kept = {one.metadata.name: one for one in cluster.core.list_namespaced_config_map(NAMESPACE).items}
    kept = {name: one for name, one in kept.items() if name.startswith("kept-")}
    assert set(kept) == set(written)
    assert all(one.data["n"] == name for name, one in kept.items())
    lease = {"metadata": {"name": "l"}, "spec": {"holderIdentity": "me"}}
    assert client.CoordinationV1Api(cluster.core.api_client).create_namespaced_lease(NAMESPACE, lease)


@pytest.mark.nightly
def test_an_orderly_end_forgets(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    cluster.core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "gone"}})
    cluster.stop()
    assert not (tmp_path / FILE_NAME).exists()


def _config_map(number: int) -> dict[str, Any]:
    return {"metadata": {"name": "one", "namespace": "n"}, "data": {"n": str(number)}}


def test_a_line_cut_off_by_a_kill_is_ignored_and_the_file_is_compacted(tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    store, journal = Store(), Journal(path)
    assert not journal.open(store)
    store.add(CONFIG_MAP, _config_map(0))
    for number in range(1, 50):
        store.put(CONFIG_MAP, _config_map(number))
    whole = path.read_bytes()
    path.write_bytes(whole + whole.splitlines()[-1][:40])
    again = Store()
    assert Journal(path).open(again)
    found = again.get(CONFIG_MAP, "n", "one")
    assert (found or {})["data"] == {"n": "49"}
    assert again.revision == store.revision
    assert [json.loads(line)[0] for line in path.read_bytes().splitlines()] == ["SNAPSHOT", "ADDED"]
    third = Store()
    Journal(path).open(third)
    third.put(CONFIG_MAP, _config_map(99))
    assert third.revision == store.revision + 1
    assert third.since(store.revision - 1) is None, "compacted away: such a watch must list again"


def test_history_ends_somewhere() -> None:
    store = Store()
    store.add(CONFIG_MAP, _config_map(0))
    first = store.revision
    for number in range(1, HISTORY + 10):
        store.put(CONFIG_MAP, _config_map(number))
    assert store.since(first) is None
    assert len(store.since(store.revision - HISTORY) or []) == HISTORY
    assert store.since(store.revision) == []


@pytest.mark.nightly
def test_kills_at_any_moment_leave_one_process_per_pod(cluster: Cluster) -> None:
    for kind, name in (("Deployment", "many"), ("StatefulSet", "row")):
        cluster.apply(workload(kind, name, pod_spec("work", "600", "0"), replicas=3))
    for cycle in range(12):
        cluster.kubectl("rollout", "restart", "deployment/many", "statefulset/row")
        time.sleep(0.15 * cycle)
        cluster.kill()
        cluster.start()
    cluster.kubectl("rollout", "status", "deployment/many", "--timeout=120s")
    cluster.kubectl("rollout", "status", "statefulset/row", "--timeout=120s")

    def directories() -> list[str]:
        """Where the processes of the two workloads run; forks of the test's other pods run elsewhere."""
        found = []
        for pid in marked_processes(cluster.directory):
            with contextlib.suppress(psutil.Error):
                found.append(Path(psutil.Process(pid).cwd()).name)
        return sorted(name for name in found if name.startswith((f"{NAMESPACE}_many-", f"{NAMESPACE}_row-")))

    def expected() -> list[str]:
        pods = [*cluster.pods("app=many"), *cluster.pods("app=row")]
        return sorted(f"{NAMESPACE}_{one.metadata.name}_{one.metadata.uid[:8]}" for one in pods)

    eventually(lambda: len(expected()) == 6 and directories() == expected(), "one process per pod")
