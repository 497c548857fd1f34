"""Whose things of the cluster are looked at: a workload's, a view's, those of the job that clears up after a view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from focus_core.base.errors import BenchError
from focus_core.cluster.objects import Event, Job, LogLine, Pod, PodResources, Service
from focus_core.cluster.reading import resources_of
from focus_core.cluster.view_jobs import ViewInCluster

if TYPE_CHECKING:
    from focus_core.cluster.client import ClusterClient
    from focus_core.site.model import Site, Workload

WorkloadName = Literal["focus_server", "mongodb", "rabbitmq", "segy_recorder", "webapp", "preprocessor"]


@dataclass(frozen=True)
class Owner:
    """Whose things are looked at, everyone's where nothing is given: at most one of ``workload`` and the two jobs.

    ``view`` and ``cleanup_of`` are ids of the job of a view.
    """

    cluster: ClusterClient
    site: Site
    workload: Workload | None = None
    view: str = ""
    cleanup_of: str = ""

    def __post_init__(self) -> None:
        if sum(map(bool, (self.workload, self.view, self.cleanup_of))) > 1:
            raise BenchError("workload, view and cleanup_of name an owner each; give one of them.")

    def __str__(self) -> str:
        if self.workload:
            return f" of {self.workload.name}"
        return f" of job {self._job}" if self._job else ""

    def pods(self) -> list[Pod]:
        """The pods, oldest first; of a job also those that it has let go of."""
        if self.workload:
            return self.cluster.pods(self.workload.selector)
        pods = self.cluster.pods()
        return [pod for pod in pods if pod.name.startswith(f"{self._job}-")] if self._job else pods

    def jobs(self) -> list[Job]:
        """The jobs."""
        jobs = self.cluster.jobs()
        return [job for job in jobs if job.name == self._job] if self._job else jobs

    def services(self) -> list[Service]:
        """The services: of a view the one that was made for it, of a workload those that lead to one of its pods."""
        services = self.cluster.services()
        if self.view:
            return [service for service in services if service.name == self._in_cluster.service_name]
        return services_of(services, self.pods()) if self.workload else services

    def events(self) -> list[Event]:
        """The events, oldest first: of a workload and of its pods, of a job, its pods and its service."""
        events = self.cluster.events()
        if self._job:
            about = self._job, self._in_cluster.service_name if self.view else ""
            return [one for one in events if one.object in about or one.object.startswith(f"{self._job}-")]
        if self.workload:
            names = {self.workload.name, *(pod.name for pod in self.pods())}
            return [one for one in events if one.object in names]
        return events

    def log_lines(self, since: datetime | None, last: int | None, named: str | None = None) -> list[LogLine]:
        """What the pods have logged, pod by pod, of each the oldest line first, without blank lines.

        Only what was logged since then, only the ``last`` lines of each pod; only pods whose name begins as ``named``.
        """
        pods = [pod for pod in self.pods() if named is None or pod.name.startswith(named)]
        lines = [line for pod in pods for line in self.cluster.pod_log(pod.name, since=since, tail=last)]
        return [line for line in lines if line.text.strip()]

    def resources(self) -> list[PodResources]:
        """What the pods request, may use and use."""
        pods = self.pods()
        used = {one.pod: one for one in self.cluster.pod_metrics(self.workload.selector if self.workload else "")}
        return [resources_of(pod, used.get(pod.name)) for pod in pods]

    @property
    def _in_cluster(self) -> ViewInCluster:
        return ViewInCluster(self.cluster, self.site.job_prefix, self.view or self.cleanup_of)

    @property
    def _job(self) -> str:
        if self.cleanup_of:
            return self._in_cluster.cleanup_name
        return self._in_cluster.job_name if self.view else ""


def services_of(services: Sequence[Service], pods: Sequence[Pod]) -> list[Service]:
    """Those services that lead to one of the pods."""
    return [
        service
        for service in services
        if service.selector and any(service.selector.items() <= pod.labels.items() for pod in pods)
    ]
