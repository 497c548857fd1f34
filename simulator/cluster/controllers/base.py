"""What all controllers share: a queue of keys that is worked off when something changed."""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar

from simulator.cluster import meta
from simulator.cluster.errors import ApiError
from simulator.cluster.events import EventRecorder
from simulator.cluster.faults import Faults
from simulator.cluster.registry import Registry
from simulator.cluster.resources import POD, REPLICA_SET, STATEFUL_SET, Kind, Object
from simulator.cluster.store import Change

log = logging.getLogger(__name__)

LOOK_AGAIN_S = 1.0


class Controller(ABC):
    """Reconciles objects of `kind`; it is called for them and for what they own, once per burst of changes."""

    kind: ClassVar[Kind]
    component: ClassVar[str]

    def __init__(self, registry: Registry, faults: Faults | None = None) -> None:
        self.registry = registry
        self.faults = faults or Faults()
        self.store = registry.store
        self.events = EventRecorder(registry, self.component)
        self._queue: dict[tuple[str, str], None] = {}
        self._scheduled = False
        self._stopped = False
        self._stop_listening = self.store.listen(self._changed)

    def stop(self) -> None:
        """Takes no further step."""
        self._stopped = True
        self._stop_listening()

    def enqueue(self, namespace: str, name: str) -> None:
        """Looks at an object soon."""
        self._queue[(namespace, name)] = None
        if not self._scheduled and not self._stopped:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._work)

    def enqueue_later(self, seconds: float, namespace: str, name: str) -> None:
        """Looks at an object after some time."""
        asyncio.get_running_loop().call_later(max(seconds, 0), self.enqueue, namespace, name)

    @abstractmethod
    def reconcile(self, namespace: str, name: str) -> None:
        """Takes the next step for one object, which may be gone."""

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """Keys of the objects that a change concerns: the object itself, or the owner of what changed."""
        if change.kind == self.kind:
            yield meta.key_of(change.object)
            return
        owner = meta.controller_of(change.object)
        if owner is not None and owner["kind"] == self.kind.name:
            yield meta.namespace_of(change.object), owner["name"]

    def owned(self, kind: Kind, owner: Object) -> list[Object]:
        """Objects whose controller `owner` is."""
        uid = meta.uid_of(owner)
        found = []
        for obj in self.store.objects(kind, meta.namespace_of(owner)):
            reference = meta.controller_of(obj)
            if reference is not None and reference["uid"] == uid:
                found.append(obj)
        return found

    def create_pod(
        self, owner: Object, template: Object, *, name: str = "", prefix: str = "", labels: dict[str, str]
    ) -> Object | None:
        """Makes a pod of a template; None when the API refused it, which an event reports.

        name: the pod's; without one it is generated and begins with `prefix` (default: the owner's name).
        """
        if self.faults.pods_not_replaced() and _was_satisfied(owner):
            # Once the fault is gone, the pod is made.
            self.enqueue_later(LOOK_AGAIN_S, *meta.key_of(owner))
            return None
        metadata = template.get("metadata") or {}
        pod = {
            "metadata": {
                **({"name": name} if name else {"generateName": prefix or f"{meta.name_of(owner)}-"}),
                "labels": {**(metadata.get("labels") or {}), **labels},
                **({"annotations": metadata["annotations"]} if metadata.get("annotations") else {}),
                "ownerReferences": [meta.owner_reference(self.kind, owner)],
            },
            "spec": template["spec"],
        }
        try:
            created = self.registry.create(POD, meta.namespace_of(owner), pod)
        except ApiError as error:
            self.events.warning(self.kind, owner, "FailedCreate", f"Error creating: {error.message}")
            self.enqueue_later(LOOK_AGAIN_S, *meta.key_of(owner))
            return None
        self.events.normal(self.kind, owner, "SuccessfulCreate", f"Created pod: {meta.name_of(created)}")
        return created

    def delete_pod(self, owner: Object, pod: Object) -> None:
        """Removes a pod that its owner does not want any more."""
        self.registry.delete(POD, *meta.key_of(pod))
        self.events.normal(self.kind, owner, "SuccessfulDelete", f"Deleted pod: {meta.name_of(pod)}")

    def _changed(self, change: Change) -> None:
        for namespace, name in self.related(change):
            self.enqueue(namespace, name)

    def _work(self) -> None:
        self._scheduled = False
        queue, self._queue = self._queue, {}
        for namespace, name in queue:
            if self._stopped:
                return
            try:
                self.reconcile(namespace, name)
            except ApiError as error:
                log.info("%s of %s/%s again: %s", self.component, namespace, name, error.message)
                self.enqueue_later(0.2, namespace, name)
            except Exception:
                # One broken object must not end the controller for all others.
                log.exception("%s failed on %s/%s", self.component, namespace, name)


def _was_satisfied(owner: Object) -> bool:
    """Return whether a workload that runs for ever had its pods already: one that is missing now was taken away."""
    observed = owner.get("status", {}).get("observedGeneration")
    return owner["kind"] in (REPLICA_SET.name, STATEFUL_SET.name) and observed == owner["metadata"]["generation"]
