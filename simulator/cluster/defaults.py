"""What the API server fills in when an object leaves it out."""

from __future__ import annotations

import base64
from typing import Any

from simulator.cluster.meta import name_of, now_precise
from simulator.cluster.resources import (
    CLAIM,
    CLUSTER_ROLE_BINDING,
    DEPLOYMENT,
    EVENT,
    JOB,
    NAMESPACE,
    NETWORK_POLICY,
    NODE,
    POD,
    REPLICA_SET,
    ROLE,
    ROLE_BINDING,
    SECRET,
    SERVICE,
    STATEFUL_SET,
    STORAGE_CLASS,
    VOLUME,
    Kind,
    Object,
)

# What limits a whole Job whose indexes have limits of their own: the largest number of the API.
NO_LIMIT = 2**31 - 1
# Seconds between SIGTERM and SIGKILL. A real cluster waits 30; the programs of a simulated site end at once.
TERMINATION_GRACE = 2
# The storage class of claims that name none; one that names "" wants a volume that somebody made.
DEFAULT_CLASS = "standard"
# Keeps a claim that is being deleted as long as a pod uses it.
CLAIM_PROTECTION = "kubernetes.io/pvc-protection"


def apply_defaults(kind: Kind, obj: Object) -> None:
    """Completes a new object in place; its uid is set already."""
    fill = _BY_KIND.get(kind)
    if fill is not None:
        fill(obj)


def _fill(target: Object, values: dict[str, Any]) -> None:
    for key, value in values.items():
        if target.get(key) is None:
            target[key] = value


def pod_spec(spec: Object) -> None:
    """Defaults of a pod's spec, also inside templates."""
    _fill(
        spec,
        {
            "restartPolicy": "Always",
            "terminationGracePeriodSeconds": TERMINATION_GRACE,
            "dnsPolicy": "ClusterFirst",
            "schedulerName": "default-scheduler",
            "securityContext": {},
        },
    )
    for container in [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]:
        if not isinstance(container, dict):
            continue
        _fill(container, {"imagePullPolicy": "IfNotPresent", "resources": {}})
        for port in container.get("ports") or []:
            _fill(port, {"protocol": "TCP"})
        for probe in ("readinessProbe", "livenessProbe"):
            if probe in container:
                _fill(
                    container[probe],
                    {"timeoutSeconds": 1, "periodSeconds": 10, "successThreshold": 1, "failureThreshold": 3},
                )
                _fill(container[probe].get("httpGet") or {}, {"path": "/", "scheme": "HTTP"})


def _pod(pod: Object) -> None:
    spec = pod.setdefault("spec", {})
    pod_spec(spec)
    _fill(spec, {"serviceAccountName": "default"})
    spec["serviceAccount"] = spec["serviceAccountName"]
    pod["status"] = {"phase": "Pending", "qosClass": _quality(spec)}


def _quality(spec: Object) -> str:
    resources = [one.get("resources") or {} for one in spec.get("containers") or []]
    if all(not one.get("requests") and not one.get("limits") for one in resources):
        return "BestEffort"
    full = all({"cpu", "memory"} <= set(one.get("limits") or {}) for one in resources)
    same = all((one.get("requests") or one.get("limits")) == one.get("limits") for one in resources)
    return "Guaranteed" if full and same else "Burstable"


def _template(spec: Object) -> None:
    template = spec.setdefault("template", {})
    template.setdefault("metadata", {})
    pod_spec(template.setdefault("spec", {}))


def _deployment(deployment: Object) -> None:
    spec = deployment.setdefault("spec", {})
    _fill(
        spec,
        {
            "replicas": 1,
            "revisionHistoryLimit": 10,
            "progressDeadlineSeconds": 600,
            "strategy": {"type": "RollingUpdate"},
        },
    )
    if spec["strategy"].get("type", "RollingUpdate") == "RollingUpdate":
        _fill(spec["strategy"], {"type": "RollingUpdate", "rollingUpdate": {}})
        _fill(spec["strategy"]["rollingUpdate"], {"maxSurge": "25%", "maxUnavailable": "25%"})
    _template(spec)
    deployment["status"] = {}


def _replica_set(replica_set: Object) -> None:
    _fill(replica_set.setdefault("spec", {}), {"replicas": 1})
    _template(replica_set["spec"])
    replica_set["status"] = {"replicas": 0}


def _stateful_set(stateful_set: Object) -> None:
    spec = stateful_set.setdefault("spec", {})
    _fill(
        spec,
        {
            "replicas": 1,
            "serviceName": "",
            "podManagementPolicy": "OrderedReady",
            "revisionHistoryLimit": 10,
            "updateStrategy": {"type": "RollingUpdate"},
        },
    )
    _template(spec)
    stateful_set["status"] = {"replicas": 0}


