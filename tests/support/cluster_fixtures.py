"""A cluster of its own for a test module, with the clients that testers use."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
import yaml
from kubernetes import client
from support.loopback import free_port

ROOT = Path(__file__).resolve().parents[2]
KUBECTL = shutil.which("kubectl", path=str(Path(sys.prefix) / "bin"))
NAMESPACE = "panda"
# How long something may take on a machine that is busy with other things; nothing takes so long when it works.
PATIENCE_S = 120.0


def eventually(probe: Callable[[], Any], what: str, timeout: float = PATIENCE_S) -> Any:
    """Asks until the answer is truthy."""
    deadline = time.monotonic() + timeout
    answer = probe()
    while not answer:
        assert time.monotonic() < deadline, f"{what} did not happen within {timeout} s"
        time.sleep(0.05)
        answer = probe()
    return answer


class Cluster:
    """One cluster process and its clients; `options` are added to its command line, `token` is what clients send."""

    def __init__(
        self, directory: Path, *, time_scale: float = 0.02, options: Sequence[str] = (), token: str = ""
    ) -> None:
        self.directory = directory
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._options = ["--port", str(self.port), "--time-scale", str(time_scale), *options]
        self.start()
        times = psutil.Process(self.process.pid).cpu_times()
        self.start_cpu_seconds = times.user + times.system
        self.kubeconfig = self.write_kubeconfig("kubeconfig", {"server": self.url}, token)
        configuration = client.Configuration(host=self.url)
        if token:
            configuration.api_key["authorization"] = f"Bearer {token}"
        api = client.ApiClient(configuration)
        self.core, self.apps, self.batch = client.CoreV1Api(api), client.AppsV1Api(api), client.BatchV1Api(api)

    def start(self) -> None:
        """Starts the process and waits until it answers; after a kill it goes on with what the one before had."""
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), str(Path(__file__).parent)]),
            "FOCUS_SIMULATOR_STATE": str(self.directory),
        }
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with (self.directory / "cluster.log").open("ab") as log:
            command = [sys.executable, "-m", "simulator.cluster", "--state-dir", str(self.directory)]
            command += [*self._options, "--namespace", NAMESPACE, "--images", "cluster_images"]
            self.process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self.directory)
        eventually(self._answers, "the API server's readiness")

    def kill(self) -> None:
        """Kills the cluster's process, and nothing else."""
        self.process.kill()
        self.process.wait(PATIENCE_S)

    def write_kubeconfig(self, name: str, cluster: dict[str, str], token: str) -> Path:
        """Writes a kubeconfig into the cluster's directory."""
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "clusters": [{"name": "c", "cluster": cluster}],
            "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": NAMESPACE}}],
            "users": [{"name": "u", "user": {"token": token} if token else {}}],
            "current-context": "c",
        }
        path = self.directory / name
        path.write_text(yaml.safe_dump(config))
        return path

    def _answers(self) -> bool:
        assert self.process.poll() is None, (self.directory / "cluster.log").read_text()
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=1) as answer:  # noqa: S310 - our own server
                return bool(answer.status == 200)
        except OSError:
            return False

    def stop(self) -> float:
        """Ends the cluster as its owner does; returns how long it took."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)
        return time.monotonic() - began

    def kubectl(self, *arguments: str, text: str | None = None, code: int | None = 0) -> str:
        """Runs kubectl and returns what it printed (both streams); `code` is the wanted exit code."""
        finished = self.run_kubectl(*arguments, text=text)
        output = finished.stdout + finished.stderr
        assert code is None or finished.returncode == code, f"kubectl {arguments}: {finished.returncode}: {output}"
        return output

    def run_kubectl(self, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
        """Runs kubectl and returns everything about it; a --kubeconfig among the arguments is taken instead of ours."""
        return subprocess.run(
            self.command(*arguments), input=text, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )

    def command(self, *arguments: str) -> list[str]:
        """The kubectl command line of this cluster."""
        assert KUBECTL is not None, "kubectl is missing in the virtual environment; install requirements.txt"
        cache = str(self.directory / "cache")
        config = () if "--kubeconfig" in arguments else ("--kubeconfig", str(self.kubeconfig))
        return [KUBECTL, *config, "--cache-dir", cache, *arguments]

    def apply(self, *objects: dict[str, Any], code: int = 0) -> str:
        """kubectl apply of objects."""
        return self.kubectl("apply", "-f", "-", text=yaml.safe_dump_all(objects), code=code)

    def pods(self, selector: str = "") -> list[Any]:
        """Pods of the namespace."""
        return list(self.core.list_namespaced_pod(NAMESPACE, label_selector=selector).items)

    def pod(self, name: str) -> Any:
        """One pod."""
        return self.core.read_namespaced_pod(name, NAMESPACE)

    def running(self, name: str) -> Any:
        """Waits for a pod to be ready."""

        def ready() -> Any:
            pod = self.pod(name)
            statuses = pod.status.container_statuses or []
            return pod if statuses and all(one.ready for one in statuses) else None

        return eventually(ready, f"pod {name} ready")

    def job_end(self, name: str) -> str:
        """The condition with which a job of the namespace ended, empty while it runs."""
        conditions = self.batch.read_namespaced_job(name, NAMESPACE).status.conditions or []
        true = [one.type for one in conditions if one.status == "True" and one.type in ("Complete", "Failed")]
        return true[0] if true else ""

    def pod_directory(self, name: str) -> Path:
        """Where the programs of a pod run; a forked one goes there a moment after it has begun."""
        return self.directory / "pods" / f"{NAMESPACE}_{name}_{self.pod(name).metadata.uid[:8]}"

    def reasons(self, name: str) -> set[str]:
        """Reasons of an object's events."""
        selector = f"involvedObject.name={name}"
        return {event.reason for event in self.core.list_namespaced_event(NAMESPACE, field_selector=selector).items}


def pid_of(pod: Any) -> int:
    """The process behind a running pod's first container."""
    return int(pod.status.container_statuses[0].container_id.removeprefix("process://"))


def pod_spec(*arguments: str, image: str = "test/forked", **more: Any) -> dict[str, Any]:
    """A pod spec with one container; keys of the container as `container_...`."""
    extra = {key.removeprefix("container_"): more.pop(key) for key in list(more) if key.startswith("container_")}
    return {"containers": [{"name": "main", "image": image, "args": list(arguments), **extra}], **more}


def pod(name: str, spec: dict[str, Any], **labels: str) -> dict[str, Any]:
    """A pod."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "labels": labels}, "spec": spec}


def workload(kind: str, name: str, spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Deployment or StatefulSet whose pods are labelled app=NAME."""
    template = {"metadata": {"labels": {"app": name}}, "spec": spec}
    body = {"selector": {"matchLabels": {"app": name}}, "template": template, **more}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": body}


def job(name: str, spec: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A Job."""
    template = {"metadata": {"labels": {"made-by": name}}, "spec": {"restartPolicy": "Never", **spec}}
    body = {"template": template, "backoffLimit": 0, **more}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": body}


def marked_processes(directory: Path) -> list[int]:
    """Processes that carry the mark of a state directory."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("FOCUS_SIMULATOR_STATE") == str(directory):
                found.append(process.pid)
        except psutil.Error:
            continue
    return found


def module_cluster(factory: pytest.TempPathFactory, *options: str) -> Iterator[Cluster]:
    """What a test module's `cluster` fixture does; a crash inside the cluster fails the module."""
    started = Cluster(factory.mktemp("cluster"), options=options)
    try:
        yield started
    finally:
        started.stop()
    log = (started.directory / "cluster.log").read_text()
    assert "Traceback" not in log, log
