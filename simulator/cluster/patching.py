"""The patch formats of the Kubernetes API: JSON patch, merge patch, strategic merge patch, apply."""

from __future__ import annotations

import copy
from typing import Any

import jsonpatch

from simulator.cluster import meta
from simulator.cluster.errors import ApiError, bad_request
from simulator.cluster.resources import Object

# Which field identifies an element, by the name of the list (strategic merge and apply).
# Lists that are not named here are replaced as a whole, as the API's own types define.
MERGE_KEYS: dict[str, tuple[str, ...]] = {
    "containers": ("name",),
    "initContainers": ("name",),
    "ephemeralContainers": ("name",),
    "env": ("name",),
    "volumes": ("name",),
    "volumeMounts": ("mountPath",),
    "volumeDevices": ("devicePath",),
    "ports": ("containerPort", "port"),
    "imagePullSecrets": ("name",),
    "hostAliases": ("ip",),
    "conditions": ("type",),
    "addresses": ("type",),
    "ownerReferences": ("uid",),
    "secrets": ("name",),
    "topologySpreadConstraints": ("topologyKey",),
}
# Lists of plain values that are merged instead of replaced.
MERGED_SETS = ("finalizers",)


def patched(current: Any, patch: Any, content_type: str) -> Any:
    """What `current` becomes under a patch; the arguments stay as they are."""
    if content_type == "application/json-patch+json":
        return json_patch(current, patch)
    if not isinstance(patch, dict):
        raise bad_request("the body of a merge patch must be an object")
    if content_type == "application/merge-patch+json":
        return merge_patch(copy.deepcopy(current), copy.deepcopy(patch))
    if content_type == "application/strategic-merge-patch+json":
        return strategic_merge(copy.deepcopy(current), copy.deepcopy(patch))
    raise ApiError(415, "UnsupportedMediaType", f"the simulated cluster does not know the patch format {content_type}")


def json_patch(document: Any, operations: Any) -> Any:
    """RFC 6902; a failed `test` or a wrong path is 422, as on a real API server. The document stays as it is."""
    if not isinstance(operations, list):
        raise bad_request("the body of a JSON patch must be a list of operations")
    try:
        return jsonpatch.apply_patch(document, operations)
    except (jsonpatch.JsonPatchException, jsonpatch.JsonPointerException, TypeError) as error:
        text = f"the server rejected our request due to an error in our request: JSON patch: {error}"
        raise ApiError(422, "Invalid", text) from error


def merge_patch(current: Any, patch: Any) -> Any:
    """RFC 7386: objects merge, null removes, everything else replaces."""
    if not isinstance(patch, dict):
        return patch
    merged = current if isinstance(current, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def strategic_merge(current: Any, patch: dict[str, Any]) -> dict[str, Any]:
    """Merge patch that merges lists of named elements and understands the `$` directives."""
    merged: dict[str, Any] = current if isinstance(current, dict) else {}
    directive = patch.pop("$patch", None)
    if directive == "replace":
        return patch
    if directive == "delete":
        return {}
    if "$retainKeys" in patch:
        kept = patch.pop("$retainKeys")
        merged = {key: value for key, value in merged.items() if key in kept}
    order = {key.split("/", 1)[1]: patch.pop(key) for key in list(patch) if key.startswith("$setElementOrder/")}
    for key in [key for key in patch if key.startswith("$deleteFromPrimitiveList/")]:
        name, gone = key.split("/", 1)[1], patch.pop(key)
        merged[name] = [value for value in merged.get(name) or [] if value not in gone]
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = strategic_merge(merged.get(key), value)
        elif isinstance(value, list):
            merged[key] = merge_list(key, merged.get(key) or [], value)
        else:
            merged[key] = value
    for name, wanted in order.items():
        if isinstance(merged.get(name), list):
            merged[name] = _ordered(name, merged[name], wanted)
    return merged


def merge_list(name: str, current: list[Any], patch: list[Any]) -> list[Any]:
    """Merges a list by the key that identifies its elements; without one the new list replaces the old."""
    if name in MERGED_SETS:
        return current + [value for value in patch if value not in current]
    key = list_key(name, current + patch)
    if any(isinstance(one, dict) and one.get("$patch") == "replace" for one in patch):
        return [one for one in patch if "$patch" not in one]
    if key is None:
        return patch
    merged = list(current)
    for element in patch:
        index = next((i for i, one in enumerate(merged) if one.get(key) == element.get(key)), None)
        if element.get("$patch") == "delete":
            if index is not None:
                del merged[index]
        elif index is None:
            merged.append(strategic_merge({}, element))
        else:
            merged[index] = strategic_merge(merged[index], element)
    return merged


def list_key(name: str, elements: list[Any]) -> str | None:
    """The field that identifies the elements of a list, if they have one."""
    directives = ("replace", "delete")
    real = [one for one in elements if not (isinstance(one, dict) and one.get("$patch") in directives[:1])]
    if not all(isinstance(one, dict) for one in real):
        return None
    return next((key for key in MERGE_KEYS.get(name, ()) if all(key in one for one in real)), None)


def _ordered(name: str, elements: list[Any], wanted: list[Any]) -> list[Any]:
    key = list_key(name, elements)
    names = [one[key] if key and isinstance(one, dict) else one for one in wanted]

    def position(element: Any) -> int:
        value = element[key] if key and isinstance(element, dict) else element
        return names.index(value) if value in names else len(names)

    return sorted(elements, key=position)


def without_dropped(current: Any, last: Any, applied: Any, name: str = "") -> Any:
    """Removes from `current` what a manager applied last time and does not apply any more (server-side apply)."""
    if isinstance(last, dict) and isinstance(current, dict) and isinstance(applied, dict):
        for key, value in last.items():
            if key not in current:
                continue
            if key not in applied:
                del current[key]
            else:
                current[key] = without_dropped(current[key], value, applied[key], key)
    elif isinstance(last, list) and isinstance(current, list) and isinstance(applied, list):
        key_field = list_key(name, last + current + applied)
        if key_field is None:
            return current
        before = {one[key_field]: one for one in last}
        wanted = {one[key_field]: one for one in applied}
        kept = [one for one in current if one[key_field] in wanted or one[key_field] not in before]
        return [
            without_dropped(one, before[one[key_field]], wanted[one[key_field]])
            if one[key_field] in before and one[key_field] in wanted
            else one
            for one in kept
        ]
    return current


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
