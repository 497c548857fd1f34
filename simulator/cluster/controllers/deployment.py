"""Deployments roll pods from one template to the next through replica sets."""

from __future__ import annotations

import copy
import json
import math
import zlib
from collections.abc import Iterable

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.resources import DEPLOYMENT, POD, REPLICA_SET, Kind, Object
from simulator.cluster.store import Change

HASH_LABEL = "pod-template-hash"
REVISION = "deployment.kubernetes.io/revision"


class DeploymentController(Controller):
    """Keeps one replica set per template and moves replicas to the newest."""

    kind = DEPLOYMENT
    component = "deployment-controller"

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """Also the deployment behind a pod that is gone: Recreate waits for the last old one."""
        yield from super().related(change)
        if change.kind == POD and change.type == "DELETED":
            owner = meta.controller_of(change.object)
            namespace = meta.namespace_of(change.object)
            replica_set = self.store.get(REPLICA_SET, namespace, owner["name"]) if owner else None
            deployment = meta.controller_of(replica_set) if replica_set else None
            if deployment is not None:
                yield namespace, deployment["name"]

    def reconcile(self, namespace: str, name: str) -> None:
        """One step for one deployment."""
        deployment = self.store.get(DEPLOYMENT, namespace, name)
        if deployment is None or meta.is_deleting(deployment):
            return
        sets = self.owned(REPLICA_SET, deployment)
        hash_ = template_hash(deployment["spec"]["template"])
        newest = next((one for one in sets if meta.labels_of(one).get(HASH_LABEL) == hash_), None)
        others = [one for one in sets if one is not newest]
        newest = self._newest(deployment, newest, others, hash_)
        if deployment["spec"]["strategy"]["type"] == "Recreate":
            self._recreate(deployment, newest, others)
        else:
            self._roll(deployment, newest, others)
        self._forget_old(deployment, others)
        self._status(deployment, hash_)

    def _newest(self, deployment: Object, newest: Object | None, others: list[Object], hash_: str) -> Object:
        """The replica set of the present template, with the highest revision."""
        highest = max((_revision(one) for one in others), default=0)
        if newest is None:
            newest = self._create_set(deployment, hash_, highest + 1)
        elif _revision(newest) <= highest:
            newest = self._annotate(REPLICA_SET, newest, str(highest + 1))
        if deployment["metadata"].get("annotations", {}).get(REVISION) != str(_revision(newest)):
            self._annotate(DEPLOYMENT, deployment, str(_revision(newest)))
        return newest

    def _create_set(self, deployment: Object, hash_: str, revision: int) -> Object:
        spec = deployment["spec"]
        template = copy.deepcopy(spec["template"])
        labels = {**(template["metadata"].get("labels") or {}), HASH_LABEL: hash_}
        template["metadata"]["labels"] = labels
        selector = copy.deepcopy(spec["selector"])
        selector["matchLabels"] = {**(selector.get("matchLabels") or {}), HASH_LABEL: hash_}
        return self.registry.create(
            REPLICA_SET,
            meta.namespace_of(deployment),
            {
                "metadata": {
                    "name": f"{meta.name_of(deployment)}-{hash_}",
                    "labels": labels,
                    "annotations": {REVISION: str(revision)},
                    "ownerReferences": [meta.owner_reference(DEPLOYMENT, deployment)],
                },
                "spec": {"replicas": 0, "selector": selector, "template": template},
            },
        )

    def _annotate(self, kind: Kind, obj: Object, revision: str) -> Object:
        annotations = {"annotations": {**(obj["metadata"].get("annotations") or {}), REVISION: revision}}
        return self.store.edit(kind, *meta.key_of(obj), lambda edited: edited["metadata"].update(annotations)) or obj

    def _recreate(self, deployment: Object, newest: Object, others: list[Object]) -> None:
        """All old pods go before the first new one starts."""
        for one in others:
            self._scale(deployment, one, 0)
        old = {meta.uid_of(one) for one in others}
        living = [pod for pod in self.store.objects(POD, meta.namespace_of(deployment)) if _owner_uid(pod) in old]
        if not living:
            self._scale(deployment, newest, deployment["spec"]["replicas"])

    def _roll(self, deployment: Object, newest: Object, others: list[Object]) -> None:
        """New pods within maxSurge, old ones go within maxUnavailable."""
        wanted = deployment["spec"]["replicas"]
        rolling = deployment["spec"]["strategy"]["rollingUpdate"]
        surge = _share(rolling["maxSurge"], wanted, up=True)
        unavailable = _share(rolling["maxUnavailable"], wanted, up=False)
        if not surge and not unavailable:
            unavailable = 1
        old_total = sum(one["spec"]["replicas"] for one in others)
        present = newest["spec"]["replicas"]
        room = wanted + surge - old_total - present
        target = wanted if present > wanted else min(wanted, present + max(room, 0))
        newest = self._scale(deployment, newest, target)
        available = sum(one["status"].get("availableReplicas", 0) for one in [newest, *others])
        not_ready = newest["spec"]["replicas"] - newest["status"].get("availableReplicas", 0)
        removable = old_total + newest["spec"]["replicas"] - (wanted - unavailable) - max(not_ready, 0)
        for one in sorted(others, key=_revision):
            # Old pods that do not serve anyway go first.
            idle = one["spec"]["replicas"] - one["status"].get("availableReplicas", 0)
            spare = max(available - (wanted - unavailable), 0)
            gone = min(one["spec"]["replicas"], max(removable, 0), idle + spare)
            self._scale(deployment, one, one["spec"]["replicas"] - gone)
            removable -= gone
            available -= max(gone - idle, 0)

    def _scale(self, deployment: Object, replica_set: Object, replicas: int) -> Object:
        present = replica_set["spec"]["replicas"]
        if present == replicas:
            return replica_set

        def change(edited: Object) -> None:
            edited["spec"]["replicas"] = replicas
            edited["metadata"]["generation"] += 1

        edited = self.store.edit(REPLICA_SET, *meta.key_of(replica_set), change)
        direction = "up" if replicas > present else "down"
        text = f"Scaled {direction} replica set {meta.name_of(replica_set)} from {present} to {replicas}"
        self.events.normal(DEPLOYMENT, deployment, "ScalingReplicaSet", text)
        return edited or replica_set

    def _forget_old(self, deployment: Object, others: list[Object]) -> None:
        empty = [one for one in others if not one["spec"]["replicas"] and not one["status"].get("replicas")]
        empty.sort(key=_revision, reverse=True)
        for one in empty[deployment["spec"]["revisionHistoryLimit"] :]:
            self.registry.delete(REPLICA_SET, *meta.key_of(one))

    def _status(self, deployment: Object, hash_: str) -> None:
        sets = self.owned(REPLICA_SET, deployment)
        newest = [one for one in sets if meta.labels_of(one).get(HASH_LABEL) == hash_]
        total = _sum(sets, "replicas")
        ready, updated = _sum(sets, "readyReplicas"), _sum(newest, "replicas")
        wanted = deployment["spec"]["replicas"]
        generation = deployment["metadata"]["generation"]
        rolling = deployment["spec"]["strategy"].get("rollingUpdate") or {"maxUnavailable": 0}
        enough = ready >= wanted - _share(rolling["maxUnavailable"], wanted, up=False)
        complete = updated == wanted and total == wanted and ready == wanted

        def fill(status: Object) -> None:
            status["observedGeneration"] = generation
            numbers = {
                "replicas": total,
                "updatedReplicas": updated,
                "readyReplicas": ready,
                "availableReplicas": ready,
                "unavailableReplicas": max(wanted - ready, 0),
            }
            meta.set_numbers(status, numbers)
            reason = f"MinimumReplicas{'Available' if enough else 'Unavailable'}"
            text = f"Deployment {'has' if enough else 'does not have'} minimum availability."
            meta.set_condition(status, "Available", str(enough), reason, text)
            reason = "NewReplicaSetAvailable" if complete else "ReplicaSetUpdated"
            done = "has successfully progressed" if complete else "is progressing"
            text = f'ReplicaSet "{meta.name_of(deployment)}-{hash_}" {done}.'
            meta.set_condition(status, "Progressing", "True", reason, text)

        self.registry.edit_status(DEPLOYMENT, deployment, fill)


def template_hash(template: Object) -> str:
    """A short name for a pod template: the same template has the same hash."""
    return meta.safe_hash(zlib.crc32(json.dumps(template, sort_keys=True).encode()))


def _revision(obj: Object) -> int:
    return int((obj["metadata"].get("annotations") or {}).get(REVISION, 0))


def _owner_uid(pod: Object) -> str:
    owner = meta.controller_of(pod)
    return owner["uid"] if owner else ""


def _sum(sets: list[Object], key: str) -> int:
    return sum(one.get("status", {}).get(key, 0) for one in sets)


def _share(value: int | str, whole: int, *, up: bool) -> int:
    """A number, or a percentage of `whole` rounded up or down."""
    if isinstance(value, int):
        return value
    part = whole * float(value.rstrip("%")) / 100
    return math.ceil(part) if up else math.floor(part)
