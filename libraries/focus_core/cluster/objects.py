"""What the suites know of the objects of a cluster, as plain data, and how it is read from the official client's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Container:
    """A container of a pod: what it requests and may use (``{"cpu": "500m"}``), how often it was started again, and why
    it ended last (OOMKilled, Error, ...; empty when it never did)."""

    name: str
    requests: dict[str, str]
    limits: dict[str, str]
    restarts: int
    last_end: str


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
    containers: tuple[Container, ...] = ()
    created: datetime | None = None
    ready_since: datetime | None = None

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
class Endpoint:
    """Where a ready pod serves one port of a service: the service's port, and address and port of the pod."""

    service_port: int
    pod: str
    host: str
    port: int

    def __str__(self) -> str:
        return f"port {self.service_port} at {self.host}:{self.port} (pod {self.pod})"


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

    def __str__(self) -> str:
        return f"{self.type} {self.reason}: {self.message}"


@dataclass(frozen=True)
class LogLine:
    """A line of a log and when it was written (RFC 3339 in UTC; such times compare as texts)."""

    time: str
    text: str

    def __str__(self) -> str:
        return f"{self.time} {self.text}"


@dataclass(frozen=True)
class PodMetrics:
    """What a pod uses, all its containers together, as the metrics API measured it last."""

    pod: str
    cpu_millicores: float
    memory_bytes: int

    def __str__(self) -> str:
        return f"{self.pod} uses {self.cpu_millicores:.0f} millicores and {self.memory_bytes / 2**20:.0f} MiB"


_IS_READY = ("Ready", "True")


def quantity(text: str) -> Decimal:
    """The number that a quantity of Kubernetes means: "500m" is 0.5, "1Ki" is 1024."""
    from kubernetes.utils.quantity import parse_quantity

    return Decimal(parse_quantity(text))


def pod_of(item: Any) -> Pod:
    """A pod of the official client."""
    statuses = item.status.container_statuses or []
    waiting = [status.state.waiting for status in statuses if status.state and status.state.waiting]
    reasons = [state.reason for state in waiting if state.reason]
    containers = tuple(_container_of(one, statuses) for one in item.spec.containers)
    return Pod(
        name=item.metadata.name,
        phase=item.status.phase,
        status="Terminating" if item.metadata.deletion_timestamp else (reasons or [item.status.phase])[0],
        ready=_conditions(item).get("Ready") == "True",
        restarts=sum(one.restarts for one in containers),
        labels=item.metadata.labels or {},
        deleted=item.metadata.deletion_timestamp is not None,
        containers=containers,
        created=item.metadata.creation_timestamp,
        ready_since=next(
            (one.last_transition_time for one in item.status.conditions or [] if (one.type, one.status) == _IS_READY),
            None,
        ),
    )


def workload_of(kind: str, item: Any) -> Workload:
    """A Deployment or StatefulSet of the official client."""
    return Workload(
        kind=kind,
        name=item.metadata.name,
        wanted=item.spec.replicas if item.spec.replicas is not None else 1,
        ready=item.status.ready_replicas or 0,
        updated=item.status.updated_replicas or 0,
    )


def job_of(item: Any) -> Job:
    """A Job of the official client."""
    true = [name for name, status in _conditions(item).items() if status == "True"]
    return Job(
        name=item.metadata.name,
        finished=next((name for name in true if name in ("Complete", "Failed")), ""),
    )


def service_of(item: Any) -> Service:
    """A Service of the official client."""
    ports = item.spec.ports or []
    return Service(
        name=item.metadata.name,
        type=item.spec.type,
        ports=[port.port for port in ports],
        target_ports=[str(port.target_port) for port in ports],
        selector=item.spec.selector or {},
    )


def endpoints_of(service: Any, slices: list[Any]) -> list[Endpoint]:
    """Where the ready pods of a service serve its ports, from the service and its endpoint slices."""
    ports = {port.name or "": port.port for port in service.spec.ports or []}
    return [
        Endpoint(ports[port.name or ""], one.target_ref.name if one.target_ref else "", host, port.port)
        for part in slices
        for port in part.ports or []
        if (port.name or "") in ports
        for one in part.endpoints or []
        if one.conditions is None or one.conditions.ready is not False
        for host in one.addresses
    ]


def node_of(item: Any) -> Node:
    """A node of the official client."""
    return Node(
        name=item.metadata.name,
        ready=_conditions(item).get("Ready") == "True",
        schedulable=not item.spec.unschedulable,
    )


def event_of(item: Any) -> Event:
    """An event of the official client."""
    return Event(
        type=item.type or "",
        reason=item.reason or "",
        message=item.message or "",
        last=item.last_timestamp or item.event_time or item.metadata.creation_timestamp,
    )


def metrics_of(item: dict[str, Any]) -> PodMetrics:
    """A PodMetrics object of the metrics API."""
    usages = [container["usage"] for container in item["containers"]]
    return PodMetrics(
        pod=item["metadata"]["name"],
        cpu_millicores=float(sum(quantity(usage["cpu"]) for usage in usages) * 1000),
        memory_bytes=int(sum(quantity(usage["memory"]) for usage in usages)),
    )


def _container_of(item: Any, statuses: list[Any]) -> Container:
    status = next((one for one in statuses if one.name == item.name), None)
    ended = status and status.last_state and status.last_state.terminated
    return Container(
        name=item.name,
        requests=dict(getattr(item.resources, "requests", None) or {}),
        limits=dict(getattr(item.resources, "limits", None) or {}),
        restarts=status.restart_count if status else 0,
        last_end=(ended.reason or f"exit code {ended.exit_code}") if ended else "",
    )


def _conditions(item: Any) -> dict[str, str]:
    return {condition.type: condition.status for condition in item.status.conditions or []}
