"""Server-side tables: what `kubectl get` prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.cluster import meta
from simulator.cluster.resources import (
    CLAIM,
    CLUSTER_ROLE_BINDING,
    CONFIG_MAP,
    DEPLOYMENT,
    ENDPOINT_SLICE,
    ENDPOINTS,
    EVENT,
    JOB,
    LEASE,
    NAMESPACE,
    NETWORK_POLICY,
    NODE,
    POD,
    REPLICA_SET,
    ROLE_BINDING,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    STATEFUL_SET,
    STORAGE_CLASS,
    VOLUME,
    Kind,
    Object,
)


@dataclass(frozen=True)
class Column:
    """One column; `wide` ones are shown with -o wide only."""

    name: str
    value: Callable[[Object], Any]
    wide: bool = False


def table(kind: Kind, objects: list[Object], include: str, version: str, extra: Object | None = None) -> Object:
    """Objects as a `Table`; include: Metadata (default), Object or None, as the query asks for."""
    columns = COLUMNS.get(kind, _PLAIN)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {"resourceVersion": version, **(extra or {})},
        "columnDefinitions": [
            {
                "name": column.name,
                "type": "string",
                "format": "name" if column.name == "Name" else "",
                "description": column.name,
                "priority": int(column.wide),
            }
            for column in columns
        ],
        "rows": [{"cells": [column.value(obj) for column in columns], **_row_object(obj, include)} for obj in objects],
    }


def _row_object(obj: Object, include: str) -> Object:
    if include == "None":
        return {}
    if include == "Object":
        return {"object": obj}
    partial = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": obj["metadata"]}
    return {"object": partial}


def duration(seconds: float) -> str:
    """Seconds as kubectl writes ages: 5s, 3m10s, 4h, 2d."""
    seconds = max(int(seconds), 0)
    if seconds < 120:
        return f"{seconds}s"
    minutes, rest = divmod(seconds, 60)
    if minutes < 10:
        return f"{minutes}m{rest}s" if rest else f"{minutes}m"
    if minutes < 180:
        return f"{minutes}m"
    hours, minutes = divmod(minutes, 60)
    if hours < 8:
        return f"{hours}h{minutes}m" if minutes else f"{hours}h"
    return f"{hours}h" if hours < 48 else f"{hours // 24}d"


def _age_since(text: str | None) -> str:
    return duration(meta.seconds_since(text)) if text else "<unknown>"


def _age(obj: Object) -> str:
    return _age_since(obj["metadata"].get("creationTimestamp"))


def _get(*path: str, default: Any = "<none>") -> Callable[[Object], Any]:
    def value(obj: Object) -> Any:
        found: Any = obj
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        return default if found in (None, "") else found

    return value


def pod_status(pod: Object) -> str:
    """The STATUS column: the phase, or the more precise reason."""
    status = pod.get("status", {})
    text = str(status.get("reason") or status.get("phase", "Unknown"))
    for one in status.get("initContainerStatuses") or []:
        ended = one["state"].get("terminated")
        if ended is None or ended["exitCode"]:
            waiting = one["state"].get("waiting", {}).get("reason", "")
            done = sum(
                other["state"].get("terminated", {}).get("exitCode") == 0 for other in status["initContainerStatuses"]
            )
            text = f"Init:{waiting}" if waiting not in ("", "PodInitializing") else ""
            text = text or f"Init:{done}/{len(status['initContainerStatuses'])}"
            break
    else:
        for one in reversed(status.get("containerStatuses") or []):
            state = one["state"]
            ended, waiting = state.get("terminated"), state.get("waiting")
            if waiting and waiting.get("reason"):
                text = waiting["reason"]
            elif ended:
                text = ended.get("reason") or f"ExitCode:{ended['exitCode']}"
    return "Terminating" if meta.is_deleting(pod) else text


def _restarts(pod: Object) -> str:
    statuses = pod["status"].get("containerStatuses") or []
    count = sum(one["restartCount"] for one in statuses)
    ends = [one["lastState"]["terminated"]["finishedAt"] for one in statuses if "terminated" in one["lastState"]]
    return f"{count} ({_age_since(max(ends))} ago)" if count and ends else str(count)


def _pod_ready(pod: Object) -> str:
    statuses = pod["status"].get("containerStatuses") or []
    return f"{sum(one['ready'] for one in statuses)}/{len(pod['spec']['containers'])}"


def _node_status(node: Object) -> str:
    ready = meta.condition(node, "Ready")
    text = "Unknown" if ready is None else "Ready" if ready["status"] == "True" else "NotReady"
    return text + (",SchedulingDisabled" if node["spec"].get("unschedulable") else "")


def _node_roles(node: Object) -> str:
    prefix = "node-role.kubernetes.io/"
    return ",".join(sorted(key[len(prefix) :] for key in meta.labels_of(node) if key.startswith(prefix))) or "<none>"


def _node_address(node: Object) -> str:
    addresses = node["status"].get("addresses") or []
    return next((one["address"] for one in addresses if one["type"] == "InternalIP"), "<none>")


def _service_ports(service: Object) -> str:
    texts = [
        f"{port['port']}{':' + str(port['nodePort']) if port.get('nodePort') else ''}/{port['protocol']}"
        for port in service["spec"].get("ports") or []
    ]
    return ",".join(texts) or "<none>"


def _selector_text(selector: dict[str, str] | None) -> str:
    return ",".join(f"{key}={value}" for key, value in (selector or {}).items()) or "<none>"


def _match_labels(obj: Object) -> str:
    return _selector_text((obj["spec"].get("selector") or {}).get("matchLabels"))


def _pod_selector(obj: Object) -> str:
    return _selector_text(obj["spec"]["podSelector"].get("matchLabels"))


def _template_containers(key: str) -> Callable[[Object], str]:
    return lambda obj: ",".join(one[key] for one in obj["spec"]["template"]["spec"]["containers"])


def _endpoints(obj: Object) -> str:
    texts = [
        f"{address['ip']}:{port['port']}"
        for subset in obj.get("subsets") or []
        for address in subset.get("addresses") or []
        for port in subset.get("ports") or []
    ]
    return ",".join(texts) or "<none>"


def _slice_addresses(obj: Object) -> str:
    return ",".join(address for one in obj.get("endpoints") or [] for address in one["addresses"]) or "<unset>"


def _event_object(event: Object) -> str:
    involved = event["involvedObject"]
    return f"{involved.get('kind', '').lower()}/{involved.get('name', '')}"


def _event_age(event: Object) -> str:
    return _age_since(event.get("lastTimestamp") or event.get("eventTime") or event["metadata"]["creationTimestamp"])


def _job_status(job: Object) -> str:
    true = {one["type"] for one in job["status"].get("conditions") or [] if one["status"] == "True"}
    for kind in ("Complete", "Failed", "Terminating", "Suspended", "FailureTarget", "SuccessCriteriaMet"):
        if kind in true or (kind == "Terminating" and meta.is_deleting(job)):
            return kind
    return "Running"


def _job_completions(job: Object) -> str:
    return f"{job['status'].get('succeeded', 0)}/{job['spec'].get('completions', 1)}"


def _job_duration(job: Object) -> str:
    begin, end = job["status"].get("startTime"), job["status"].get("completionTime")
    if not begin:
        return ""
    return duration(meta.seconds_since(begin) - (meta.seconds_since(end) if end else 0))


def _access_modes(obj: Object) -> str:
    """ReadWriteOnce as RWO, ReadOnlyMany as ROX."""
    return ",".join(re.sub("[a-z]", "", mode.replace("Many", "X")) for mode in obj["spec"].get("accessModes") or [])


def _claim_status(claim: Object) -> str:
    return "Terminating" if meta.is_deleting(claim) else str(claim["status"]["phase"])


def _claim_of(volume: Object) -> str:
    claim = volume["spec"].get("claimRef")
    return f"{claim['namespace']}/{claim['name']}" if claim else ""


def _class_name(storage: Object) -> str:
    default = (storage["metadata"].get("annotations") or {}).get("storageclass.kubernetes.io/is-default-class")
    return meta.name_of(storage) + (" (default)" if default == "true" else "")


def _role_of(binding: Object) -> str:
    return f"{binding['roleRef']['kind']}/{binding['roleRef']['name']}"


def _subjects(kind: str) -> Callable[[Object], str]:
    def value(binding: Object) -> str:
        found = [one for one in binding.get("subjects") or [] if one["kind"] == kind]
        return ", ".join(f"{one['namespace']}/{one['name']}" if "namespace" in one else one["name"] for one in found)

    return value


def _ready_of_replicas(obj: Object) -> str:
    return f"{obj['status'].get('readyReplicas', 0)}/{obj['spec'].get('replicas', 0)}"


_NAME = Column("Name", meta.name_of)
_AGE = Column("Age", _age)
_PLAIN = (_NAME, Column("Created At", _get("metadata", "creationTimestamp")))
_TEMPLATE = (
    Column("Containers", _template_containers("name"), wide=True),
    Column("Images", _template_containers("image"), wide=True),
)
_BINDING = (
    _NAME,
    Column("Role", _role_of),
    _AGE,
    Column("Users", _subjects("User"), wide=True),
    Column("Groups", _subjects("Group"), wide=True),
    Column("ServiceAccounts", _subjects("ServiceAccount"), wide=True),
)

COLUMNS: dict[Kind, tuple[Column, ...]] = {
    POD: (
        _NAME,
        Column("Ready", _pod_ready),
        Column("Status", pod_status),
        Column("Restarts", _restarts),
        _AGE,
        Column("IP", _get("status", "podIP"), wide=True),
        Column("Node", _get("spec", "nodeName"), wide=True),
        Column("Nominated Node", lambda _: "<none>", wide=True),
        Column("Readiness Gates", lambda _: "<none>", wide=True),
    ),
    NODE: (
        _NAME,
        Column("Status", _node_status),
        Column("Roles", _node_roles),
        _AGE,
        Column("Version", _get("status", "nodeInfo", "kubeletVersion")),
        Column("Internal-IP", _node_address, wide=True),
        Column("OS-Image", _get("status", "nodeInfo", "osImage"), wide=True),
        Column("Container-Runtime", _get("status", "nodeInfo", "containerRuntimeVersion"), wide=True),
    ),
    NAMESPACE: (_NAME, Column("Status", _get("status", "phase")), _AGE),
    SERVICE: (
        _NAME,
        Column("Type", _get("spec", "type")),
        Column("Cluster-IP", _get("spec", "clusterIP", default="None")),
        Column("External-IP", lambda _: "<none>"),
        Column("Port(s)", _service_ports),
        _AGE,
        Column("Selector", lambda obj: _selector_text(obj["spec"].get("selector")), wide=True),
    ),
    ENDPOINTS: (_NAME, Column("Endpoints", _endpoints), _AGE),
    ENDPOINT_SLICE: (
        _NAME,
        Column("AddressType", _get("addressType")),
        Column("Ports", lambda obj: ",".join(str(one["port"]) for one in obj.get("ports") or []) or "<unset>"),
        Column("Endpoints", _slice_addresses),
        _AGE,
    ),
    EVENT: (
        Column("Last Seen", _event_age),
        Column("Type", _get("type")),
        Column("Reason", _get("reason")),
        Column("Object", _event_object),
        Column("Subobject", _get("involvedObject", "fieldPath", default=""), wide=True),
        Column("Source", _get("source", "component", default=""), wide=True),
        Column("Message", _get("message", default="")),
        Column("Count", _get("count", default=1), wide=True),
        Column("Name", meta.name_of, wide=True),
    ),
    CONFIG_MAP: (_NAME, Column("Data", lambda obj: len(obj.get("data") or {})), _AGE),
    SECRET: (_NAME, Column("Type", _get("type")), Column("Data", lambda obj: len(obj.get("data") or {})), _AGE),
    SERVICE_ACCOUNT: (_NAME, Column("Secrets", lambda obj: len(obj.get("secrets") or [])), _AGE),
    DEPLOYMENT: (
        _NAME,
        Column("Ready", _ready_of_replicas),
        Column("Up-to-date", _get("status", "updatedReplicas", default=0)),
        Column("Available", _get("status", "availableReplicas", default=0)),
        _AGE,
        *_TEMPLATE,
        Column("Selector", _match_labels, wide=True),
    ),
    REPLICA_SET: (
        _NAME,
        Column("Desired", _get("spec", "replicas", default=0)),
        Column("Current", _get("status", "replicas", default=0)),
        Column("Ready", _get("status", "readyReplicas", default=0)),
        _AGE,
        *_TEMPLATE,
        Column("Selector", _match_labels, wide=True),
    ),
    STATEFUL_SET: (_NAME, Column("Ready", _ready_of_replicas), _AGE, *_TEMPLATE),
    JOB: (
        _NAME,
        Column("Status", _job_status),
        Column("Completions", _job_completions),
        Column("Duration", _job_duration),
        _AGE,
        *_TEMPLATE,
        Column("Selector", _match_labels, wide=True),
    ),
    CLAIM: (
        _NAME,
        Column("Status", _claim_status),
        Column("Volume", _get("spec", "volumeName", default="")),
        Column("Capacity", _get("status", "capacity", "storage", default="")),
        Column("Access Modes", lambda claim: _access_modes(claim) if claim["spec"].get("volumeName") else ""),
        Column("StorageClass", _get("spec", "storageClassName", default="")),
        Column("VolumeAttributesClass", lambda _: "<unset>"),
        _AGE,
        Column("VolumeMode", _get("spec", "volumeMode"), wide=True),
    ),
    VOLUME: (
        _NAME,
        Column("Capacity", _get("spec", "capacity", "storage", default="")),
        Column("Access Modes", _access_modes),
        Column("Reclaim Policy", _get("spec", "persistentVolumeReclaimPolicy")),
        Column("Status", _get("status", "phase")),
        Column("Claim", _claim_of),
        Column("StorageClass", _get("spec", "storageClassName", default="")),
        Column("VolumeAttributesClass", lambda _: "<unset>"),
        Column("Reason", lambda _: ""),
        _AGE,
        Column("VolumeMode", _get("spec", "volumeMode"), wide=True),
    ),
    STORAGE_CLASS: (
        Column("Name", _class_name),
        Column("Provisioner", _get("provisioner")),
        Column("ReclaimPolicy", _get("reclaimPolicy")),
        Column("VolumeBindingMode", _get("volumeBindingMode")),
        Column("AllowVolumeExpansion", _get("allowVolumeExpansion", default="false")),
        _AGE,
    ),
    ROLE_BINDING: _BINDING,
    CLUSTER_ROLE_BINDING: _BINDING,
    NETWORK_POLICY: (_NAME, Column("Pod-Selector", _pod_selector), _AGE),
    LEASE: (_NAME, Column("Holder", _get("spec", "holderIdentity", default="")), _AGE),
}
