"""Endpoints and endpoint slices: which ready pods stand behind a service."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.resources import ENDPOINT_SLICE, ENDPOINTS, POD, SERVICE, Kind, Object
from simulator.cluster.selectors import selector_matches
from simulator.cluster.store import Change


class EndpointsController(Controller):
    """Keeps one Endpoints object and one EndpointSlice per service with a selector."""

    kind = SERVICE
    component = "endpoints-controller"

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """The service itself, or the services that select a pod whose readiness or labels changed."""
        if change.kind == SERVICE:
            yield meta.key_of(change.object)
        elif change.kind == POD and _address(change.object, change.type) != _address(change.previous, "ADDED"):
            labels = [meta.labels_of(pod) for pod in (change.object, change.previous) if pod is not None]
            for service in self.store.objects(SERVICE, meta.namespace_of(change.object)):
                if any(_selects(service, one) for one in labels):
                    yield meta.key_of(service)

    def reconcile(self, namespace: str, name: str) -> None:
        """Writes the addresses of one service."""
        service = self.store.get(SERVICE, namespace, name)
        if service is None or not service["spec"].get("selector"):
            return
        pods = [
            pod
            for pod in self.store.objects(POD, namespace)
            if _selects(service, meta.labels_of(pod)) and pod["status"].get("podIP") and not meta.is_finished(pod)
        ]
        serving = [pod for pod in pods if meta.is_ready(pod) and not meta.is_deleting(pod)]
        waiting = [pod for pod in pods if pod not in serving]
        ports = [
            {
                **({"name": port["name"]} if "name" in port else {}),
                "port": _target(port, serving),
                "protocol": port["protocol"],
            }
            for port in service["spec"].get("ports") or []
        ]
        subset: Object = {"ports": ports}
        if serving:
            subset["addresses"] = [_endpoint(pod) for pod in serving]
        if waiting:
            subset["notReadyAddresses"] = [_endpoint(pod) for pod in waiting]
        self._write(ENDPOINTS, service, {"subsets": [subset] if pods else []}, {})
        entries = [
            {
                "addresses": [pod["status"]["podIP"]],
                "conditions": {
                    "ready": pod in serving,
                    "serving": meta.is_ready(pod),
                    "terminating": meta.is_deleting(pod),
                },
                "targetRef": _endpoint(pod)["targetRef"],
                "nodeName": pod["spec"].get("nodeName"),
            }
            for pod in pods
        ]
        labels = {"kubernetes.io/service-name": name}
        slice_ports = [{"name": "", **port} for port in ports]
        self._write(
            ENDPOINT_SLICE, service, {"addressType": "IPv4", "endpoints": entries, "ports": slice_ports}, labels
        )

    def _write(self, kind: Kind, service: Object, content: Object, labels: dict[str, str]) -> None:
        namespace, name = meta.key_of(service)
        metadata: dict[str, Any] = {"name": name, "labels": {**meta.labels_of(service), **labels}}
        metadata["ownerReferences"] = [meta.owner_reference(SERVICE, service)]
        current = self.store.get(kind, namespace, name)
        if current is not None and meta.is_deleting(current):
            return
        if current is None:
            self.registry.create(kind, namespace, {"metadata": metadata, **content})
        else:
            self.registry.update(kind, current, {"metadata": {**current["metadata"], **metadata}, **content})


def _selects(service: Object, labels: dict[str, str]) -> bool:
    selector = service["spec"].get("selector")
    return bool(selector) and selector_matches({"matchLabels": selector}, labels)


def _address(pod: Object | None, type_: str) -> tuple[object, ...]:
    """What matters of a pod to services."""
    if pod is None or type_ == "DELETED":
        return ()
    return meta.labels_of(pod), meta.is_ready(pod), meta.is_deleting(pod), pod["status"].get("podIP")


def _endpoint(pod: Object) -> Object:
    reference = {
        "kind": "Pod",
        "name": meta.name_of(pod),
        "namespace": meta.namespace_of(pod),
        "uid": meta.uid_of(pod),
    }
    return {"ip": pod["status"]["podIP"], "nodeName": pod["spec"].get("nodeName"), "targetRef": reference}


def _target(port: Object, pods: list[Object]) -> int:
    """Where the pods listen."""
    target = port.get("targetPort") or port["port"]
    found = meta.open_port([container for pod in pods for container in pod["spec"]["containers"]], target)
    return found or (target if isinstance(target, int) else int(port["port"]))
