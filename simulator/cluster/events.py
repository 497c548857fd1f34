"""Events: what the cluster's parts did, as `kubectl describe` and `kubectl get events` show it."""

from __future__ import annotations

import itertools
import time

from simulator.cluster import meta
from simulator.cluster.registry import Registry
from simulator.cluster.resources import EVENT, NAMESPACE, Kind, Object

# Names that rise with time, as on a real cluster: clients that list events see them in order.
_numbers = itertools.count(time.time_ns())

# How many events a component remembers, to count a repetition instead of reporting it again.
KNOWN_EVENTS = 1000


class EventRecorder:
    """Writes the events of one part of the cluster; the same event again raises its count."""

    def __init__(self, registry: Registry, component: str, host: str = "") -> None:
        self._registry = registry
        self._source = {"component": component, **({"host": host} if host else {})}
        self._known: dict[tuple[str, str, str], str] = {}

    def normal(self, kind: Kind, obj: Object, reason: str, message: str, field: str = "") -> None:
        """Something that should happen."""
        self._record("Normal", kind, obj, reason, message, field)

    def warning(self, kind: Kind, obj: Object, reason: str, message: str, field: str = "") -> None:
        """Something that should not happen."""
        self._record("Warning", kind, obj, reason, message, field)

    def _record(self, type_: str, kind: Kind, obj: Object, reason: str, message: str, field: str) -> None:
        store = self._registry.store
        namespace = meta.namespace_of(obj) or "default"
        place = store.get(NAMESPACE, "", namespace)
        if place is None or meta.is_deleting(place):
            return
        key = (meta.uid_of(obj), reason, message)
        if key in self._known and store.get(EVENT, namespace, self._known[key]) is not None:
            store.edit(EVENT, namespace, self._known[key], _count)
            return
        involved = {
            "kind": kind.name,
            "apiVersion": kind.api_version,
            "name": meta.name_of(obj),
            "namespace": meta.namespace_of(obj),
            "uid": meta.uid_of(obj),
            "resourceVersion": obj["metadata"].get("resourceVersion", ""),
            **({"fieldPath": field} if field else {}),
        }
        event = {
            "metadata": {"name": f"{meta.name_of(obj)}.{next(_numbers):x}"},
            "involvedObject": involved,
            "reason": reason,
            "message": message,
            "type": type_,
            "count": 1,
            "firstTimestamp": meta.now(),
            "lastTimestamp": meta.now(),
            "eventTime": None,
            "source": self._source,
            "reportingComponent": self._source["component"],
            "reportingInstance": self._source.get("host", ""),
        }
        self._known[key] = meta.name_of(self._registry.create(EVENT, namespace, event))
        while len(self._known) > KNOWN_EVENTS:
            del self._known[next(iter(self._known))]


def _count(event: Object) -> None:
    event["count"] += 1
    event["lastTimestamp"] = meta.now()
