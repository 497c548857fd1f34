"""The start itself: two processes, the workloads, and the wait until all services take part."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import psutil

from simulator.content.kube_client import create, get_json, listed
from simulator.content.kubernetes import set_objects
from simulator.content.switching import prepare_mongodb, prepare_rabbitmq
from simulator.content.waiting import (
    POLL_SECONDS,
    Waiter,
    focus_ready,
    ingress_ready,
    kubernetes_ready,
    node_ready,
    unready_workloads,
    webapp_ready,
)
from simulator.errors import SimulatorError
from simulator.layout import certificates
from simulator.layout.kubeconfigs import tokens_file, write_access
from simulator.layout.manifests import CAPACITY, NAMESPACE, NODE, Layout, manifests
from simulator.layout.site_file import NODE_USER
from simulator.layout.state import State, StateDir
from simulator.lifecycle import processes

# Five to ten as a rule; a machine with much else to do takes a minute and more.
START_SECONDS = 120.0
# How long a found site may need to get over the death of a part; RabbitMQ alone takes up to ten seconds.
SETTLE_SECONDS = 45.0
BUSY_SECONDS = 10.0

_BAD_PODS = {"CrashLoopBackOff", "ErrImagePull", "ImagePullBackOff", "RunContainerError", "CreateContainerError"}

Progress = Callable[[str], None]
Task = Callable[[Waiter], None]


def start_parts(layout: Layout, recorded: State, defects: frozenset[str], progress: Progress) -> None:
    """Start cluster and SSH node, make the workloads, and return when every service answers in its own protocol.

    Each started process is recorded at once. Raises SimulatorError when a part ends or does not get ready; the caller
    then ends the rest.
    """
    write_access(layout)
    for name in ("cluster", "node"):
        _start_process(name, layout, recorded)

    def cluster(waiter: Waiter) -> None:
        kubernetes_ready(layout, waiter)
        for path, manifest in manifests(layout):
            create(layout, path, manifest)
        set_objects(layout, defects)

    tasks: dict[str, Task] = {
        "Kubernetes": cluster,
        "SSH node": lambda waiter: node_ready(layout, waiter),
        "MongoDB": lambda waiter: prepare_mongodb(layout, waiter, defects),
        "Focus Server": lambda waiter: focus_ready(layout, waiter),
        "ingress": lambda waiter: ingress_ready(layout, waiter),
        "web app": lambda waiter: webapp_ready(layout, waiter, defects),
    }
    if layout.with_broker:
        tasks["RabbitMQ"] = lambda waiter: prepare_rabbitmq(layout, waiter, defects)
    _wait_for(tasks, layout, recorded, progress, watch_pods=True)


def restart_parts(layout: Layout, recorded: State, progress: Progress) -> None:
    """Start the processes that are dead, and the cluster process also when it does not answer; wait for both.

    Raises SimulatorError when one does not get ready; nothing is ended then.
    """
    write_access(layout)
    tasks: dict[str, Task] = {
        "Kubernetes": lambda waiter: kubernetes_ready(layout, waiter),
        "SSH node": lambda waiter: node_ready(layout, waiter),
    }
    for name in ("cluster", "node"):
        lives = [record for record in recorded.processes if record.name == name and processes.alive(record)]
        if lives and (name == "node" or _answers(layout)):
            continue
        processes.end([psutil.Process(record.pid) for record in lives], grace=0)
        recorded.processes = [record for record in recorded.processes if record.name != name]
        _start_process(name, layout, recorded)
    _wait_for(tasks, layout, recorded, progress, watch_pods=False)


def _answers(layout: Layout) -> bool:
    """Return whether the API server answers; one that starts two hundred jobs may need a while."""
    deadline = time.monotonic() + BUSY_SECONDS
    while time.monotonic() < deadline:
        try:
            get_json(f"http://127.0.0.1:{layout.ports.kubernetes}/readyz")
        except OSError:
            time.sleep(POLL_SECONDS)
        else:
            return True
    return False


def wait_for_workloads(layout: Layout, progress: Progress) -> None:
    """Return when every workload has as many ready pods as it is to have; after a while report which have not."""
    deadline = time.monotonic() + SETTLE_SECONDS
    unready: list[str] | None = None
    while time.monotonic() < deadline:
        try:
            unready = unready_workloads(layout)
        except OSError:
            unready = ["the cluster"]
        if not unready:
            return
        time.sleep(POLL_SECONDS)
    progress(
        f"Not ready after {SETTLE_SECONDS:.0f} s: {', '.join(unready or [])}; 'python run.py recover' undoes what a "
        "stopped run left, 'kubectl describe pods' names other causes."
    )


def _start_process(name: str, layout: Layout, recorded: State) -> None:
    """Start one of the site's two processes and record it at once."""
    state = layout.state
    arguments = {"cluster": _cluster_arguments, "node": _node_arguments}[name](layout)
    log = state.logs / f"{name}.log"
    recorded.processes.append(processes.start(name, arguments, state_dir=state.root, log=log))
    state.write(recorded)


def _cluster_arguments(layout: Layout) -> list[str]:
    ports, root = layout.ports, layout.state.root
    certificate, key = certificates.issue(root, "kubernetes")
    return [
        *("simulator.cluster", "--state-dir", str(root), "--namespace", NAMESPACE, "--node", NODE),
        *("--port", str(ports.kubernetes), "--node-ports", f"{ports.node_ports[0]}-{ports.node_ports[-1]}"),
        *("--tls-port", str(ports.kubernetes_tls), "--tls-cert", str(certificate), "--tls-key", str(key)),
        *("--tokens", str(tokens_file(layout.state)), "--gpu-shares", str(CAPACITY)),
        *("--time-scale", str(layout.time_scale)),
        *("--images", "simulator.pods.images", "--faults", "simulator.content.cluster_faults"),
    ]


def _node_arguments(layout: Layout) -> list[str]:
    return [
        *("simulator.node", "--state-dir", str(layout.state.root), "--port", str(layout.ports.node)),
        *("--username", NODE_USER),
    ]


def _wait_for(tasks: dict[str, Task], layout: Layout, recorded: State, progress: Progress, *, watch_pods: bool) -> None:
    """Do all tasks at the same time; SimulatorError as soon as a process, or a watched pod, has ended."""
    state = layout.state
    waiter = Waiter()
    began = reported = looked = time.monotonic()
    pool = ThreadPoolExecutor(len(tasks))
    # The threads would outlive an interrupted start: `given_up` is set whatever happens from here on.
    try:
        waiting: dict[str, Future[None]] = {name: pool.submit(task, waiter) for name, task in tasks.items()}
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
            if watch_pods and "Kubernetes" not in waiting and now - looked > 0.5:
                looked = now
                _check_pods(layout)
            if now - began > START_SECONDS:
                raise SimulatorError(
                    f"{' and '.join(waiting)} did not get ready within {START_SECONDS:.0f} s (logs: {state.pods}); "
                    "nothing was left running: end what loads this machine, then start again.",
                    processes.tail(state.logs / "cluster.log"),
                )
            if waiting and now - reported > 2:
                progress(f"Waiting for {', '.join(waiting)} ({now - began:.0f} s) ...")
                reported = now
            time.sleep(POLL_SECONDS)
    finally:
        waiter.given_up.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _check_processes(state: StateDir, recorded: State) -> None:
    for record in recorded.processes:
        if record.name != "autostop" and not processes.alive(record):
            raise _died(record.name, state.logs / f"{record.name}.log")


def _check_pods(layout: Layout) -> None:
    try:
        pods = listed(layout, f"/api/v1/namespaces/{NAMESPACE}/pods")
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
