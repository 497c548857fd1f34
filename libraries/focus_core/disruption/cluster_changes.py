"""The few changes to a cluster that faults make. Everything else about the cluster only looks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient

if TYPE_CHECKING:
    from focus_core.site.model import Workload

NOT_FOUND = 404
# Names in the cluster who made an object.
MANAGED_BY = {"app.kubernetes.io/managed-by": "focus-acceptance"}


@dataclass(frozen=True)
class TargetPod:
    """A pod of a named workload. ``container_id`` is that of its first container while it runs, else empty."""

    name: str
    uid: str
    node: str
    container_id: str
    ready: bool
    deleted: bool
    restarts: int


class ClusterChanges(ClusterClient):
    """The namespace of one site, for faults."""

    def pods_of(self, workload: Workload) -> list[TargetPod]:
        """The pods of a workload, oldest first.

        Raises ``BenchError`` when the selector of the site file finds a pod that is not the workload's own.
        """
        found = self._ask(self.core.list_namespaced_pod, self.namespace, label_selector=workload.selector).items
        foreign = [item.metadata.name for item in found if not item.metadata.name.startswith(f"{workload.name}-")]
        if foreign:
            raise BenchError(
                f"The selector '{workload.selector}' finds {foreign[0]}, which is not a pod of {workload.kind} "
                f"{workload.name}; correct workloads.*.selector of the site file."
            )
        return [_target_pod(item) for item in sorted(found, key=lambda item: item.metadata.creation_timestamp)]

    def replicas(self, workload: Workload) -> int:
        """How many pods the workload is to have. One that is missing raises ``BenchError``."""
        found = self.workload(workload.kind, workload.name)
        if found is None:
            raise BenchError(f"There is no {workload.kind} {workload.name}; correct workloads.* of the site file.")
        return found.wanted

    def scale(self, workload: Workload, replicas: int) -> None:
        """Asks for that many pods; nothing is waited for."""
        patch = (
            self._apps.patch_namespaced_deployment_scale
            if workload.kind == "Deployment"
            else self._apps.patch_namespaced_stateful_set_scale
        )
        self._ask(patch, workload.name, self.namespace, {"spec": {"replicas": replicas}})

    def delete_pod(self, pod: TargetPod) -> None:
        """Deletes this very pod, not a later one of the same name; nothing is waited for."""
        from kubernetes import client

        options = client.V1DeleteOptions(preconditions=client.V1Preconditions(uid=pod.uid))
        self._ask(self.core.delete_namespaced_pod, pod.name, self.namespace, body=options)

    def isolate(self, name: str, labels: Mapping[str, str]) -> None:
        """Makes a NetworkPolicy that lets nothing in to the pods with these labels (at least one)."""
        if not labels:
            raise BenchError("A policy without labels would isolate the whole namespace; it was not made.")
        body = {
            "metadata": {"name": name, "labels": MANAGED_BY},
            "spec": {"podSelector": {"matchLabels": dict(labels)}, "policyTypes": ["Ingress"], "ingress": []},
        }
        self._ask(self._networking.create_namespaced_network_policy, self.namespace, body)

    def end_isolation(self, name: str) -> None:
        """Removes the NetworkPolicy of that name; one that is gone is no error."""
        self._if_there(self._networking.delete_namespaced_network_policy, name, self.namespace)

    def take_service_names(self, names: Iterable[str]) -> None:
        """Makes services of these names that lead nowhere. A name that is taken raises ``BenchError``."""
        for name in names:
            body = {
                "metadata": {"name": name, "labels": MANAGED_BY},
                "spec": {"clusterIP": "None", "ports": [{"port": 1}]},
            }
            self._ask(self.core.create_namespaced_service, self.namespace, body)

    def free_service_names(self, names: Collection[str]) -> None:
        """Removes those of these services that `take_service_names` made; one that is gone is no error."""
        selector = ",".join(f"{label}={value}" for label, value in MANAGED_BY.items())
        made = self._ask(self.core.list_namespaced_service, self.namespace, label_selector=selector).items
        for name in {item.metadata.name for item in made} & set(names):
            self._if_there(self.core.delete_namespaced_service, name, self.namespace)

    @cached_property
    def _networking(self) -> Any:
        from kubernetes import client

        return client.NetworkingV1Api(self._api)

    def _if_there(self, call: Callable[..., Any], *args: Any) -> None:
        try:
            self._ask(call, *args)
        except BenchError as error:
            if getattr(error.__cause__, "status", None) != NOT_FOUND:
                raise


def labels_of(workload: Workload) -> dict[str, str]:
    """The labels that the selector of a workload asks for.

    Raises ``BenchError`` for a selector that is empty or that asks for anything but ``label=value``.
    """
    labels = {}
    for part in workload.selector.split(","):
        label, equals, value = part.strip().partition("=")
        if not (label.strip(" !") and equals and value.strip("= ")) or label.endswith("!"):
            raise BenchError(
                f"The selector of {workload.kind} {workload.name} is '{workload.selector}'; faults need one of "
                "label=value, separated by commas: correct workloads.*.selector of the site file."
            )
        labels[label.strip()] = value.strip("= ")
    return labels


def _target_pod(item: Any) -> TargetPod:
    statuses = item.status.container_statuses or []
    conditions = {condition.type: condition.status for condition in item.status.conditions or []}
    running = [status.container_id for status in statuses if status.state and status.state.running]
    return TargetPod(
        name=item.metadata.name,
        uid=item.metadata.uid,
        node=item.spec.node_name or "",
        container_id=(running[0] if running else "") or "",
        ready=conditions.get("Ready") == "True" and item.metadata.deletion_timestamp is None,
        deleted=item.metadata.deletion_timestamp is not None,
        restarts=sum(status.restart_count for status in statuses),
    )
