"""The rules whose violation the API server answers with 422 Invalid."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from simulator.cluster.errors import invalid
from simulator.cluster.job_validation import job_causes
from simulator.cluster.quantities import quantity
from simulator.cluster.rbac_validation import rbac_causes
from simulator.cluster.resources import (
    CLAIM,
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    DEPLOYMENT,
    EVENT,
    JOB,
    NAMESPACE,
    NETWORK_POLICY,
    POD,
    REPLICA_SET,
    ROLE,
    ROLE_BINDING,
    SERVICE,
    STATEFUL_SET,
    STORAGE_CLASS,
    VOLUME,
    Kind,
    Object,
)
from simulator.cluster.selectors import selector_matches
from simulator.cluster.storage_validation import mode_causes, storage_causes

VOLUME_TYPES = ("configMap", "secret", "emptyDir", "hostPath", "persistentVolumeClaim")
RBAC_KINDS = (ROLE, ROLE_BINDING, CLUSTER_ROLE, CLUSTER_ROLE_BINDING)
Causes = list[tuple[str, str]]

_LABEL = re.compile(r"^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
_SUBDOMAIN = re.compile(r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")
_LABEL_VALUE = re.compile(r"^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$")
_LABEL_KEY = re.compile(r"^([a-z0-9.-]{1,253}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$")
_RFC_1123 = "a lowercase RFC 1123 name must consist of lower case letters, digits, '-' or '.', and start and end with"


def validate(kind: Kind, obj: Object, previous: Object | None = None) -> None:
    """Raises 422 with every violated rule; `previous` is the stored state when the object changes."""
    causes: Causes = []
    _metadata(kind, obj, causes)
    spec = obj.get("spec") or {}
    if kind == POD:
        _pod_spec(spec, "spec", causes)
        if previous is not None:
            _pod_unchanged(spec, previous["spec"], causes)
    elif kind in (DEPLOYMENT, REPLICA_SET, STATEFUL_SET):
        _workload(kind, spec, previous, causes)
    elif kind == JOB:
        _job(obj, previous, causes)
    elif kind == SERVICE:
        _service(spec, causes)
    elif kind in (CLAIM, VOLUME, STORAGE_CLASS):
        causes += storage_causes(kind, obj, previous)
    elif kind in RBAC_KINDS:
        causes += rbac_causes(kind, obj, previous)
    elif kind == NETWORK_POLICY:
        _network_policy(spec, causes)
    elif kind == CONFIG_MAP:
        causes += [
            (f"data[{key}]", "Invalid value: must be a string")
            for key, value in (obj.get("data") or {}).items()
            if not isinstance(value, str)
        ]
    if causes:
        raise invalid(kind, obj["metadata"].get("name", ""), causes)


def _metadata(kind: Kind, obj: Object, causes: Causes) -> None:
    metadata = obj["metadata"]
    name = metadata.get("name") or ""
    pattern = _LABEL if kind in (NAMESPACE, SERVICE) else _SUBDOMAIN
    if not name:
        causes.append(("metadata.name", "Required value: name or generateName is required"))
    elif kind in RBAC_KINDS:
        if "/" in name or "%" in name:
            causes.append(("metadata.name", f"Invalid value: \"{name}\": may not contain '/' or '%'"))
    elif kind != EVENT and (not pattern.match(name) or len(name) > 253):
        causes.append(("metadata.name", f'Invalid value: "{name}": {_RFC_1123} a letter or digit'))
    _labels(metadata.get("labels"), "metadata.labels", causes)
    for key, value in (metadata.get("annotations") or {}).items():
        if not isinstance(value, str):
            causes.append((f"metadata.annotations[{key}]", "Invalid value: must be a string"))


def _labels(labels: Any, field: str, causes: Causes) -> None:
    for key, value in (labels or {}).items():
        if not _LABEL_KEY.match(key):
            causes.append((field, f'Invalid value: "{key}": is no label key'))
        if not isinstance(value, str) or not _LABEL_VALUE.match(value):
            text = "a valid label is at most 63 letters, digits, '-', '_' or '.', and starts and ends with one of the"
            causes.append((field, f'Invalid value: "{value}": {text} first two'))


def _pod_spec(spec: Object, field: str, causes: Causes) -> None:
    containers = spec.get("containers") or []
    if not containers:
        causes.append((f"{field}.containers", "Required value"))
    if spec.get("restartPolicy") not in ("Always", "OnFailure", "Never", None):
        causes.append((f"{field}.restartPolicy", f'Unsupported value: "{spec["restartPolicy"]}"'))
    volumes = _volumes(spec, field, causes)
    names: set[str] = set()
    for index, container in enumerate(containers):
        where = f"{field}.containers[{index}]"
        name = container.get("name") or ""
        if not name:
            causes.append((f"{where}.name", "Required value"))
        elif not _LABEL.match(name):
            causes.append((f"{where}.name", f'Invalid value: "{name}"'))
        elif name in names:
            causes.append((f"{where}.name", f'Duplicate value: "{name}"'))
        names.add(name)
        if not container.get("image"):
            causes.append((f"{where}.image", "Required value"))
        _ports(container, where, causes)
        _resources(container.get("resources") or {}, f"{where}.resources", causes)
        _probes(container, where, causes)
        for mount in container.get("volumeMounts") or []:
            if mount.get("name") not in volumes:
                causes.append((f"{where}.volumeMounts[0].name", f'Not found: "{mount.get("name")}"'))
            path = PurePosixPath(mount.get("mountPath") or "..")
            if ".." in (*path.parts, *PurePosixPath(mount.get("subPath") or "").parts):
                causes.append((f"{where}.volumeMounts[0].mountPath", "Required value: a path without '..'"))
        for variable in container.get("env") or []:
            if not isinstance(variable.get("value", ""), str):
                causes.append((f"{where}.env[{variable.get('name')}].value", "Invalid value: must be a string"))


def _volumes(spec: Object, field: str, causes: Causes) -> set[str]:
    """Names of a pod's volumes; types that the simulated node cannot make are refused, not left empty."""
    for index, volume in enumerate(spec.get("volumes") or []):
        where = f"{field}.volumes[{index}]"
        if not _LABEL.match(volume.get("name") or ""):
            causes.append((f"{where}.name", f'Invalid value: "{volume.get("name")}"'))
        if sum(volume.get(one) is not None for one in VOLUME_TYPES) != 1:
            known = ", ".join(VOLUME_TYPES)
            causes.append((where, f"Unsupported value: the simulated node has volumes of the types {known} only"))
        if "persistentVolumeClaim" in volume and not (volume["persistentVolumeClaim"] or {}).get("claimName"):
            causes.append((f"{where}.persistentVolumeClaim.claimName", "Required value"))
        for kind in ("configMap", "secret"):
            causes += mode_causes(volume.get(kind) or {}, f"{where}.{kind}")
    return {str(volume.get("name")) for volume in spec.get("volumes") or []}


