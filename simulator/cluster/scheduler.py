"""Binds pods to nodes: node selector, host ports, requested resources."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.node_runtime import host_ports
from simulator.cluster.quantities import quantity
from simulator.cluster.registry import Registry
from simulator.cluster.resources import CLAIM, NODE, POD, Object
from simulator.cluster.store import Change
from simulator.cluster.volumes import claims_of


class Scheduler(Controller):
    """Looks at pods without a node, and again at all of them when room may have become free."""

    kind = POD
    component = "default-scheduler"

    def __init__(self, registry: Registry, busy_ports: Callable[[], set[int]]) -> None:
        super().__init__(registry)
        self._busy_ports = busy_ports

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """Pods that may now be bound."""
        if change.kind in (NODE, CLAIM):
            yield from self._waiting()
        elif change.kind == POD:
            if change.type == "ADDED":
                yield meta.key_of(change.object)
            elif change.type == "DELETED" or (meta.is_finished(change.object) and _ran(change.previous)):
                yield from self._waiting()

    def room_became_free(self) -> None:
        """A pod's processes have ended."""
        for key in self._waiting():
            self.enqueue(*key)

    def _waiting(self) -> Iterable[tuple[str, str]]:
        for pod in self.store.objects(POD):
            if not pod["spec"].get("nodeName") and not meta.is_finished(pod):
                yield meta.key_of(pod)

    def reconcile(self, namespace: str, name: str) -> None:
        """Binds one pod, or reports why it cannot be bound."""
        pod = self.store.get(POD, namespace, name)
        if pod is None or pod["spec"].get("nodeName") or meta.is_deleting(pod):
            return
        nodes = self.store.objects(NODE)
        texts = self._claim_problem(pod)
        if not texts:
            reasons: Counter[str] = Counter()
            for node in nodes:
                problem = self._problem(pod, node)
                if not problem:
                    self._bind(pod, meta.name_of(node))
                    return
                reasons[problem] += 1
            texts = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
        message = f"0/{len(nodes)} nodes are available: {texts}."
        told = ("PodScheduled", "False", "Unschedulable", message)
        self.registry.edit_status(POD, pod, lambda status: meta.set_condition(status, *told))
        self.events.warning(POD, pod, "FailedScheduling", message)

    def _bind(self, pod: Object, node: str) -> None:
        def change(edited: Object) -> None:
            edited["spec"]["nodeName"] = node
            meta.set_condition(edited["status"], "PodScheduled", "True")

        # The event first: binding starts the pod, and its story should begin with the scheduler.
        text = f"Successfully assigned {meta.namespace_of(pod)}/{meta.name_of(pod)} to {node}"
        self.events.normal(POD, pod, "Scheduled", text)
        self.store.edit(POD, *meta.key_of(pod), change)

    def _claim_problem(self, pod: Object) -> str:
        """Why no node can run a pod because of its volumes, empty when one can."""
        for name in claims_of(pod):
            claim = self.store.get(CLAIM, meta.namespace_of(pod), name)
            if claim is None:
                return f'persistentvolumeclaim "{name}" not found'
            if meta.is_deleting(claim):
                return f'persistentvolumeclaim "{name}" is being deleted'
            if claim["status"]["phase"] != "Bound":
                return "pod has unbound immediate PersistentVolumeClaims"
        return ""

    def _problem(self, pod: Object, node: Object) -> str:
        """Why a pod does not fit on a node, empty when it does."""
        if node["spec"].get("unschedulable"):
            return "node(s) were unschedulable"
        ready = meta.condition(node, "Ready")
        if ready is not None and ready["status"] != "True":
            return "node(s) were not ready"
        labels = meta.labels_of(node)
        if any(labels.get(key) != value for key, value in (pod["spec"].get("nodeSelector") or {}).items()):
            return "node(s) didn't match Pod's node affinity/selector"
        others = [
            one
            for one in self.store.objects(POD)
            if one["spec"].get("nodeName") == meta.name_of(node) and not meta.is_finished(one)
        ]
        wanted_ports = host_ports(pod)
        if wanted_ports:
            taken = self._busy_ports().union(*(host_ports(one) for one in others))
            if wanted_ports & taken:
                return "node(s) didn't have free ports for the requested pod ports"
        allocatable = node["status"].get("allocatable") or {}
        for name, amount in _requests(pod).items():
            free = quantity(allocatable.get(name, 0)) - sum(_requests(one).get(name, Decimal(0)) for one in others)
            if amount > free:
                return f"Insufficient {name}"
        if len(others) >= quantity(allocatable.get("pods", 0)):
            return "Too many pods"
        return ""


def _ran(pod: Object | None) -> bool:
    return pod is not None and not meta.is_finished(pod)


def _requests(pod: Object) -> dict[str, Decimal]:
    """What a pod reserves: requests, or the limits where it names no request."""
    total: dict[str, Decimal] = {}
    for container in pod["spec"].get("containers") or []:
        resources = container.get("resources") or {}
        for name, value in {**(resources.get("limits") or {}), **(resources.get("requests") or {})}.items():
            total[name] = total.get(name, Decimal(0)) + quantity(value)
    return total
