"""Keywords about the cluster: its workloads and nodes."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

from focus_core.cluster_client import ClusterClient
from focus_core.site_data import site
from focus_core.site_model import Workload
from robot.api import logger
from robot.api.deco import keyword, library

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
        wanted: list[Workload] = list(vars(site().workloads).values())
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

    @cached_property
    def _cluster(self) -> ClusterClient:
        return ClusterClient.of_site(site())
