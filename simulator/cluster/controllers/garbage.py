"""Garbage collection: objects go with their owners."""

from __future__ import annotations

import copy
from collections.abc import Iterable

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.registry import FOREGROUND, ORPHAN, Registry
from simulator.cluster.resources import EVENT, NAMESPACE, Kind, Object
from simulator.cluster.store import Change

# A dependent that is created after its owner went is recognised as long as the owner is among these.
REMEMBERED_OWNERS = 10_000


class GarbageCollector(Controller):
    """Its keys are (empty, uid) of owners that are gone or going."""

    kind = NAMESPACE
    component = "garbage-collector"

    def __init__(self, registry: Registry) -> None:
        super().__init__(registry)
        self._going: dict[str, tuple[Kind, Object]] = {}
        self._gone: dict[str, None] = {}

    def recover(self) -> None:
        """Finds dependents whose owner went just before a kill of the cluster."""
        uids = {meta.uid_of(obj) for kind in self.store.kinds() for obj in self.store.objects(kind)}
        for kind in self.store.kinds():
            for obj in self.store.objects(kind):
                for reference in obj["metadata"].get("ownerReferences") or []:
                    if reference["uid"] not in uids:
                        self._gone[reference["uid"]] = None
                        self.enqueue("", reference["uid"])

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """Owners that a change concerns (events own nothing and are owned by nothing)."""
        if change.kind == EVENT:
            return
        uid = meta.uid_of(change.object)
        owners = [reference["uid"] for reference in change.object["metadata"].get("ownerReferences") or []]
        if change.type == "DELETED":
            self._gone[uid] = None
            if len(self._gone) > REMEMBERED_OWNERS:
                del self._gone[next(iter(self._gone))]
            self._going.pop(uid, None)
            yield "", uid
        elif meta.is_deleting(change.object):
            self._going[uid] = (change.kind, change.object)
            yield "", uid
        # A dependent that goes may be what its owner waits for; a new one may have missed its owner's end.
        for owner in owners:
            if (change.type == "DELETED" and owner in self._going) or (change.type == "ADDED" and owner in self._gone):
                yield "", owner

    def reconcile(self, namespace: str, name: str) -> None:  # noqa: ARG002 - keys have no namespace here
        """Removes or frees the dependents of the owner with the uid `name`."""
        dependents = self._dependents(name)
        if name in self._gone:
            for kind, obj in dependents:
                self._remove(kind, obj, name)
            return
        if name not in self._going:
            return
        kind, owner = self._going[name]
        finalizers = owner["metadata"].get("finalizers") or []
        if ORPHAN in finalizers:
            for dependent_kind, obj in dependents:
                self._free(dependent_kind, obj, name)
            self.registry.finalize(kind, owner, ORPHAN)
        elif FOREGROUND in finalizers:
            for dependent_kind, obj in dependents:
                if not meta.is_deleting(obj):
                    self._remove(dependent_kind, obj, name)
            if not self._dependents(name):
                self.registry.finalize(kind, owner, FOREGROUND)

    def _dependents(self, uid: str) -> list[tuple[Kind, Object]]:
        return [
            (kind, obj)
            for kind in self.store.kinds()
            if kind != EVENT
            for obj in self.store.objects(kind)
            if any(reference["uid"] == uid for reference in obj["metadata"].get("ownerReferences") or [])
        ]

    def _remove(self, kind: Kind, obj: Object, owner: str) -> None:
        """Deletes a dependent, unless another owner still holds it."""
        others = [
            one for one in obj["metadata"]["ownerReferences"] if one["uid"] not in self._gone and one["uid"] != owner
        ]
        if others:
            self._free(kind, obj, owner)
        elif not meta.is_deleting(obj):
            self.registry.delete(kind, *meta.key_of(obj))

    def _free(self, kind: Kind, obj: Object, owner: str) -> None:
        edited = copy.deepcopy(obj)
        kept = [one for one in edited["metadata"]["ownerReferences"] if one["uid"] != owner]
        edited["metadata"]["ownerReferences"] = kept
        if not kept:
            del edited["metadata"]["ownerReferences"]
        self.store.put(kind, edited)