def _ports(container: Object, where: str, causes: Causes) -> None:
    for index, port in enumerate(container.get("ports") or []):
        for key in ("containerPort", "hostPort"):
            value = port.get(key)
            if value is None and key == "hostPort":
                continue
            if not isinstance(value, int) or not 0 < value < 65536:
                text = f"Invalid value: {value}: must be between 1 and 65535, inclusive"
                causes.append((f"{where}.ports[{index}].{key}", text))


def _probes(container: Object, where: str, causes: Causes) -> None:
    """Whole seconds only: typed clients refuse to read anything else back."""
    for name in ("readinessProbe", "livenessProbe"):
        for key in ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"):
            value = (container.get(name) or {}).get(key, 1)
            if not isinstance(value, int) or value < 0:
                causes.append((f"{where}.{name}.{key}", f"Invalid value: {value}: must be a whole number"))


def _resources(resources: Object, field: str, causes: Causes) -> None:
    limits = resources.get("limits") or {}
    for group in ("requests", "limits"):
        for name, value in (resources.get(group) or {}).items():
            try:
                amount = quantity(value)
            except ValueError as error:
                causes.append((f"{field}.{group}[{name}]", f"Invalid value: {error}"))
                continue
            if group == "requests" and name in limits and amount > _or_zero(limits[name]):
                text = f'Invalid value: "{value}": must be less than or equal to {name} limit of {limits[name]}'
                causes.append((f"{field}.requests", text))


