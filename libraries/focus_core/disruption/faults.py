"""The faults. Each knows what its undo needs before it is made, and when it has taken effect."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from focus_core.base.errors import BenchError
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, WaitTimeout, wait_until
from focus_core.disruption import node_processes, undos
from focus_core.disruption.cluster_changes import ClusterChanges, TargetPod, labels_of

if TYPE_CHECKING:
    from focus_core.disruption.steady import SiteProbes
    from focus_core.site.model import Site

# A policy is in force within a moment where the cluster has something that enforces it.
_POLICY_IN_FORCE_S = 15.0


class Fault(ABC):
    """A fault of one workload, prepared: the pods that it takes are known, nothing is done yet."""

    kind: ClassVar[str]
    repairs_itself: ClassVar[bool] = False
    """Whether the cluster undoes it without being asked."""

    def __init__(self, site: Site, name: str, probes: SiteProbes) -> None:
        self.site = site
        self.name = name
        self.workload = getattr(site.workloads, name)
        self.probes = probes
        self.cluster = ClusterChanges.of_site(site)
        self.pods: list[TargetPod] = self._targets(self.cluster.pods_of(self.workload))
        if not self.pods:
            raise BenchError(f"{self.workload.kind} {self.workload.name} has no pod that could be disrupted.")
        self.details: dict[str, Any] = self._details()

    def __str__(self) -> str:
        return f"{self.kind} of {self.name}"

    @abstractmethod
    def inject(self) -> None:
        """Makes the fault; nothing is waited for."""

    @abstractmethod
    def wait_until_effective(self) -> None:
        """Waits until the fault has taken effect."""

    def recovered(self) -> None:  # noqa: B027 - most faults are not repaired by the cluster
        """Waits until the cluster began to repair it by itself; nothing to wait for where it does not."""

    def _targets(self, pods: list[TargetPod]) -> list[TargetPod]:
        return pods

    def _details(self) -> dict[str, Any]:
        return {}


class DeletedPod(Fault):
    """One pod is deleted; its controller makes another."""

    kind = undos.DELETED_POD
    repairs_itself = True

    def inject(self) -> None:
        """Asks the cluster to delete it."""
        self.cluster.delete_pod(self.pods[0])

    def wait_until_effective(self) -> None:
        """The pod must be gone within ``pod_gone_s``."""
        target = self.pods[0]

        def gone() -> bool:
            if target.uid in (pod.uid for pod in self.cluster.pods_of(self.workload)):
                raise NotYet("it is still there")
            return True

        wait_until(f"Pod {target.name} is gone", gone, timeout=self.site.timings.pod_gone_s)

    def recovered(self) -> None:
        """Another pod must be there within ``pod_recreated_s``; one of a StatefulSet has the same name."""
        before = {pod.uid for pod in self.pods}
        wait_until(
            f"{self.workload.kind} {self.workload.name} has another pod instead of {self.pods[0].name}",
            lambda: [pod.name for pod in self.cluster.pods_of(self.workload) if pod.uid not in before],
            timeout=self.site.timings.pod_recreated_s,
        )

    def _targets(self, pods: list[TargetPod]) -> list[TargetPod]:
        return pods[:1]


class KilledProcess(Fault):
    """The program of one pod is killed; the pod stays and starts it again."""

    kind = undos.KILLED_PROCESS
    repairs_itself = True

    def inject(self) -> None:
        """Kills it on its node."""
        node_processes.signal(self.site, self.pods[0], "KILL")

    def wait_until_effective(self) -> None:
        """The container must have ended within ``pod_gone_s``."""
        target = self.pods[0]

        def ended() -> bool:
            running = [pod.container_id for pod in self.cluster.pods_of(self.workload)]
            if target.container_id in running:
                raise NotYet("it still runs")
            return True

        wait_until(f"The program of pod {target.name} has ended", ended, timeout=self.site.timings.pod_gone_s)

    def recovered(self) -> None:
        """The same pod must have restarted its container within ``pod_recreated_s``."""
        target = self.pods[0]

        def restarted() -> bool:
            now = [pod for pod in self.cluster.pods_of(self.workload) if pod.uid == target.uid]
            if not now:
                raise AssertionError(f"Pod {target.name} was replaced; only its container had to start again.")
            if now[0].restarts <= target.restarts or not now[0].container_id:
                raise NotYet(f"{now[0].restarts} restarts")
            return True

        wait_until(f"Pod {target.name} restarted", restarted, timeout=self.site.timings.pod_recreated_s)

    def _targets(self, pods: list[TargetPod]) -> list[TargetPod]:
        return pods[:1]


class ScaledToZero(Fault):
    """The workload is asked to have no pods."""

    kind = undos.SCALED_TO_ZERO

    def inject(self) -> None:
        """Asks for no pods."""
        self.cluster.scale(self.workload, 0)

    def wait_until_effective(self) -> None:
        """No pod may be left within ``scaled_down_s``."""

        def none_left() -> bool:
            pods = self.cluster.pods_of(self.workload)
            if pods:
                raise NotYet(f"{', '.join(pod.name for pod in pods)} still there")
            return True

        wait_until(
            f"{self.workload.kind} {self.workload.name} has no pod", none_left, timeout=self.site.timings.scaled_down_s
        )

    def _details(self) -> dict[str, Any]:
        return {"replicas": self.cluster.replicas(self.workload)}


class FrozenProcess(Fault):
    """The programs of all pods are stopped: connections are taken and not answered."""

    kind = undos.FROZEN_PROCESS

    def inject(self) -> None:
        """Stops them on their node."""
        for pod in self.pods:
            node_processes.signal(self.site, pod, "STOP")

    def wait_until_effective(self) -> None:
        """Every process must be stopped."""
        for pod in self.pods:
            if not node_processes.is_stopped(self.site, pod):
                raise BenchError(f"The processes of pod {pod.name} did not stop after SIGSTOP; look at its node.")

    def _details(self) -> dict[str, Any]:
        return {"containers": [pod.container_id for pod in self.pods]}


class NetworkCut(Fault):
    """A NetworkPolicy lets nothing in to the pods. Whether it ends open connections is up to the cluster's network."""

    kind = undos.NETWORK_CUT

    def inject(self) -> None:
        """Makes the policy; a workload without a service raises ``BenchError``."""
        if not self.probes.has_service(self.name):
            raise BenchError(f"{self.name} has no service whose network could be cut.")
        self.cluster.isolate(self.details["policy"], labels_of(self.workload))

    def wait_until_effective(self) -> None:
        """Its service must refuse new connections; a cluster that ignores policies raises ``BenchError``."""
        try:
            wait_until(
                f"{self.name} is cut off",
                lambda: self.probes.trouble_of(self.name),
                timeout=_POLICY_IN_FORCE_S,
            )
        except WaitTimeout as error:
            raise BenchError(
                f"A NetworkPolicy for {self.name} was made and {self.name} still answers: the cluster's network does "
                "not enforce policies for the way from here; the policy is removed."
            ) from error

    def _details(self) -> dict[str, Any]:
        return {"policy": unique("focus-cut").lower()}
