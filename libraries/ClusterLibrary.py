"""Keywords about the cluster: workloads, nodes, and the job, pod and service of a view."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from focus_core.cluster_client import ClusterClient, Job, Pod, Service
from focus_core.focus_answers import View
from focus_core.site_data import site
from focus_core.site_model import Workload
from focus_core.waiting import NotYet, wait_until
from robot.api import logger
from robot.api.deco import keyword, library

# The port on which the program in a job's pod listens (site-contract 3.2).
JOB_CONTAINER_PORT = "5000"
SERVICE_PREFIX = "grpc-service-"

WorkloadName = Literal["focus_server", "mongodb", "rabbitmq", "segy_recorder", "webapp"]


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class ClusterLibrary:
    """The Kubernetes side of the site. Every keyword only looks; nothing here changes the cluster."""

    @keyword(tags=("kubernetes",))
    def every_node_should_be_ready(self) -> None:
        """Fails unless every node is Ready and at least one takes pods."""
        nodes = self._cluster.nodes()
        not_ready = [node.name for node in nodes if not node.ready]
        if not_ready:
            raise AssertionError(f"{len(not_ready)} of {len(nodes)} nodes are not Ready: {', '.join(not_ready)}.")
        if not any(node.schedulable for node in nodes):
            raise AssertionError(f"None of {len(nodes)} nodes takes pods.")

    @keyword(tags=("kubernetes",))
    def every_workload_should_be_healthy(self) -> None:
        """Fails unless every workload of the site file exists with all replicas ready and up to date."""
        wanted: list[Workload] = [one for one in vars(site().workloads).values() if one]
        seen = {entry.name: self._cluster.workload(entry.kind, entry.name) for entry in wanted}
        logger.info("\n".join(f"{name}: {state}" for name, state in seen.items()))
        faults = [
            f"{entry.kind} {entry.name} is missing" if (state := seen[entry.name]) is None else str(state)
            for entry in wanted
            if (state := seen[entry.name]) is None or not state.healthy
        ]
        if faults:
            raise AssertionError(f"{len(faults)} of {len(wanted)} workloads are not healthy: {'; '.join(faults)}.")

    @keyword(tags=("kubernetes",))
    def pods_of_workload_should_be_ready(self, workload: WorkloadName) -> None:
        """Fails unless the workload has pods, and each is Running, Ready and not on its way out. Looks once.

        Example:
        | Pods Of Workload Should Be Ready    mongodb
        """
        selector = getattr(site().workloads, workload).selector
        pods = self._cluster.pods(selector)
        if not pods:
            raise AssertionError(f"Workload {workload} has no pod; none is labelled {selector}.")
        logger.info("\n".join(map(str, pods)))
        faulty = [pod for pod in pods if pod.phase != "Running" or not pod.ready or pod.deleted]
        if faulty:
            raise AssertionError(
                f"{len(faulty)} of {len(pods)} pods of {workload} are not ready: {'; '.join(map(str, faulty))}."
            )

    @keyword("Job Of View Should Be Running Within The Site's Budget", tags=("kubernetes",))
    def job_should_be_running(self, view: View) -> Pod:
        """Waits until the view's job has a pod (``pod_visible_s``) that is Running (``job_running_s``); returns it.

        Example:
        | ${view} =    Open Live View
        | Job Of View Should Be Running Within The Site's Budget    ${view}
        """
        timings = site().timings
        job = wait_until(f"View {view.job_id} has its job", lambda: self._job(view), timeout=timings.pod_visible_s)
        wait_until(f"Job {job.name} has a pod", lambda: self._pods(job), timeout=timings.pod_visible_s)

        def running() -> Pod:
            pods = self._pods(job)
            if self._job_of(view).finished == "Failed":
                raise AssertionError(f"Job {job.name} failed: {'; '.join(map(str, pods)) or 'it has no pod'}.")
            if not pods:
                raise NotYet("no pod")
            if pods[-1].phase != "Running":
                raise NotYet(self._why_not_running(pods[-1]))
            return pods[-1]

        return wait_until(f"The pod of job {job.name} is Running", running, timeout=timings.job_running_s)

    @keyword(tags=("kubernetes",))
    def job_of_view_should_carry_its_labels(self, view: View) -> None:
        """Fails unless the pods of the view's job are labelled ``app`` (the job's name) and ``job_id``."""
        job = self._job_of(view)
        expected = {"app": self._job_name(view), "job_id": view.job_id}
        for pod in self._pods_of(job):
            faults = [
                f"{name} is {pod.labels.get(name)!r} instead of {value!r}"
                for name, value in expected.items()
                if pod.labels.get(name) != value
            ]
            if faults:
                raise AssertionError(f"Pod {pod.name} has wrong labels: {'; '.join(faults)}.")

    @keyword(tags=("kubernetes",))
    def job_of_view_should_have_its_service(self, view: View) -> None:
        """Fails unless the view's service serves the answered stream port and selects the pods of its job."""
        service = self._service_of(view)
        faults = []
        if service.type != "NodePort":
            faults.append(f"its type is {service.type} instead of NodePort")
        if view.answer.stream_port not in service.ports:
            faults.append(f"it serves {service.ports}, the answer said {view.answer.stream_port}")
        if JOB_CONTAINER_PORT not in service.target_ports:
            faults.append(f"it leads to port {', '.join(service.target_ports)} instead of {JOB_CONTAINER_PORT}")
        for pod in self._pods_of(self._job_of(view)):
            if not service.selector or not service.selector.items() <= pod.labels.items():
                faults.append(f"its selector {service.selector} does not select pod {pod.name} ({pod.labels})")
        if faults:
            raise AssertionError(f"Service {service.name} is wrong: {'; '.join(faults)}.")

    @keyword(tags=("kubernetes",))
    def job_of_view_should_declare_its_resources(self, view: View) -> None:
        """Fails unless the pods of the view's job say what they need, with a limit for each and never above it."""
        from kubernetes.utils.quantity import parse_quantity

        for pod in self._pods_of(self._job_of(view)):
            if not pod.requests:
                raise AssertionError(
                    f"Pod {pod.name} does not say what it needs, so the scheduler cannot keep it room."
                )
            for name, request in pod.requests.items():
                if name not in pod.limits or parse_quantity(request) > parse_quantity(pod.limits[name]):
                    raise AssertionError(
                        f"Pod {pod.name} requests {name} {request}, its limit is {pod.limits.get(name, 'missing')}."
                    )

    @keyword(tags=("kubernetes",))
    def job_of_view_should_be_removed(self, view: View) -> None:
        """Waits, at most the site's ``job_removed_s``, until the view has neither job, nor pod, nor service."""

        def gone() -> bool:
            left = [job.name for job in self._cluster.jobs() if job.name == self._job_name(view)]
            left += [pod.name for pod in self._cluster.pods() if pod.name.startswith(f"{self._job_name(view)}-")]
            left += [service.name for service in self._cluster.services() if service.name == _service_name(view)]
            if left:
                raise NotYet(f"{', '.join(left)} still there")
            return True

        wait_until(f"Everything of view {view.job_id} is removed", gone, timeout=site().timings.job_removed_s)

    @cached_property
    def _cluster(self) -> ClusterClient:
        return ClusterClient.of_site(site())

    def _job_name(self, view: View) -> str:
        return f"{site().job_prefix}{view.job_id}"

    def _job(self, view: View) -> Job | None:
        return next((job for job in self._cluster.jobs() if job.name == self._job_name(view)), None)

    def _job_of(self, view: View) -> Job:
        job = self._job(view)
        if job is None:
            raise AssertionError(f"View {view.job_id} has no job {self._job_name(view)} in the cluster.")
        return job

    def _pods(self, job: Job) -> list[Pod]:
        return self._cluster.pods(f"job-name={job.name}")

    def _pods_of(self, job: Job) -> list[Pod]:
        pods = self._pods(job)
        if not pods:
            raise AssertionError(f"Job {job.name} has no pod.")
        return pods

    def _service_of(self, view: View) -> Service:
        name = _service_name(view)
        found = [service for service in self._cluster.services() if service.name == name]
        if not found:
            raise AssertionError(f"View {view.job_id} has no service {name} in the cluster.")
        return found[0]

    def _why_not_running(self, pod: Pod) -> str:
        warnings = [event for event in self._cluster.events(pod.name) if event.type == "Warning"]
        reason = f" ({warnings[-1].reason}: {warnings[-1].message})" if warnings else ""
        return f"{pod}{reason}"


def _service_name(view: View) -> str:
    return f"{SERVICE_PREFIX}{view.job_id}"
