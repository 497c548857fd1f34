"""What may happen to objects: create, update, delete, with the API's rules. HTTP handlers and controllers share it."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from simulator.cluster import meta
from simulator.cluster.defaults import TERMINATION_GRACE, apply_defaults, begin
from simulator.cluster.errors import ApiError, already_exists, bad_request, conflict, invalid, not_found
from simulator.cluster.resources import (
    EVENT,
    NAMESPACE,
    POD,
    SERVICE,
    SERVICE_ACCOUNT,
    Kind,
    Object,
)
from simulator.cluster.store import Store
from simulator.cluster.validation import validate

NODE_PORTS = range(30000, 32768)
# Fields of metadata that no client writes.
SERVER_OWNED = ("deletionTimestamp", "deletionGracePeriodSeconds", "resourceVersion")
FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"
# More than a long test run needs, few enough to stay cheap (a real cluster forgets events after an hour).
KEPT_EVENTS = 3000


class Registry:
    """The rules above the store."""

    def __init__(self, store: Store, reachable_ports: range = range(0)) -> None:
        self.store = store
        self.reachable_ports = reachable_ports
        """Node ports that really listen; allowed beside the usual ones."""
        self.node = ""
        """The node whose agent runs pods."""
        self._next_address = 1

    def get(self, kind: Kind, namespace: str, name: str) -> Object:
        """The object; raises 404."""
        found = self.store.get(kind, namespace, name)
        if found is None:
            raise not_found(kind, name)
        return found

    def create(self, kind: Kind, namespace: str, obj: Object, *, dry_run: bool = False) -> Object:
        """Stores a new object and returns it; raises 404 (namespace), 409 (name taken), 422 (rules)."""
        obj = copy.deepcopy(obj)
        metadata = obj.setdefault("metadata", {})
        obj["apiVersion"], obj["kind"] = kind.api_version, kind.name
        self._place(kind, namespace, metadata)
        if not metadata.get("name") and metadata.get("generateName"):
            metadata["name"] = self._generated(kind, namespace, metadata["generateName"])
        for key in (*SERVER_OWNED, "managedFields", "selfLink"):
            metadata.pop(key, None)
        metadata["uid"] = str(uuid.uuid4())
        metadata["creationTimestamp"] = meta.now()
        if "name" in metadata:
            apply_defaults(kind, obj)
            begin(kind, obj)
        if "spec" in obj and kind not in (SERVICE, NAMESPACE):
            metadata["generation"] = 1
        validate(kind, obj)
        if kind == POD:
            self._admit(obj)
        if self.store.get(kind, namespace, metadata["name"]) is not None:
            raise already_exists(kind, metadata["name"])
        if kind == SERVICE:
            self._addresses(obj, {})
        if dry_run:
            return obj
        self.store.add(kind, obj)
        if kind == NAMESPACE:
            self.create(SERVICE_ACCOUNT, metadata["name"], {"metadata": {"name": "default"}})
        if kind == EVENT:
            self._forget_old_events()
        return obj

    def update(
        self, kind: Kind, current: Object, obj: Object, *, subresource: str = "", dry_run: bool = False
    ) -> Object:
        """Stores the next state of `current`; raises 409 when `obj` was based on an older state."""
        obj = copy.deepcopy(obj)
        metadata, old = obj.setdefault("metadata", {}), current["metadata"]
        name = old["name"]
        if any(metadata.get(key, old.get(key)) != old.get(key) for key in ("name", "namespace")):
            raise bad_request("the name of the object does not match the name on the URL")
        if metadata.get("uid") not in (None, "", old["uid"]):
            raise conflict(kind, name, f"Precondition failed: UID in precondition: {metadata['uid']}")
        if metadata.get("resourceVersion") not in (None, "", "0", old["resourceVersion"]):
            text = "the object has been modified; please apply your changes to the latest version and try again"
            raise conflict(kind, name, text)
        obj["apiVersion"], obj["kind"] = kind.api_version, kind.name
        owned = (*SERVER_OWNED, "name", "namespace", "uid", "creationTimestamp", "generation", "generateName")
        kept = {key: old[key] for key in owned if key in old}
        written = {key: value for key, value in metadata.items() if key not in (*owned, "managedFields")}
        metadata = obj["metadata"] = written | kept
        if subresource == "status":
            obj = {**copy.deepcopy(current), "status": obj.get("status", {})}
            metadata = obj["metadata"]
        elif "status" in kind.subresources and not kind.kept_only:
            obj["status"] = copy.deepcopy(current.get("status", {}))
        apply_defaults(kind, obj)
        if kind == SERVICE:
            self._addresses(obj, current["spec"])
        if obj.get("spec") != current.get("spec") and "generation" in old:
            metadata["generation"] = old["generation"] + 1
        validate(kind, obj, current)
        if dry_run:
            return obj
        stored = self.store.put(kind, obj)
        if meta.is_deleting(stored) and kind != POD and not metadata.get("finalizers"):
            self.store.remove(kind, meta.namespace_of(stored), name)
        return stored

    def edit_status(self, kind: Kind, obj: Object, change: Callable[[Object], None]) -> Object | None:
        """Lets a controller edit the status of an object that may be gone or be another one by now."""
        current = self.store.get(kind, *meta.key_of(obj))
        if current is None or meta.uid_of(current) != meta.uid_of(obj):
            return None
        return self.store.edit(kind, *meta.key_of(obj), lambda edited: change(edited.setdefault("status", {})))

    def delete(
        self,
        kind: Kind,
        namespace: str,
        name: str,
        *,
        grace: int | None = None,
        propagation: str = "Background",
        preconditions: dict[str, Any] | None = None,
        dry_run: bool = False,
    ) -> Object:
        """Begins or completes a deletion and returns the object's last state.

        grace: seconds until SIGKILL for pods (None: that of the pod, 0: at once).
        propagation: Background (dependents go after it), Foreground (before it) or Orphan (they stay).
        """
        current = self.get(kind, namespace, name)
        for key, wanted in (preconditions or {}).items():
            if wanted and current["metadata"].get(key) != wanted:
                text = (
                    f"Precondition failed: {key} in precondition: {wanted}, in object: {current['metadata'].get(key)}"
                )
                raise conflict(kind, name, text)
        if dry_run:
            return current
        if kind == POD:
            return self._delete_pod(current, grace)
        if kind == NAMESPACE:
            self._empty_namespace(name)
        finalizer = {"Foreground": FOREGROUND, "Orphan": ORPHAN}.get(propagation)
        finalizers = list(current["metadata"].get("finalizers") or [])
        if finalizer and finalizer not in finalizers:
            finalizers.append(finalizer)
        if finalizers:
            return self._mark(kind, current, 0, finalizers)
        return self.store.remove(kind, namespace, name) or current

    def finalize(self, kind: Kind, obj: Object, finalizer: str) -> None:
        """Takes one finalizer away; the last one lets a deleted object go."""
        current = self.store.get(kind, *meta.key_of(obj))
        if current is None:
            return
        edited = copy.deepcopy(current)
        edited["metadata"]["finalizers"] = [one for one in edited["metadata"]["finalizers"] if one != finalizer]
        self.update(kind, current, edited)

    def _admit(self, pod: Object) -> None:
        """Raises 403 for a pod whose service account is not there."""
        namespace, account = meta.namespace_of(pod), pod["spec"]["serviceAccountName"]
        if self.store.get(SERVICE_ACCOUNT, namespace, account) is None:
            name = meta.name_of(pod)
            text = f'error looking up service account {namespace}/{account}: serviceaccount "{account}" not found'
            details = {"name": name, "kind": POD.plural}
            raise ApiError(403, "Forbidden", f'pods "{name}" is forbidden: {text}', details)

    def _delete_pod(self, pod: Object, grace: int | None) -> Object:
        namespace, name = meta.key_of(pod)
        if grace is None:
            grace = int(pod["spec"].get("terminationGracePeriodSeconds", TERMINATION_GRACE))
        # Without an agent on its node nobody would end it: as on a real cluster it goes at once.
        running = pod["spec"].get("nodeName") == self.node and not meta.is_finished(pod)
        if grace <= 0 or not running:
            return self.store.remove(POD, namespace, name) or pod
        if meta.is_deleting(pod) and pod["metadata"]["deletionGracePeriodSeconds"] <= grace:
            return pod
        return self._mark(POD, pod, grace, pod["metadata"].get("finalizers"))

    def _mark(self, kind: Kind, obj: Object, grace: int, finalizers: list[str] | None) -> Object:
        def change(edited: Object) -> None:
            edited["metadata"]["deletionGracePeriodSeconds"] = grace
            when = datetime.now(UTC) + timedelta(seconds=grace)
            edited["metadata"]["deletionTimestamp"] = when.strftime("%Y-%m-%dT%H:%M:%SZ")
            if finalizers:
                edited["metadata"]["finalizers"] = finalizers

        return self.store.edit(kind, *meta.key_of(obj), change) or obj

    def _empty_namespace(self, namespace: str) -> None:
        for kind in self.store.kinds():
            if kind.namespaced and kind != POD:
                for obj in self.store.objects(kind, namespace):
                    self.store.remove(kind, namespace, meta.name_of(obj))
        for pod in self.store.objects(POD, namespace):
            self.store.remove(POD, namespace, meta.name_of(pod))

    def _place(self, kind: Kind, namespace: str, metadata: Object) -> None:
        if not kind.namespaced:
            metadata.pop("namespace", None)
            return
        if metadata.get("namespace") not in (None, "", namespace):
            raise bad_request(
                f"the namespace of the provided object does not match the namespace sent on the request "
                f"({metadata['namespace']} and {namespace})"
            )
        metadata["namespace"] = namespace
        if self.store.get(NAMESPACE, "", namespace) is None:
            raise not_found(NAMESPACE, namespace)

    def _generated(self, kind: Kind, namespace: str, prefix: str) -> str:
        name = prefix + meta.random_suffix()
        while self.store.get(kind, namespace, name) is not None:
            name = prefix + meta.random_suffix()
        return name

    def _addresses(self, service: Object, before: Object) -> None:
        """Gives a service its cluster address and, when its type asks for it, node ports: those it had `before`."""
        spec = service["spec"]
        spec["clusterIP"] = spec.get("clusterIP") or before.get("clusterIP") or self._free_address()
        spec["clusterIPs"] = [spec["clusterIP"]]
        if spec.get("type") not in ("NodePort", "LoadBalancer"):
            return
        used: dict[int, str] = {
            port["nodePort"]: meta.uid_of(other)
            for other in self.store.objects(SERVICE)
            for port in other["spec"].get("ports") or []
            if "nodePort" in port
        }
        held = {port.get("name"): port.get("nodePort") for port in before.get("ports") or []}
        for index, port in enumerate(spec.get("ports") or []):
            port["nodePort"] = port.get("nodePort") or held.get(port.get("name"))
            wanted = port.get("nodePort")
            text = ""
            if wanted and wanted not in NODE_PORTS and wanted not in self.reachable_ports:
                text = "not in the valid range. The range is 30000-32767"
            elif wanted and used.get(wanted, meta.uid_of(service)) != meta.uid_of(service):
                text = "already allocated"
            if text:
                cause = (f"spec.ports[{index}].nodePort", f"Invalid value: {wanted}: provided port is {text}")
                raise invalid(SERVICE, meta.name_of(service), [cause])
            used[wanted] = meta.uid_of(service)
        for port in spec.get("ports") or []:
            if not port.get("nodePort"):
                port["nodePort"] = self._free_node_port(set(used))
                used[port["nodePort"]] = meta.uid_of(service)

    def _free_address(self) -> str:
        used = {other["spec"].get("clusterIP") for other in self.store.objects(SERVICE)}
        while True:
            high, low = divmod(self._next_address, 250)
            self._next_address += 1
            if (address := f"10.96.{high}.{low + 1}") not in used:
                return address

    def _free_node_port(self, used: set[int]) -> int:
        # Those that listen go first, from the end: services that name their port name one of the beginning.
        ports: list[int] = [*reversed(self.reachable_ports), *NODE_PORTS]
        for port in ports:
            if port not in used:
                return port
        raise ApiError(422, "Invalid", "every node port is taken; delete services of type NodePort first")

    def _forget_old_events(self) -> None:
        if self.store.count(EVENT) <= KEPT_EVENTS:
            return
        events = self.store.objects(EVENT)
        events.sort(key=lambda event: int(event["metadata"]["resourceVersion"]))
        for event in events[: KEPT_EVENTS // 10]:
            self.store.remove(EVENT, *meta.key_of(event))
