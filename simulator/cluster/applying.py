"""Server-side apply: who applied which fields."""

from __future__ import annotations

import copy

from simulator.cluster import meta
from simulator.cluster.patching import strategic_merge, without_dropped
from simulator.cluster.resources import Object


class FieldManagers:
    """Remembers what each manager applied last, which is what it owns; the journal does not keep it."""

    def __init__(self) -> None:
        self._applied: dict[tuple[str, str], Object] = {}
        """(uid, manager) -> what it applied"""

    def remember(self, obj: Object, manager: str, applied: Object) -> None:
        """Notes what a manager owns from now on."""
        self._applied[meta.uid_of(obj), manager] = copy.deepcopy(applied)

    def merged(self, current: Object, manager: str, applied: Object) -> Object:
        """The object under an apply, without what the manager applied last and applies no longer."""
        last = self._applied.get((meta.uid_of(current), manager))
        edited = copy.deepcopy(current)
        if last is not None:
            edited = without_dropped(edited, last, applied)
        merged = strategic_merge(edited, copy.deepcopy(applied))
        # An apply is not based on a version unless it names one.
        version = (applied.get("metadata") or {}).get("resourceVersion")
        merged["metadata"]["resourceVersion"] = version or current["metadata"]["resourceVersion"]
        return merged
