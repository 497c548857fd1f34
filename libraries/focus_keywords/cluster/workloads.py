"""Keywords about the cluster: its workloads and nodes."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable
from typing import Literal

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.cluster.objects import LogLine, Pod, Service
from focus_core.cluster.view_jobs import resource_problems
from focus_core.node import shell as node_shell
from focus_core.run import clients
from focus_core.run.session import client
from focus_core.site.data import site
from focus_core.site.model import Workload
from robot.api import SkipExecution, logger
from robot.api.deco import keyword

# A metrics server measures every 15 s; a line of a log is there at once, but for the way through the node.
MEASURED_S = 20
LOGGED_S = 5
LAST_LINES = 1000
NODE_CONNECT_S = 10

WorkloadName = Literal["focus_server", "mongodb", "rabbitmq", "segy_recorder", "webapp", "preprocessor"]


class RestartCounts(dict[str, int]):
    """How often pods were restarted, by their names."""


class Workloads:
    """The site's workloads and nodes."""

    @keyword(tags=("kubernetes",))
    def every_node_should_be_ready(self) -> None:
        """Fails unless every node is Ready and at least one takes pods."""
        nodes = clients.cluster().nodes()
        not_ready = [node.name for node in nodes if not node.ready]
        if not_ready:
            raise AssertionError(f"{len(not_ready)} of {len(nodes)} nodes are not Ready: {', '.join(not_ready)}.")
        if not any(node.schedulable for node in nodes):
            raise AssertionError(f"None of {len(nodes)} nodes takes pods.")

    @keyword(tags=("kubernetes",))
    def every_workload_should_be_healthy(self) -> None:
        """Fails unless every workload of the site file exists with all replicas ready and up to date."""
        wanted: list[Workload] = [one for one in vars(site().workloads).values() if one]
        seen = {entry.name: clients.cluster().workload(entry.kind, entry.name) for entry in wanted}
        logger.info("\n".join(f"{name}: {state}" for name, state in seen.items()))
        faults = [
            f"{entry.kind} {entry.name} is missing" if (state := seen[entry.name]) is None else str(state)
            for entry in wanted
            if (state := seen[entry.name]) is None or not state.healthy
        ]
        if faults:
            raise AssertionError(f"{len(faults)} of {len(wanted)} workloads are not healthy: {'; '.join(faults)}.")

    @keyword(tags=("kubernetes",))
    def cluster_should_report_its_version_and_nodes(self) -> None:
        """Fails unless the API tells a version ("v1.34.1+k3s1") and at least one node that is Ready and takes pods.

        Example:
        | Cluster Should Report Its Version And Nodes
        """
        version, nodes = clients.cluster().version(), clients.cluster().nodes()
        logger.info("\n".join([version, *map(str, nodes)]))
        if not re.match(r"v\d+\.\d+", version):
            raise AssertionError(f"The Kubernetes API tells '{version}' as its version.")
        if not any(node.ready and node.schedulable for node in nodes):
            raise AssertionError(f"None of {len(nodes)} nodes is Ready and takes pods.")

    @keyword(tags=("kubernetes",))
    def workload_should_be_listed(self, workload: WorkloadName) -> None:
        """Fails unless the workload of the site file is among the Deployments or StatefulSets of the namespace.

        Example:
        | Workload Should Be Listed    mongodb
        """
        entry = _entry(workload)
        names = [found.name for found in clients.cluster().workloads(entry.kind)]
        if entry.name not in names:
            raise AssertionError(
                f"There is no {entry.kind} {entry.name} in namespace {site().kubernetes.namespace}; there are "
                f"{', '.join(sorted(names)) or 'none'}."
            )

    @keyword(tags=("kubernetes",))
    def wait_until_workload_is_healthy(self, workload: WorkloadName) -> None:
        """Waits, at most the site's ``pod_ready_s``, until all replicas of the workload are ready and up to date.

        Example:
        | Wait Until Workload Is Healthy    mongodb
        """
        entry = _entry(workload)

        def healthy() -> bool:
            state = clients.cluster().workload(entry.kind, entry.name)
            if state is None or not state.healthy:
                raise NotYet(str(state or f"{entry.kind} {entry.name} is missing"))
            return True

        wait_until(f"{entry.kind} {entry.name} is healthy", healthy, timeout=site().timings.pod_ready_s)

    @keyword(tags=("kubernetes",))
    def pods_of_workload_should_be_ready(self, workload: WorkloadName) -> None:
        """Fails unless the workload has pods, and each is Running, Ready and not on its way out. Looks once.

        Example:
        | Pods Of Workload Should Be Ready    mongodb
        """
        pods = self._pods_of_workload(workload)
        logger.info("\n".join(map(str, pods)))
        faulty = [pod for pod in pods if not _serves(pod)]
        if faulty:
            raise AssertionError(
                f"{len(faulty)} of {len(pods)} pods of {workload} are not ready: "
                f"{'; '.join(map(clients.cluster().describe, faulty))}."
            )

    @keyword(tags=("kubernetes",))
    def every_pod_of_the_workloads_should_be_ready(self) -> None:
        """The same for the pods of all workloads of the site file.

        Example:
        | Every Pod Of The Workloads Should Be Ready
        """
        faults = []
        for workload in vars(site().workloads):
            try:
                self.pods_of_workload_should_be_ready(workload)
            except AssertionError as fault:
                faults.append(str(fault).rstrip("."))
        fail_with("The site does not run as it should", faults)

    @keyword(tags=("kubernetes",))
    def note_restarts_of_the_workloads(self) -> RestartCounts:
        """How often each pod of the site's workloads was restarted, by its name; for `No Workload Should Have
        Restarted Since`.

        Example:
        | ${before} =    Note Restarts Of The Workloads
        """
        return RestartCounts({pod.name: pod.restarts for pod in self._pods_of_all_workloads()})

    @keyword(tags=("kubernetes",))
    def no_workload_should_have_restarted_since(self, before: RestartCounts) -> None:
        """Fails when a pod was restarted or replaced since `Note Restarts Of The Workloads`, or does not run now.

        Not for exclusive suites that take pods away.

        Example:
        | No Workload Should Have Restarted Since    ${before}
        """
        pods = self._pods_of_all_workloads()
        faults = [f"pod {name} is gone" for name in before.keys() - {pod.name for pod in pods}]
        for pod in pods:
            ends = ", ".join(sorted({one.last_end for one in pod.containers if one.last_end}))
            if pod.name not in before:
                faults.append(f"pod {pod.name} is new")
            elif pod.restarts != before[pod.name]:
                faults.append(
                    f"{pod.name} was restarted {pod.restarts - before[pod.name]} times (ended with {ends or 'nothing'})"
                )
            elif not _serves(pod):
                faults.append(clients.cluster().describe(pod))
        fail_with("The workloads did not go on as they were", sorted(faults))

    @keyword(tags=("kubernetes",))
    def workload_should_declare_what_it_needs(self, workload: WorkloadName) -> None:
        """Fails unless each container of the workload has a request and a limit of CPU, of memory and of whatever else
        it declares, and no request is above its limit.

        Without requests the scheduler keeps no room, and the node ends such pods first when it runs short; without a
        limit of memory one container may take what all others need.

        Example:
        | Workload Should Declare What It Needs    segy_recorder
        """
        faults = [
            f"{pod.name}: {fault}"
            for pod in self._pods_of_workload(workload)
            for fault in resource_problems(pod, ("cpu", "memory"))
        ]
        fail_with(f"Workload {workload} does not declare what it needs", faults)

    @keyword(tags=("kubernetes",))
    def pods_of_workload_should_be_measured(self, workload: WorkloadName) -> None:
        """Fails unless the metrics API tells what each pod of the workload uses, and that it uses memory.

        Waits for the next measurement of the metrics server, at most 20 s.

        Example:
        | Pods Of Workload Should Be Measured    rabbitmq
        """
        selector = _entry(workload).selector

        def measured() -> bool:
            used = {one.pod: one for one in clients.cluster().pod_metrics(selector)}
            missing = [pod.name for pod in self._pods_of_workload(workload) if pod.name not in used]
            if missing:
                raise NotYet(f"no metrics of {', '.join(missing)}")
            logger.info("\n".join(map(str, used.values())))
            idle = [str(one) for one in used.values() if one.memory_bytes <= 0]
            if idle:
                raise NotYet("; ".join(idle))
            return True

        wait_until(f"The pods of {workload} are measured", measured, timeout=MEASURED_S, interval=1)

    @keyword(tags=("kubernetes",))
    def read_log_of_workload(self, workload: WorkloadName, *, last: int = 50) -> str:
        """The last lines that each pod of the workload has logged, with their times.

        Example:
        | ${log} =    Read Log Of Workload    mongodb    last=20
        """
        demands.at_least(1, last=last)
        return "\n".join(
            f"{pod.name}: {line}"
            for pod in self._pods_of_workload(workload)
            for line in clients.cluster().pod_log(pod.name, tail=last)
        )

    @keyword(tags=("kubernetes",))
    def log_of_workload_should_not_be_empty(self, workload: WorkloadName) -> None:
        """Fails when a pod of the workload has logged nothing since it was started.

        Example:
        | Log Of Workload Should Not Be Empty    mongodb
        """
        silent = [
            pod.name
            for pod in self._pods_of_workload(workload)
            if not any(line.text.strip() for line in self._last_lines(pod))
        ]
        if silent:
            raise AssertionError(f"The log of {', '.join(silent)} is empty.")

    @keyword(tags=("kubernetes",))
    def log_of_focus_server_should_show_a_request(self) -> None:
        """Asks for the metadata of a job that nobody else asks for, and waits, at most 5 s, until a pod of the Focus
        Server has logged it.

        Example:
        | Log Of Focus Server Should Show A Request
        """
        name = unique("log")
        answer = client().send("GET", f"/metadata/{name}")

        def shown() -> bool:
            lines = [line for pod in self._pods_of_workload("focus_server") for line in self._last_lines(pod)]
            if not any(name in line.text for line in lines):
                raise NotYet(f"{len(lines)} lines without it")
            return True

        wait_until(f"The log shows GET {answer.url}, answered {answer.status}", shown, timeout=LOGGED_S)

    @keyword(tags=("kubernetes",))
    def list_events_of_workload(self, workload: WorkloadName) -> list[str]:
        """The events of the workload and its pods, oldest first: "Warning Unhealthy: Readiness probe failed: ...".

        Example:
        | ${events} =    List Events Of Workload    mongodb
        """
        names = [_entry(workload).name, *(pod.name for pod in self._pods_of_workload(workload))]
        events = [event for name in names for event in clients.cluster().events_of(name)]
        return [str(event) for event in sorted(events, key=lambda event: event.last)]

    @keyword(tags=("kubernetes",))
    def run_in_workload(self, workload: WorkloadName, *command: str) -> str:
        """Runs a command (program and arguments, no shell) in each pod of the workload; returns what they printed.

        Fails when it ends with an error.

        Example:
        | ${printed} =    Run In Workload    rabbitmq    echo    it works
        """
        demands.some("word of a command", command)
        printed = []
        for pod in self._pods_of_workload(workload):
            ended = clients.cluster().run_in_pod(pod.name, list(command))
            if ended.code:
                raise AssertionError(
                    f"'{shlex.join(command)}' ended with {ended.code} in pod {pod.name}: "
                    f"{ended.errors or 'it said nothing'}."
                )
            printed.append(ended.output)
        return "".join(printed)

    @keyword(tags=("kubernetes",))
    def workload_should_be_served_on(self, workload: WorkloadName, *ports: int) -> None:
        """Fails unless services that select the workload's pods declare all these ports (site-contract 3.1), and
        lead each to a ready pod.

        Example:
        | Workload Should Be Served On    mongodb    27017
        """
        demands.some("port", ports)
        services = self._services_of_workload(workload)
        served = {
            endpoint.service_port for service in services for endpoint in clients.cluster().endpoints(service.name)
        }
        declared = {port for service in services for port in service.ports}
        faults = [f"no service of it has port {port}" for port in ports if port not in declared]
        faults += [f"no ready pod serves port {port}" for port in ports if port in declared - served]
        fail_with(f"Workload {workload} is not served as it should", faults)

    @keyword(tags=("kubernetes", "ssh"))
    def every_port_of_workload_should_be_open_from_the_node(self, workload: WorkloadName) -> None:
        """Fails unless the SSH node can open a TCP connection to every port that the services of the workload lead
        to, at each ready pod.

        Example:
        | Every Port Of Workload Should Be Open From The Node    rabbitmq
        """
        services = self._services_of_workload(workload)
        endpoints = [endpoint for service in services for endpoint in clients.cluster().endpoints(service.name)]
        if not endpoints:
            raise AssertionError(f"The services of {workload} lead to no ready pod.")
        shell = node_shell.shell_of(site())
        faults = []
        for endpoint in endpoints:
            connect = f"bash -c 'exec 3<>/dev/tcp/{endpoint.host}/{endpoint.port}'"
            ended = shell.execute(connect, timeout=NODE_CONNECT_S)
            if ended.code:
                faults.append(f"{endpoint}: {ended.errors.splitlines()[0] if ended.errors else 'no connection'}")
        logger.info("\n".join(map(str, endpoints)))
        fail_with(f"The node cannot reach every port of {workload}", faults)

    def _pods_of_workload(self, workload: WorkloadName) -> list[Pod]:
        selector = _entry(workload).selector
        pods = clients.cluster().pods(selector)
        if not pods:
            raise AssertionError(f"Workload {workload} has no pod; none is labelled {selector}.")
        return pods

    def _pods_of_all_workloads(self) -> list[Pod]:
        entries: Iterable[Workload | None] = vars(site().workloads).values()
        return [pod for entry in entries if entry for pod in clients.cluster().pods(entry.selector)]

    def _last_lines(self, pod: Pod) -> list[LogLine]:
        return clients.cluster().pod_log(pod.name, tail=LAST_LINES)

    def _services_of_workload(self, workload: WorkloadName) -> list[Service]:
        pods = self._pods_of_workload(workload)
        return [
            service
            for service in clients.cluster().services()
            if service.selector and any(service.selector.items() <= pod.labels.items() for pod in pods)
        ]


def _entry(workload: WorkloadName) -> Workload:
    entry: Workload | None = getattr(site().workloads, workload)
    if entry is None:
        raise SkipExecution(f"The file of this site names no workload {workload}.")
    return entry


def _serves(pod: Pod) -> bool:
    return pod.phase == "Running" and pod.ready and not pod.deleted
