"""Services that listen: connections to 127.0.0.1:nodePort are passed on to a ready pod of the service.

A service without a node port names in an annotation where it listens instead of at its cluster address.

Only node ports of the range given at the start listen, so that clusters side by side do not collide. A service without
a ready pod does not listen: clients are refused, as by a real node. The same holds for a service whose pods a network
policy isolates; connections that are open then are broken off. A port that something else has is tried again.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from simulator.cluster import meta
from simulator.cluster.controllers.base import LOOK_AGAIN_S, Controller
from simulator.cluster.faults import Faults
from simulator.cluster.registry import Registry
from simulator.cluster.resources import ENDPOINTS, NETWORK_POLICY, POD, SERVICE, Object
from simulator.cluster.selectors import selector_matches
from simulator.cluster.store import Change

HOST = "127.0.0.1"
# A service of type ClusterIP with one port is reached here by what runs on the node: the node has no cluster network.
LOOPBACK_PORT = "simulator/loopback-port"
CHUNK = 65536


class NodePorts(Controller):
    """Keeps one listener per node port of the range whose service has ready pods."""

    kind = SERVICE
    component = "kube-proxy"

    def __init__(self, registry: Registry, faults: Faults) -> None:
        super().__init__(registry, faults)
        self._listening: dict[int, asyncio.Server] = {}
        self._connections: dict[asyncio.Task[None], int] = {}
        self._changing = asyncio.Lock()
        self._changes: set[asyncio.Task[None]] = set()

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """The service, or the one whose endpoints changed (both have the same name), or a network policy."""
        if change.kind in (SERVICE, ENDPOINTS, NETWORK_POLICY):
            yield meta.key_of(change.object)

    def reconcile(self, namespace: str, name: str) -> None:  # noqa: ARG002 - the wanted ports are few: all are compared
        """Opens and closes listeners until they are those that the services ask for."""
        wanted = {
            port: service
            for service in self.store.objects(SERVICE)
            for port in _listened_on(service)
            if port and port in self.registry.reachable_ports and self._target(port)
        }
        if wanted.keys() != self._listening.keys():
            task = asyncio.get_running_loop().create_task(self._change(wanted))
            self._changes.add(task)
            task.add_done_callback(self._changes.discard)

    def stop(self) -> None:
        """Closes every listener and connection."""
        super().stop()
        for server in self._listening.values():
            server.close()
        for task in (*self._changes, *self._connections):
            task.cancel()

    async def _change(self, wanted: dict[int, Object]) -> None:
        async with self._changing:
            for port in self._listening.keys() - wanted.keys():
                self._listening.pop(port).close()
                # Where the pods are only gone or not ready, open connections end by themselves or go on.
                if self._target(port, through_policies=True):
                    for task in [task for task, of_port in self._connections.items() if of_port == port]:
                        task.cancel()
            for port in wanted.keys() - self._listening.keys():
                try:
                    self._listening[port] = await asyncio.start_server(self._serve(port), HOST, port)
                except OSError as error:
                    text = f"node port {port} cannot be listened on: {error.strerror}"
                    self.events.warning(SERVICE, wanted[port], "PortUnavailable", text)
                    self.enqueue_later(LOOK_AGAIN_S, meta.namespace_of(wanted[port]), meta.name_of(wanted[port]))

    def _target(self, node_port: int, *, through_policies: bool = False) -> int | None:
        """Where a ready pod behind a node port listens; None when there is none, or none that may be reached."""
        service, index = self._behind(node_port)
        if service is None:
            return None
        found = self.store.get(ENDPOINTS, *meta.key_of(service)) or {}
        ready = [
            one
            for one in found.get("subsets") or []
            if one.get("addresses") and (through_policies or not self._is_isolated(one["addresses"][0]))
        ]
        return int(ready[0]["ports"][index]["port"]) if ready else None

    def _behind(self, node_port: int) -> tuple[Object | None, int]:
        """The service that is reached by this port of the node, and which of its ports it is."""
        for service in self.store.objects(SERVICE):
            for index, port in enumerate(_listened_on(service)):
                if port == node_port:
                    return service, index
        return None, 0

    def _is_isolated(self, address: Object) -> bool:
        """Whether a network policy selects the pod of an endpoint; validation lets only such in that allow nothing."""
        reference = address["targetRef"]
        pod = self.store.get(POD, reference["namespace"], reference["name"])
        return pod is not None and any(
            selector_matches(policy["spec"]["podSelector"], meta.labels_of(pod))
            for policy in self.store.objects(NETWORK_POLICY, reference["namespace"])
        )

    def _serve(self, node_port: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None  # noqa: S101 - a coroutine runs in a task
            self._connections[task] = node_port
            task.add_done_callback(lambda done: self._connections.pop(done, None))
            try:
                pod_reader, pod_writer = await asyncio.open_connection(HOST, self._target(node_port))
            except OSError:
                writer.transport.abort()
                return
            try:
                service, _ = self._behind(node_port)
                name = meta.name_of(service) if service else ""
                await asyncio.gather(
                    _pass_on(reader, pod_writer, lambda data: self.faults.delay_s(name, data, answer=False)),
                    _pass_on(pod_reader, writer, lambda data: self.faults.delay_s(name, data, answer=True)),
                )
            except (OSError, asyncio.CancelledError):  # an end that cannot be passed on any more is one too
                pod_writer.transport.abort()
                writer.transport.abort()
            finally:
                pod_writer.close()
                writer.close()

        return serve


def _listened_on(service: Object) -> list[int | None]:
    """The port of each port of a service, in their order: its node port, else that of the annotation, else None."""
    annotated = (service["metadata"].get("annotations") or {}).get(LOOPBACK_PORT)
    default = int(annotated) if annotated else None
    return [port.get("nodePort", default) for port in service["spec"].get("ports") or []]


async def _pass_on(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: Callable[[bytes], float]
) -> None:
    """Copies until one side ends; the end is passed on as an end, so that half-closed connections work."""
    while data := await reader.read(CHUNK):
        delay = delay_s(data)
        if delay:
            await asyncio.sleep(delay)
        writer.write(data)
        await writer.drain()
    writer.write_eof()
