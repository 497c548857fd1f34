"""metrics.k8s.io: how much CPU and memory pods use."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import psutil

from simulator.cluster import meta
from simulator.cluster.kubelet import Kubelet
from simulator.cluster.resources import NODE_METRICS, POD, POD_METRICS, Kind, Object

DECLARED_CPU = "cpu-millicores"
# Two readings closer together than this do not measure the load.
SHORTEST_WINDOW = 0.5


class Metrics:
    """Measures pods between two questions; a program that declares its load in `cpu-millicores` is believed."""

    def __init__(self, kubelet: Kubelet) -> None:
        self._kubelet = kubelet
        self._readings: dict[int, tuple[float, float, float]] = {}
        """pid -> (time, CPU seconds, millicores of the window before)"""

    def pod(self, pod: Object) -> Object | None:
        """PodMetrics of a running pod; None when it does not run."""
        worker = self._kubelet.worker(pod)
        if worker is None or pod["status"].get("phase") != "Running":
            return None
        containers = [
            {"name": runner.name, "usage": self._usage(runner.program.pid, worker.directory / DECLARED_CPU)}
            for runner in worker.containers
            if runner.program is not None
        ]
        return {**_about(POD_METRICS, pod), "containers": containers}

    def node(self, node: Object) -> Object:
        """NodeMetrics: the sum of the node's pods."""
        cpu = memory = 0
        for pod in self._kubelet.store.objects(POD):
            measured = self.pod(pod) if pod["spec"].get("nodeName") == meta.name_of(node) else None
            for container in measured["containers"] if measured else []:
                cpu += int(container["usage"]["cpu"].rstrip("m"))
                memory += int(container["usage"]["memory"].removesuffix("Ki"))
        return {**_about(NODE_METRICS, node), "usage": {"cpu": f"{cpu}m", "memory": f"{memory}Ki"}}

    def _usage(self, pid: int, declared: Path) -> dict[str, str]:
        try:
            process = psutil.Process(pid)
            memory = process.memory_info().rss
            cpu = self._measured(process)
        except psutil.Error:
            memory, cpu = 0, 0.0
        # A program that is just writing the file leaves it empty for a moment: then the measured value counts.
        with contextlib.suppress(FileNotFoundError, ValueError):
            cpu = float(declared.read_text(encoding="ascii"))
        return {"cpu": f"{round(cpu)}m", "memory": f"{memory // 1024}Ki"}

    def _measured(self, process: psutil.Process) -> float:
        """Millicores since the reading before, at first since the process began."""
        times = process.cpu_times()
        used, now = times.user + times.system, time.time()
        since, before, last = self._readings.get(process.pid, (process.create_time(), 0.0, 0.0))
        if now - since < SHORTEST_WINDOW:
            return last
        cpu = max(1000 * (used - before) / (now - since), 0.0)
        self._readings = {pid: reading for pid, reading in self._readings.items() if psutil.pid_exists(pid)}
        self._readings[process.pid] = (now, used, cpu)
        return cpu


def _about(kind: Kind, obj: Object) -> Object:
    metadata = {key: obj["metadata"][key] for key in ("name", "namespace", "labels") if key in obj["metadata"]}
    metadata["creationTimestamp"] = now = meta.now()
    fixed = {"kind": kind.name, "apiVersion": kind.api_version, "metadata": metadata}
    return {**fixed, "timestamp": now, "window": "10s"}