def _job(job: Object) -> None:
    spec = job.setdefault("spec", {})
    if spec.get("completionMode") != "Indexed" or spec.get("parallelism") is None:
        _fill(spec, {"completions": 1})
    policy = spec.get("podFailurePolicy")
    _fill(
        spec,
        {
            "parallelism": 1,
            "backoffLimit": 6 if spec.get("backoffLimitPerIndex") is None else NO_LIMIT,
            "completionMode": "NonIndexed",
            "suspend": False,
            "podReplacementPolicy": "TerminatingOrFailed" if policy is None else "Failed",
        },
    )
    for rule in (policy or {}).get("rules") or []:
        for pattern in rule.get("onPodConditions") or []:
            _fill(pattern, {"status": "True"})
    template = spec.setdefault("template", {})
    # The API's default of a pod is Always; a job must name its policy, which validation demands.
    restart_policy = (template.get("spec") or {}).get("restartPolicy")
    _template(spec)
    if restart_policy is None:
        del template["spec"]["restartPolicy"]
    uid = job["metadata"]["uid"]
    if not spec.get("manualSelector"):
        spec["selector"] = {"matchLabels": {"batch.kubernetes.io/controller-uid": uid}}
    marks = {"controller-uid": uid, "job-name": name_of(job)}
    labels = template["metadata"].get("labels") or {}
    template["metadata"]["labels"] = {
        **labels,
        **marks,
        **{f"batch.kubernetes.io/{key}": value for key, value in marks.items()},
    }
    job["status"] = {}


def _network_policy(policy: Object) -> None:
    _fill(policy.setdefault("spec", {}), {"policyTypes": ["Ingress"]})


def _service(service: Object) -> None:
    spec = service.setdefault("spec", {})
    _fill(
        spec,
        {
            "type": "ClusterIP",
            "sessionAffinity": "None",
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
        },
    )
    for port in spec.get("ports") or []:
        _fill(port, {"protocol": "TCP", "targetPort": port.get("port")})
    service["status"] = {"loadBalancer": {}}


def _secret(secret: Object) -> None:
    _fill(secret, {"type": "Opaque"})
    plain = secret.pop("stringData", None) or {}
    if plain:
        encoded = {key: base64.b64encode(str(value).encode()).decode() for key, value in plain.items()}
        secret["data"] = {**(secret.get("data") or {}), **encoded}


def _claim(claim: Object) -> None:
    spec = claim.setdefault("spec", {})
    _fill(spec, {"storageClassName": DEFAULT_CLASS, "volumeMode": "Filesystem"})
    claim["metadata"]["finalizers"] = [*(claim["metadata"].get("finalizers") or []), CLAIM_PROTECTION]
    claim["status"] = {"phase": "Pending"}


def _volume(volume: Object) -> None:
    _fill(volume.setdefault("spec", {}), {"persistentVolumeReclaimPolicy": "Retain", "volumeMode": "Filesystem"})
    volume["status"] = {"phase": "Available"}


def _storage_class(storage: Object) -> None:
    _fill(storage, {"reclaimPolicy": "Delete", "volumeBindingMode": "Immediate"})


def _binding(binding: Object) -> None:
    _fill(binding.get("roleRef") or {}, {"apiGroup": ROLE.group})
    for subject in binding.get("subjects") or []:
        if subject.get("kind") in ("User", "Group"):
            _fill(subject, {"apiGroup": ROLE.group})


def _namespace(namespace: Object) -> None:
    labels = namespace["metadata"].get("labels") or {}
    namespace["metadata"]["labels"] = {**labels, "kubernetes.io/metadata.name": name_of(namespace)}
    namespace["spec"] = {"finalizers": ["kubernetes"]}
    namespace["status"] = {"phase": "Active"}


def _node(node: Object) -> None:
    node.setdefault("spec", {})
    node.setdefault("status", {})


def _event(event: Object) -> None:
    _fill(event, {"type": "Normal", "count": 1, "source": {}})
    if not event.get("eventTime"):
        _fill(event, {"firstTimestamp": now_precise()[:19] + "Z", "lastTimestamp": now_precise()[:19] + "Z"})


_BY_KIND = {
    POD: _pod,
    DEPLOYMENT: _deployment,
    REPLICA_SET: _replica_set,
    STATEFUL_SET: _stateful_set,
    JOB: _job,
    SERVICE: _service,
    NETWORK_POLICY: _network_policy,
    SECRET: _secret,
    ROLE_BINDING: _binding,
    CLUSTER_ROLE_BINDING: _binding,
    CLAIM: _claim,
    VOLUME: _volume,
    STORAGE_CLASS: _storage_class,
    NAMESPACE: _namespace,
    NODE: _node,
    EVENT: _event,
}
