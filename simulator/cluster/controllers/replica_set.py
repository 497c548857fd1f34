"""Replica sets keep a number of pods of one template."""

from __future__ import annotations

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.resources import POD, REPLICA_SET, Object
from simulator.cluster.selectors import selector_matches


class ReplicaSetController(Controller):
    """Creates missing pods and removes surplus ones."""

    kind = REPLICA_SET
    component = "replicaset-controller"

    def reconcile(self, namespace: str, name: str) -> None:
        """One step for one replica set."""
        replica_set = self.store.get(REPLICA_SET, namespace, name)
        if replica_set is None or meta.is_deleting(replica_set):
            return
        pods = self._pods(replica_set)
        active = [pod for pod in pods if not meta.is_deleting(pod) and not meta.is_finished(pod)]
        wanted = replica_set["spec"]["replicas"]
        for _ in range(wanted - len(active)):
            if self.create_pod(replica_set, replica_set["spec"]["template"], labels={}) is None:
                break
        # Pods that serve stay longest, of these the oldest.
        active.sort(key=lambda pod: (meta.is_ready(pod), not pod["spec"].get("nodeName")), reverse=True)
        for pod in active[wanted:]:
            self.delete_pod(replica_set, pod)
        ready = sum(meta.is_ready(pod) for pod in active[:wanted])

        def fill(status: Object) -> None:
            status["replicas"] = min(len(active), wanted)
            status["fullyLabeledReplicas"] = status["replicas"]
            status["readyReplicas"] = status["availableReplicas"] = ready
            status["observedGeneration"] = replica_set["metadata"]["generation"]

        self.registry.edit_status(REPLICA_SET, replica_set, fill)

    def _pods(self, replica_set: Object) -> list[Object]:
        """Its pods; a pod without owner that fits is adopted, one that fits no more is let go."""
        selector = replica_set["spec"]["selector"]
        kept = []
        for pod in self.store.objects(POD, meta.namespace_of(replica_set)):
            owner = meta.controller_of(pod)
            fits = selector_matches(selector, meta.labels_of(pod))
            if owner is None and fits and not meta.is_deleting(pod) and not meta.is_finished(pod):
                reference = meta.owner_reference(REPLICA_SET, replica_set)
                kept.append(self._own(pod, [reference]))
            elif owner is not None and owner["uid"] == meta.uid_of(replica_set):
                if fits:
                    kept.append(pod)
                else:
                    self._own(pod, [])
        return kept

    def _own(self, pod: Object, references: list[Object]) -> Object:
        owned = {"ownerReferences": references}
        return self.store.edit(POD, *meta.key_of(pod), lambda edited: edited["metadata"].update(owned)) or pod
