"""What the containers of one pod share on their node."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

from simulator.cluster import meta
from simulator.cluster.node_runtime import NodeRuntime
from simulator.cluster.resources import Object


class PodSandbox:
    """A pod's directory, environment and end; `report` writes the pod's status."""

    def __init__(self, node: NodeRuntime, pod: Object, report: Callable[[], None]) -> None:
        self.node = node
        self.pod = pod
        self.report = report
        self.title = f"{meta.name_of(pod)}_{meta.namespace_of(pod)}({meta.uid_of(pod)})"
        self.directory = node.pod_directory(pod)
        self.token = node.accounts.token_of_pod(pod)
        self.base_environment = node.base_environment(pod, self.directory, self.token)
        self.grace = float(pod["spec"].get("terminationGracePeriodSeconds", 2))
        self.stopping = asyncio.Event()

    async def pause(self, seconds: float) -> None:
        """Waits, but not longer than until the pod is stopped."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), seconds)
