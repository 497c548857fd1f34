"""Small readings of an object's metadata, and the clock in the API's format."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from simulator.cluster.resources import Kind, Object

# The alphabet of Kubernetes' generated names: no vowels, no look-alikes.
_ALPHABET = "bcdfghjklmnpqrstvwxz2456789"


def now() -> str:
    """The time as the API writes it (UTC, whole seconds)."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def now_precise() -> str:
    """The time with microseconds (events, leases, log lines)."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse_time(text: str) -> datetime:
    """A time of the API; raises ValueError when it is none."""
    parsed = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def seconds_since(text: str) -> float:
    """Seconds from a time of the API until now."""
    return (datetime.now(UTC) - parse_time(text)).total_seconds()


def random_suffix(length: int = 5) -> str:
    """The random end of a generated name."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def safe_hash(number: int) -> str:
    """A number as ten characters of the generated names' alphabet (template hashes)."""
    text = ""
    for _ in range(10):
        number, digit = divmod(number, len(_ALPHABET))
        text += _ALPHABET[digit]
    return text


def value_at(obj: Object, path: str) -> Any:
    """The value at a path such as `status.phase`, None when it is not there."""
    found: Any = obj
    for step in path.split("."):
        found = found.get(step) if isinstance(found, dict) else None
    return found


def name_of(obj: Object) -> str:
    """metadata.name."""
    return str(obj["metadata"]["name"])


def namespace_of(obj: Object) -> str:
    """metadata.namespace, empty for cluster-wide objects."""
    return str(obj["metadata"].get("namespace", ""))


def key_of(obj: Object) -> tuple[str, str]:
    """Namespace and name."""
    return namespace_of(obj), name_of(obj)


def uid_of(obj: Object) -> str:
    """metadata.uid."""
    return str(obj["metadata"]["uid"])


def labels_of(obj: Object) -> dict[str, str]:
    """metadata.labels, never None."""
    return obj["metadata"].get("labels") or {}


def is_deleting(obj: Object) -> bool:
    """Whether its deletion has begun."""
    return "deletionTimestamp" in obj["metadata"]


def containers_of(spec: Object) -> list[Object]:
    """All containers of a pod's spec, in the order of their start."""
    return [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]


def container_statuses(pod: Object) -> list[Object]:
    """The statuses of all containers of a pod, in the order of their start."""
    status = pod.get("status") or {}
    return [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]


def open_port(containers: list[Object], wanted: int | str) -> int | None:
    """Where a port of a container (number or name) is open: pods share the node's network, so it is the host port."""
    for container in containers:
        for one in container.get("ports") or []:
            if wanted in (one.get("name"), one["containerPort"]):
                return int(one.get("hostPort") or one["containerPort"])
    return None


def owner_reference(kind: Kind, owner: Object) -> dict[str, Any]:
    """The reference that makes `owner` the controller of another object."""
    return {
        "apiVersion": kind.api_version,
        "kind": kind.name,
        "name": name_of(owner),
        "uid": uid_of(owner),
        "controller": True,
        "blockOwnerDeletion": True,
    }


def controller_of(obj: Object) -> dict[str, Any] | None:
    """The owner reference of the controlling object, if any."""
    for reference in obj["metadata"].get("ownerReferences") or []:
        if reference.get("controller"):
            return dict(reference)
    return None


def condition(obj: Object, kind: str) -> dict[str, Any] | None:
    """The status condition of this type, if any."""
    for entry in obj.get("status", {}).get("conditions") or []:
        if entry["type"] == kind:
            return dict(entry)
    return None


def true_condition(obj: Object, kind: str) -> dict[str, Any] | None:
    """The status condition of this type if it is True."""
    found = condition(obj, kind)
    return found if found is not None and found["status"] == "True" else None


def is_ready(pod: Object) -> bool:
    """Whether the pod's Ready condition is True."""
    return true_condition(pod, "Ready") is not None


def is_finished(pod: Object) -> bool:
    """Whether the pod ended for good."""
    return pod.get("status", {}).get("phase") in ("Succeeded", "Failed")


def set_numbers(status: Object, numbers: Mapping[str, int], *, always: Collection[str] = ()) -> None:
    """Writes numbers of a status; those that are zero are left out, as by Kubernetes, unless `always` names them."""
    for key, number in numbers.items():
        status.pop(key, None)
        if number or key in always:
            status[key] = number


def set_condition(status: Object, kind: str, value: str, reason: str = "", message: str = "") -> None:
    """Writes a condition; the transition time changes only with its value."""
    conditions: list[Object] = status.setdefault("conditions", [])
    entry = next((one for one in conditions if one["type"] == kind), None)
    if entry is None:
        entry = {"type": kind, "status": None}
        conditions.append(entry)
    if entry["status"] != value:
        entry["lastTransitionTime"] = now()
    entry["status"] = value
    for key, text in (("reason", reason), ("message", message)):
        if text:
            entry[key] = text
        else:
            entry.pop(key, None)
