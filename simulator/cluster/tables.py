"""Server-side tables: what `kubectl get` prints."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simulator.cluster import meta
from simulator.cluster.resources import Kind, Object


@dataclass(frozen=True)
class Column:
    """One column; `wide` ones are shown with -o wide only."""

    name: str
    value: Callable[[Object], Any]
    wide: bool = False


def table(kind: Kind, objects: list[Object], include: str, version: str, extra: Object | None = None) -> Object:
    """Objects as a `Table`; include: Metadata (default), Object or None, as the query asks for."""
    columns = _COLUMNS.get(kind.resource, _PLAIN)
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


def _length(key: str) -> Callable[[Object], int]:
    return lambda obj: len(obj.get(key) or {})


def _bound_modes(claim: Object) -> str:
    return _access_modes(claim) if claim["spec"].get("volumeName") else ""


_VALUES: dict[str, Callable[[Object], Any]] = {
    "Name": meta.name_of,
    "Age": _age,
    "access-modes": _access_modes,
    "bound-modes": _bound_modes,
    "claim": _claim_of,
    "claim-status": _claim_status,
    "class": _class_name,
    "completions": _job_completions,
    "containers": _template_containers("name"),
    "data": _length("data"),
    "duration": _job_duration,
    "endpoints": _endpoints,
    "event-age": _event_age,
    "event-object": _event_object,
    "groups": _subjects("Group"),
    "images": _template_containers("image"),
    "job-status": _job_status,
    "labels": _match_labels,
    "node-address": _node_address,
    "node-roles": _node_roles,
    "node-status": _node_status,
    "pod-ready": _pod_ready,
    "pod-selector": lambda obj: _selector_text(obj["spec"]["podSelector"].get("matchLabels")),
    "pod-status": pod_status,
    "ready": _ready_of_replicas,
    "restarts": _restarts,
    "role": _role_of,
    "secrets": _length("secrets"),
    "selector": lambda obj: _selector_text(obj["spec"].get("selector")),
    "service-accounts": _subjects("ServiceAccount"),
    "service-ports": _service_ports,
    "users": _subjects("User"),
}
# Kind: columns. A column is a name, "*" where it is wide, and what it shows: one of the values above (default: that of
# its name), a path with "?" and what stands for nothing (default: <none>), or a fixed text in quotes.
_TEXT = """
pods: Name; Ready pod-ready; Status pod-status; Restarts restarts; Age; IP* .status.podIP; Node* .spec.nodeName;
  Nominated Node* '<none>'; Readiness Gates* '<none>'
nodes: Name; Status node-status; Roles node-roles; Age; Version .status.nodeInfo.kubeletVersion;
  Internal-IP* node-address; OS-Image* .status.nodeInfo.osImage;
  Container-Runtime* .status.nodeInfo.containerRuntimeVersion
namespaces: Name; Status .status.phase; Age
services: Name; Type .spec.type; Cluster-IP .spec.clusterIP?None; External-IP '<none>'; Port(s) service-ports; Age;
  Selector* selector
endpoints: Name; Endpoints endpoints; Age
events: Last Seen event-age; Type .type; Reason .reason; Object event-object; Subobject* .involvedObject.fieldPath?;
  Source* .source.component?; Message .message?; Count* .count?1; Name*
configmaps: Name; Data data; Age
secrets: Name; Type .type; Data data; Age
serviceaccounts: Name; Secrets secrets; Age
deployments.apps: Name; Ready ready; Up-to-date .status.updatedReplicas?0; Available .status.availableReplicas?0; Age;
  Containers* containers; Images* images; Selector* labels
replicasets.apps: Name; Desired .spec.replicas?0; Current .status.replicas?0; Ready .status.readyReplicas?0; Age;
  Containers* containers; Images* images; Selector* labels
statefulsets.apps: Name; Ready ready; Age; Containers* containers; Images* images
jobs.batch: Name; Status job-status; Completions completions; Duration duration; Age; Containers* containers;
  Images* images; Selector* labels
persistentvolumeclaims: Name; Status claim-status; Volume .spec.volumeName?; Capacity .status.capacity.storage?;
  Access Modes bound-modes; StorageClass .spec.storageClassName?; VolumeAttributesClass '<unset>'; Age;
  VolumeMode* .spec.volumeMode
persistentvolumes: Name; Capacity .spec.capacity.storage?; Access Modes access-modes;
  Reclaim Policy .spec.persistentVolumeReclaimPolicy; Status .status.phase; Claim claim;
  StorageClass .spec.storageClassName?; VolumeAttributesClass '<unset>'; Reason ''; Age; VolumeMode* .spec.volumeMode
storageclasses.storage.k8s.io: Name class; Provisioner .provisioner; ReclaimPolicy .reclaimPolicy;
  VolumeBindingMode .volumeBindingMode; AllowVolumeExpansion .allowVolumeExpansion?false; Age
rolebindings.rbac.authorization.k8s.io: Name; Role role; Age; Users* users; Groups* groups;
  ServiceAccounts* service-accounts
clusterrolebindings.rbac.authorization.k8s.io: Name; Role role; Age; Users* users; Groups* groups;
  ServiceAccounts* service-accounts
networkpolicies.networking.k8s.io: Name; Pod-Selector pod-selector; Age
leases.coordination.k8s.io: Name; Holder .spec.holderIdentity?; Age
"""


def _shown(obj: Object, path: str, default: str) -> Any:
    found = meta.value_at(obj, path)
    return default if found in (None, "") else found


def _column(text: str) -> Column:
    found = re.fullmatch(r"(.+?)(\*?)(?: ([.'a-z]\S*))?", text.strip())
    assert found is not None  # noqa: S101 - the table above is written like this
    name, wide, shown = found[1], bool(found[2]), found[3] or found[1]
    if shown.startswith("'"):
        return Column(name, lambda _: shown.strip("'"), wide)
    path, given, default = shown.partition("?")
    if path.startswith("."):
        return Column(name, lambda obj: _shown(obj, path[1:], default if given else "<none>"), wide)
    return Column(name, _VALUES[shown], wide)


_COLUMNS = {
    kind: tuple(map(_column, columns.split(";")))
    for kind, columns in re.findall(r"^(\S+): ((?:.|\n  )+)", _TEXT, re.MULTILINE)
}
_PLAIN = tuple(map(_column, ("Name", "Created At .metadata.creationTimestamp")))
