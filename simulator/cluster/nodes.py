"""The nodes of the simulated cluster: one that runs the pods, one control plane that takes none."""

from __future__ import annotations

import platform
import sys
from functools import partial
from typing import Any

from simulator.cluster import meta
from simulator.cluster.discovery import GIT_VERSION
from simulator.cluster.registry import Registry
from simulator.cluster.resources import NODE

CONTROL_PLANE = "master-node"
GPU_SHARE = "nvidia.com/gpu.shared"
# What pods may reserve. A reservation costs nothing here, so the numbers are those of a site with room for the
# largest number of jobs that a site is specified for, not those of this machine.
CAPACITY = {"cpu": "1024", "memory": "16Ti", "ephemeral-storage": "1Ti", "pods": "500"}


def create_nodes(registry: Registry, worker: str, gpu_shares: int) -> None:
    """Registers both nodes, or gives those of an earlier cluster the present number of GPU shares."""
    for node in (
        _node(worker, "worker", gpu_shares, unschedulable=False),
        _node(CONTROL_PLANE, "control-plane", 0, unschedulable=True),
    ):
        if registry.store.get(NODE, "", node["metadata"]["name"]) is None:
            registry.create(NODE, "", node)
        else:
            registry.edit_status(NODE, registry.get(NODE, "", node["metadata"]["name"]), partial(_resize, node))


def _resize(node: dict[str, Any], status: dict[str, Any]) -> None:
    for key in ("capacity", "allocatable"):
        status[key] = node["status"][key]


def _node(name: str, role: str, gpu_shares: int, *, unschedulable: bool) -> dict[str, Any]:
    capacity = {**CAPACITY, GPU_SHARE: str(gpu_shares)}
    system = "linux" if sys.platform == "linux" else platform.system().lower()
    taint = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
    status: dict[str, Any] = {"capacity": capacity, "allocatable": dict(capacity)}
    for kind, has in (("Memory", "SufficientMemory"), ("Disk", "NoDiskPressure"), ("PID", "SufficientPID")):
        meta.set_condition(status, f"{kind}Pressure", "False", f"KubeletHas{has}")
    meta.set_condition(status, "Ready", "True", "KubeletReady", "kubelet is posting ready status")
    return {
        "metadata": {
            "name": name,
            "labels": {
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": system,
                "kubernetes.io/arch": platform.machine(),
                f"node-role.kubernetes.io/{role}": "true",
            },
        },
        "spec": {"unschedulable": True, "taints": [taint]} if unschedulable else {},
        "status": {
            **status,
            "addresses": [
                {"type": "InternalIP", "address": "127.0.0.1"},
                {"type": "Hostname", "address": name},
            ],
            "nodeInfo": {
                "kubeletVersion": GIT_VERSION,
                "containerRuntimeVersion": "process://1",
                "osImage": f"{platform.system()} (simulated node)",
                "kernelVersion": platform.release(),
                "operatingSystem": system,
                "architecture": platform.machine(),
                **dict.fromkeys(("kubeProxyVersion", "bootID", "machineID", "systemUUID"), ""),
            },
        },
    }
