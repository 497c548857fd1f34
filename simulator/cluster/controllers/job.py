"""Jobs run pods until enough of them succeeded: any pods, or (Indexed) one for every index."""

from __future__ import annotations

import math
from collections.abc import Iterable

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.controllers.job_failure_policy import outcome
from simulator.cluster.controllers.job_indexes import (
    as_text,
    failures_before,
    index_of,
    is_indexed,
    last_failures,
    limit_per_index,
    name_prefix,
    template_of,
)
from simulator.cluster.controllers.job_tally import (
    BEFORE,
    COMPLETE,
    Tally,
    Verdict,
    deadline_left,
    finished_at,
    only_replaces_failed,
    tally,
    verdict,
)
from simulator.cluster.registry import Registry
from simulator.cluster.resources import JOB, POD, Object
from simulator.cluster.store import Change

# Seconds before the second try of a failed pod; doubles with every failure (a real cluster: 10 s).
FIRST_BACK_OFF = 10.0
LONGEST_BACK_OFF = 300.0


class JobController(Controller):
    """Creates pods, counts their ends, and removes finished jobs after their time to live."""

    kind = JOB
    component = "job-controller"

    def __init__(self, registry: Registry, time_scale: float) -> None:
        super().__init__(registry)
        self._time_scale = time_scale
        self._failed: dict[str, dict[str, Object]] = {}
        """uid of a job -> uid -> last state of its failed pods, also of those that are gone"""
        self._failed_before: dict[str, int] = {}
        """uid of a job -> failed pods that were gone already when this cluster, after a kill, took over"""
        self._unwanted: dict[str, set[str]] = {}
        """uid of a job -> uids of pods that the job itself had removed while it went on: no failures"""

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """Notes pods that failed: a pod that is deleted before it succeeded counts, as on a real cluster."""
        if change.kind == JOB and change.type == "DELETED":
            for known in (self._failed, self._failed_before, self._unwanted):
                known.pop(meta.uid_of(change.object), None)
        if change.kind == JOB and change.type == "ADDED":
            self._take_over(change.object)
        if change.kind == POD:
            self._note_failure(change)
        yield from super().related(change)

    def _take_over(self, job: Object) -> None:
        failed = [pod for pod in self.owned(POD, job) if _has_failed(job, pod, gone=False)]
        there = sum(outcome(job, pod).counts for pod in failed)
        self._failed_before[meta.uid_of(job)] = max(job["status"].get("failed", 0) - there, 0)

    def _note_failure(self, change: Change) -> None:
        owner = meta.controller_of(change.object)
        if owner is None or owner["kind"] != JOB.name:
            return
        uid = meta.uid_of(change.object)
        if uid in self._unwanted.get(owner["uid"], ()):
            return
        job = self.store.get(JOB, meta.namespace_of(change.object), owner["name"])
        if job is None or meta.uid_of(job) != owner["uid"] or finished_at(job):
            return
        known = self._failed.setdefault(owner["uid"], {})
        if uid in known or _has_failed(job, change.object, gone=change.type == "DELETED"):
            known[uid] = change.object

    def reconcile(self, namespace: str, name: str) -> None:
        """One step for one job."""
        job = self.store.get(JOB, namespace, name)
        if job is None or meta.is_deleting(job):
            return
        if finish := finished_at(job):
            self._expire(job, finish)
            return
        found, before = self._tally(job), self.store.revision
        decided = verdict(job, found)
        if decided is not None:
            for pod in found.active:
                self.delete_pod(job, pod)
        elif job["spec"].get("suspend"):
            self._remove(job, found.active)
        else:
            self._adjust(job, found)
        # What was begun or removed counts already.
        self._status(job, found if self.store.revision == before else self._tally(job), decided)
        left = deadline_left(self.store.get(JOB, namespace, name) or job)
        if decided is None and left is not None:
            self.enqueue_later(left, namespace, name)

    def _tally(self, job: Object) -> Tally:
        uid = meta.uid_of(job)
        failed = self._failed.get(uid, {}).values()
        return tally(job, self.owned(POD, job), failed, self._failed_before.get(uid, 0))

    def _adjust(self, job: Object, found: Tally) -> None:
        """Makes the pods that are missing, or removes those that are too many."""
        spec = job["spec"]
        wanted = min(spec["parallelism"], spec["completions"] - found.succeeded)
        outside = [pod for pod in found.active if is_indexed(job) and index_of(pod) >= spec["completions"]]
        others = sorted((pod for pod in found.active if pod not in outside), key=meta.is_ready, reverse=True)
        if outside or others[wanted:]:
            self._remove(job, outside + others[wanted:])
            return
        missing = wanted - len(found.active) - (len(found.terminating) if only_replaces_failed(job) else 0)
        if missing <= 0:
            return
        if limit_per_index(job) is not None:
            self._start_indexes(job, found, missing)
        elif not self._backs_off(job, [pod for pod in found.pods if pod["status"].get("phase") == "Failed"]):
            for index in _open_indexes(job, found)[:missing] if is_indexed(job) else [None] * missing:
                self._start(job, index, None)

    def _start_indexes(self, job: Object, found: Tally, missing: int) -> None:
        """Every index waits for itself."""
        last = last_failures(found.failed)
        waits = {}
        for index in _open_indexes(job, found)[:missing]:
            left = self._left(failures_before(last[index]) + 1, _ended_for(last[index])) if index in last else 0
            if left > 0:
                waits[index] = left
            else:
                self._start(job, index, last.get(index))
        if waits:
            self.enqueue_later(min(waits.values()), *meta.key_of(job))

    def _start(self, job: Object, index: int | None, replaced: Object | None) -> None:
        if index is None:
            self.create_pod(job, job["spec"]["template"], labels={})
        else:
            self.create_pod(job, template_of(job, index, replaced), prefix=name_prefix(job, index), labels={})

    def _backs_off(self, job: Object, failed: list[Object]) -> bool:
        """Whether the Job waits before it replaces a failed pod; it is looked at again afterwards."""
        left = self._left(len(failed), min(map(_ended_for, failed))) if failed else 0
        if left > 0:
            self.enqueue_later(left, *meta.key_of(job))
        return left > 0

    def _left(self, failures: int, ended_for: float) -> float:
        delay = min(math.ldexp(FIRST_BACK_OFF, failures - 1), LONGEST_BACK_OFF) * self._time_scale
        return delay - ended_for

    def _remove(self, job: Object, pods: list[Object]) -> None:
        for pod in pods:
            self._unwanted.setdefault(meta.uid_of(job), set()).add(meta.uid_of(pod))
            self.delete_pod(job, pod)

    def _status(self, job: Object, found: Tally, decided: Verdict | None) -> None:
        over = decided is not None and found.all_ended
        suspended, before = bool(job["spec"].get("suspend")), meta.true_condition(job, "Suspended") is not None
        resumes = before and not suspended

        def fill(status: Object) -> None:
            if resumes or not suspended:
                status["startTime"] = meta.now() if resumes else status.get("startTime") or meta.now()
            _count(job, found, status)
            if decided is None:
                _note_suspension(status, suspended=suspended)
                return
            meta.set_condition(status, BEFORE[decided.kind], "True", decided.reason, decided.message)
            if over:
                meta.set_condition(status, decided.kind, "True", decided.reason, decided.message)
            if over and decided.kind == COMPLETE:
                status["completionTime"] = meta.now()

        self.registry.edit_status(JOB, job, fill)
        if decided is not None and over:
            if decided.kind == COMPLETE:
                self.events.normal(JOB, job, "Completed", "Job completed")
            else:
                self.events.warning(JOB, job, decided.reason, decided.message)
        elif decided is None and suspended and not before:
            self.events.normal(JOB, job, "Suspended", "Job suspended")
        elif decided is None and resumes:
            self.events.normal(JOB, job, "Resumed", "Job resumed")

    def _expire(self, job: Object, finished: str) -> None:
        ttl = job["spec"].get("ttlSecondsAfterFinished")
        if ttl is None:
            return
        left = ttl - meta.seconds_since(finished)
        if left > 0:
            self.enqueue_later(left, *meta.key_of(job))
        else:
            self.registry.delete(JOB, *meta.key_of(job))


