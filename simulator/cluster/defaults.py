"""What the API server fills in when an object leaves it out."""

from __future__ import annotations

import base64
import copy
from collections.abc import Mapping
from typing import Any

from simulator.cluster import meta
from simulator.cluster import resources as kinds
from simulator.cluster.resources import Kind, Object

# What limits a whole Job whose indexes have limits of their own: the largest number of the API.
NO_LIMIT = 2**31 - 1
# Seconds between SIGTERM and SIGKILL. A real cluster waits 30; the programs of a simulated site end at once.
TERMINATION_GRACE = 2
# The storage class of claims that name none; one that names "" wants a volume that somebody made.
DEFAULT_CLASS = "standard"
# Keeps a claim that is being deleted as long as a pod uses it.
CLAIM_PROTECTION = "kubernetes.io/pvc-protection"


_POD_SPEC = {
    "restartPolicy": "Always",
    "terminationGracePeriodSeconds": TERMINATION_GRACE,
    "dnsPolicy": "ClusterFirst",
    "schedulerName": "default-scheduler",
    "securityContext": {},
}
_CONTAINER = {"imagePullPolicy": "IfNotPresent", "resources": {}}
_PROBE = {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3}
_TEMPLATE: Object = {"metadata": {}, "spec": {}}
_DEFAULTS: Mapping[Kind, Mapping[str, Any]] = {
    kinds.POD: {"spec": {"serviceAccountName": "default"}},
    kinds.DEPLOYMENT: {
        "spec": {
            "replicas": 1,
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
            "strategy": {"type": "RollingUpdate"},
            "template": _TEMPLATE,
        },
    },
    kinds.REPLICA_SET: {"spec": {"replicas": 1, "template": _TEMPLATE}},
    kinds.STATEFUL_SET: {
        "spec": {
            "replicas": 1,
            "serviceName": "",
            "podManagementPolicy": "OrderedReady",
            "revisionHistoryLimit": 10,
            "updateStrategy": {"type": "RollingUpdate"},
            "template": _TEMPLATE,
        },
    },
    kinds.JOB: {"spec": {"completionMode": "NonIndexed", "suspend": False, "template": _TEMPLATE}},
    kinds.SERVICE: {
        "spec": {
            "type": "ClusterIP",
            "sessionAffinity": "None",
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
        },
    },
    kinds.NETWORK_POLICY: {"spec": {"policyTypes": ["Ingress"]}},
    kinds.SECRET: {"type": "Opaque"},
    kinds.CLAIM: {"spec": {"storageClassName": DEFAULT_CLASS, "volumeMode": "Filesystem"}},
    kinds.VOLUME: {"spec": {"persistentVolumeReclaimPolicy": "Retain", "volumeMode": "Filesystem"}},
    kinds.STORAGE_CLASS: {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"},
    kinds.ROLE_BINDING: {"roleRef": {"apiGroup": kinds.ROLE.group}},
    kinds.CLUSTER_ROLE_BINDING: {"roleRef": {"apiGroup": kinds.ROLE.group}},
    kinds.NODE: {"spec": {}, "status": {}},
    kinds.EVENT: {"type": "Normal", "count": 1, "source": {}},
}
# What a new object begins with, whatever status it was sent with.
_FIRST_STATUS: Mapping[Kind, Object] = {
    kinds.POD: {"phase": "Pending"},
    kinds.DEPLOYMENT: {},
    kinds.REPLICA_SET: {"replicas": 0},
    kinds.STATEFUL_SET: {"replicas": 0},
    kinds.JOB: {},
    kinds.SERVICE: {"loadBalancer": {}},
    kinds.CLAIM: {"phase": "Pending"},
    kinds.VOLUME: {"phase": "Available"},
    kinds.NAMESPACE: {"phase": "Active"},
}


def apply_defaults(kind: Kind, obj: Object) -> None:
    """Completes an object in place; its uid is set already."""
    _fill(obj, _DEFAULTS.get(kind, {}))
    if kind in _MORE:
        _MORE[kind](obj)


def begin(kind: Kind, obj: Object) -> None:
    """Gives a new object, which is complete, the status and the finalizers that it begins with."""
    if kind in _FIRST_STATUS:
        obj["status"] = dict(_FIRST_STATUS[kind])
    if kind == kinds.POD:
        obj["status"]["qosClass"] = _quality(obj["spec"])
    if kind == kinds.CLAIM:
        obj["metadata"]["finalizers"] = [*(obj["metadata"].get("finalizers") or []), CLAIM_PROTECTION]


def _fill(target: Object, values: Mapping[str, Any]) -> None:
    for key, value in values.items():
        if target.get(key) is None:
            target[key] = copy.deepcopy(value)
        elif isinstance(value, dict):
            _fill(target[key], value)


def _pod_spec(spec: Object) -> None:
    _fill(spec, _POD_SPEC)
    for container in meta.containers_of(spec):
        _fill(container, _CONTAINER)
        for port in container.get("ports") or []:
            _fill(port, {"protocol": "TCP"})
        for probe in ("readinessProbe", "livenessProbe"):
            if probe in container:
                _fill(container[probe], _PROBE)
                _fill(container[probe].get("httpGet") or {}, {"path": "/", "scheme": "HTTP"})


def _pod(pod: Object) -> None:
    _pod_spec(pod["spec"])
    pod["spec"]["serviceAccount"] = pod["spec"]["serviceAccountName"]


def _quality(spec: Object) -> str:
    resources = [one.get("resources") or {} for one in spec.get("containers") or []]
    if all(not one.get("requests") and not one.get("limits") for one in resources):
        return "BestEffort"
    full = all({"cpu", "memory"} <= set(one.get("limits") or {}) for one in resources)
    same = all((one.get("requests") or one.get("limits")) == one.get("limits") for one in resources)
    return "Guaranteed" if full and same else "Burstable"


def _workload(workload: Object) -> None:
    _pod_spec(workload["spec"]["template"]["spec"])
    strategy = workload["spec"].get("strategy") or {}
    if strategy.get("type") == "RollingUpdate":
        _fill(strategy, {"rollingUpdate": {"maxSurge": "25%", "maxUnavailable": "25%"}})


def _job(job: Object) -> None:
    spec, template = job["spec"], job["spec"]["template"]
    if spec["completionMode"] != "Indexed" or spec.get("parallelism") is None:
        _fill(spec, {"completions": 1})
    policy = spec.get("podFailurePolicy")
    _fill(
        spec,
        {
            "parallelism": 1,
            "backoffLimit": 6 if spec.get("backoffLimitPerIndex") is None else NO_LIMIT,
            "podReplacementPolicy": "TerminatingOrFailed" if policy is None else "Failed",
        },
    )
    for rule in (policy or {}).get("rules") or []:
        for pattern in rule.get("onPodConditions") or []:
            _fill(pattern, {"status": "True"})
    # The API's default of a pod is Always; a job must name its policy, which validation demands.
    restart_policy = template["spec"].get("restartPolicy")
    _pod_spec(template["spec"])
    if restart_policy is None:
        del template["spec"]["restartPolicy"]
    uid = meta.uid_of(job)
    if not spec.get("manualSelector"):
        spec["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    marks = {"controller-uid": uid, "job-name": meta.name_of(job)}
    marks |= {f"batch.kubernetes.io/{key}": value for key, value in marks.items()}
    template["metadata"]["labels"] = {**(template["metadata"].get("labels") or {}), **marks}


def _service(service: Object) -> None:
    for port in service["spec"].get("ports") or []:
        _fill(port, {"protocol": "TCP", "targetPort": port.get("port")})


def _secret(secret: Object) -> None:
    plain = secret.pop("stringData", None) or {}
    if plain:
        encoded = {key: base64.b64encode(str(value).encode()).decode() for key, value in plain.items()}
        secret["data"] = {**(secret.get("data") or {}), **encoded}


def _binding(binding: Object) -> None:
    for subject in binding.get("subjects") or []:
        if subject.get("kind") in ("User", "Group"):
            _fill(subject, {"apiGroup": kinds.ROLE.group})


def _namespace(namespace: Object) -> None:
    _fill(namespace["metadata"], {"labels": {}})
    namespace["metadata"]["labels"]["kubernetes.io/metadata.name"] = meta.name_of(namespace)
    namespace["spec"] = {"finalizers": ["kubernetes"]}


def _event(event: Object) -> None:
    if not event.get("eventTime"):
        _fill(event, {"firstTimestamp": meta.now(), "lastTimestamp": meta.now()})


_MORE = {
    kinds.POD: _pod,
    kinds.DEPLOYMENT: _workload,
    kinds.REPLICA_SET: _workload,
    kinds.STATEFUL_SET: _workload,
    kinds.JOB: _job,
    kinds.SERVICE: _service,
    kinds.SECRET: _secret,
    kinds.ROLE_BINDING: _binding,
    kinds.CLUSTER_ROLE_BINDING: _binding,
    kinds.NAMESPACE: _namespace,
    kinds.EVENT: _event,
}
