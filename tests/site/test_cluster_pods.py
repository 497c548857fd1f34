"""Pods as processes: start, end, restart, probes, logs, exec."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.stream import stream
from support.cluster_fixtures import (
    NAMESPACE,
    PATIENCE_S,
    ROOT,
    Cluster,
    eventually,
    free_port,
    marked_processes,
    module_cluster,
    pid_of,
    pod,
    pod_spec,
)


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from module_cluster(tmp_path_factory)


def create(cluster: Cluster, name: str, spec: dict[str, Any], **labels: str) -> None:
    cluster.core.create_namespaced_pod(NAMESPACE, pod(name, spec, **labels))


def gone(cluster: Cluster, name: str) -> bool:
    return name not in [one.metadata.name for one in cluster.pods()]


def finished(cluster: Cluster, name: str) -> Any:
    def ended() -> Any:
        found = cluster.pod(name)
        return found if found.status.phase in ("Succeeded", "Failed") else None

    return eventually(ended, f"end of pod {name}")


def port_is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.parametrize("image", ["test/forked", "test/started"])
def test_pod_is_a_process_of_its_own_that_listens(cluster: Cluster, image: str) -> None:
    port, name = free_port(), f"server-{image[5:]}"
    probe = {"httpGet": {"port": port}, "periodSeconds": 1}
    create(cluster, name, pod_spec("serve", str(port), image=image, container_readinessProbe=probe))
    process = psutil.Process(pid_of(cluster.running(name)))
    assert port_is_open(port)
    assert os.getsid(process.pid) == process.pid
    assert Path(process.cwd()) == cluster.pod_directory(name)
    assert process.environ()["FOCUS_SIMULATOR_STATE"] == str(cluster.directory)
    cluster.core.delete_namespaced_pod(name, NAMESPACE)
    eventually(lambda: gone(cluster, name), "removal")
    assert not psutil.pid_exists(process.pid)
    assert not port_is_open(port)


def test_command_runs_as_it_is_with_its_environment(cluster: Cluster) -> None:
    cluster.core.create_namespaced_secret(NAMESPACE, {"metadata": {"name": "door"}, "stringData": {"key": "open"}})
    cluster.core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "walls"}, "data": {"colour": "red"}})
    env = [
        {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "door", "key": "key"}}},
        {"name": "COLOUR", "valueFrom": {"configMapKeyRef": {"name": "walls", "key": "colour"}}},
        {"name": "WHERE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
        {"name": "BOTH", "value": "$(KEY)-$(COLOUR)"},
    ]
    command = ["sh", "-c", "echo $KEY $WHERE $BOTH $POD_NAME $KUBERNETES_API; echo $(BOTH)"]
    spec = pod_spec(image="any", container_command=command, container_env=env, restartPolicy="Never")
    create(cluster, "teller", spec)
    assert finished(cluster, "teller").status.phase == "Succeeded"
    logs = cluster.core.read_namespaced_pod_log("teller", NAMESPACE)
    assert logs == f"open panda open-red teller {cluster.url}\nopen-red\n"


def test_exit_codes_and_reasons(cluster: Cluster) -> None:
    create(cluster, "good", pod_spec("work", "0", "0", restartPolicy="Never"))
    create(cluster, "bad", pod_spec("crash", "3", restartPolicy="Never"))
    ended = finished(cluster, "good").status
    assert (ended.phase, ended.container_statuses[0].state.terminated.reason) == ("Succeeded", "Completed")
    ended = finished(cluster, "bad").status
    terminated = ended.container_statuses[0].state.terminated
    assert (ended.phase, terminated.reason, terminated.exit_code) == ("Failed", "Error", 3)
    assert "about to crash" in cluster.core.read_namespaced_pod_log("bad", NAMESPACE)


def test_killed_program_is_restarted_at_once_with_its_last_state(cluster: Cluster) -> None:
    create(cluster, "target", pod_spec("work", "60", "0"))
    before = cluster.running("target")
    eventually(lambda: cluster.core.read_namespaced_pod_log("target", NAMESPACE), "its first line")
    os.kill(pid_of(before), signal.SIGKILL)

    def restarted() -> Any:
        found = cluster.pod("target").status.container_statuses[0]
        return found if found.restart_count == 1 and found.ready else None

    status = eventually(restarted, "restart", 3)
    assert status.container_id != before.status.container_statuses[0].container_id
    assert (status.last_state.terminated.exit_code, status.last_state.terminated.reason) == (137, "Error")
    assert status.last_state.terminated.container_id == before.status.container_statuses[0].container_id
    assert cluster.core.read_namespaced_pod_log("target", NAMESPACE, previous=True) == "work of target\n"


def test_crashing_program_backs_off(cluster: Cluster) -> None:
    create(cluster, "crasher", pod_spec("crash", "4"))

    def backing_off() -> Any:
        found = cluster.pod("crasher").status.container_statuses
        waiting = found[0].state.waiting if found else None
        return found[0] if waiting and waiting.reason == "CrashLoopBackOff" else None

    status = eventually(backing_off, "CrashLoopBackOff")
    assert status.last_state.terminated.exit_code == 4
    eventually(lambda: cluster.pod("crasher").status.container_statuses[0].restart_count >= 3, "third restart")
    assert {"BackOff", "Started", "Scheduled", "Pulled", "Created"} <= cluster.reasons("crasher")


def test_kubectl_reports_the_story_of_a_crash_loop(cluster: Cluster) -> None:
    counting = "echo run $(ls | grep -c mark-); touch mark-$$$$; exit 3"
    create(cluster, "looper", pod_spec(image="any", container_command=["sh", "-c", counting]))

    def waits_after(restarts: int) -> Any:
        found = (cluster.pod("looper").status.container_statuses or [None])[0]
        waits = found and found.state.waiting and found.state.waiting.reason == "CrashLoopBackOff"
        return found if waits and found.restart_count == restarts else None

    first = eventually(lambda: waits_after(1), "the first back-off")
    assert first.last_state.terminated.exit_code == 3
    assert "back-off 0.2s restarting failed container=main pod=looper_panda(" in first.state.waiting.message
    second = eventually(lambda: waits_after(2), "the second back-off")
    assert "back-off 0.4s" in second.state.waiting.message
    assert second.last_state.terminated.container_id != first.last_state.terminated.container_id
    assert second.last_state.terminated.finished_at >= first.last_state.terminated.finished_at
    third = eventually(lambda: waits_after(3), "the third back-off")
    assert "back-off 0.8s" in third.state.waiting.message

    def logs_while_waiting() -> Any:
        number = cluster.pod("looper").status.container_statuses[0].restart_count
        read = cluster.core.read_namespaced_pod_log
        texts = (read("looper", NAMESPACE), read("looper", NAMESPACE, previous=True))
        return (texts, number) if waits_after(number) else None

    texts, number = eventually(logs_while_waiting, "both logs within one back-off")
    assert texts == (f"run {number}\n",) * 2, "while the next run waits, the last one is also the previous one"
    row = cluster.kubectl("get", "pod", "looper", "--no-headers").split()
    assert row[1:3] == ["0/1", "CrashLoopBackOff"]
    assert int(row[3]) >= 3
    described = cluster.kubectl("describe", "pod", "looper")
    assert "Last State:     Terminated" in described
    assert "Exit Code:    3" in described
    assert int(described.partition("Restart Count:")[2].split()[0]) >= 3
    assert "Back-off restarting failed container main in pod looper_panda(" in described
    cluster.core.delete_namespaced_pod("looper", NAMESPACE, grace_period_seconds=0)


def test_previous_log_is_that_of_the_run_before(cluster: Cluster) -> None:
    create(cluster, "renewed", pod_spec(image="any", container_command=["sh", "-c", "echo pid $$$$; exec sleep 60"]))
    logs = []
    for number in range(3):
        logs.append(f"pid {pid_of(cluster.running('renewed'))}\n")
        eventually(lambda logs=logs: cluster.kubectl("logs", "renewed") == logs[-1], "the present log")
        if number:
            assert cluster.kubectl("logs", "renewed", "--previous") == logs[-2]
        os.kill(int(logs[-1].split()[1]), signal.SIGKILL)

        def restarted(number: int = number) -> bool:
            status = cluster.pod("renewed").status.container_statuses[0]
            return bool(status.restart_count == number + 1 and status.ready)

        eventually(restarted, "restart")


@pytest.mark.nightly
def test_frozen_pods_hang_and_only_a_liveness_probe_ends_them(cluster: Cluster) -> None:
    processes = {}
    for name in ("watched", "unwatched"):
        port = free_port()
        probe = {"httpGet": {"port": port}, "periodSeconds": 1, "failureThreshold": 1}
        probes = {"container_readinessProbe": probe}
        if name == "watched":
            probes["container_livenessProbe"] = {**probe, "failureThreshold": 2}
        create(cluster, name, pod_spec("serve", str(port), terminationGracePeriodSeconds=1, **probes))
        processes[name] = pid_of(cluster.running(name)), port
    for pid, _ in processes.values():
        os.kill(pid, signal.SIGSTOP)
    pid, port = processes["unwatched"]
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as hung:
            hung.sendall(b"GET / HTTP/1.0\r\n\r\n")
            with pytest.raises(TimeoutError):
                hung.recv(1)

        def states() -> dict[str, tuple[int, bool]]:
            found = {name: cluster.pod(name).status.container_statuses[0] for name in processes}
            return {name: (one.restart_count, one.ready) for name, one in found.items()}

        eventually(lambda: states() == {"watched": (1, True), "unwatched": (0, False)}, "one restart")
        assert cluster.pod("unwatched").status.phase == "Running"
        assert cluster.kubectl("exec", "unwatched", "--", "echo", "still here") == "still here\n"
    finally:
        os.kill(pid, signal.SIGCONT)
    cluster.running("unwatched")
    assert cluster.pod("unwatched").status.container_statuses[0].restart_count == 0
    described = cluster.kubectl("describe", "pod", "watched")
    assert "Liveness probe failed: no answer within 1 s" in described
    assert "Container main failed liveness probe" in described
    assert cluster.pod("watched").status.container_statuses[0].last_state.terminated.exit_code == 137


def test_on_failure_restarts_failures_only(cluster: Cluster) -> None:
    create(cluster, "once", pod_spec("work", "0", "0", restartPolicy="OnFailure"))
    create(cluster, "again", pod_spec("crash", "1", restartPolicy="OnFailure"))
    assert finished(cluster, "once").status.container_statuses[0].restart_count == 0
    eventually(lambda: cluster.pod("again").status.container_statuses[0].restart_count >= 1, "restart")


def test_unknown_image_and_missing_secret_wait_with_a_reason(cluster: Cluster) -> None:
    create(cluster, "no-image", pod_spec(image="nobody/made:1"))
    missing = [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "missing", "key": "k"}}}]
    create(cluster, "no-secret", pod_spec("serve", container_env=missing))

    def waiting(name: str) -> str:
        statuses = cluster.pod(name).status.container_statuses
        return statuses[0].state.waiting.reason if statuses and statuses[0].state.waiting else ""

    eventually(lambda: waiting("no-image") in ("ErrImagePull", "ImagePullBackOff"), "image error")
    eventually(lambda: waiting("no-image") == "ImagePullBackOff", "image back-off")
    eventually(lambda: waiting("no-secret") == "CreateContainerConfigError", "configuration error")
    assert cluster.pod("no-image").status.phase == "Pending"


def test_command_that_does_not_exist_fails_to_start(cluster: Cluster) -> None:
    create(cluster, "no-program", pod_spec(image="any", container_command=["/no/such"], restartPolicy="Never"))
    terminated = finished(cluster, "no-program").status.container_statuses[0].state.terminated
    assert (terminated.reason, terminated.exit_code) == ("StartError", 128)


def test_readiness_follows_the_probe(cluster: Cluster) -> None:
    port = free_port()
    probe = {"httpGet": {"port": port}, "periodSeconds": 1, "failureThreshold": 1}
    create(cluster, "moody", pod_spec("serve", str(port), container_readinessProbe=probe))
    cluster.running("moody")
    sick = cluster.pod_directory("moody") / "sick"
    sick.touch()

    def ready() -> str:
        return str({one.type: one.status for one in cluster.pod("moody").status.conditions}["Ready"])

    eventually(lambda: ready() == "False", "not ready")
    assert cluster.pod("moody").status.phase == "Running"
    sick.unlink()
    eventually(lambda: ready() == "True", "ready again")


def test_liveness_failure_restarts(cluster: Cluster) -> None:
    probe = {"exec": {"command": ["sh", "-c", "test ! -e sick"]}, "periodSeconds": 1, "failureThreshold": 1}
    create(cluster, "lively", pod_spec("work", "60", "0", container_livenessProbe=probe))
    process = psutil.Process(pid_of(cluster.running("lively")))
    sick = cluster.pod_directory("lively") / "sick"
    sick.touch()
    eventually(lambda: not process.is_running(), "the kill")
    sick.unlink()
    eventually(lambda: cluster.pod("lively").status.container_statuses[0].restart_count == 1, "restart")
    assert "Unhealthy" in cluster.reasons("lively")


def test_grace_period_ends_with_kill_and_force_is_immediate(cluster: Cluster) -> None:
    create(cluster, "stubborn", pod_spec("stubborn", terminationGracePeriodSeconds=1))
    pid = pid_of(cluster.running("stubborn"))
    eventually(lambda: "stubborn of" in cluster.core.read_namespaced_pod_log("stubborn", NAMESPACE), "its first line")
    began = time.monotonic()
    cluster.core.delete_namespaced_pod("stubborn", NAMESPACE)
    assert cluster.pod("stubborn").metadata.deletion_timestamp is not None
    eventually(lambda: gone(cluster, "stubborn"), "removal")
    assert time.monotonic() - began > 0.9
    assert not psutil.pid_exists(pid)
    create(cluster, "forced", pod_spec("stubborn", terminationGracePeriodSeconds=30))
    pid = pid_of(cluster.running("forced"))
    cluster.core.delete_namespaced_pod("forced", NAMESPACE, grace_period_seconds=0)
    assert gone(cluster, "forced")
    eventually(lambda: not psutil.pid_exists(pid), "end of the process")


def test_host_port_is_exclusive(cluster: Cluster) -> None:
    port = free_port()
    ports = [{"containerPort": 5000, "hostPort": port}]
    create(cluster, "holder", pod_spec("serve", str(port), container_ports=ports))
    cluster.running("holder")
    create(cluster, "waiter", pod_spec("serve", str(port), container_ports=ports))
    eventually(lambda: "FailedScheduling" in cluster.reasons("waiter"), "FailedScheduling")
    message = next(one.message for one in cluster.pod("waiter").status.conditions if one.type == "PodScheduled")
    assert "node(s) didn't have free ports for the requested pod ports" in message
    assert cluster.pod("waiter").status.phase == "Pending"
    cluster.core.delete_namespaced_pod("holder", NAMESPACE)
    cluster.running("waiter")


def test_requests_beyond_the_node_stay_pending(cluster: Cluster) -> None:
    limits = {"limits": {"nvidia.com/gpu.shared": "201"}, "requests": {"nvidia.com/gpu.shared": "201"}}
    create(cluster, "greedy", pod_spec("serve", container_resources=limits))
    eventually(lambda: "FailedScheduling" in cluster.reasons("greedy"), "FailedScheduling")
    message = next(one.message for one in cluster.pod("greedy").status.conditions if one.type == "PodScheduled")
    assert message == "0/2 nodes are available: 1 Insufficient nvidia.com/gpu.shared, 1 node(s) were unschedulable."


def test_more_memory_than_the_limit_is_killed(cluster: Cluster) -> None:
    limit = {"limits": {"memory": "150Mi"}}
    create(cluster, "eater", pod_spec("memory", "300", container_resources=limit, restartPolicy="Never"))
    terminated = finished(cluster, "eater").status.container_statuses[0].state.terminated
    assert (terminated.reason, terminated.exit_code) == ("OOMKilled", 137)


def test_logs_by_tail_time_and_stamps(cluster: Cluster) -> None:
    create(cluster, "writer", pod_spec("lines", "30", "0.1"))
    cluster.running("writer")

    def log(**options: Any) -> list[str]:
        return str(cluster.core.read_namespaced_pod_log("writer", NAMESPACE, **options)).splitlines()

    eventually(lambda: "line 29" in log(), "the last line")
    assert log()[:2] == ["lines of writer", "line 0"]
    assert log(tail_lines=2) == ["line 28", "line 29"]
    stamps = (line.partition(" ") for line in log(timestamps=True))
    times = {line: datetime.fromisoformat(stamp) for stamp, _, line in stamps}
    # Whatever the machine took until now, this is the younger half, and less than a second more.
    seconds = math.ceil((datetime.now(UTC) - times["line 15"]).total_seconds())
    asked = datetime.now(UTC)
    recent = log(since_seconds=seconds)
    answered = datetime.now(UTC)
    younger = [[line for line in times if times[line] >= now - timedelta(seconds=seconds)] for now in (asked, answered)]
    assert len(younger[1]) <= len(recent) <= len(younger[0]) < len(times)
    assert recent == list(times)[-len(recent) :]
    stamped = log(timestamps=True, tail_lines=1)[0]
    stamp, _, line = stamped.partition(" ")
    assert line == "line 29"
    assert stamp.endswith("Z") and "T" in stamp


def test_followed_log_ends_with_the_program(cluster: Cluster) -> None:
    create(cluster, "followed", pod_spec("lines", "3", "0.2"))
    cluster.running("followed")
    answer = cluster.core.read_namespaced_pod_log(
        "followed", NAMESPACE, follow=True, _preload_content=False, _request_timeout=PATIENCE_S
    )
    seen = b""
    for part in answer.stream():
        seen += part
        if seen.endswith(b"line 2\n"):
            cluster.core.delete_namespaced_pod("followed", NAMESPACE)
    assert seen.decode().splitlines() == ["lines of followed", "line 0", "line 1", "line 2"]


def test_log_of_a_pod_that_has_not_started_is_400(cluster: Cluster) -> None:
    create(cluster, "unbound", pod_spec("serve", nodeSelector={"no": "such"}))
    with pytest.raises(ApiException) as caught:
        cluster.core.read_namespaced_pod_log("unbound", NAMESPACE)
    assert caught.value.status == 400
    assert "waiting to start" in caught.value.body


def test_exec_from_the_python_client(cluster: Cluster) -> None:
    create(cluster, "shell", pod_spec("work", "60", "0", container_env=[{"name": "MARK", "value": "m1"}]))
    cluster.running("shell")
    session = stream(
        cluster.core.connect_get_namespaced_pod_exec,
        "shell",
        NAMESPACE,
        command=["sh", "-c", "read line; echo got $line in $MARK; echo oops >&2; exit 5"],
        stdin=True,
        stdout=True,
        stderr=True,
        _preload_content=False,
    )
    session.write_stdin("hello\n")
    session.run_forever(timeout=PATIENCE_S)
    assert session.read_stdout() == "got hello in m1\n"
    assert session.read_stderr() == "oops\n"
    assert session.returncode == 5


def test_init_containers_run_first_and_can_fail(cluster: Cluster) -> None:
    first = {"name": "first", "image": "any", "command": ["sh", "-c", "echo done > ready-made"]}
    wants = ["sh", "-c", "cat ready-made"]
    create(
        cluster,
        "two-steps",
        pod_spec(image="any", container_command=wants, restartPolicy="Never", initContainers=[first]),
    )
    assert finished(cluster, "two-steps").status.phase == "Succeeded"
    assert cluster.core.read_namespaced_pod_log("two-steps", NAMESPACE, container="main") == "done\n"
    broken = {**first, "command": ["false"]}
    create(cluster, "no-start", pod_spec("serve", restartPolicy="Never", initContainers=[broken]))
    assert finished(cluster, "no-start").status.phase == "Failed"


def test_metrics_believe_what_a_program_declares(cluster: Cluster) -> None:
    create(cluster, "declared", pod_spec("declare", "300"))
    cluster.running("declared")

    def usage() -> Any:
        metrics = client.CustomObjectsApi(cluster.core.api_client)
        found = metrics.get_namespaced_custom_object("metrics.k8s.io", "v1beta1", NAMESPACE, "pods", "declared")
        return found["containers"][0]["usage"]

    eventually(lambda: usage()["cpu"] == "300m", "the declared load")
    assert int(usage()["memory"].removesuffix("Ki")) > 1000


def test_killed_fork_server_is_replaced_and_what_it_forked_goes_on(cluster: Cluster) -> None:
    create(cluster, "orphan", pod_spec("work", "60", "0"))
    create(cluster, "ending", pod_spec("work", "2", "7", restartPolicy="Never"))
    orphan = cluster.running("orphan")
    cluster.running("ending")
    server = next(
        child for child in psutil.Process(cluster.process.pid).children() if "forkserver" in " ".join(child.cmdline())
    )
    server.kill()
    create(cluster, "later", pod_spec("work", "60", "0"))
    cluster.running("later")
    assert finished(cluster, "ending").status.container_statuses[0].state.terminated.exit_code == 7
    status = cluster.pod("orphan").status.container_statuses[0]
    assert (status.restart_count, status.container_id) == (0, orphan.status.container_statuses[0].container_id)
    os.kill(pid_of(orphan), signal.SIGKILL)
    eventually(lambda: cluster.pod("orphan").status.container_statuses[0].restart_count == 1, "restart")
    last = cluster.running("orphan").status.container_statuses[0].last_state.terminated
    assert (last.reason, last.exit_code) == ("ContainerStatusUnknown", 137)


def test_sigterm_ends_every_pod_whatever_its_grace_period(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    for number in range(3):
        create(cluster, f"stubborn-{number}", pod_spec("stubborn", terminationGracePeriodSeconds=60))
    for number in range(3):
        cluster.running(f"stubborn-{number}")
    assert len(marked_processes(tmp_path)) == 5
    assert cluster.stop() < 30
    assert marked_processes(tmp_path) == []
    assert cluster.process.returncode == 0


def test_taken_port_is_reported_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        command = [sys.executable, "-m", "simulator.cluster", "--state-dir", str(tmp_path), "--port", str(port)]
        command += ["--images", "simulator.pods.images"]
        finished = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False, cwd=ROOT)
    assert finished.returncode == 1
    assert finished.stderr.splitlines()[0].startswith(f"Port {port} of 127.0.0.1 cannot be used")
    eventually(lambda: not marked_processes(tmp_path), "end of the fork server")


def test_killed_cluster_leaves_no_fork_server(tmp_path: Path) -> None:
    cluster = Cluster(tmp_path)
    create(cluster, "left", pod_spec("work", "60", "0"))
    left = pid_of(cluster.running("left"))
    cluster.process.kill()
    cluster.process.wait(PATIENCE_S)
    eventually(lambda: marked_processes(tmp_path) == [left], "end of the fork server")
    os.kill(left, signal.SIGKILL)


@pytest.mark.nightly
def test_pods_deleted_while_they_start_leave_no_process(cluster: Cluster) -> None:
    begun = set(marked_processes(cluster.directory))
    for number in range(20):
        create(cluster, f"hasty-{number}", pod_spec("stubborn", terminationGracePeriodSeconds=30), app="hasty")
        cluster.core.delete_namespaced_pod(f"hasty-{number}", NAMESPACE, grace_period_seconds=number % 2)
    eventually(lambda: not cluster.pods("app=hasty"), "removal of the pods")
    eventually(lambda: not set(marked_processes(cluster.directory)) - begun, "end of their processes")
