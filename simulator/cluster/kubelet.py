"""The node agent: turns pods that are bound to the node into processes and back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from functools import partial

import aiohttp

from simulator.cluster import meta, volumes
from simulator.cluster.container_runner import ContainerRunner
from simulator.cluster.containers import CannotStartError
from simulator.cluster.node_runtime import NodeRuntime, host_ports, own_bytes
from simulator.cluster.pod_worker import PodWorker
from simulator.cluster.quantities import quantity
from simulator.cluster.recovery import end_strays, living_programs
from simulator.cluster.resources import CONFIG_MAP, POD, SECRET, Object
from simulator.cluster.store import Change

MEMORY_CHECK_PERIOD = 1.0


class Kubelet:
    """Runs the pods of one node."""

    def __init__(self, node: NodeRuntime) -> None:
        self.node = node
        self.store = node.store
        self.pod_ended: Callable[[], None] = lambda: None
        self._workers: dict[str, PodWorker] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._memory_task: asyncio.Task[None] | None = None
        self._closing = False

    async def start(self) -> None:
        """Begins to look at pods."""
        self.node.http = aiohttp.ClientSession()
        self.store.listen(self._pod_changed)
        self._memory_task = asyncio.create_task(self._watch_memory())

    def recover(self) -> None:
        """Finds what lives of the pods of a cluster that was killed, and ends what belongs to none.

        Called before anybody listens. A living program is known by its pid and start time; the pods that have one go
        on. Of all others, also of those that were being deleted, every process ends.
        """
        kept = set()
        for pod in self.store.objects(POD):
            if pod["spec"].get("nodeName") != self.node.name or meta.is_finished(pod):
                continue
            if meta.is_deleting(pod):
                self.store.remove(POD, *meta.key_of(pod))
                continue
            found = living_programs(pod)
            self.node.living.update({(meta.uid_of(pod), name): pid for name, pid in found.items()})
            if found:
                kept.add(self.node.pod_directory(pod))
        end_strays(self.node.pods_dir, kept)
        known = {self.node.pod_directory(pod) for pod in self.store.objects(POD)}
        for directory in self.node.pods_dir.glob("*"):
            if directory not in known:
                shutil.rmtree(directory, ignore_errors=True)

    async def stop(self, grace: float) -> None:
        """Ends every pod of the node, at the latest after `grace` seconds by SIGKILL."""
        self._closing = True
        for worker in self._workers.values():
            worker.stop(min(grace, worker.grace))
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=grace + 1)
        if self._memory_task is not None:
            self._memory_task.cancel()
        await self.node.http.close()

    def worker(self, pod: Object) -> PodWorker | None:
        """The worker of a pod whose programs have not all ended for good."""
        return self._workers.get(meta.uid_of(pod))

    def runner(self, pod: Object, container: str) -> ContainerRunner | None:
        """The running side of one container."""
        worker = self.worker(pod)
        return next((one for one in worker.runners if one.name == container), None) if worker else None

    def busy_ports(self) -> set[int]:
        """Host ports of pods whose processes live, also when their objects are gone already."""
        return {port for worker in self._workers.values() for port in host_ports(worker.pod)}

    def _pod_changed(self, change: Change) -> None:
        if change.kind in (CONFIG_MAP, SECRET) and change.type == "MODIFIED":
            self._refresh_volumes(change)
        if change.kind != POD or change.object["spec"].get("nodeName") != self.node.name:
            return
        pod, uid = change.object, meta.uid_of(change.object)
        worker = self._workers.get(uid)
        if change.type == "DELETED":
            if worker is not None:
                worker.stop(0)
            else:
                shutil.rmtree(self.node.pod_directory(pod), ignore_errors=True)
        elif worker is None:
            if meta.is_deleting(pod):
                # Its worker has ended: nobody else would complete the deletion.
                remove = partial(self.store.remove, POD, *meta.key_of(pod))
                asyncio.get_running_loop().call_soon(remove)
            elif not meta.is_finished(pod) and not self._closing:
                self._workers[uid] = PodWorker(self.node, pod)
                self._tasks[uid] = asyncio.create_task(self._run(self._workers[uid]))
        elif (grace := _grace(pod)) is not None and grace != _grace(change.previous):
            worker.stop(grace)

    def _refresh_volumes(self, change: Change) -> None:
        name, namespace = meta.name_of(change.object), meta.namespace_of(change.object)
        for worker in self._workers.values():
            if meta.namespace_of(worker.pod) == namespace:
                try:
                    volumes.refresh(worker.pod, change.kind, name, self.store, worker.directory)
                except CannotStartError as problem:
                    self.node.events.warning(POD, worker.pod, problem.event, problem.message)

    async def _run(self, worker: PodWorker) -> None:
        uid = meta.uid_of(worker.pod)
        try:
            await worker.run()
        finally:
            del self._workers[uid]
            del self._tasks[uid]
            self.pod_ended()
        current = self.store.get(POD, *meta.key_of(worker.pod))
        if current is None or meta.uid_of(current) != uid:
            shutil.rmtree(worker.directory, ignore_errors=True)
        elif meta.is_deleting(current):
            self.node.registry.delete(POD, *meta.key_of(current), grace=0)

    async def _watch_memory(self) -> None:
        """Ends containers that use more than their memory limit, as the kernel would in a real container."""
        while True:
            await asyncio.sleep(MEMORY_CHECK_PERIOD)
            for worker in list(self._workers.values()):
                for runner in worker.containers:
                    limit = ((runner.container.get("resources") or {}).get("limits") or {}).get("memory")
                    if limit and runner.program and own_bytes(runner.program.pid) > quantity(limit):
                        runner.kill_for_memory()


def _grace(pod: Object | None) -> float | None:
    """How long the deletion of a pod may take, None when it has not begun."""
    return None if pod is None else pod["metadata"].get("deletionGracePeriodSeconds")
