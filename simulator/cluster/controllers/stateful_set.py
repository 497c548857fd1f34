"""Stateful sets: pods NAME-0, NAME-1, ... that start in order and keep their names."""

from __future__ import annotations

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.controllers.deployment import template_hash
from simulator.cluster.resources import POD, STATEFUL_SET, Object

REVISION_LABEL = "controller-revision-hash"


class StatefulSetController(Controller):
    """Creates ordinals upwards, removes them downwards, one at a time."""

    kind = STATEFUL_SET
    component = "statefulset-controller"

    def reconcile(self, namespace: str, name: str) -> None:
        """One step for one stateful set."""
        stateful_set = self.store.get(STATEFUL_SET, namespace, name)
        if stateful_set is None or meta.is_deleting(stateful_set):
            return
        spec = stateful_set["spec"]
        revision = f"{name}-{template_hash(spec['template'])}"
        pods = {meta.name_of(pod): pod for pod in self.owned(POD, stateful_set)}
        settled = self._start(stateful_set, pods, revision) and self._shrink(stateful_set, pods)
        if settled and spec["updateStrategy"].get("type", "RollingUpdate") == "RollingUpdate":
            self._update(stateful_set, pods, revision)
        self._status(stateful_set, revision)

    def _start(self, stateful_set: Object, pods: dict[str, Object], revision: str) -> bool:
        """Creates missing pods; False while one has to become ready before the next."""
        for ordinal in range(stateful_set["spec"]["replicas"]):
            name = f"{meta.name_of(stateful_set)}-{ordinal}"
            pod = pods.get(name)
            if pod is not None and meta.is_finished(pod) and not meta.is_deleting(pod):
                self.delete_pod(stateful_set, pod)
                pod = None
            if pod is None and self.store.get(POD, meta.namespace_of(stateful_set), name) is None:
                labels = {
                    REVISION_LABEL: revision,
                    "statefulset.kubernetes.io/pod-name": name,
                    "apps.kubernetes.io/pod-index": str(ordinal),
                }
                pod = self.create_pod(stateful_set, stateful_set["spec"]["template"], name=name, labels=labels)
            if pod is None or meta.is_deleting(pod) or not meta.is_ready(pod):
                return False
        return True

    def _shrink(self, stateful_set: Object, pods: dict[str, Object]) -> bool:
        """Removes the highest ordinal that is not wanted; False while one is going."""
        wanted = stateful_set["spec"]["replicas"]
        surplus = [pod for pod in pods.values() if _ordinal(pod) >= wanted]
        if not surplus:
            return True
        highest = max(surplus, key=_ordinal)
        if not meta.is_deleting(highest):
            self.delete_pod(stateful_set, highest)
        return False

    def _update(self, stateful_set: Object, pods: dict[str, Object], revision: str) -> None:
        """Replaces the highest pod of an older template, one per step; its successor must be ready first."""
        for pod in sorted(pods.values(), key=_ordinal, reverse=True):
            if meta.labels_of(pod).get(REVISION_LABEL) != revision:
                self.delete_pod(stateful_set, pod)
                return

    def _status(self, stateful_set: Object, revision: str) -> None:
        pods = [pod for pod in self.owned(POD, stateful_set) if not meta.is_deleting(pod)]
        updated = [pod for pod in pods if meta.labels_of(pod).get(REVISION_LABEL) == revision]
        ready = sum(meta.is_ready(pod) for pod in pods)
        generation = stateful_set["metadata"]["generation"]

        def fill(status: Object) -> None:
            status["observedGeneration"] = generation
            status["replicas"] = len(pods)
            status["readyReplicas"] = status["availableReplicas"] = ready
            status["updatedReplicas"] = len(updated)
            status["updateRevision"] = revision
            if len(updated) == len(pods) or "currentRevision" not in status:
                status["currentRevision"] = revision
            status["currentReplicas"] = sum(
                meta.labels_of(pod).get(REVISION_LABEL) == status["currentRevision"] for pod in pods
            )

        self.registry.edit_status(STATEFUL_SET, stateful_set, fill)


def _ordinal(pod: Object) -> int:
    return int(meta.name_of(pod).rpartition("-")[2])
