"""How often the pods of the site were restarted, watched through a run.

The counts stand beside the site's locks, a file for each run. Each suite that asks for the cluster compares them at its
end, while it still holds the site, and run.py at the end of the run. Whoever takes pods away holds the site alone and
takes stock before and after, for all runs: a count that has risen otherwise is no doing of the tests.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from focus_core.site import state
from focus_core.site.model import Site

if TYPE_CHECKING:
    from focus_core.cluster.client import ClusterClient
    from focus_core.cluster.objects import Pod

_FILES = "restarts-*.json"
# Runs of plain robot and pabot leave theirs.
_LIFE_S = 7 * 86400.0


@dataclass
class _Seen:
    """What a run has seen: the count of each pod, and a line for each rise that nothing explains."""

    counts: dict[str, int]
    unexplained: list[str] = field(default_factory=list)


class Restarts:
    """The restart counts of a site as one run sees them. Pods of views are left out: they come and go."""

    def __init__(self, site: Site, cluster: ClusterClient, run: str) -> None:
        self._site = site
        self._cluster = cluster
        self._folder = state.state_dir(site)
        self._path = self._folder / f"restarts-{run}.json"
        self._lock = FileLock(self._folder / "restarts.lock")

    def begin(self) -> None:
        """Note the counts, unless this run did so before."""
        pods = self._pods()
        with self._lock:
            if _read(self._path) is None:
                _write(self._path, _Seen(_counts(pods)))

    def risen(self) -> list[str]:
        """Each pod that was restarted since the last look, with how it had ended: nothing explains it."""
        pods = self._pods()
        with self._lock:
            return _compare(self._path, pods)

    def unexplained(self) -> list[str]:
        """All that `risen` found in this run, whoever asked, and what is new."""
        self.risen()
        seen = _read(self._path)
        return seen.unexplained if seen else []

    def before_a_fault(self) -> None:
        """What has risen until now is unexplained for every run; the site belongs to the caller alone."""
        pods = self._pods()
        with self._lock:
            for path in self._folder.glob(_FILES):
                _compare(path, pods)

    def after_a_fault(self) -> None:
        """What has risen since is explained for every run: the fault did it, or what undid it."""
        pods = self._pods()
        with self._lock:
            for path in [*self._folder.glob(_FILES), self._path]:
                seen = _read(path)
                _write(path, _Seen(_counts(pods), seen.unexplained if seen else []))

    def forget(self) -> None:
        """The run has ended."""
        self._path.unlink(missing_ok=True)
        for path in self._folder.glob(_FILES):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > _LIFE_S:
                    path.unlink()

    def _pods(self) -> list[Pod]:
        return [pod for pod in self._cluster.pods() if not pod.name.startswith(self._site.job_prefix)]


def _counts(pods: list[Pod]) -> dict[str, int]:
    return {pod.name: pod.restarts for pod in pods}


def _compare(path: Path, pods: list[Pod]) -> list[str]:
    seen = _read(path) or _Seen({})
    found = []
    for pod in pods:
        times = pod.restarts - seen.counts.get(pod.name, pod.restarts)
        if times > 0:
            ends = ", ".join(sorted({one.last_end for one in pod.containers if one.last_end}))
            found.append(f"{pod.name} was restarted {times} times (ended with {ends or 'nothing'})")
    _write(path, _Seen(_counts(pods), [*seen.unexplained, *found]))
    return found


def _read(path: Path) -> _Seen | None:
    """None when the run has noted nothing that can be read."""
    with suppress(OSError, ValueError, TypeError):
        return _Seen(**json.loads(path.read_text(encoding="utf-8")))
    return None


def _write(path: Path, seen: _Seen) -> None:
    scratch = path.with_suffix(f".{os.getpid()}")
    scratch.write_text(json.dumps(asdict(seen)), encoding="utf-8")
    scratch.replace(path)
