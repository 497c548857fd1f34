"""Jobs run pods until enough of them succeeded."""

from __future__ import annotations

from collections.abc import Iterable

from simulator.cluster import meta
from simulator.cluster.controllers.base import Controller
from simulator.cluster.registry import Registry
from simulator.cluster.resources import JOB, POD, Object
from simulator.cluster.store import Change

# Seconds before the second try of a failed pod; doubles with every failure (a real cluster: 10 s).
FIRST_BACK_OFF = 1.0
LONGEST_BACK_OFF = 60.0


class JobController(Controller):
    """Creates pods, counts their ends, and removes finished jobs after their time to live."""

    kind = JOB
    component = "job-controller"

    def __init__(self, registry: Registry, time_scale: float) -> None:
        super().__init__(registry)
        self._time_scale = time_scale
        self._failed: dict[str, set[str]] = {}
        """uid of a job -> uids of its failed pods, also of those that are gone"""
        self._failed_before: dict[str, int] = {}
        """uid of a job -> failed pods that were gone already when this cluster, after a kill, took over"""

    def related(self, change: Change) -> Iterable[tuple[str, str]]:
        """Notes pods that failed: a pod that is deleted before it succeeded counts, as on a real cluster."""
        if change.kind == JOB and change.type == "DELETED":
            self._failed.pop(meta.uid_of(change.object), None)
            self._failed_before.pop(meta.uid_of(change.object), None)
        if change.kind == JOB and change.type == "ADDED":
            there = sum(_has_failed(pod, gone=False) for pod in self.owned(POD, change.object))
            counted = change.object["status"].get("failed", 0)
            self._failed_before[meta.uid_of(change.object)] = max(counted - there, 0)
        if change.kind == POD:
            self._note_failure(change)
        yield from super().related(change)

    def _note_failure(self, change: Change) -> None:
        owner = meta.controller_of(change.object)
        failed = _has_failed(change.object, gone=change.type == "DELETED")
        if not failed or owner is None or owner["kind"] != JOB.name:
            return
        job = self.store.get(JOB, meta.namespace_of(change.object), owner["name"])
        if job is not None and meta.uid_of(job) == owner["uid"] and not _finished(job):
            self._failed.setdefault(owner["uid"], set()).add(meta.uid_of(change.object))

    def reconcile(self, namespace: str, name: str) -> None:
        """One step for one job."""
        job = self.store.get(JOB, namespace, name)
        if job is None or meta.is_deleting(job):
            return
        if finish := _finished(job):
            self._expire(job, finish)
            return
        pods = self.owned(POD, job)
        spec = job["spec"]
        succeeded = [pod for pod in pods if pod["status"].get("phase") == "Succeeded"]
        failed = [pod for pod in pods if pod["status"].get("phase") == "Failed"]
        active = [pod for pod in pods if not meta.is_finished(pod) and not meta.is_deleting(pod)]
        uid = meta.uid_of(job)
        failures = len(self._failed.get(uid, ())) + self._failed_before.get(uid, 0)
        verdict = _verdict(job, len(succeeded), failures, pods)
        if verdict:
            self._status(job, [], len(succeeded), failures, verdict)
            for pod in active:
                self.registry.delete(POD, namespace, meta.name_of(pod))
            return
        missing = min(spec["parallelism"], spec["completions"] - len(succeeded)) - len(active)
        active += self._start(job, missing, failed)
        self._status(job, active, len(succeeded), failures, None)

    def _start(self, job: Object, missing: int, failed: list[Object]) -> list[Object]:
        if failed and missing > 0:
            delay = min(FIRST_BACK_OFF * 2 ** (len(failed) - 1), LONGEST_BACK_OFF) * self._time_scale
            left = delay - min(meta.seconds_since(_end(pod)) for pod in failed)
            if left > 0:
                self.enqueue_later(left, meta.namespace_of(job), meta.name_of(job))
                return []
        created = (self.create_pod(job, job["spec"]["template"], labels={}) for _ in range(max(missing, 0)))
        return [pod for pod in created if pod is not None]

    def _status(
        self, job: Object, active: list[Object], succeeded: int, failures: int, verdict: tuple[str, str, str] | None
    ) -> None:
        def fill(status: Object) -> None:
            status.setdefault("startTime", meta.now())
            numbers = {
                "active": len(active),
                "ready": sum(meta.is_ready(pod) for pod in active),
                "succeeded": succeeded,
                "failed": failures,
            }
            for key, number in numbers.items():
                if number or key == "ready":
                    status[key] = number
                else:
                    status.pop(key, None)
            if verdict:
                kind, reason, message = verdict
                meta.set_condition(status, kind, "True", reason, message)
                if kind == "Complete":
                    status["completionTime"] = meta.now()

        self.registry.edit_status(JOB, job, fill)
        if verdict:
            kind, reason, message = verdict
            if kind == "Complete":
                self.events.normal(JOB, job, "Completed", "Job completed")
            else:
                self.events.warning(JOB, job, reason, message)

    def _expire(self, job: Object, finished: str) -> None:
        ttl = job["spec"].get("ttlSecondsAfterFinished")
        if ttl is None:
            return
        left = ttl - meta.seconds_since(finished)
        if left > 0:
            self.enqueue_later(left, meta.namespace_of(job), meta.name_of(job))
        else:
            self.registry.delete(JOB, meta.namespace_of(job), meta.name_of(job))


def _verdict(job: Object, succeeded: int, failures: int, pods: list[Object]) -> tuple[str, str, str] | None:
    """Condition, reason and message of a job that is over."""
    spec = job["spec"]
    if succeeded >= spec["completions"]:
        return "Complete", "CompletionsReached", "Reached expected number of succeeded pods"
    restarts = sum(one.get("restartCount", 0) for pod in pods for one in pod["status"].get("containerStatuses") or [])
    limited = failures if spec["template"]["spec"]["restartPolicy"] == "Never" else failures + restarts
    if limited > spec["backoffLimit"]:
        return "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"
    return None


def _has_failed(pod: Object, *, gone: bool) -> bool:
    phase = pod["status"].get("phase")
    return phase == "Failed" or ((gone or meta.is_deleting(pod)) and phase != "Succeeded")


def _finished(job: Object) -> str:
    """When the job ended, empty while it runs."""
    for kind in ("Complete", "Failed"):
        found = meta.condition(job, kind)
        if found is not None and found["status"] == "True":
            return str(found["lastTransitionTime"])
    return ""


def _end(pod: Object) -> str:
    """When a finished pod's last container ended."""
    times = [
        one["state"]["terminated"]["finishedAt"]
        for one in pod["status"].get("containerStatuses") or []
        if "terminated" in one.get("state", {})
    ]
    return max(times, default=str(pod["metadata"]["creationTimestamp"]))
