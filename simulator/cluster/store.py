"""Objects in memory: resource versions, history, and who listens to changes.

Stored objects are never edited in place: they are shared with watchers and with the history.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from simulator.cluster.errors import conflict
from simulator.cluster.meta import key_of
from simulator.cluster.resources import Kind, Object

# A watch that starts further back gets 410 Gone and lists again, as on a real API server.
HISTORY = 5000


@dataclass(frozen=True)
class Change:
    """One write: type is ADDED, MODIFIED or DELETED."""

    type: str
    kind: Kind
    object: Object
    previous: Object | None
    revision: int


Listener = Callable[[Change], None]


class Store:
    """All objects of the cluster; every write gets the next resource version and is announced to all listeners."""

    def __init__(self) -> None:
        self.revision = 1
        self._objects: dict[Kind, dict[tuple[str, str], Object]] = {}
        self._history: deque[Change] = deque(maxlen=HISTORY)
        self._listeners: list[Listener] = []
        self._oldest = 1
        """The history knows every change after this revision."""
        self.journal: Listener = lambda _: None
        """Records every change before the listeners learn of it."""

    def begin_at(self, revision: int) -> None:
        """Goes on from a compacted state: what led to it is not known."""
        self.revision = self._oldest = revision

    def restore(self, type_: str, kind: Kind, obj: Object, revision: int) -> None:
        """Repeats a recorded change without announcing it."""
        key = key_of(obj)
        self._keep(Change(type_, kind, obj, self._objects.get(kind, {}).get(key), revision))

    def announce(self) -> None:
        """Announces every object to all listeners as if it were new: their first work after a start."""
        for kind in self.kinds():
            for obj in self.objects(kind):
                for listener in list(self._listeners):
                    listener(Change("ADDED", kind, obj, None, int(obj["metadata"]["resourceVersion"])))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Calls `listener` on every change, in order; returns what ends it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def get(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """The object or None; do not edit it."""
        return self._objects.get(kind, {}).get((namespace, name))

    def objects(self, kind: Kind, namespace: str = "") -> list[Object]:
        """Objects of a kind, of one namespace or (empty) of all, by namespace and name; do not edit them."""
        objects = self._objects.get(kind, {})
        return [objects[key] for key in sorted(objects) if namespace in ("", key[0])]

    def count(self, kind: Kind) -> int:
        """How many objects of a kind there are."""
        return len(self._objects.get(kind, {}))

    def kinds(self) -> list[Kind]:
        """Kinds of which there are objects."""
        return [kind for kind, objects in self._objects.items() if objects]

    def add(self, kind: Kind, obj: Object) -> Object:
        """Stores a new object, which belongs to the store from now on."""
        self._write("ADDED", kind, obj, None)
        return obj

    def put(self, kind: Kind, obj: Object) -> Object:
        """Stores the next state of an object; nothing happens when it is the same."""
        key = key_of(obj)
        previous = self._objects.get(kind, {}).get(key)
        if previous is None:
            raise conflict(kind, key[1], "the object was deleted meanwhile")
        obj["metadata"]["resourceVersion"] = previous["metadata"]["resourceVersion"]
        if obj == previous:
            return previous
        self._write("MODIFIED", kind, obj, previous)
        return obj

    def edit(self, kind: Kind, namespace: str, name: str, change: Callable[[Object], None]) -> Object | None:
        """Lets `change` edit a copy and stores it; None when there is no such object."""
        current = self.get(kind, namespace, name)
        if current is None:
            return None
        edited = copy.deepcopy(current)
        change(edited)
        return self.put(kind, edited)

    def remove(self, kind: Kind, namespace: str, name: str) -> Object | None:
        """Forgets an object and returns its last state."""
        previous = self.get(kind, namespace, name)
        if previous is None:
            return None
        last = {**previous, "metadata": dict(previous["metadata"])}
        self._write("DELETED", kind, last, previous)
        return last

    def since(self, revision: int) -> list[Change] | None:
        """Changes after a resource version; None when the history does not reach back that far."""
        if not self._oldest <= revision <= self.revision:
            return None
        return [change for change in self._history if change.revision > revision]

    def _write(self, type_: str, kind: Kind, obj: Object, previous: Object | None) -> None:
        revision = self.revision + 1
        obj["metadata"]["resourceVersion"] = str(revision)
        change = Change(type_, kind, obj, previous, revision)
        self._keep(change)
        self.journal(change)
        for listener in list(self._listeners):
            listener(change)

    def _keep(self, change: Change) -> None:
        objects = self._objects.setdefault(change.kind, {})
        key = key_of(change.object)
        if change.type == "DELETED":
            objects.pop(key, None)
        else:
            objects[key] = change.object
        if change.revision <= self._oldest:
            return  # part of the compacted state
        self.revision = change.revision
        if len(self._history) == HISTORY:
            self._oldest = self._history[0].revision
        self._history.append(change)
