"""Server-side apply: who applied which fields."""

from __future__ import annotations

import copy

from simulator.cluster import meta
from simulator.cluster.errors import ApiError
from simulator.cluster.patching import conflicts, strategic_merge, without_dropped
from simulator.cluster.resources import Kind, Object


class FieldManagers:
    """Remembers what each manager applied last, which is what it owns; the journal does not keep it."""

    def __init__(self) -> None:
        self._applied: dict[str, dict[str, Object]] = {}
        """uid -> manager -> what it applied"""

    def remember(self, obj: Object, manager: str, applied: Object) -> None:
        """Notes what a manager owns from now on."""
        self._applied.setdefault(meta.uid_of(obj), {})[manager] = copy.deepcopy(applied)

    def merged(self, kind: Kind, current: Object, manager: str, applied: Object, *, force: bool) -> Object:
        """The object under an apply; raises 409 when it would change what another manager applied."""
        owners = self._applied.get(meta.uid_of(current), {})
        for other, theirs in owners.items():
            if other == manager or force:
                continue
            paths = [
                path for key in applied if key in theirs for path in conflicts({key: applied[key]}, theirs, current)
            ]
            paths = [path for path in paths if not path.startswith((".metadata.name", ".apiVersion", ".kind"))]
            if paths:
                listed = "\n".join(f"- {path}" for path in paths)
                number = f"{len(paths)} conflict" + ("s" if len(paths) > 1 else "")
                text = f'Apply failed with {number}: conflicts with "{other}":\n{listed}'
                causes = [
                    {"reason": "FieldManagerConflict", "message": f'conflict with "{other}"', "field": path}
                    for path in paths
                ]
                details = {"name": meta.name_of(current), "kind": kind.plural, "causes": causes}
                raise ApiError(409, "Conflict", text, details)
        edited = copy.deepcopy(current)
        if manager in owners:
            edited = without_dropped(edited, owners[manager], applied)
        merged = strategic_merge(edited, copy.deepcopy(applied))
        # An apply is not based on a version unless it names one.
        version = (applied.get("metadata") or {}).get("resourceVersion")
        merged["metadata"]["resourceVersion"] = version or current["metadata"]["resourceVersion"]
        return merged
