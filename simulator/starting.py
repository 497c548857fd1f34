"""The start itself: two processes, the workloads, and the wait until all services take part."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from simulator import content, processes
from simulator.errors import SimulatorError
from simulator.manifests import NAMESPACE, NODE, Layout, manifests
from simulator.site_file import NODE_USER, write_kubeconfig
from simulator.state import State, StateDir

START_SECONDS = 60.0

_BAD_PODS = {"CrashLoopBackOff", "ErrImagePull", "ImagePullBackOff", "RunContainerError", "CreateContainerError"}

Progress = Callable[[str], None]


def start_parts(layout: Layout, recorded: State, defects: frozenset[str], progress: Progress) -> None:
    """Start cluster and SSH node, make the workloads, and return when every service answers in its own protocol.

    Each started process is recorded at once. Raises SimulatorError when a part ends or does not get ready; the caller
    then ends the rest.
    """
    state = layout.state
    write_kubeconfig(layout)
    commands = {
        "cluster": [
            *("simulator.cluster", "--state-dir", str(state.root), "--port", str(layout.ports.kubernetes)),
            *("--namespace", NAMESPACE, "--node", NODE, "--time-scale", str(recorded.time_scale)),
        ],
        "node": [
            *("simulator.node", "--state-dir", str(state.root), "--port", str(layout.ports.node)),
            *("--username", NODE_USER),
        ],
    }
    for name, arguments in commands.items():
        log = state.logs / f"{name}.log"
        recorded.processes.append(processes.start(name, arguments, state_dir=state.root, log=log))
        state.write(recorded)
    _wait_for_parts(layout, recorded, defects, progress)


def _wait_for_parts(layout: Layout, recorded: State, defects: frozenset[str], progress: Progress) -> None:
    """Wait for all services at the same time; SimulatorError as soon as one has ended."""
    state = layout.state
    waiter = content.Waiter()
    served = threading.Event()

    def cluster() -> None:
        content.kubernetes_ready(layout, waiter)
        server = f"http://127.0.0.1:{layout.ports.kubernetes}"
        for path, manifest in manifests(layout):
            content.apply(server, path, manifest)
        served.set()

    tasks: dict[str, Callable[[], None]] = {
        "Kubernetes": cluster,
        "SSH node": lambda: content.node_ready(layout, waiter),
        "MongoDB": lambda: content.mongodb_ready(layout, waiter, defects),
        "Focus Server": lambda: content.focus_ready(layout, waiter),
        "web app": lambda: content.webapp_ready(layout, waiter, defects),
    }
    if layout.with_broker:
        tasks["RabbitMQ"] = lambda: content.rabbitmq_ready(layout, waiter, defects)
    began = said = looked = time.monotonic()
    pool = ThreadPoolExecutor(len(tasks))
    # The threads outlive an interrupted start unless they are told: from their first moment on somebody tells them.
    try:
        waiting: dict[str, Future[None]] = {name: pool.submit(task) for name, task in tasks.items()}
        while waiting:
            for name in [name for name, future in waiting.items() if future.done()]:
                try:
                    waiting.pop(name).result()
                except (OSError, RuntimeError) as problem:
                    raise SimulatorError(
                        f"{name} failed while it was prepared: {problem}; nothing was left running."
                    ) from problem
            now = time.monotonic()
            _check_processes(state, recorded)
            if served.is_set() and now - looked > 0.5:
                looked = now
                _check_pods(layout)
            if now - began > START_SECONDS:
                raise SimulatorError(
                    f"{' and '.join(waiting)} did not get ready within {START_SECONDS:.0f} s (logs: {state.pods}); "
                    "nothing was left running: end what loads this machine, then start again.",
                    processes.tail(state.logs / "cluster.log"),
                )
            if waiting and now - said > 2:
                progress(f"Waiting for {', '.join(waiting)} ({now - began:.0f} s) ...")
                said = now
            time.sleep(content.POLL_SECONDS)
    finally:
        waiter.given_up.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _check_processes(state: StateDir, recorded: State) -> None:
    for record in recorded.processes:
        if not processes.alive(record):
            raise _died(record.name, state.logs / f"{record.name}.log")


def _check_pods(layout: Layout) -> None:
    url = f"http://127.0.0.1:{layout.ports.kubernetes}/api/v1/namespaces/{NAMESPACE}/pods"
    try:
        pods = content.get_json(url)["items"]
    except OSError:
        return  # the cluster process is watched by its pid
    for pod in pods:
        name = pod["metadata"]["name"]
        for container in pod["status"].get("containerStatuses", []):
            reason = container.get("state", {}).get("waiting", {}).get("reason")
            if reason in _BAD_PODS or container.get("restartCount", 0) > 0:
                raise _died(container["name"], _pod_log(layout.state, name, container["name"]))


def _pod_log(state: StateDir, pod: str, container: str) -> Path:
    """Return the log of the run that ended: after a restart it is kept as the previous one."""
    for name in (f"{container}.previous.log", f"{container}.log"):
        for log in state.pods.glob(f"{NAMESPACE}_{pod}_*/{name}"):
            return log
    return state.logs / "cluster.log"


def _died(component: str, log: Path) -> SimulatorError:
    return SimulatorError(
        f"The component {component} ended while the site was starting (last lines of {log} above); nothing was left "
        "running: repair what it names, then start again.",
        processes.tail(log),
    )
