"""Objects of the cluster as the active defects ask for. Can be repeated: what is right already is left alone."""

from __future__ import annotations

import copy
from typing import Any

from simulator.content.kube_client import change, listed
from simulator.layout.manifests import NAMESPACE, NODE, RECORDER, Layout, Manifest, manifests

_DEPLOYMENTS = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments"
_SERVICES = f"/api/v1/namespaces/{NAMESPACE}/services"
_BROKER = "rabbitmq-panda"
_METRICS_PORT = "metrics"


def set_objects(layout: Layout, defects: frozenset[str]) -> None:
    """Bring node, recorder and service in line with the defects.

    OSError when the API server does not answer, RuntimeError when it refuses.
    """
    _set_node(layout, ready="node-not-ready" not in defects)
    _set_recorder(layout, defects)
    if layout.with_broker:
        _set_metrics_port(layout, right="service-port-wrong" not in defects)


def _set_node(layout: Layout, *, ready: bool) -> None:
    node = _named(layout, "/api/v1/nodes", NODE)
    condition = next(one for one in node["status"]["conditions"] if one["type"] == "Ready")
    wanted = "True" if ready else "False"
    if condition["status"] != wanted:
        reason, message = "KubeletReady", "kubelet is posting ready status"
        if not ready:
            reason, message = "KubeletNotReady", "container runtime is down"
        condition |= {"status": wanted, "reason": reason, "message": message}
        change(layout, "PUT", f"/api/v1/nodes/{NODE}/status", node)


def _set_recorder(layout: Layout, defects: frozenset[str]) -> None:
    missing = "recorder-missing" in defects
    manifest = copy.deepcopy(_manifest(layout, _DEPLOYMENTS, RECORDER))
    container = _container(manifest)
    if "recorder-without-limits" in defects:
        container["resources"] = {}
    elif "recorder-without-memory-limit" in defects:
        del container["resources"]["limits"]["memory"]
    present = _named(layout, _DEPLOYMENTS, RECORDER)
    address = f"{_DEPLOYMENTS}/{RECORDER}"
    if missing and present:
        change(layout, "DELETE", address, {"propagationPolicy": "Background"})
    elif not missing and not present:
        change(layout, "POST", _DEPLOYMENTS, manifest)
    elif present and _container(present).get("resources", {}) != container["resources"]:
        _container(present)["resources"] = container["resources"]
        change(layout, "PUT", address, present)


def _set_metrics_port(layout: Layout, *, right: bool) -> None:
    service = _named(layout, _SERVICES, _BROKER)
    port = next(one for one in service["spec"]["ports"] if one["name"] == _METRICS_PORT)
    # The base port is reserved and has no listener.
    wanted = _METRICS_PORT if right else layout.ports.base
    if port["targetPort"] != wanted:
        port["targetPort"] = wanted
        change(layout, "PUT", f"{_SERVICES}/{_BROKER}", service)


def _named(layout: Layout, path: str, name: str) -> Manifest:
    return next((one for one in listed(layout, path) if one["metadata"]["name"] == name), {})


def _manifest(layout: Layout, path: str, name: str) -> Manifest:
    return next(one for at, one in manifests(layout) if at == path and one["metadata"]["name"] == name)


def _container(deployment: Manifest) -> dict[str, Any]:
    container: dict[str, Any] = deployment["spec"]["template"]["spec"]["containers"][0]
    return container
