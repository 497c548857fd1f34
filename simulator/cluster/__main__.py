"""`python -m simulator.cluster`: the cluster's one process; SIGTERM ends every pod and then itself."""

from __future__ import annotations

import argparse
import asyncio
import importlib
import logging
import os
import signal
import sys
from pathlib import Path

from aiohttp import web

from simulator.cluster.api import Api
from simulator.cluster.controllers.base import Controller
from simulator.cluster.controllers.deployment import DeploymentController
from simulator.cluster.controllers.endpoints import EndpointsController
from simulator.cluster.controllers.garbage import GarbageCollector
from simulator.cluster.controllers.job import JobController
from simulator.cluster.controllers.replica_set import ReplicaSetController
from simulator.cluster.controllers.stateful_set import StatefulSetController
from simulator.cluster.kubelet import Kubelet
from simulator.cluster.launcher import Launcher
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
    parser.add_argument("--namespace", default="panda", help="created at the start, beside those of every cluster")
    parser.add_argument("--node", default="worker-node", help="name of the node that runs the pods")
    parser.add_argument("--time-scale", type=float, default=1.0, help="factor for back-off delays")
    parser.add_argument("--images", default="simulator.images", help="module with the tables IMAGES and PRELOAD")
    return parser.parse_args()


async def _run(options: argparse.Namespace) -> int:
    table = importlib.import_module(options.images)
    state_dir: Path = options.state_dir.resolve()
    registry = Registry(Store())
    launcher = Launcher(table.PRELOAD, os.environ)
    kubelet = Kubelet(
        registry,
        launcher,
        table.IMAGES,
        node=options.node,
        state_dir=state_dir,
        api_url=f"http://{HOST}:{options.port}",
        time_scale=options.time_scale,
    )
    for namespace in ("default", "kube-system", "kube-public", options.namespace):
        if registry.store.get(NAMESPACE, "", namespace) is None:
            registry.create(NAMESPACE, "", {"metadata": {"name": namespace}})
    create_nodes(registry, options.node)
    await launcher.start()
    await kubelet.start()
    scheduler = Scheduler(registry, kubelet.busy_ports)
    kubelet.pod_ended = scheduler.room_became_free
    controllers: list[Controller] = [
        scheduler,
        GarbageCollector(registry),
        ReplicaSetController(registry),
        DeploymentController(registry),
        StatefulSetController(registry),
        JobController(registry, options.time_scale),
        EndpointsController(registry),
    ]
    server = web.AppRunner(Api(registry, kubelet).application(), access_log=None, shutdown_timeout=0.2)
    await server.setup()
    try:
        # The place for TLS: an ssl_context here.
        await web.TCPSite(server, HOST, options.port).start()
    except OSError as error:
        print(f"Port {options.port} of {HOST} cannot be used ({error.strerror}): choose a free one.", file=sys.stderr)
        await kubelet.stop(0)
        await launcher.stop()
        return 1
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, ended.set)
    await ended.wait()
    for controller in controllers:
        controller.stop()
    await kubelet.stop(SHUTDOWN_GRACE)
    await launcher.stop()
    await server.cleanup()
    return 0


if __name__ == "__main__":
    sys.exit(main())
