"""How far the shards of a run are, read from its Jobs and pods."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pipeline.k8s.manifests import Phase

INDEX = "batch.kubernetes.io/job-completion-index"
JOB_NAME = "batch.kubernetes.io/job-name"
FAILURES = "batch.kubernetes.io/job-index-failure-count"
IGNORED = "batch.kubernetes.io/job-index-ignored-failure-count"
# The phase of what has to be alone.
LAST = "last"


class Progress(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True)
class ShardState:
    """`attempt` counts from 1, `pod` is the newest one and `why` what a pod that does not start waits for."""

    shard: int
    progress: Progress
    attempt: int = 1
    pod: str = ""
    why: str = ""

    def __str__(self) -> str:
        more = [f"attempt {self.attempt}"] if self.attempt > 1 else []
        more += [self.why] if self.why and self.progress is Progress.WAITING else []
        return f"{self.shard} {self.progress}" + (f" ({', '.join(more)})" if more else "")


@dataclass(frozen=True)
class PhaseState:
    """`there`: the cluster has the Job; `ended` is the reason why nothing of it goes on, empty before."""

    phase: Phase
    shards: tuple[ShardState, ...]
    there: bool
    suspended: bool
    ended: str

    @property
    def failed(self) -> list[ShardState]:
        return [one for one in self.shards if one.progress is Progress.FAILED]


def line(phases: Sequence[PhaseState]) -> str:
    """All shards in one line: `1 done, 2 runs (attempt 2) | alone: 5 waits`."""
    parts = [f"{'alone: ' if one.phase.name == LAST else ''}{', '.join(map(str, one.shards))}" for one in phases]
    return " | ".join(parts)


def of_phase(phase: Phase, job: dict[str, Any] | None, pods: Sequence[dict[str, Any]]) -> PhaseState:
    """The state of a phase, of its Job and of all pods of the run."""
    if job is None:
        gone = tuple(ShardState(phase.first + index, Progress.FAILED) for index in range(phase.shards))
        return PhaseState(phase, gone, there=False, suspended=False, ended="it is not in the cluster")
    status, name = job.get("status") or {}, job["metadata"]["name"]
    done, failed = (indexes(status.get(key, "")) for key in ("completedIndexes", "failedIndexes"))
    ended = _end(status)
    own = [pod for pod in pods if (pod["metadata"].get("labels") or {}).get(JOB_NAME) == name]
    states = []
    for index in range(phase.shards):
        newest = _newest([pod for pod in own if _index(pod) == index])
        progress = Progress.RUNNING if newest and _runs(newest) else Progress.WAITING
        if index in done:
            progress = Progress.DONE
        elif index in failed or ended:
            progress = Progress.FAILED
        shard = phase.first + index
        states.append(
            ShardState(shard, progress, _attempt(newest), newest["metadata"]["name"], _why(newest))
            if newest
            else ShardState(shard, progress)
        )
    return PhaseState(phase, tuple(states), there=True, suspended=bool(job["spec"].get("suspend")), ended=ended)


def indexes(text: str) -> set[int]:
    """The numbers of a status such as `0,2-3`."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:-(\d+))?", text):
        found |= set(range(int(first), int(last or first) + 1))
    return found


def _end(status: dict[str, Any]) -> str:
    for condition in status.get("conditions") or []:
        if condition["type"] in ("Complete", "Failed") and condition["status"] == "True":
            return str(condition.get("message") or condition.get("reason") or condition["type"])
    return ""


def _index(pod: dict[str, Any]) -> int:
    return int((pod["metadata"].get("annotations") or {}).get(INDEX, -1))


def _newest(pods: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    return max(pods, key=lambda pod: (pod["metadata"]["creationTimestamp"], _attempt(pod)), default=None)


def _attempt(pod: dict[str, Any]) -> int:
    notes = pod["metadata"].get("annotations") or {}
    return 1 + sum(int(notes.get(key) or 0) for key in (FAILURES, IGNORED))


def _runs(pod: dict[str, Any]) -> bool:
    return (pod.get("status") or {}).get("phase") == "Running"


def _why(pod: dict[str, Any]) -> str:
    """What a pod waits for, as its container or the scheduler has it."""
    status = pod.get("status") or {}
    for one in status.get("containerStatuses") or []:
        waiting = one["state"].get("waiting") or {}
        if waiting.get("reason") not in (None, "ContainerCreating", "PodInitializing"):
            return ": ".join(filter(None, [waiting["reason"], waiting.get("message", "")]))
    for condition in status.get("conditions") or []:
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return str(condition.get("message") or condition.get("reason") or "")
    return ""
