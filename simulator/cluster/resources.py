"""The kinds that the simulated cluster stores, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Object = dict[str, Any]
"""A Kubernetes object as JSON."""


@dataclass(frozen=True)
class Kind:
    """One kind of object and where the API serves it."""

    group: str
    version: str
    name: str
    plural: str
    namespaced: bool = True
    short_names: tuple[str, ...] = ()
    subresources: tuple[str, ...] = ()
    in_all: bool = False
    """Listed by `kubectl get all`."""
    fields: tuple[str, ...] = ()
    """Field selectors beside metadata.name and metadata.namespace."""
    read_only: bool = False
    """Computed on request and never stored."""
    kept_only: bool = False
    """Stored as it is: no controller acts on it."""
    question: bool = False
    """Posted as a question and answered at once, never stored."""

    @property
    def api_version(self) -> str:
        """Value of `apiVersion`."""
        return f"{self.group}/{self.version}" if self.group else self.version

    @property
    def resource(self) -> str:
        """Name in messages, e.g. `deployments.apps`."""
        return f"{self.plural}.{self.group}" if self.group else self.plural

    @property
    def verbs(self) -> list[str]:
        """What clients may do with it."""
        if self.question:
            return ["create"]
        if self.read_only:
            return ["get", "list"]
        return ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]


NAMESPACE = Kind("", "v1", "Namespace", "namespaces", False, ("ns",), ("status",), fields=("status.phase",))
NODE = Kind("", "v1", "Node", "nodes", False, ("no",), ("status",), fields=("spec.unschedulable",))
_OF_PODS = ("status", "log", "exec", "portforward", "eviction")
_POD_SPEC = ("nodeName", "restartPolicy", "schedulerName", "serviceAccountName")
_POD_FIELDS = (*(f"spec.{name}" for name in _POD_SPEC), "status.phase", "status.podIP")
POD = Kind("", "v1", "Pod", "pods", True, ("po",), _OF_PODS, True, _POD_FIELDS)
_SERVICE_FIELDS = ("spec.type", "spec.clusterIP")
SERVICE = Kind("", "v1", "Service", "services", True, ("svc",), ("status",), True, _SERVICE_FIELDS)
ENDPOINTS = Kind("", "v1", "Endpoints", "endpoints", short_names=("ep",))
_INVOLVED = ("kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath")
_EVENT = ("reason", "type", "source", "reportingComponent")
_EVENT_FIELDS = (*(f"involvedObject.{name}" for name in _INVOLVED), *_EVENT)
EVENT = Kind("", "v1", "Event", "events", short_names=("ev",), fields=_EVENT_FIELDS)
CONFIG_MAP = Kind("", "v1", "ConfigMap", "configmaps", short_names=("cm",))
SECRET = Kind("", "v1", "Secret", "secrets", fields=("type",))
SERVICE_ACCOUNT = Kind("", "v1", "ServiceAccount", "serviceaccounts", True, ("sa",), ("token",))
CLAIM = Kind("", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", True, ("pvc",), ("status",))
VOLUME = Kind("", "v1", "PersistentVolume", "persistentvolumes", False, ("pv",), ("status",))
STORAGE_CLASS = Kind("storage.k8s.io", "v1", "StorageClass", "storageclasses", False, ("sc",))
DEPLOYMENT = Kind("apps", "v1", "Deployment", "deployments", True, ("deploy",), ("status", "scale"), in_all=True)
REPLICA_SET = Kind("apps", "v1", "ReplicaSet", "replicasets", True, ("rs",), ("status", "scale"), in_all=True)
STATEFUL_SET = Kind("apps", "v1", "StatefulSet", "statefulsets", True, ("sts",), ("status", "scale"), in_all=True)
JOB = Kind("batch", "v1", "Job", "jobs", subresources=("status",), in_all=True)
LEASE = Kind("coordination.k8s.io", "v1", "Lease", "leases")
ENDPOINT_SLICE = Kind("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices")
NETWORK_POLICY = Kind("networking.k8s.io", "v1", "NetworkPolicy", "networkpolicies", short_names=("netpol",))
_RBAC = "rbac.authorization.k8s.io"
ROLE = Kind(_RBAC, "v1", "Role", "roles")
ROLE_BINDING = Kind(_RBAC, "v1", "RoleBinding", "rolebindings")
CLUSTER_ROLE = Kind(_RBAC, "v1", "ClusterRole", "clusterroles", namespaced=False)
CLUSTER_ROLE_BINDING = Kind(_RBAC, "v1", "ClusterRoleBinding", "clusterrolebindings", namespaced=False)
POD_METRICS = Kind("metrics.k8s.io", "v1beta1", "PodMetrics", "pods", read_only=True)
NODE_METRICS = Kind("metrics.k8s.io", "v1beta1", "NodeMetrics", "nodes", namespaced=False, read_only=True)
_AUTHORIZATION = "authorization.k8s.io"
ACCESS_REVIEW = Kind(_AUTHORIZATION, "v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", False, question=True)
RULES_REVIEW = Kind(_AUTHORIZATION, "v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", False, question=True)
SUBJECT_REVIEW = Kind("authentication.k8s.io", "v1", "SelfSubjectReview", "selfsubjectreviews", False, question=True)

# The other built-in kinds: a client finds them as in every cluster, and no controller acts on them.
# Group, version, kind, plural, whether it has a namespace, short names.
_KEPT = """
core v1 LimitRange limitranges namespaced limits
core v1 PodTemplate podtemplates namespaced
core v1 ReplicationController replicationcontrollers namespaced rc
core v1 ResourceQuota resourcequotas namespaced quota
admissionregistration.k8s.io v1 MutatingWebhookConfiguration mutatingwebhookconfigurations cluster
admissionregistration.k8s.io v1 ValidatingAdmissionPolicy validatingadmissionpolicies cluster
admissionregistration.k8s.io v1 ValidatingWebhookConfiguration validatingwebhookconfigurations cluster
apiextensions.k8s.io v1 CustomResourceDefinition customresourcedefinitions cluster crd crds
apiregistration.k8s.io v1 APIService apiservices cluster
apps v1 ControllerRevision controllerrevisions namespaced
apps v1 DaemonSet daemonsets namespaced ds
autoscaling v1 HorizontalPodAutoscaler horizontalpodautoscalers namespaced hpa
autoscaling v2 HorizontalPodAutoscaler horizontalpodautoscalers namespaced hpa
batch v1 CronJob cronjobs namespaced cj
certificates.k8s.io v1 CertificateSigningRequest certificatesigningrequests cluster csr
flowcontrol.apiserver.k8s.io v1 FlowSchema flowschemas cluster
flowcontrol.apiserver.k8s.io v1 PriorityLevelConfiguration prioritylevelconfigurations cluster
networking.k8s.io v1 Ingress ingresses namespaced ing
networking.k8s.io v1 IngressClass ingressclasses cluster
node.k8s.io v1 RuntimeClass runtimeclasses cluster
policy v1 PodDisruptionBudget poddisruptionbudgets namespaced pdb
scheduling.k8s.io v1 PriorityClass priorityclasses cluster pc
storage.k8s.io v1 CSIDriver csidrivers cluster
storage.k8s.io v1 CSINode csinodes cluster
storage.k8s.io v1 VolumeAttachment volumeattachments cluster
"""


def _kept(line: str) -> Kind:
    group, version, name, plural, scope, *short = line.split()
    group, all_ = group.removeprefix("core"), name in ("CronJob", "DaemonSet", "ReplicationController")
    return Kind(group, version, name, plural, scope == "namespaced", tuple(short), ("status",), all_, kept_only=True)


_OWN = [kind for kind in list(globals().values()) if isinstance(kind, Kind)]
KINDS: tuple[Kind, ...] = (*_OWN, *map(_kept, _KEPT.strip().splitlines()))
CREATED_BY_EVERYBODY = tuple(kind.plural for kind in KINDS if kind.question)
BY_PATH: dict[tuple[str, str, str], Kind] = {(kind.group, kind.version, kind.plural): kind for kind in KINDS}
