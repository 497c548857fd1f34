"""After a kill of the cluster: which programs of its pods live, and which processes belong to none of them."""

from __future__ import annotations

import contextlib
from pathlib import Path

import psutil

from simulator.cluster.launcher import is_living_leader
from simulator.cluster.meta import container_statuses, parse_time
from simulator.cluster.resources import Object

# A process that began this long before or after its container did, in seconds, is another one with the same number.
START_TOLERANCE = 5.0
LET_GO = 1.0


def living_programs(pod: Object) -> dict[str, int]:
    """Container -> pid, for the containers whose program lives."""
    found = {}
    for one in container_statuses(pod):
        if "running" in one["state"] and "containerID" in one:
            pid = int(one["containerID"].removeprefix("process://"))
            if is_living_leader(pid) and _began_at(pid, parse_time(one["state"]["running"]["startedAt"]).timestamp()):
                found[str(one["name"])] = pid
    return found


def end_strays(pods: Path, kept: set[Path]) -> None:
    """Kills the processes of this user that run in, or were started for, the directory of a pod that is not kept."""
    killed = []
    for process in psutil.process_iter():
        directory = _pod_directory(process, pods)
        if directory is not None and directory not in kept:
            with contextlib.suppress(psutil.Error):
                process.kill()
                killed.append(process)
    # Their ports must be free before their successors start.
    psutil.wait_procs(killed, timeout=LET_GO)


def _pod_directory(process: psutil.Process, pods: Path) -> Path | None:
    """The pod that a process belongs to. A fork shows its parent's environment, but it runs where its pod is."""
    try:
        places = [Path(process.cwd()), Path(process.environ().get("POD_DIR", "/"))]
    except (psutil.Error, OSError):
        return None
    return next((pods / one.relative_to(pods).parts[0] for one in places if pods in one.parents), None)


def _began_at(pid: int, when: float) -> bool:
    with contextlib.suppress(psutil.Error):
        return bool(abs(psutil.Process(pid).create_time() - when) < START_TOLERANCE)
    return False
