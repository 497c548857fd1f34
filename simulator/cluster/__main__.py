"""`python -m simulator.cluster`: the cluster's one process; SIGTERM ends every pod and then itself."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import logging
import os
import signal
import socket
import ssl
import sys
from pathlib import Path

from aiohttp import web

from simulator.cluster.access import Access
from simulator.cluster.accounts import KEY_FILE, ServiceAccounts, signing_key
from simulator.cluster.api import Api
from simulator.cluster.controllers.base import Controller
from simulator.cluster.controllers.claims import ClaimController
from simulator.cluster.controllers.deployment import DeploymentController
from simulator.cluster.controllers.endpoints import EndpointsController
from simulator.cluster.controllers.garbage import GarbageCollector
from simulator.cluster.controllers.job import JobController
from simulator.cluster.controllers.node_ports import NodePorts
from simulator.cluster.controllers.replica_set import ReplicaSetController
from simulator.cluster.controllers.stateful_set import StatefulSetController
from simulator.cluster.default_roles import create_roles
from simulator.cluster.faults import Faults
from simulator.cluster.journal import FILE_NAME, Journal
from simulator.cluster.kubelet import Kubelet
from simulator.cluster.launcher import Launcher
from simulator.cluster.node_runtime import NodeRuntime
from simulator.cluster.nodes import create_nodes
from simulator.cluster.registry import Registry
from simulator.cluster.resources import NAMESPACE
from simulator.cluster.scheduler import Scheduler
from simulator.cluster.store import Store

HOST = "127.0.0.1"
# Seconds between SIGTERM and SIGKILL for pods when the whole cluster ends.
SHUTDOWN_GRACE = 2.0


def main() -> int:
    """Runs the cluster until SIGTERM or Ctrl-C."""
    options = _options()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s", stream=sys.stderr)
    logging.getLogger("asyncio").setLevel(logging.WARNING)
    # Everything that is started from here carries the mark by which `down` finds it.
    os.environ["FOCUS_SIMULATOR_STATE"] = str(options.state_dir.resolve())
    return asyncio.run(_run(options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m simulator.cluster", description=__doc__)
    parser.add_argument("--state-dir", type=Path, required=True, help="where pods run and keep their logs")
    parser.add_argument("--port", type=int, required=True, help="port of the API on 127.0.0.1")
    parser.add_argument("--namespace", default="default", help="created at the start, beside those of every cluster")
    parser.add_argument("--node", default="worker-node", help="name of the node that runs the pods")
    parser.add_argument("--time-scale", type=float, default=1.0, help="factor for back-off delays")
    parser.add_argument("--tls-port", type=int, help="port of the same API over HTTPS")
    parser.add_argument("--tls-cert", type=Path, help="certificate chain of the HTTPS port (PEM)")
    parser.add_argument("--tls-key", type=Path, help="key of the HTTPS port (PEM)")
    parser.add_argument("--tokens", type=Path, help="JSON list of {token, user, role}; role: admin or viewer")
    parser.add_argument("--gpu-shares", type=int, default=200, help="how many GPU shares the node has")
    parser.add_argument(
        "--node-ports", type=_port_range, default=range(0), metavar="FIRST-LAST", help="node ports that really listen"
    )
    parser.add_argument("--images", required=True, help="module with the tables IMAGES and PRELOAD")
    parser.add_argument("--faults", help="module with FAULTS, the faults of this cluster (default: none)")
    options = parser.parse_args()
    if len({options.tls_port is None, options.tls_cert is None, options.tls_key is None}) > 1:
        parser.error("--tls-port, --tls-cert and --tls-key belong together; give all three or none")
    return options


def _port_range(text: str) -> range:
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1)


async def _run(options: argparse.Namespace) -> int:
    table = importlib.import_module(options.images)
    faults: Faults = importlib.import_module(options.faults).FAULTS if options.faults else Faults()
    state_dir: Path = options.state_dir.resolve()
    try:
        state_dir.mkdir(parents=True, exist_ok=True)
        registry = Registry(Store(), options.node_ports)
        accounts = ServiceAccounts(registry.store, signing_key(state_dir / KEY_FILE))
        access = Access(options.tokens, accounts)
        context = _tls(options.tls_cert, options.tls_key) if options.tls_port else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        print(f"The file of --tokens, --tls-cert or --tls-key cannot be used: {error!r}.", file=sys.stderr)
        return 1
    # The ports first: who has them not must not touch the pods, which may be those of a living cluster.
    listeners = _listeners(options, context)
    if listeners is None:
        return 1
    journal = Journal(state_dir / FILE_NAME)
    goes_on = journal.open(registry.store)
    launcher = Launcher(table.PRELOAD, os.environ)
    node = NodeRuntime(
        registry,
        launcher,
        table.IMAGES,
        faults,
        name=options.node,
        state_dir=state_dir,
        api_url=f"http://{HOST}:{options.port}",
        accounts=accounts,
        time_scale=options.time_scale,
    )
    kubelet = Kubelet(node)
    if goes_on:
        kubelet.recover()
    for namespace in ("default", "kube-system", "kube-public", options.namespace):
        if registry.store.get(NAMESPACE, "", namespace) is None:
            registry.create(NAMESPACE, "", {"metadata": {"name": namespace}})
    create_roles(registry, options.namespace)
    create_nodes(registry, options.node, options.gpu_shares)
    await launcher.start()
    await kubelet.start()
    scheduler = Scheduler(registry, kubelet.busy_ports)
    kubelet.pod_ended = scheduler.room_became_free
    garbage = GarbageCollector(registry)
    claims = ClaimController(registry, state_dir / "volumes")
    claims.recover()
    controllers: list[Controller] = [
        scheduler,
        garbage,
        ReplicaSetController(registry, faults),
        DeploymentController(registry),
        StatefulSetController(registry, faults),
        JobController(registry, options.time_scale),
        claims,
        EndpointsController(registry),
        NodePorts(registry, faults),
    ]
    registry.store.announce()
    garbage.recover()
    server = web.AppRunner(Api(registry, kubelet, access).application(), access_log=None, shutdown_timeout=0.2)
    await server.setup()
    for listener, protection in listeners:
        await web.SockSite(server, listener, ssl_context=protection).start()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    for controller in controllers:
        controller.stop()
    await kubelet.stop(SHUTDOWN_GRACE)
    await launcher.stop()
    await server.cleanup()
    journal.remove()
    return 0


def _listeners(
    options: argparse.Namespace, context: ssl.SSLContext | None
) -> list[tuple[socket.socket, ssl.SSLContext | None]] | None:
    """The plain port and, when there is one, the HTTPS port; None, which is reported, when one is taken."""
    wanted: list[tuple[int, ssl.SSLContext | None]] = [(options.port, None)]
    if context is not None:
        wanted.append((options.tls_port, context))
    listeners: list[tuple[socket.socket, ssl.SSLContext | None]] = []
    for port, protection in wanted:
        # Bound only: until the server listens, clients are refused and not left waiting.
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            print(f"Port {port} of {HOST} cannot be used ({error.strerror}): choose a free one.", file=sys.stderr)
            return None
        listeners.append((listener, protection))
    return listeners


def _tls(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    return context


if __name__ == "__main__":
    sys.exit(main())
