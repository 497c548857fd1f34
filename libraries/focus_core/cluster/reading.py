"""How the objects of a cluster are read from those of the official client."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from focus_core.base.quantities import Bytes
from focus_core.cluster.objects import (
    Container,
    Endpoint,
    Event,
    Job,
    Node,
    Pod,
    PodMetrics,
    PodResources,
    Service,
    Workload,
)

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
        node=item.spec.node_name or "",
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
        labels=item.metadata.labels or {},
        created=item.metadata.creation_timestamp,
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
        labels=item.metadata.labels or {},
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
        object=item.involved_object.name or "",
    )


def metrics_of(item: dict[str, Any]) -> PodMetrics:
    """A PodMetrics object of the metrics API."""
    usages = [container["usage"] for container in item["containers"]]
    return PodMetrics(
        pod=item["metadata"]["name"],
        cpu_millicores=float(sum(quantity(usage["cpu"]) for usage in usages) * 1000),
        memory_bytes=int(sum(quantity(usage["memory"]) for usage in usages)),
    )


def resources_of(pod: Pod, used: PodMetrics | None) -> PodResources:
    """What a pod requests, may use, and uses as it was measured; None where it was not."""

    def declared(kind: str, name: str) -> Decimal | None:
        amounts = [getattr(container, kind).get(name) for container in pod.containers]
        return None if not amounts or None in amounts else sum(map(quantity, amounts), Decimal())

    def millicores(kind: str) -> float | None:
        amount = declared(kind, "cpu")
        return None if amount is None else float(amount * 1000)

    def memory(kind: str) -> Bytes | None:
        amount = declared(kind, "memory")
        return None if amount is None else Bytes(amount)

    return PodResources(
        pod=pod.name,
        cpu_request=millicores("requests"),
        cpu_limit=millicores("limits"),
        cpu_used=used.cpu_millicores if used else None,
        memory_request=memory("requests"),
        memory_limit=memory("limits"),
        memory_used=Bytes(used.memory_bytes) if used else None,
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
