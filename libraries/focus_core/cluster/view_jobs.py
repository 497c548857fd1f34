"""What the cluster holds for one view, from its start to its removal (site contract 3.1, 3.2).

A job with one pod streams the view, a service leads to it, a cleanup job removes it all.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from focus_core.base.waiting import NotYet, WaitTimeout, wait_until
from focus_core.cluster.client import ClusterClient
from focus_core.cluster.objects import Job, Pod, Service
from focus_core.cluster.reading import quantity
from focus_core.site.model import Site

# The port on which the program in a job's pod listens.
CONTAINER_PORT = "5000"
SERVICE_PREFIX = Site.service_prefix
CLEANUP_PREFIX = Site.cleanup_prefix

# The life of the pod of a view that comes to its end, in the only order there is.
PHASES = ("Pending", "Running", "Succeeded")


@dataclass(frozen=True)
class ViewInCluster:
    """The objects of the view with this job id; ``prefix`` begins the names of jobs of views. Each call looks anew."""

    cluster: ClusterClient
    prefix: str
    job_id: str

    @property
    def job_name(self) -> str:
        """The name of the view's job."""
        return f"{self.prefix}{self.job_id}"

    @property
    def service_name(self) -> str:
        """The name of the view's service."""
        return f"{SERVICE_PREFIX}{self.job_id}"

    @property
    def cleanup_name(self) -> str:
        """The name of the job that clears up after the view."""
        return f"{CLEANUP_PREFIX}{self.job_id}"

    def job(self) -> Job | None:
        """The job, None when there is none."""
        return _named(self.cluster.jobs(), self.job_name)

    def cleanup_job(self) -> Job | None:
        """The job that clears up after the view, None when there is none."""
        return _named(self.cluster.jobs(), self.cleanup_name)

    def service(self) -> Service | None:
        """The service, None when there is none."""
        return next((one for one in self.cluster.services() if one.name == self.service_name), None)

    def pods(self) -> list[Pod]:
        """The pods of the job, oldest first."""
        return self.cluster.pods(f"job-name={self.job_name}")

    def cleanup_pods(self) -> list[Pod]:
        """The pods of the job that clears up."""
        return self.cluster.pods(f"job-name={self.cleanup_name}")

    def left(self) -> list[str]:
        """What is still there of job, pods and service: "service grpc-service-7-1"."""
        found = [f"job {self.job_name}"] if self.job() else []
        # Not by label: also a pod that its job has let go of.
        found += [f"pod {pod.name}" for pod in self.cluster.pods() if pod.name.startswith(f"{self.job_name}-")]
        return found + ([f"service {self.service_name}"] if self.service() else [])

    def left_of_cleanup(self) -> list[str]:
        """What is still there of the job that clears up."""
        found = [f"job {self.cleanup_name}"] if self.cleanup_job() else []
        return found + [
            f"pod {pod.name}" for pod in self.cluster.pods() if pod.name.startswith(f"{self.cleanup_name}-")
        ]


def still_there(look: Callable[[], list[str]], seconds: float) -> list[str]:
    """What ``look`` still finds after so many seconds, each as a part of a sentence; empty once nothing is left."""

    def gone() -> bool:
        if left := look():
            raise NotYet(", ".join(left))
        return True

    try:
        wait_until("Everything is gone", gone, timeout=seconds)
    except WaitTimeout:
        return [f"{thing} is still there" for thing in look()]
    return []


def service_problems(service: Service, stream_port: int, pods: Sequence[Pod]) -> list[str]:
    """What is wrong with the service of a view: it serves exactly the answered port and leads to the job's pods."""
    faults = []
    if service.type != "NodePort":
        faults.append(f"its type is {service.type} instead of NodePort")
    if service.ports != [stream_port]:
        faults.append(f"it serves {', '.join(map(str, service.ports)) or 'no port'}, the answer named {stream_port}")
    if service.target_ports != [CONTAINER_PORT]:
        faults.append(f"it leads to port {', '.join(service.target_ports)} instead of {CONTAINER_PORT}")
    for pod in pods:
        if not service.selector or not service.selector.items() <= pod.labels.items():
            faults.append(f"its selector {service.selector} does not select pod {pod.name} ({pod.labels})")
    return faults


def resource_problems(pod: Pod, resources: Sequence[str]) -> list[str]:
    """What is wrong with what a pod's containers reserve: ``resources`` and all others have a request and a limit, and
    no request is above its limit."""
    faults = []
    for container in pod.containers:
        names = dict.fromkeys([*resources, *container.requests, *container.limits])
        for name in names:
            request, limit = container.requests.get(name), container.limits.get(name)
            if request is None or limit is None:
                missing = " and ".join(
                    what for what, value in (("request", request), ("limit", limit)) if value is None
                )
                faults.append(f"container {container.name} declares no {missing} of {name}")
            elif quantity(request) > quantity(limit):
                faults.append(f"container {container.name} requests {name} {request}, its limit is {limit}")
    return faults


def phase_problems(seen: Sequence[str], wanted: Sequence[str] = PHASES) -> list[str]:
    """What is wrong with the phases of a pod, when exactly ``wanted`` had to be seen in this order."""
    if list(seen) == list(wanted):
        return []
    return [f"its pod was {' -> '.join(seen) or 'never seen'}, expected {' -> '.join(wanted)}"]


def one_pod(view: ViewInCluster) -> Pod:
    """The pod of a view that runs. Raises ``AssertionError`` when the view has none, or more than one."""
    pods = view.pods()
    if len(pods) != 1:
        names = ", ".join(pod.name for pod in pods)
        raise AssertionError(f"Job {view.job_name} has {len(pods) or 'no'} pod{'s: ' + names if pods else ''}.")
    return pods[0]


def _named(jobs: Sequence[Job], name: str) -> Job | None:
    return next((job for job in jobs if job.name == name), None)