def _or_zero(value: Any) -> Any:
    try:
        return quantity(value)
    except ValueError:
        return 0


def _pod_unchanged(spec: Object, previous: Object, causes: Causes) -> None:
    def fixed(one: Object) -> Object:
        free = ("activeDeadlineSeconds", "terminationGracePeriodSeconds", "tolerations", "containers", "nodeName")
        kept = {key: value for key, value in one.items() if key not in free}
        containers = [{k: v for k, v in item.items() if k != "image"} for item in one["containers"]]
        return {**kept, "containers": containers}

    if spec.get("containers") and fixed(spec) != fixed(previous):
        text = "Forbidden: pod updates may not change fields other than containers[*].image, tolerations and deadlines"
        causes.append(("spec", text))


def _workload(kind: Kind, spec: Object, previous: Object | None, causes: Causes) -> None:
    replicas = spec.get("replicas")
    if not isinstance(replicas, int) or replicas < 0:
        causes.append(("spec.replicas", f"Invalid value: {replicas}: must be greater than or equal to 0"))
    selector = spec.get("selector")
    template = spec.get("template") or {}
    labels = (template.get("metadata") or {}).get("labels") or {}
    _labels(labels, "spec.template.metadata.labels", causes)
    if not selector or not (selector.get("matchLabels") or selector.get("matchExpressions")):
        causes.append(("spec.selector", "Required value"))
    elif not selector_matches(selector, labels):
        text = f"Invalid value: {labels}: `selector` does not match template `labels`"
        causes.append(("spec.template.metadata.labels", text))
    if previous is not None and selector != previous["spec"].get("selector"):
        causes.append(("spec.selector", "Invalid value: field is immutable"))
    _pod_spec(template.get("spec") or {}, "spec.template.spec", causes)
    if (template.get("spec") or {}).get("restartPolicy") != "Always":
        text = f'Unsupported value: the restartPolicy of a {kind.name} must be "Always"'
        causes.append(("spec.template.spec.restartPolicy", text))


def _job(obj: Object, previous: Object | None, causes: Causes) -> None:
    spec = obj["spec"]
    template = spec.get("template") or {}
    _labels((template.get("metadata") or {}).get("labels"), "spec.template.metadata.labels", causes)
    _pod_spec(template.get("spec") or {}, "spec.template.spec", causes)
    causes += job_causes(obj, previous)


def _service(spec: Object, causes: Causes) -> None:
    ports = spec.get("ports") or []
    if not ports and spec.get("clusterIP") != "None":
        causes.append(("spec.ports", "Required value"))
    for index, port in enumerate(ports):
        value = port.get("port")
        if not isinstance(value, int) or not 0 < value < 65536:
            text = f"Invalid value: {value}: must be between 1 and 65535, inclusive"
            causes.append((f"spec.ports[{index}].port", text))
        if len(ports) > 1 and not port.get("name"):
            causes.append((f"spec.ports[{index}].name", "Required value"))


def _network_policy(spec: Object, causes: Causes) -> None:
    """Policies that the simulated node cannot enforce are refused, not stored without effect."""
    if not isinstance(spec.get("podSelector"), dict):
        causes.append(("spec.podSelector", "Required value"))
    if spec.get("ingress") or spec.get("egress") or spec.get("policyTypes", ["Ingress"]) != ["Ingress"]:
        text = "Unsupported value: the simulated node enforces policies of type Ingress that let nothing in"
        causes.append(("spec", text))
