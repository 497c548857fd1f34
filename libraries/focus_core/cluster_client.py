"""What the suites ask the Kubernetes API of a site, as plain data.

The official client is imported on first use: it doubles the cold start of a suite that never looks at the cluster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from focus_core.errors import BenchError

if TYPE_CHECKING:
    from focus_core.site_model import Site

# Seconds for one call; the API of a healthy cluster answers in a fraction of it.
CALL_TIMEOUT_S = 15


@dataclass(frozen=True)
class Pod:
    """`status` is what kubectl shows: the phase, or the reason a container does not run (CrashLoopBackOff, ...)."""

    name: str
    phase: str
    status: str
    ready: bool
    restarts: int
    labels: dict[str, str]
    deleted: bool
    requests: dict[str, str]
    limits: dict[str, str]

    def __str__(self) -> str:
        return f"{self.name} is {self.status}{'' if self.ready else ', not ready'}, {self.restarts} restarts"


@dataclass(frozen=True)
class Workload:
    """A Deployment or StatefulSet: replicas wanted, and of them ready and up to date."""

    kind: str
    name: str
    wanted: int
    ready: int
    updated: int

    @property
    def healthy(self) -> bool:
        return self.wanted > 0 and self.ready == self.wanted and self.updated == self.wanted

    def __str__(self) -> str:
        return f"{self.kind} {self.name}: {self.ready} of {self.wanted} ready, {self.updated} up to date"


@dataclass(frozen=True)
class Job:
    """A Job; `finished` is "Complete", "Failed" or empty while it runs."""

    name: str
    finished: str


@dataclass(frozen=True)
class Service:
    """A Service: the ports that it serves, those that it leads to, and the labels of the pods that it selects."""

    name: str
    type: str
    ports: list[int]
    target_ports: list[str]
    selector: dict[str, str]


@dataclass(frozen=True)
class Node:
    """A node; `schedulable` is False while it is cordoned."""

    name: str
    ready: bool
    schedulable: bool


@dataclass(frozen=True)
class Event:
    """One event of an object: type (Normal, Warning), reason, message and when it was seen last."""

    type: str
    reason: str
    message: str
    last: datetime


class ClusterClient:
    """The namespace of one site. Nothing is read before the first question."""

    def __init__(
        self, *, kubeconfig: str, context: str | None, namespace: str, timeout: float = CALL_TIMEOUT_S
    ) -> None:
        self.kubeconfig = kubeconfig
        self.context = context
        self.namespace = namespace
        self._timeout = timeout

    @classmethod
    def of_site(cls, site: Site, timeout: float = CALL_TIMEOUT_S) -> Self:
        """The cluster of `site`; `timeout` seconds for each call."""
        place = site.kubernetes
        return cls(kubeconfig=str(place.kubeconfig), context=place.context, namespace=place.namespace, timeout=timeout)

    def nodes(self) -> list[Node]:
        """All nodes of the cluster."""
        return [_node(item) for item in self._ask(self.core.list_node).items]

    def pods(self, selector: str = "") -> list[Pod]:
        """Pods that match the label selector ("app=mongodb"), oldest first."""
        found = self._ask(self.core.list_namespaced_pod, self.namespace, label_selector=selector).items
        return [_pod(item) for item in sorted(found, key=lambda item: item.metadata.creation_timestamp)]

    def workload(self, kind: str, name: str) -> Workload | None:
        """The Deployment or StatefulSet of that name, None if there is none."""
        if kind not in ("Deployment", "StatefulSet"):
            raise BenchError(f"Workload {name} has kind '{kind}'; the site file allows Deployment and StatefulSet.")
        read = (
            self._apps.list_namespaced_deployment if kind == "Deployment" else self._apps.list_namespaced_stateful_set
        )
        found = self._ask(read, self.namespace, field_selector=f"metadata.name={name}").items
        return _workload(kind, found[0]) if found else None

    def jobs(self) -> list[Job]:
        """All jobs of the namespace."""
        found = self._ask(self._batch.list_namespaced_job, self.namespace).items
        return [_job(item) for item in found]

    def services(self) -> list[Service]:
        """All services of the namespace."""
        found = self._ask(self.core.list_namespaced_service, self.namespace).items
        return [_service(item) for item in found]

    def events(self, object_name: str) -> list[Event]:
        """Events of the object of that name, oldest first."""
        fields = f"involvedObject.name={object_name}"
        found = self._ask(self.core.list_namespaced_event, self.namespace, field_selector=fields).items
        events = [_event(item) for item in found]
        return sorted(events, key=lambda event: event.last)

    def delete_job(self, name: str) -> None:
        """Deletes a job and what belongs to it, if it is there; only for jobs that a test itself has started."""
        if name not in {job.name for job in self.jobs()}:
            return
        self._ask(self._batch.delete_namespaced_job, name, self.namespace, propagation_policy="Background")

    @cached_property
    def _api(self) -> Any:
        from kubernetes import client, config

        try:
            settings = client.Configuration()
            config.load_kube_config(
                config_file=self.kubeconfig, context=self.context, client_configuration=settings, persist_config=False
            )
        except (config.ConfigException, OSError) as error:
            raise BenchError(
                f"The kubeconfig {self.kubeconfig} (context {self.context}) cannot be used: {error}; correct "
                "kubernetes.* of the site file."
            ) from error
        # A dead API server must fail the test once, not after urllib3's silent retries.
        settings.retries = False
        return client.ApiClient(settings)

    @cached_property
    def core(self) -> Any:
        """The official client of pods, services and events, for questions that this class does not ask."""
        from kubernetes import client

        return client.CoreV1Api(self._api)

    @cached_property
    def _apps(self) -> Any:
        from kubernetes import client

        return client.AppsV1Api(self._api)

    @cached_property
    def _batch(self) -> Any:
        from kubernetes import client

        return client.BatchV1Api(self._api)

    def _ask(self, call: Callable[..., Any], *args: Any, **options: Any) -> Any:
        from kubernetes.client.exceptions import ApiException
        from urllib3.exceptions import HTTPError

        try:
            return call(*args, _request_timeout=self._timeout, **options)
        except ApiException as error:
            raise BenchError(
                f"The Kubernetes API refused {call.__name__} in namespace {self.namespace}: {error.status} "
                f"{error.reason}; check that the object exists and that the kubeconfig's user may see it."
            ) from error
        except HTTPError as error:
            raise BenchError(
                f"The Kubernetes API of {self.kubeconfig} does not answer ({type(error).__name__}); check that the "
                "cluster runs and is reachable from here."
            ) from error


def _pod(item: Any) -> Pod:
    statuses = item.status.container_statuses or []
    conditions = {condition.type: condition.status for condition in item.status.conditions or []}
    waiting = [status.state.waiting for status in statuses if status.state and status.state.waiting]
    reasons = [state.reason for state in waiting if state.reason]
    return Pod(
        name=item.metadata.name,
        phase=item.status.phase,
        status="Terminating" if item.metadata.deletion_timestamp else (reasons or [item.status.phase])[0],
        ready=conditions.get("Ready") == "True",
        restarts=sum(status.restart_count for status in statuses),
        labels=item.metadata.labels or {},
        deleted=item.metadata.deletion_timestamp is not None,
        requests=_first_resources(item, "requests"),
        limits=_first_resources(item, "limits"),
    )


def _first_resources(item: Any, which: str) -> dict[str, str]:
    resources = item.spec.containers[0].resources
    return dict(getattr(resources, which, None) or {})


def _workload(kind: str, item: Any) -> Workload:
    return Workload(
        kind=kind,
        name=item.metadata.name,
        wanted=item.spec.replicas if item.spec.replicas is not None else 1,
        ready=item.status.ready_replicas or 0,
        updated=item.status.updated_replicas or 0,
    )


def _job(item: Any) -> Job:
    conditions = [condition.type for condition in item.status.conditions or [] if condition.status == "True"]
    return Job(
        name=item.metadata.name,
        finished=next((name for name in conditions if name in ("Complete", "Failed")), ""),
    )


def _service(item: Any) -> Service:
    ports = item.spec.ports or []
    return Service(
        name=item.metadata.name,
        type=item.spec.type,
        ports=[port.port for port in ports],
        target_ports=[str(port.target_port) for port in ports],
        selector=item.spec.selector or {},
    )


def _node(item: Any) -> Node:
    conditions = {condition.type: condition.status for condition in item.status.conditions or []}
    return Node(
        name=item.metadata.name,
        ready=conditions.get("Ready") == "True",
        schedulable=not item.spec.unschedulable,
    )


def _event(item: Any) -> Event:
    return Event(
        type=item.type or "",
        reason=item.reason or "",
        message=item.message or "",
        last=item.last_timestamp or item.event_time or item.metadata.creation_timestamp,
    )
