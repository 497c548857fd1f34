"""The indexes of an Indexed Job: which are done, failed or open, and what a pod of one looks like."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Set

from simulator.cluster import meta
from simulator.cluster.controllers.job_failure_policy import FAIL_INDEX, outcome
from simulator.cluster.resources import Object

COMPLETION_INDEX = "batch.kubernetes.io/job-completion-index"
FAILURE_COUNT = "batch.kubernetes.io/job-index-failure-count"
IGNORED_FAILURE_COUNT = "batch.kubernetes.io/job-index-ignored-failure-count"
VARIABLE = "JOB_COMPLETION_INDEX"
# A generated name has at most 63 characters; five of them are random.
_LONGEST_PREFIX = 58


def is_indexed(job: Object) -> bool:
    """Whether every completion has its own index."""
    return bool(job["spec"].get("completionMode") == "Indexed")


def limit_per_index(job: Object) -> int | None:
    """How often the pod of one index may fail before the index fails; None: only the whole Job has a limit."""
    limit: int | None = job["spec"].get("backoffLimitPerIndex")
    return limit


def index_of(pod: Object) -> int:
    """The completion index of a pod, -1 when it has none."""
    return _number(pod, COMPLETION_INDEX, missing=-1)


def as_text(indexes: Set[int]) -> str:
    """Indexes as the status shows them: three or more in a row as first-last, e.g. "0,2,3,5-9"."""
    ordered = sorted(indexes)
    begins = [one for one in ordered if one - 1 not in indexes]
    ends = [one for one in ordered if one + 1 not in indexes]
    texts = []
    for first, last in zip(begins, ends, strict=True):
        texts += [f"{first}-{last}"] if last > first + 1 else [str(one) for one in range(first, last + 1)]
    return ",".join(texts)


def from_text(text: str, completions: int) -> set[int]:
    """The indexes of a status, without those that the Job has no more."""
    found: set[int] = set()
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return {one for one in found if one < completions}


def succeeded_indexes(job: Object, succeeded: Iterable[Object]) -> set[int]:
    """The indexes that the status lists already, and those of pods that succeeded since."""
    completions = job["spec"]["completions"]
    done = from_text(job["status"].get("completedIndexes", ""), completions)
    return done | {index for index in map(index_of, succeeded) if 0 <= index < completions}


def failed_indexes(job: Object, failed: Iterable[Object]) -> set[int]:
    """The indexes that failed for good; none without a limit per index."""
    limit = limit_per_index(job)
    if limit is None:
        return set()
    completions = job["spec"]["completions"]
    over = from_text(job["status"].get("failedIndexes", ""), completions)
    for pod in failed:
        found = outcome(job, pod)
        if found.action == FAIL_INDEX or (found.counts and _number(pod, FAILURE_COUNT) >= limit):
            over.add(index_of(pod))
    return {index for index in over if 0 <= index < completions}


def last_failures(failed: Iterable[Object]) -> dict[int, Object]:
    """Index -> the pod that failed last on it."""
    last: dict[int, Object] = {}
    for pod in failed:
        index = index_of(pod)
        if index not in last or failures_before(pod) >= failures_before(last[index]):
            last[index] = pod
    return last


def failures_before(pod: Object) -> int:
    """How many pods of the same index had failed before this one, also those that were ignored."""
    return _number(pod, FAILURE_COUNT) + _number(pod, IGNORED_FAILURE_COUNT)


def name_prefix(job: Object, index: int) -> str:
    """How the names of the pods of an index begin."""
    end = f"-{index}-"
    return meta.name_of(job)[: _LONGEST_PREFIX - len(end)] + end


def template_of(job: Object, index: int, replaced: Object | None) -> Object:
    """The pod template of one index; `replaced` is the failed pod whose place the new one takes."""
    template: Object = copy.deepcopy(job["spec"]["template"])
    metadata, spec = template["metadata"], template["spec"]
    annotations = {COMPLETION_INDEX: str(index)}
    if limit_per_index(job) is not None:
        annotations.update(_failure_counts(job, replaced))
    metadata["annotations"] = {**(metadata.get("annotations") or {}), **annotations}
    metadata["labels"] = {**(metadata.get("labels") or {}), COMPLETION_INDEX: str(index)}
    spec["hostname"] = f"{meta.name_of(job)}-{index}"
    source = {"fieldRef": {"apiVersion": "v1", "fieldPath": f"metadata.labels['{COMPLETION_INDEX}']"}}
    for container in meta.containers_of(spec):
        variables = container.setdefault("env", [])
        if all(one["name"] != VARIABLE for one in variables):
            variables.append({"name": VARIABLE, "valueFrom": source})
    return template


def _failure_counts(job: Object, replaced: Object | None) -> dict[str, str]:
    if replaced is None:
        return {FAILURE_COUNT: "0"}
    counted = outcome(job, replaced).counts
    failures = _number(replaced, FAILURE_COUNT) + counted
    ignored = _number(replaced, IGNORED_FAILURE_COUNT) + (not counted)
    return {FAILURE_COUNT: str(failures), **({IGNORED_FAILURE_COUNT: str(ignored)} if ignored else {})}


def _number(pod: Object, annotation: str, missing: int = 0) -> int:
    text = (pod["metadata"].get("annotations") or {}).get(annotation, "")
    return int(text) if text.isdecimal() else missing
