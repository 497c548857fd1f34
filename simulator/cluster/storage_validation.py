"""The rules of claims, volumes and storage classes whose violation the API server answers with 422 Invalid."""

from __future__ import annotations

from typing import Any

from simulator.cluster.quantities import quantity
from simulator.cluster.resources import CLAIM, STORAGE_CLASS, Kind, Object

Causes = list[tuple[str, str]]

ACCESS_MODES = ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
RECLAIM_POLICIES = ("Delete", "Retain")


def storage_causes(kind: Kind, obj: Object, previous: Object | None) -> Causes:
    """The violated rules; `previous` is the stored state when the object changes."""
    if kind == STORAGE_CLASS:
        return _storage_class(obj)
    spec = obj.get("spec") or {}
    causes = _access_modes(spec.get("accessModes") or [])
    if kind != CLAIM:
        return causes + _volume(spec)
    causes += _storage((spec.get("resources") or {}).get("requests"), "spec.resources[storage]")
    if previous is not None and _fixed(spec) != _fixed(previous["spec"]):
        text = "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName"
        causes.append(("spec", f"{text} for bound claims"))
    return causes


def mode_causes(source: Object, where: str) -> Causes:
    """What is wrong with the modes of the files of a config map or secret."""
    modes = {f"{where}.defaultMode": source.get("defaultMode")}
    modes |= {f"{where}.items[{number}].mode": one.get("mode") for number, one in enumerate(source.get("items") or [])}
    text = "must be a number between 0 and 0777 (octal), both inclusive"
    return [
        (field, f"Invalid value: {mode}: {text}")
        for field, mode in modes.items()
        if mode is not None and not (isinstance(mode, int) and 0 <= mode <= 0o777)
    ]


def _storage_class(obj: Object) -> Causes:
    causes: Causes = [] if obj.get("provisioner") else [("provisioner", "Required value")]
    if obj.get("reclaimPolicy") not in RECLAIM_POLICIES:
        causes.append(("reclaimPolicy", _not_supported(obj.get("reclaimPolicy"), RECLAIM_POLICIES)))
    if obj.get("volumeBindingMode") != "Immediate":
        causes.append(("volumeBindingMode", _not_supported(obj.get("volumeBindingMode"), ("Immediate",))))
    return causes


def _volume(spec: Object) -> Causes:
    causes = _storage(spec.get("capacity"), "spec.capacity[storage]")
    if not (spec.get("hostPath") or {}).get("path"):
        causes.append(("spec", "Required value: the simulated node has volumes of the type hostPath only"))
    policy = spec.get("persistentVolumeReclaimPolicy")
    if policy not in RECLAIM_POLICIES:
        causes.append(("spec.persistentVolumeReclaimPolicy", _not_supported(policy, RECLAIM_POLICIES)))
    return causes


def _access_modes(modes: list[Any]) -> Causes:
    if not modes:
        return [("spec.accessModes", "Required value: at least 1 access mode is required")]
    return [("spec.accessModes", _not_supported(mode, ACCESS_MODES)) for mode in modes if mode not in ACCESS_MODES]


def _storage(amounts: Object | None, field: str) -> Causes:
    amount = (amounts or {}).get("storage")
    if amount is None:
        return [(field, "Required value")]
    try:
        good = quantity(amount) > 0
    except ValueError:
        good = False
    return [] if good else [(field, f'Invalid value: "{amount}": must be greater than zero')]


def _fixed(spec: Object) -> Object:
    return {key: value for key, value in spec.items() if key not in ("resources", "volumeAttributesClassName")}


def _not_supported(value: Any, known: tuple[str, ...]) -> str:
    listed = ", ".join(f'"{one}"' for one in known)
    return f'Unsupported value: "{value}": supported values: {listed}'
