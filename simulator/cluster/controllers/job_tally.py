"""What a Job's pods amount to, and whether the Job is over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from simulator.cluster import meta
from simulator.cluster.controllers.job_failure_policy import FAIL_JOB, outcome
from simulator.cluster.controllers.job_indexes import failed_indexes, is_indexed, succeeded_indexes
from simulator.cluster.resources import Object

COMPLETE, FAILED = "Complete", "Failed"
# A Job has the first of these from when its end is certain, and the second when its last pod has ended.
BEFORE = {COMPLETE: "SuccessCriteriaMet", FAILED: "FailureTarget"}


@dataclass(frozen=True)
class Verdict:
    """How a Job ends: the condition of its status with reason and message."""

    kind: str
    reason: str
    message: str


@dataclass(frozen=True)
class Tally:
    """The pods of a Job by what became of them."""

    pods: list[Object]
    """All that exist."""
    active: list[Object]
    terminating: list[Object]
    succeeded: int
    failed: list[Object]
    """Pods that failed, also those that are gone."""
    failures: int
    """How many count against the back-off limit."""
    succeeded_indexes: set[int] = field(default_factory=set)
    failed_indexes: set[int] = field(default_factory=set)

    @property
    def all_ended(self) -> bool:
        """Whether no pod runs any more."""
        return not self.active and not self.terminating


def tally(job: Object, pods: list[Object], failed: Collection[Object], failed_before: int) -> Tally:
    """Counts pods; `failed_before`: counted failures of pods that nobody knows any more."""
    lost = {meta.uid_of(pod) for pod in failed}
    unfinished = [pod for pod in pods if not meta.is_finished(pod)]
    succeeded = [pod for pod in pods if pod["status"].get("phase") == "Succeeded" and meta.uid_of(pod) not in lost]
    done = succeeded_indexes(job, succeeded) if is_indexed(job) else set()
    return Tally(
        pods=pods,
        active=[pod for pod in unfinished if not meta.is_deleting(pod)],
        terminating=[pod for pod in unfinished if meta.is_deleting(pod)],
        succeeded=len(done) if is_indexed(job) else len(succeeded),
        failed=list(failed),
        failures=failed_before + sum(outcome(job, pod).counts for pod in failed),
        succeeded_indexes=done,
        failed_indexes=failed_indexes(job, failed) - done if is_indexed(job) else set(),
    )


def verdict(job: Object, found: Tally) -> Verdict | None:
    """How the Job ends; None while it goes on. What was certain once stays so."""
    return _decided(job) or _failure(job, found) or _success(job, found)


def finished_at(job: Object) -> str:
    """When the Job ended, empty while it runs."""
    for kind in (COMPLETE, FAILED):
        if found := meta.true_condition(job, kind):
            return str(found["lastTransitionTime"])
    return ""


def deadline_left(job: Object) -> float | None:
    """Seconds until the Job's deadline; None without one, and before it has begun."""
    limit, began = job["spec"].get("activeDeadlineSeconds"), job["status"].get("startTime")
    if limit is None or began is None or job["spec"].get("suspend"):
        return None
    return float(limit - meta.seconds_since(began))


def only_replaces_failed(job: Object) -> bool:
    """Whether a pod's place is free only when its programs have ended, not as soon as its deletion has begun."""
    return bool(job["spec"].get("podReplacementPolicy") == "Failed")


def _decided(job: Object) -> Verdict | None:
    for kind, before in BEFORE.items():
        if found := meta.true_condition(job, before):
            return Verdict(kind, found["reason"], found["message"])
    return None


def _failure(job: Object, found: Tally) -> Verdict | None:
    for outcome_ in (outcome(job, pod) for pod in found.failed):
        if outcome_.action == FAIL_JOB:
            return Verdict(FAILED, "PodFailurePolicy", outcome_.message)
    if _limited_failures(job, found) > job["spec"]["backoffLimit"]:
        return Verdict(FAILED, "BackoffLimitExceeded", "Job has reached the specified backoff limit")
    left = deadline_left(job)
    if left is not None and left <= 0:
        return Verdict(FAILED, "DeadlineExceeded", "Job was active longer than specified deadline")
    over, most = len(found.failed_indexes), job["spec"].get("maxFailedIndexes")
    if most is not None and over > most:
        text = "Job has exceeded the specified maximal number of failed indexes"
        return Verdict(FAILED, "MaxFailedIndexesExceeded", text)
    if over and over + found.succeeded >= job["spec"]["completions"]:
        return Verdict(FAILED, "FailedIndexes", "Job has failed indexes")
    return None


def _success(job: Object, found: Tally) -> Verdict | None:
    if found.succeeded < job["spec"]["completions"]:
        return None
    return Verdict(COMPLETE, "CompletionsReached", "Reached expected number of succeeded pods")


def _limited_failures(job: Object, found: Tally) -> int:
    if job["spec"]["template"]["spec"]["restartPolicy"] == "Never":
        return found.failures
    statuses = [one for pod in found.pods for one in pod["status"].get("containerStatuses") or []]
    return found.failures + sum(int(one.get("restartCount", 0)) for one in statuses)