def _open_indexes(job: Object, found: Tally) -> list[int]:
    """The indexes without a pod that neither succeeded nor failed for good."""
    held = found.active + (found.terminating if only_replaces_failed(job) else [])
    taken = {index_of(pod) for pod in held} | found.succeeded_indexes | found.failed_indexes
    return [index for index in range(job["spec"]["completions"]) if index not in taken]


def _count(job: Object, found: Tally, status: Object) -> None:
    numbers = {
        "active": len(found.active),
        "ready": sum(meta.is_ready(pod) for pod in found.active),
        "terminating": len(found.terminating),
        "succeeded": found.succeeded,
        "failed": found.failures,
    }
    meta.set_numbers(status, numbers, always=("ready", "terminating"))
    if is_indexed(job) and found.succeeded_indexes:
        status["completedIndexes"] = as_text(found.succeeded_indexes)
    if limit_per_index(job) is not None:
        status["failedIndexes"] = as_text(found.failed_indexes)


def _note_suspension(status: Object, *, suspended: bool) -> None:
    if suspended:
        meta.set_condition(status, "Suspended", "True", "JobSuspended", "Job suspended")
    elif meta.condition({"status": status}, "Suspended") is not None:
        meta.set_condition(status, "Suspended", "False", "JobResumed", "Job resumed")


def _has_failed(job: Object, pod: Object, *, gone: bool) -> bool:
    phase = pod["status"].get("phase")
    if phase in ("Failed", "Succeeded"):
        return bool(phase == "Failed")
    if only_replaces_failed(job):
        return gone or (meta.is_deleting(pod) and phase == "Pending")
    return gone or meta.is_deleting(pod)


def _ended_for(pod: Object) -> float:
    """Seconds since a failed pod's last container ended, or since its deletion began when no end was seen."""
    times = [
        one["state"]["terminated"]["finishedAt"]
        for one in pod["status"].get("containerStatuses") or []
        if "terminated" in one.get("state", {})
    ]
    if times:
        return meta.seconds_since(max(times))
    if meta.is_deleting(pod):
        grace = float(pod["metadata"]["deletionGracePeriodSeconds"])
        return meta.seconds_since(pod["metadata"]["deletionTimestamp"]) + grace
    return meta.seconds_since(pod["metadata"]["creationTimestamp"])
