"""Keywords about the cluster: its workloads and nodes."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.waiting import wait_until
from focus_core.cluster.objects import Pod, Service
from focus_core.cluster.owners import WorkloadName, services_of
from focus_core.cluster.view_jobs import resource_problems
from focus_core.node import shell as node_shell
from focus_core.run import clients
from focus_core.site.data import site
from focus_core.site.model import Workload
from focus_core.views.view import View
from robot.api import logger
from robot.api.deco import keyword

from focus_keywords.cluster.found import OWNER, entry_of, owner_of

NODE_CONNECT_S = 10


class RestartCounts(dict[str, int]):
    """How often pods were restarted, by their names."""


class Workloads:
    """The site's workloads and nodes."""

    @keyword(tags=("kubernetes",))
    def every_workload_should_be_healthy(self) -> None:
        """Fails unless every workload of the site file exists with all replicas ready and up to date.

        | Every Workload Should Be Healthy
        """
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

    @keyword(tags=("kubernetes", "Assertion"), types={**OWNER, "resources": str})
    def pods_should_declare_what_they_need(
        self,
        *resources: str,
        workload: WorkloadName | None = None,
        view: View | None = None,
        cleanup_of: View | None = None,
    ) -> None:
        """Fails unless each container of the pods declares a request and a limit of each of these resources, and of
        whatever else it declares at all, and no request is above its limit.

        Without requests the scheduler keeps no room, and the node ends such pods first when it runs short; without a
        limit of memory one container may take what all others need. Pods are those of a workload, of a view, or of the
        job that clears up after it; they may take ``pod_visible_s`` to come.

        Example:
        | Pods Should Declare What They Need    cpu    memory    workload=segy_recorder
        """
        demands.some("resource, as cpu or memory", resources)
        owner = owner_of(workload, view, cleanup_of)
        pods = wait_until(f"The pods{owner} are there", owner.pods, timeout=site().timings.pod_visible_s)
        faults = [f"{pod.name}: {fault}" for pod in pods for fault in resource_problems(pod, resources)]
        fail_with(f"The pods{owner} do not declare what they need", faults)

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
        selector = entry_of(workload).selector
        pods = clients.cluster().pods(selector)
        if not pods:
            raise AssertionError(f"Workload {workload} has no pod; none is labelled {selector}.")
        return pods

    def _pods_of_all_workloads(self) -> list[Pod]:
        entries: Iterable[Workload | None] = vars(site().workloads).values()
        return [pod for entry in entries if entry for pod in clients.cluster().pods(entry.selector)]

    def _services_of_workload(self, workload: WorkloadName) -> list[Service]:
        return services_of(clients.cluster().services(), self._pods_of_workload(workload))


def _serves(pod: Pod) -> bool:
    return pod.phase == "Running" and pod.ready and not pod.deleted
