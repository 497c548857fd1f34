"""The rules whose violation the API server answers with 422 Invalid."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from simulator.cluster import meta, rules, schema
from simulator.cluster import resources as kinds
from simulator.cluster.errors import invalid
from simulator.cluster.job_validation import JOB_RULES, UNCHANGING, job_causes
from simulator.cluster.quantities import quantity
from simulator.cluster.resources import Kind, Object
from simulator.cluster.rules import Causes, Check, shown, values_at, violated
from simulator.cluster.selectors import selector_matches

VOLUME_TYPES = ("configMap", "secret", "emptyDir", "hostPath", "persistentVolumeClaim")
WORKLOADS = (kinds.DEPLOYMENT, kinds.REPLICA_SET, kinds.STATEFUL_SET)
_GROUPS = ("initContainers", "containers")
_MODES = ("configMap.defaultMode", "configMap.items[].mode", "secret.defaultMode", "secret.items[].mode")
_PROBES = ("readinessProbe", "livenessProbe")
_PERIODS = ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold")
_ACCESS_MODE = rules.one_of("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod")
_RECLAIM_POLICY = rules.one_of("Delete", "Retain")
_CONTAINER_RULES: Mapping[str, Check] = {
    "name": rules.label,
    "ports[].containerPort": rules.port,
    "ports[].hostPort": rules.port,
    "volumeMounts[].mountPath": lambda path: rules.inside(path or ".."),
    "volumeMounts[].subPath": rules.inside,
    **{f"{probe}.{key}": rules.not_negative for probe in _PROBES for key in _PERIODS},
    **{f"{probe}.{handler}.port": rules.port for probe in _PROBES for handler in ("httpGet", "tcpSocket")},
    **{key: rules.forbidden(f"the simulated node does not know {key}") for key in ("startupProbe", "lifecycle")},
}
_POD_RULES: Mapping[str, Check] = {
    "restartPolicy": rules.one_of("Always", "OnFailure", "Never"),
    "hostname": rules.label,
    "nodeName": lambda name: rules.subdomain(name) if name else "",
    "terminationGracePeriodSeconds": rules.not_negative,
    "activeDeadlineSeconds": rules.not_negative,
    "containers": rules.filled,
    "volumes[].name": rules.label,
    "volumes[].persistentVolumeClaim.claimName": rules.filled,
    **{f"volumes[].{path}": rules.file_mode for path in _MODES},
    **{f"{group}[].{path}": rule for group in _GROUPS for path, rule in _CONTAINER_RULES.items()},
}
_WORKLOAD_RULES: Mapping[str, Check] = {
    "spec.replicas": rules.not_negative,
    "spec.template.spec.restartPolicy": rules.one_of("Always"),
}
_ROLE_RULES: Mapping[str, Check] = {"rules[].verbs": rules.filled}
_BINDING_RULES: Mapping[str, Check] = {
    "roleRef.kind": rules.one_of("ClusterRole", "Role"),
    "subjects[].kind": rules.one_of("ServiceAccount", "User", "Group"),
}
RULES: Mapping[Kind, Mapping[str, Check]] = {
    **dict.fromkeys(WORKLOADS, _WORKLOAD_RULES),
    kinds.JOB: JOB_RULES,
    kinds.SERVICE: {"spec.ports[].port": rules.port},
    kinds.CLAIM: {
        "spec.accessModes[]": _ACCESS_MODE,
        "spec.resources.requests.storage": rules.amount,
    },
    kinds.VOLUME: {
        "spec.accessModes[]": _ACCESS_MODE,
        "spec.capacity.storage": rules.amount,
        "spec.persistentVolumeReclaimPolicy": _RECLAIM_POLICY,
    },
    kinds.STORAGE_CLASS: {
        "provisioner": rules.filled,
        "reclaimPolicy": _RECLAIM_POLICY,
        "volumeBindingMode": rules.one_of("Immediate"),
    },
    **dict.fromkeys((kinds.ROLE, kinds.CLUSTER_ROLE), _ROLE_RULES),
    **dict.fromkeys((kinds.ROLE_BINDING, kinds.CLUSTER_ROLE_BINDING), _BINDING_RULES),
}
IMMUTABLE: Mapping[Kind, tuple[str, ...]] = {
    **dict.fromkeys(WORKLOADS, ("spec.selector",)),
    kinds.JOB: UNCHANGING,
    kinds.SERVICE: ("spec.clusterIPs",),
    **dict.fromkeys((kinds.ROLE_BINDING, kinds.CLUSTER_ROLE_BINDING), ("roleRef",)),
}
_SAID = {
    "roleRef": ("roleRef", "cannot change roleRef"),
    "spec.clusterIPs": ("spec.clusterIPs[0]", "may not change once set"),
}
# Where the pods of a kind are described.
_POD_SPECS = {kinds.POD: "spec", **dict.fromkeys((*WORKLOADS, kinds.JOB), "spec.template.spec")}

_LABEL_VALUE = re.compile(r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")
_LABEL_KEY = re.compile(r"^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")


def validate(kind: Kind, obj: Object, previous: Object | None = None) -> None:
    """Raises 422 with every violated rule; `previous` is the stored state when the object changes."""
    causes = schema.missing(kind, obj) + _name(kind, obj) + violated(obj, RULES.get(kind, {}))
    for path in ("metadata.labels", "spec.template.metadata.labels"):
        for _, labels in values_at(obj, path):
            causes += _labels(labels, path)
    for field in IMMUTABLE.get(kind, ()) if previous is not None else ():
        now = meta.value_at(obj, field)
        if now != meta.value_at(previous or {}, field):
            place, text = _SAID.get(field, (field, "field is immutable"))
            causes.append((place, f"Invalid value: {shown(now)}: {text}"))
    if kind in _POD_SPECS:
        causes += _pod(obj, _POD_SPECS[kind])
    spec = obj.get("spec") or {}
    if kind == kinds.POD and previous is not None:
        causes += _pod_unchanged(spec, previous["spec"])
    elif kind in WORKLOADS:
        causes += _selector(spec)
    elif kind == kinds.JOB:
        causes += job_causes(obj, previous, sound=not causes)
    elif kind == kinds.SERVICE:
        causes += _service(spec)
    elif kind in (kinds.CLAIM, kinds.VOLUME):
        causes += _storage(kind, spec, previous)
    elif kind in (kinds.ROLE, kinds.CLUSTER_ROLE):
        causes += [cause for number, rule in enumerate(obj.get("rules") or []) for cause in _role(kind, rule, number)]
    elif kind in (kinds.ROLE_BINDING, kinds.CLUSTER_ROLE_BINDING):
        for place, subject in values_at(obj, "subjects[]"):
            if subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
                causes.append((f"{place}.namespace", "Required value"))
    elif kind == kinds.NETWORK_POLICY:
        causes += _network_policy(spec)
    if causes:
        raise invalid(kind, obj["metadata"].get("name", ""), causes)


def _name(kind: Kind, obj: Object) -> Causes:
    if not obj["metadata"].get("name"):
        return [("metadata.name", "Required value: name or generateName is required")]
    if kind == kinds.EVENT:
        return []
    in_path = kind in (kinds.ROLE, kinds.ROLE_BINDING, kinds.CLUSTER_ROLE, kinds.CLUSTER_ROLE_BINDING)
    check = (
        rules.path_segment if in_path else rules.label if kind in (kinds.NAMESPACE, kinds.SERVICE) else rules.subdomain
    )
    return violated(obj, {"metadata.name": check})


def _labels(labels: Mapping[str, str], field: str) -> Causes:
    causes = [(field, f'Invalid value: "{key}": is no label key') for key in labels if not _LABEL_KEY.match(key)]
    text = "a valid label is at most 63 letters, digits, '-', '_' or '.', and starts and ends with one of the first two"
    wrong = [value for value in labels.values() if not _LABEL_VALUE.match(value)]
    return causes + [(field, f'Invalid value: "{value}": {text}') for value in wrong]


def _pod(obj: Object, field: str) -> Causes:
    causes = violated(obj, _POD_RULES, field)
    spec = meta.value_at(obj, field) or {}
    for index, volume in enumerate(spec.get("volumes") or []):
        # Types that the simulated node cannot make are refused, not left empty.
        if sum(volume.get(one) is not None for one in VOLUME_TYPES) != 1:
            text = f"Unsupported value: the simulated node has volumes of the types {', '.join(VOLUME_TYPES)} only"
            causes.append((f"{field}.volumes[{index}]", text))
    volumes = {volume.get("name") for volume in spec.get("volumes") or []}
    names: set[str] = set()
    for group in _GROUPS:
        for place, container in values_at(spec, f"{group}[]", field):
            if (name := container.get("name")) in names:
                causes.append((f"{place}.name", f'Duplicate value: "{name}"'))
            names.add(name)
            causes += _container(container, place, volumes)
    return causes


def _container(container: Object, where: str, volumes: set[Any]) -> Causes:
    causes = [] if container.get("image") else [(f"{where}.image", "Required value")]
    causes += _resources(container.get("resources") or {}, f"{where}.resources")
    for key in _PROBES:
        if key in container:
            causes += _handlers(container[key], f"{where}.{key}")
    for index, mount in enumerate(container.get("volumeMounts") or []):
        if mount.get("name") not in volumes:
            causes.append((f"{where}.volumeMounts[{index}].name", f'Not found: "{mount.get("name")}"'))
    return causes


def _handlers(probe: Object, where: str) -> Causes:
    handlers = [key for key in ("exec", "httpGet", "tcpSocket", "grpc") if probe.get(key) is not None]
    if not handlers:
        return [(where, "Required value: must specify a handler type")]
    if handlers[0] == "grpc" or len(handlers) > 1:
        text = "the simulated node has probes with one of exec, httpGet and tcpSocket"
        return [(f"{where}.{handlers[-1]}", f"Forbidden: {text}")]
    return []


def _resources(resources: Object, field: str) -> Causes:
    causes: Causes = []
    amounts: dict[tuple[str, str], Any] = {}
    for group in ("requests", "limits"):
        for name, value in (resources.get(group) or {}).items():
            try:
                amounts[group, name] = quantity(value)
            except ValueError as error:
                causes.append((f"{field}.{group}[{name}]", f"Invalid value: {error}"))
    for (group, name), value in amounts.items():
        if group == "requests" and value > amounts.get(("limits", name), value):
            asked, limit = resources["requests"][name], resources["limits"][name]
            text = f'Invalid value: "{asked}": must be less than or equal to {name} limit of {limit}'
            causes.append((f"{field}.requests", text))
    return causes


def _pod_unchanged(spec: Object, previous: Object) -> Causes:
    def fixed(one: Object) -> Object:
        free = ("activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "containers", "nodeName")
        kept = {key: value for key, value in one.items() if key not in free}
        containers = [{k: v for k, v in item.items() if k != "image"} for item in one["containers"]]
        return {**kept, "containers": containers}

    if not spec.get("containers") or fixed(spec) == fixed(previous):
        return []
    text = "Forbidden: pod updates may not change fields other than containers[*].image, tolerations and deadlines"
    return [("spec", text)]


def _selector(spec: Object) -> Causes:
    selector = spec.get("selector")
    if selector is None:
        return []
    labels = meta.labels_of(spec.get("template") or {"metadata": {}})
    if not (selector.get("matchLabels") or selector.get("matchExpressions")):
        return [("spec.selector", "Required value")]
    if selector_matches(selector, labels):
        return []
    text = f"Invalid value: {labels}: `selector` does not match template `labels`"
    return [("spec.template.metadata.labels", text)]


def _service(spec: Object) -> Causes:
    ports = spec.get("ports") or []
    if not ports and spec.get("clusterIP") != "None":
        return [("spec.ports", "Required value")]
    unnamed = [index for index, one in enumerate(ports) if not one.get("name")] if len(ports) > 1 else []
    return [(f"spec.ports[{index}].name", "Required value") for index in unnamed]


def _storage(kind: Kind, spec: Object, previous: Object | None) -> Causes:
    causes: Causes = []
    if not spec.get("accessModes"):
        causes.append(("spec.accessModes", "Required value: at least 1 access mode is required"))
    of_claim = kind == kinds.CLAIM
    if meta.value_at(spec, "resources.requests.storage" if of_claim else "capacity.storage") is None:
        causes.append((f"spec.{'resources' if of_claim else 'capacity'}[storage]", "Required value"))
    if kind == kinds.VOLUME and not (spec.get("hostPath") or {}).get("path"):
        causes.append(("spec", "Required value: the simulated node has volumes of the type hostPath only"))
    free = ("resources", "volumeAttributesClassName")
    if kind == kinds.CLAIM and previous is not None:
        before, now = ({k: v for k, v in one.items() if k not in free} for one in (previous["spec"], spec))
        if before != now:
            text = "Forbidden: spec is immutable after creation except resources.requests and volumeAttributesClassName"
            causes.append(("spec", f"{text} for bound claims"))
    return causes


def _role(kind: Kind, rule: Object, number: int) -> Causes:
    where = f"rules[{number}]"
    if rule.get("nonResourceURLs"):
        text = f"Invalid value: {rule['nonResourceURLs']}: namespaced rules cannot apply to non-resource URLs"
        return [(f"{where}.nonResourceURLs", text)] if kind == kinds.ROLE else []
    text = "Required value: resource rules must supply at least one"
    wanted = {"apiGroups": "api group", "resources": "resource"}
    return [(f"{where}.{key}", f"{text} {what}") for key, what in wanted.items() if not rule.get(key)]


def _network_policy(spec: Object) -> Causes:
    """Policies that the simulated node cannot enforce are refused, not stored without effect."""
    causes: Causes = [] if isinstance(spec.get("podSelector"), dict) else [("spec.podSelector", "Required value")]
    if spec.get("ingress") or spec.get("egress") or spec.get("policyTypes", ["Ingress"]) != ["Ingress"]:
        text = "Unsupported value: the simulated node enforces policies of type Ingress that let nothing in"
        causes.append(("spec", text))
    return causes
