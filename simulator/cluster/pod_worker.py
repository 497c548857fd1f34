"""One pod as processes: its containers in their order, its status, its end."""

from __future__ import annotations

import asyncio
import signal

from simulator.cluster import meta
from simulator.cluster.container_runner import ContainerRunner
from simulator.cluster.node_runtime import NodeRuntime
from simulator.cluster.resources import POD, Object
from simulator.cluster.sandbox import PodSandbox


class PodWorker:
    """Everything that the node does for one pod."""

    def __init__(self, node: NodeRuntime, pod: Object) -> None:
        self.node = node
        self.pod = pod
        sandbox = self.sandbox = PodSandbox(node, pod, self.report)
        self.directory = sandbox.directory
        self.grace = sandbox.grace
        self.stopping = sandbox.stopping
        spec = pod["spec"]
        self.init_containers = [ContainerRunner(sandbox, one, init=True) for one in spec.get("initContainers") or []]
        self.containers = [ContainerRunner(sandbox, one, init=False) for one in spec["containers"]]
        self.initialized = meta.true_condition(pod, "Initialized") is not None
        self.began = meta.now()
        self._stopper: asyncio.Task[None] | None = None
        # A pod that an earlier cluster had begun is gone on with.
        known = {one["name"]: one for one in meta.container_statuses(pod)}
        for runner in self.runners:
            if runner.name in known:
                runner.restore(known[runner.name])

    @property
    def runners(self) -> list[ContainerRunner]:
        """All containers, in the order of their start."""
        return [*self.init_containers, *self.containers]

    async def run(self) -> None:
        """From start to the last exit; afterwards a pod that is being deleted disappears."""
        self.directory.mkdir(parents=True, exist_ok=True)
        if "containerStatuses" not in self.pod["status"]:
            self.report()
            await self._get_address()
        for runner in self.init_containers:
            await runner.run()
            if runner.state.get("terminated", {}).get("exitCode") != 0:
                break
        else:
            self.initialized = True
            await asyncio.gather(*(runner.run() for runner in self.containers))
        self.report()

    async def _get_address(self) -> None:
        """Waits until the node's network has an address for the pod, or the pod is stopped."""
        delay = self.node.faults.address_delay_s(meta.name_of(self.pod)) * self.node.time_scale
        if delay:
            text = (
                "Failed to create pod sandbox: failed to allocate for range 0: no IP addresses available in range set"
            )
            self.node.events.warning(POD, self.pod, "FailedCreatePodSandBox", text)
            await self.sandbox.pause(delay)

    def stop(self, grace: float) -> None:
        """Ends the programs: SIGTERM, after `grace` seconds SIGKILL; a shorter grace replaces a longer one."""
        first = not self.stopping.is_set()
        self.stopping.set()
        if self._stopper is not None:
            self._stopper.cancel()
        self._stopper = asyncio.create_task(self._stop(grace, first=first))

    async def _stop(self, grace: float, *, first: bool) -> None:
        if grace > 0:
            if first:
                for runner in self.runners:
                    if runner.program is not None:
                        runner.event("Normal", "Killing", f"Stopping container {runner.name}")
                        runner.program.terminate()
            await asyncio.sleep(grace)
        for runner in self.runners:
            if runner.program is not None:
                runner.program.signal_group(signal.SIGKILL)

    def report(self) -> None:
        """Writes the pod's status."""
        self.node.registry.edit_status(POD, self.pod, self._fill_status)

    def _fill_status(self, status: Object) -> None:
        phase = self._phase()
        status["phase"] = phase
        status["hostIP"] = status["podIP"] = "127.0.0.1"
        status["hostIPs"] = status["podIPs"] = [{"ip": "127.0.0.1"}]
        status.setdefault("startTime", self.began)
        status["containerStatuses"] = [runner.status() for runner in self.containers]
        if self.init_containers:
            status["initContainerStatuses"] = [runner.status() for runner in self.init_containers]
        ready = phase == "Running" and all(runner.ready for runner in self.containers)
        unready = [runner.name for runner in self.containers if not runner.ready]
        reason = "PodCompleted" if phase == "Succeeded" else "ContainersNotReady"
        text = "" if ready or phase == "Succeeded" else f"containers with unready status: {unready}"
        meta.set_condition(status, "Initialized", "True" if self.initialized or not self.init_containers else "False")
        for name in ("Ready", "ContainersReady"):
            meta.set_condition(status, name, "True" if ready else "False", "" if ready else reason, text)

    def _phase(self) -> str:
        if any(runner.state.get("terminated", {}).get("exitCode", 0) != 0 for runner in self.init_containers):
            return "Failed" if self.pod["spec"]["restartPolicy"] == "Never" else "Pending"
        if not self.initialized and self.init_containers:
            return "Pending"
        if all("terminated" in runner.state and self._for_good(runner) for runner in self.containers):
            good = all(runner.state["terminated"]["exitCode"] == 0 for runner in self.containers)
            return "Succeeded" if good else "Failed"
        never_ran = [one for one in self.containers if "waiting" in one.state and not one.last_state]
        return "Pending" if never_ran else "Running"

    def _for_good(self, runner: ContainerRunner) -> bool:
        if self.stopping.is_set() or runner.policy == "Never":
            return True
        return bool(runner.policy == "OnFailure" and runner.state["terminated"]["exitCode"] == 0)
