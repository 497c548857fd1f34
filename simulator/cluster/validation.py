"""The rules whose violation the API server answers with 422 Invalid."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Any

from simulator.cluster import schema
from simulator.cluster.errors import invalid
from simulator.cluster.job_validation import job_causes
from simulator.cluster.quantities import quantity
from simulator.cluster.rbac_validation import rbac_causes
from simulator.cluster.resources import (
    CLAIM,
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
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
    causes: Causes = schema.missing(kind, obj)
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
        if previous is not None and spec.get("clusterIP") != previous["spec"].get("clusterIP"):
            causes.append(("spec.clusterIP", f'Invalid value: "{spec.get("clusterIP")}": field is immutable'))
    elif kind in (CLAIM, VOLUME, STORAGE_CLASS):
        causes += storage_causes(kind, obj, previous)
    elif kind in RBAC_KINDS:
        causes += rbac_causes(kind, obj, previous)
    elif kind == NETWORK_POLICY:
        _network_policy(spec, causes)
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


def _labels(labels: Any, field: str, causes: Causes) -> None:
    for key, value in (labels or {}).items():
        if not _LABEL_KEY.match(key):
            causes.append((field, f'Invalid value: "{key}": is no label key'))
        if not _LABEL_VALUE.match(value):
            text = "a valid label is at most 63 letters, digits, '-', '_' or '.', and starts and ends with one of the"
            causes.append((field, f'Invalid value: "{value}": {text} first two'))


def _pod_spec(spec: Object, field: str, causes: Causes) -> None:
    containers = spec.get("containers")
    if containers == []:
        causes.append((f"{field}.containers", "Required value"))
    if spec.get("restartPolicy") not in ("Always", "OnFailure", "Never", None):
        causes.append((f"{field}.restartPolicy", f'Unsupported value: "{spec["restartPolicy"]}"'))
    if not _SUBDOMAIN.match(node := spec.get("nodeName") or "none"):
        causes.append((f"{field}.nodeName", f'Invalid value: "{node}": {_RFC_1123} a letter or digit'))
    for key in ("terminationGracePeriodSeconds", "activeDeadlineSeconds"):
        _not_negative(spec, key, field, causes)
    volumes = _volumes(spec, field, causes)
    names: set[str] = set()
    for group in ("initContainers", "containers"):
        for index, container in enumerate(spec.get(group) or []):
            _container(container, f"{field}.{group}[{index}]", volumes, causes)
            if (name := container.get("name")) in names:
                causes.append((f"{field}.{group}[{index}].name", f'Duplicate value: "{name}"'))
            names.add(name)


def _container(container: Object, where: str, volumes: set[str], causes: Causes) -> None:
    name = container.get("name")
    if name is not None and not _LABEL.match(name):
        causes.append((f"{where}.name", f'Invalid value: "{name}"'))
    if not container.get("image"):
        causes.append((f"{where}.image", "Required value"))
    for index, port in enumerate(container.get("ports") or []):
        for key in ("containerPort", "hostPort"):
            _port(port.get(key), f"{where}.ports[{index}].{key}", causes)
    _resources(container.get("resources") or {}, f"{where}.resources", causes)
    for key in ("readinessProbe", "livenessProbe"):
        if key in container:
            _probe(container[key], f"{where}.{key}", causes)
    for key in ("startupProbe", "lifecycle"):
        if container.get(key):
            causes.append((f"{where}.{key}", f"Forbidden: the simulated node does not know {key}"))
    for index, mount in enumerate(container.get("volumeMounts") or []):
        if mount.get("name") not in volumes:
            causes.append((f"{where}.volumeMounts[{index}].name", f'Not found: "{mount.get("name")}"'))
        path = PurePosixPath(mount.get("mountPath") or "..")
        if ".." in (*path.parts, *PurePosixPath(mount.get("subPath") or "").parts):
            causes.append((f"{where}.volumeMounts[{index}].mountPath", "Required value: a path without '..'"))


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


def _port(value: Any, where: str, causes: Causes) -> None:
    if value is not None and not 0 < value < 65536:
        causes.append((where, f"Invalid value: {value}: must be between 1 and 65535, inclusive"))


def _not_negative(owner: Object, key: str, where: str, causes: Causes) -> None:
    if (value := owner.get(key)) is not None and value < 0:
        causes.append((f"{where}.{key}", f"Invalid value: {value}: must be greater than or equal to 0"))


def _probe(probe: Object, where: str, causes: Causes) -> None:
    handlers = [key for key in ("exec", "httpGet", "tcpSocket", "grpc") if probe.get(key) is not None]
    if not handlers:
        causes.append((where, "Required value: must specify a handler type"))
    elif handlers[0] == "grpc" or len(handlers) > 1:
        text = "the simulated node has probes with one of exec, httpGet and tcpSocket"
        causes.append((f"{where}.{handlers[-1]}", f"Forbidden: {text}"))
    for key in ("initialDelaySeconds", "periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"):
        _not_negative(probe, key, where, causes)
    for handler in ("httpGet", "tcpSocket"):
        port = (probe.get(handler) or {}).get("port")
        _port(port if isinstance(port, int) else None, f"{where}.{handler}.port", causes)


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
    _not_negative(spec, "replicas", "spec", causes)
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
        _port(port.get("port"), f"spec.ports[{index}].port", causes)
        if len(ports) > 1 and not port.get("name"):
            causes.append((f"spec.ports[{index}].name", "Required value"))


def _network_policy(spec: Object, causes: Causes) -> None:
    """Policies that the simulated node cannot enforce are refused, not stored without effect."""
    if not isinstance(spec.get("podSelector"), dict):
        causes.append(("spec.podSelector", "Required value"))
    if spec.get("ingress") or spec.get("egress") or spec.get("policyTypes", ["Ingress"]) != ["Ingress"]:
        text = "Unsupported value: the simulated node enforces policies of type Ingress that let nothing in"
        causes.append(("spec", text))
