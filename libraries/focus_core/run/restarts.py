"""How often the pods of the site's workloads were restarted, watched through a run.

The counts stand beside the site's locks, with the run that noted them. Each suite that asks for the cluster compares
them at its end, while it still holds the site: whoever takes pods away does so alone and notes the counts anew, so a
count that has risen is no doing of ours.
"""

import json
import os
from contextlib import suppress
from pathlib import Path

from focus_core.base.run_identity import run_id
from focus_core.cluster.objects import Pod
from focus_core.run import clients
from focus_core.site import state
from focus_core.site.model import Site


def begin(site: Site) -> None:
    """Note the counts, unless a suite of this run did so before."""
    if _noted(site) is None:
        note(site)


def note(site: Site) -> None:
    """Note the counts as they are now."""
    _write(site, _pods(site))


def risen(site: Site) -> list[str]:
    """Each pod that was restarted since the counts were noted, with how it had ended; they are noted anew."""
    noted, pods = _noted(site) or {}, _pods(site)
    _write(site, pods)
    found = []
    for pod in pods:
        times = pod.restarts - noted.get(pod.name, pod.restarts)
        if times > 0:
            ends = ", ".join(sorted({one.last_end for one in pod.containers if one.last_end}))
            found.append(f"{pod.name} was restarted {times} times (ended with {ends or 'nothing'})")
    return found


def _pods(site: Site) -> list[Pod]:
    workloads = [one for one in vars(site.workloads).values() if one]
    return [pod for workload in workloads for pod in clients.cluster().pods(workload.selector)]


def _file(site: Site) -> Path:
    return state.state_dir(site) / "restarts.json"


def _noted(site: Site) -> dict[str, int] | None:
    """The counts that this run has noted, by pod; None when it has not."""
    with suppress(OSError, ValueError):
        content = json.loads(_file(site).read_text(encoding="utf-8"))
        if content["run"] == run_id():
            counts: dict[str, int] = content["pods"]
            return counts
    return None


def _write(site: Site, pods: list[Pod]) -> None:
    content = {"run": run_id(), "pods": {pod.name: pod.restarts for pod in pods}}
    scratch = _file(site).with_suffix(f".{os.getpid()}")
    scratch.write_text(json.dumps(content), encoding="utf-8")
    scratch.replace(_file(site))
