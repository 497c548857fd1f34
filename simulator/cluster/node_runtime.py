"""What the kubelet and the pods of a node work with: API objects, launcher, images, events, folders."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from pathlib import Path

import aiohttp
import psutil

from simulator.cluster import meta
from simulator.cluster.accounts import ServiceAccounts
from simulator.cluster.containers import Image
from simulator.cluster.events import EventRecorder
from simulator.cluster.faults import Faults
from simulator.cluster.launcher import Launcher
from simulator.cluster.registry import Registry
from simulator.cluster.resources import Object


@dataclass
class NodeRuntime:
    """One node's means to run pods; it knows no pod itself."""

    registry: Registry
    launcher: Launcher
    images: Mapping[str, Image]
    faults: Faults
    _: KW_ONLY
    name: str
    state_dir: Path
    api_url: str
    accounts: ServiceAccounts
    time_scale: float

    def __post_init__(self) -> None:
        self.registry.node = self.name
        self.store = self.registry.store
        self.events = EventRecorder(self.registry, "kubelet", self.name)
        self.http: aiohttp.ClientSession
        self.pods_dir = self.state_dir / "pods"
        self.living: dict[tuple[str, str], int] = {}
        """(uid of a pod, container) -> pid of a program that an earlier cluster, which was killed, had started"""

    def pod_directory(self, pod: Object) -> Path:
        """Where a pod runs and where its logs are."""
        name = f"{meta.namespace_of(pod)}_{meta.name_of(pod)}_{meta.uid_of(pod)[:8]}"
        return self.pods_dir / name

    def base_environment(self, pod: Object, directory: Path, token: str) -> dict[str, str]:
        """Variables that every container has; `token` is that of the pod's service account, empty for none."""
        programs = str(Path(sys.executable).parent)
        kept = ("HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            # What a program puts into the folder bin of its pod is found by `kubectl exec`, as what an image brings.
            "PATH": os.pathsep.join([str(directory / "bin"), programs, os.environ.get("PATH", os.defpath)]),
            "PYTHONUNBUFFERED": "1",
            "FOCUS_SIMULATOR_STATE": str(self.state_dir),
            "KUBERNETES_API": self.api_url,
            **({"KUBERNETES_TOKEN": token} if token else {}),
            "POD_NAME": meta.name_of(pod),
            "POD_NAMESPACE": meta.namespace_of(pod),
            "POD_DIR": str(directory),
            "HOSTNAME": pod["spec"].get("hostname", meta.name_of(pod)),
        }


def host_ports(pod: Object) -> set[int]:
    """Ports of the host that a pod asks for."""
    return {
        int(port["hostPort"])
        for container in pod["spec"].get("containers") or []
        for port in container.get("ports") or []
        if port.get("hostPort")
    }


def own_bytes(pid: int) -> int:
    """Memory that only this process holds (what a fork shares with its parent is not its own); 0 when it ended."""
    try:
        return int(psutil.Process(pid).memory_full_info().uss)
    except psutil.Error:
        return 0
