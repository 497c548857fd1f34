"""The node agent: turns pods that are bound to the node into processes and back."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import aiohttp
import psutil

from simulator.cluster import meta, volumes
from simulator.cluster.containers import CannotStartError
from simulator.cluster.events import EventRecorder
from simulator.cluster.launcher import Launcher
from simulator.cluster.pod_worker import ContainerRunner, PodWorker
from simulator.cluster.quantities import quantity
from simulator.cluster.recovery import end_strays, living_programs
from simulator.cluster.registry import Registry
from simulator.cluster.resources import CONFIG_MAP, POD, SECRET, Object
from simulator.cluster.store import Change
from simulator.pods.images import Image

MEMORY_CHECK_PERIOD = 1.0


class Kubelet:
    """Runs the pods of one node."""

    def __init__(
        self,
        registry: Registry,
        launcher: Launcher,
        images: Mapping[str, Image],
        *,
        node: str,
        state_dir: Path,
        api_url: str,
        token: str,
        time_scale: float,
    ) -> None:
        self.registry = registry
        self.store = registry.store
        self.launcher = launcher
        self.images = images
        self.node = node
        self.time_scale = time_scale
        self.events = EventRecorder(registry, "kubelet", node)
        self.http: aiohttp.ClientSession
        self.pod_ended: Callable[[], None] = lambda: None
        self._state_dir = state_dir
        self._api_url = api_url
        self.living: dict[tuple[str, str], int] = {}
        """(uid of a pod, container) -> pid of a program that an earlier cluster, which was killed, had started"""
        self._token = token
        self._workers: dict[str, PodWorker] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._memory_task: asyncio.Task[None] | None = None
        self._closing = False

    async def start(self) -> None:
        """Begins to look at pods."""
        self.http = aiohttp.ClientSession()
        self.store.listen(self._pod_changed)
        self._memory_task = asyncio.create_task(self._watch_memory())

    def recover(self) -> None:
        """Finds what lives of the pods of a cluster that was killed, and ends what belongs to none.

        Called before anybody listens. A living program is known by its pid and start time; the pods that have one go
        on. Of all others, also of those that were being deleted, every process ends.
        """
        kept = set()
        for pod in self.store.objects(POD):
            if pod["spec"].get("nodeName") != self.node or meta.is_finished(pod):
                continue
            if meta.is_deleting(pod):
                self.store.remove(POD, meta.namespace_of(pod), meta.name_of(pod))
                continue
            found = living_programs(pod)
            self.living.update({(meta.uid_of(pod), name): pid for name, pid in found.items()})
            if found:
                kept.add(self.pod_directory(pod))
        end_strays(self._state_dir / "pods", kept)
        known = {self.pod_directory(pod) for pod in self.store.objects(POD)}
        for directory in (self._state_dir / "pods").glob("*"):
            if directory not in known:
                self._remove_directory(directory)

    async def stop(self, grace: float) -> None:
        """Ends every pod of the node, at the latest after `grace` seconds by SIGKILL."""
        self._closing = True
        for worker in self._workers.values():
            worker.stop(min(grace, worker.grace))
        if self._tasks:
            await asyncio.wait(list(self._tasks.values()), timeout=grace + 1)
        if self._memory_task is not None:
            self._memory_task.cancel()
        await self.http.close()

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

    def pod_directory(self, pod: Object) -> Path:
        """Where a pod runs and where its logs are."""
        name = f"{meta.namespace_of(pod)}_{meta.name_of(pod)}_{meta.uid_of(pod)[:8]}"
        return self._state_dir / "pods" / name

    def base_environment(self, pod: Object, directory: Path) -> dict[str, str]:
        """Variables that every container has."""
        programs = str(Path(sys.executable).parent)
        kept = ("HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "USER", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
        return {
            **{name: os.environ[name] for name in kept if name in os.environ},
            "PATH": f"{programs}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "PYTHONUNBUFFERED": "1",
            "FOCUS_SIMULATOR_STATE": str(self._state_dir),
            "KUBERNETES_API": self._api_url,
            **({"KUBERNETES_TOKEN": self._token} if self._token else {}),
            "POD_NAME": meta.name_of(pod),
            "POD_NAMESPACE": meta.namespace_of(pod),
            "POD_DIR": str(directory),
        }

    def _pod_changed(self, change: Change) -> None:
        if change.kind in (CONFIG_MAP, SECRET) and change.type == "MODIFIED":
            self._refresh_volumes(change)
        if change.kind != POD or change.object["spec"].get("nodeName") != self.node:
            return
        pod, uid = change.object, meta.uid_of(change.object)
        worker = self._workers.get(uid)
        if change.type == "DELETED":
            if worker is not None:
                worker.stop(0)
            else:
                self._remove_directory(self.pod_directory(pod))
        elif worker is None:
            if not meta.is_finished(pod) and not meta.is_deleting(pod) and not self._closing:
                self._workers[uid] = PodWorker(self, pod)
                self._tasks[uid] = asyncio.create_task(self._run(self._workers[uid]))
        else:
            if meta.is_deleting(pod) and not (change.previous and _same_deletion(pod, change.previous)):
                worker.stop(float(pod["metadata"]["deletionGracePeriodSeconds"]))

    def _refresh_volumes(self, change: Change) -> None:
        name, namespace = meta.name_of(change.object), meta.namespace_of(change.object)
        for worker in self._workers.values():
            if meta.namespace_of(worker.pod) == namespace:
                try:
                    volumes.refresh(worker.pod, change.kind, name, self.store, worker.directory)
                except CannotStartError as problem:
                    self.events.warning(POD, worker.pod, problem.event, problem.message)

    async def _run(self, worker: PodWorker) -> None:
        uid = meta.uid_of(worker.pod)
        try:
            await worker.run()
        finally:
            del self._workers[uid]
            del self._tasks[uid]
            self.pod_ended()
        current = self.store.get(POD, meta.namespace_of(worker.pod), meta.name_of(worker.pod))
        if current is None or meta.uid_of(current) != uid:
            self._remove_directory(worker.directory)
        elif meta.is_deleting(current):
            self.registry.delete(POD, meta.namespace_of(current), meta.name_of(current), grace=0)

    def _remove_directory(self, directory: Path) -> None:
        shutil.rmtree(directory, ignore_errors=True)

    async def _watch_memory(self) -> None:
        """Ends containers that use more than their memory limit, as the kernel would in a real container."""
        while True:
            await asyncio.sleep(MEMORY_CHECK_PERIOD)
            for worker in list(self._workers.values()):
                for runner in worker.containers:
                    limit = ((runner.container.get("resources") or {}).get("limits") or {}).get("memory")
                    if limit and runner.program and own_bytes(runner.program.pid) > quantity(limit):
                        runner.kill_for_memory()


def _same_deletion(pod: Object, previous: Object) -> bool:
    key = "deletionGracePeriodSeconds"
    return bool(meta.is_deleting(previous) and pod["metadata"][key] == previous["metadata"][key])


def host_ports(pod: Object) -> set[int]:
    """Ports of the host that a pod asks for."""
    return {
        int(port["hostPort"])
        for container in pod["spec"].get("containers") or []
        for port in container.get("ports") or []
        if port.get("hostPort")
    }


def own_bytes(pid: int) -> int:
    """Memory that only this process holds (what a fork shares with its parent is not its own); 0 when it ended."""
    try:
        return int(psutil.Process(pid).memory_full_info().uss)
    except psutil.Error:
        return 0
