"""The processes of a pod, signalled on its node.

Not by ``exec`` inside the pod: there the program is process 1, which the kernel shields from SIGKILL and SIGSTOP of its
own namespace, and many images have no shell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from focus_core.base.errors import BenchError
from focus_core.node import shell

if TYPE_CHECKING:
    from focus_core.disruption.cluster_changes import TargetPod
    from focus_core.site.model import Site

Signal = Literal["KILL", "STOP", "CONT"]

_CONTAINER_ID = re.compile(r"([a-z][a-z0-9-]*)://([A-Za-z0-9]+)")
# A runtime whose containers are process groups of the node: the id is the group's number.
_PROCESS_GROUPS = "process"
# Runtimes put a container's id into the name of its control group, which each of its processes shows.
_BY_CONTROL_GROUP = (
    "pids=$(grep -ls -- {id} /proc/[0-9]*/cgroup | cut -d/ -f3); "
    '[ -n "$pids" ] || {{ echo "no process of it runs here" >&2; exit 3; }}; '
    'if [ "$(id -u)" = 0 ]; then kill -{signal} $pids; else sudo -n kill -{signal} $pids; fi'
)
_BY_PROCESS_GROUP = "kill -{signal} -- -{id}"
_STATES = {
    _PROCESS_GROUPS: "ps -o stat= -p {id}",
    "": "ps -o stat= -p $(grep -ls -- {id} /proc/[0-9]*/cgroup | cut -d/ -f3 | paste -sd, -)",
}


def signal(site: Site, pod: TargetPod, what: Signal) -> None:
    """Sends a signal to every process of the pod's first container.

    Raises ``BenchError`` when the pod runs no container, or when the node does not have it or does not allow it.
    """
    runtime, identifier = _parts(pod)
    command = _BY_PROCESS_GROUP if runtime == _PROCESS_GROUPS else _BY_CONTROL_GROUP
    try:
        shell.run(site, command.format(id=identifier, signal=what))
    except BenchError as error:
        raise BenchError(
            f"SIG{what} could not be sent to pod {pod.name}, which runs on node {pod.node}: {error}"
        ) from error


def is_stopped(site: Site, pod: TargetPod) -> bool:
    """Whether every process of the pod's first container is stopped."""
    runtime, identifier = _parts(pod)
    states = shell.run(site, _STATES.get(runtime, _STATES[""]).format(id=identifier)).split()
    return bool(states) and all(state.startswith("T") for state in states)


def _parts(pod: TargetPod) -> tuple[str, str]:
    found = _CONTAINER_ID.fullmatch(pod.container_id)
    if not found:
        raise BenchError(f"Pod {pod.name} runs no container now (its id is '{pod.container_id}').")
    return found[1], found[2]
