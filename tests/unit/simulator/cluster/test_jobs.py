"""What the Job controller decides, without a node: the tests play the programs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from simulator.cluster import meta
from simulator.cluster.controllers.job import JobController
from simulator.cluster.controllers.job_indexes import COMPLETION_INDEX, FAILURE_COUNT, as_text, from_text
from simulator.cluster.errors import ApiError
from simulator.cluster.registry import Registry
from simulator.cluster.resources import EVENT, JOB, NAMESPACE, POD, Object
from simulator.cluster.store import Store

SPACE = "tests"
BAD_DATA = {"action": "FailIndex", "onExitCodes": {"operator": "In", "values": [77]}}


class Jobs:
    """A controller, one job of its, and what the pods of the job do."""

    def __init__(self, *, time_scale: float = 0.0, **spec: Any) -> None:
        self.registry = Registry(Store())
        self.registry.node = "node"
        self.store = self.registry.store
        self.registry.create(NAMESPACE, "", {"metadata": {"name": SPACE}})
        self._controller = JobController(self.registry, time_scale)
        self.registry.create(JOB, SPACE, body(**spec))

    @property
    def job(self) -> Object:
        return self.registry.get(JOB, SPACE, "shards")

    @property
    def status(self) -> Object:
        return dict(self.job["status"])

    @property
    def true(self) -> dict[str, str]:
        """Conditions that hold, with their reasons, in the order of the status."""
        return {one["type"]: one["reason"] for one in self.status.get("conditions", []) if one["status"] == "True"}

    def pods(self) -> list[Object]:
        """Pods that run and are not being deleted, by index."""
        pods = self.store.objects(POD, SPACE)
        living = [pod for pod in pods if not meta.is_finished(pod) and not meta.is_deleting(pod)]
        return sorted(living, key=index)

    def indexes(self) -> list[int]:
        return [index(pod) for pod in self.pods()]

    def pod(self, wanted: int) -> Object:
        return next(pod for pod in self.pods() if index(pod) == wanted)

    async def run(self, pod: Object) -> None:
        """The pod is bound and runs."""
        self.store.edit(POD, SPACE, meta.name_of(pod), lambda one: one["spec"].update(nodeName="node"))
        await self.shows(pod, "Running", {"running": {}})

    async def end(self, pod: Object, code: int, *conditions: Object) -> None:
        """The program of a pod ends."""
        state = {"terminated": {"exitCode": code, "finishedAt": meta.now()}}
        await self.shows(pod, "Failed" if code else "Succeeded", state, *conditions)

    async def shows(self, pod: Object, phase: str, state: Object, *conditions: Object) -> None:
        def fill(status: Object) -> None:
            status.update(phase=phase, containerStatuses=[{"name": "main", "restartCount": 0, "state": state}])
            status["conditions"] = [*conditions]

        self.registry.edit_status(POD, pod, fill)
        await settled()

    async def change(self, **spec: Any) -> None:
        edited = {**self.job, "spec": {**self.job["spec"], **spec}}
        self.registry.update(JOB, self.job, edited)
        await settled()

    def reasons(self) -> list[str]:
        return [one["reason"] for one in self.store.objects(EVENT, SPACE) if one["involvedObject"]["kind"] == "Job"]


def body(**spec: Any) -> Object:
    container = {"name": "main", "image": "any"}
    template = {"spec": {"restartPolicy": spec.pop("restartPolicy", "Never"), "containers": [container]}}
    given = {"completionMode": "Indexed", "completions": 3, "parallelism": 3, "template": template, **spec}
    return {"metadata": {"name": "shards"}, "spec": {key: value for key, value in given.items() if value is not None}}


def index(pod: Object) -> int:
    return int(pod["metadata"].get("annotations", {}).get(COMPLETION_INDEX, -1))


async def settled() -> None:
    """The controller has no work left; its zero back-off delays have passed."""
    for _ in range(30):
        await asyncio.sleep(0)


def on_loop(test: Callable[[], Coroutine[Any, Any, None]]) -> Callable[[], None]:
    return lambda: asyncio.run(test())


async def started(**spec: Any) -> Jobs:
    jobs = Jobs(**spec)
    await settled()
    return jobs


@pytest.mark.parametrize(
    ("indexes", "text"),
    [(set(), ""), ({4}, "4"), ({0, 2, 3}, "0,2,3"), ({1, 3, 4, 5, 7}, "1,3-5,7"), ({0, 1, 2, 3}, "0-3")],
)
def test_indexes_as_text_and_back(indexes: set[int], text: str) -> None:
    assert as_text(indexes) == text
    assert from_text(text, 10) == indexes


def test_indexes_that_a_job_has_no_more_are_forgotten() -> None:
    assert from_text("0,2-8", 4) == {0, 2, 3}


@on_loop
async def test_every_index_has_one_pod_with_its_marks() -> None:
    jobs = await started(parallelism=2)
    assert jobs.indexes() == [0, 1]
    pod = jobs.pod(1)
    assert meta.name_of(pod).startswith("shards-1-")
    assert len(meta.name_of(pod)) == len("shards-1-") + 5
    assert pod["spec"]["hostname"] == "shards-1"
    assert meta.labels_of(pod)[COMPLETION_INDEX] == "1"
    (variable,) = pod["spec"]["containers"][0]["env"]
    assert variable["name"] == "JOB_COMPLETION_INDEX"
    assert variable["valueFrom"]["fieldRef"]["fieldPath"] == f"metadata.labels['{COMPLETION_INDEX}']"
    assert FAILURE_COUNT not in pod["metadata"]["annotations"]
    await jobs.end(pod, 0)
    assert jobs.indexes() == [0, 2]
    assert jobs.status["completedIndexes"] == "1"
    await jobs.end(jobs.pod(2), 0)
    await jobs.end(jobs.pod(0), 0)
    assert jobs.status["completedIndexes"] == "0-2"
    assert jobs.true == {"SuccessCriteriaMet": "CompletionsReached", "Complete": "CompletionsReached"}
    assert jobs.status["succeeded"] == 3
    assert "completionTime" in jobs.status


@on_loop
async def test_a_finished_index_stays_done_without_its_pod() -> None:
    jobs = await started(parallelism=1)
    done = jobs.pod(0)
    await jobs.end(done, 0)
    jobs.registry.delete(POD, SPACE, meta.name_of(done))
    await settled()
    assert (jobs.indexes(), jobs.status["succeeded"], jobs.status["completedIndexes"]) == ([1], 1, "0")


@on_loop
async def test_a_failed_index_is_run_again_up_to_its_limit() -> None:
    jobs = await started(backoffLimitPerIndex=1)
    assert jobs.job["spec"]["backoffLimit"] == 2147483647
    assert jobs.pod(0)["metadata"]["annotations"][FAILURE_COUNT] == "0"
    await jobs.end(jobs.pod(0), 1)
    assert jobs.pod(0)["metadata"]["annotations"][FAILURE_COUNT] == "1"
    assert jobs.status["failedIndexes"] == ""
    await jobs.end(jobs.pod(0), 1)
    assert jobs.indexes() == [1, 2]
    assert jobs.status["failedIndexes"] == "0"
    assert jobs.true == {}
    for number in (1, 2):
        await jobs.end(jobs.pod(number), 0)
    assert jobs.true == {"FailureTarget": "FailedIndexes", "Failed": "FailedIndexes"}
    assert (jobs.status["completedIndexes"], jobs.status["failed"]) == ("1,2", 2)
    assert "FailedIndexes" in jobs.reasons()


@on_loop
async def test_a_deleted_pod_counts_for_its_index_also_when_it_is_gone() -> None:
    jobs = await started(backoffLimitPerIndex=1)
    for _ in range(2):
        jobs.registry.delete(POD, SPACE, meta.name_of(jobs.pod(2)), grace=0)
        await settled()
    assert jobs.indexes() == [0, 1]
    assert (jobs.status["failedIndexes"], jobs.status["failed"]) == ("2", 2)


@on_loop
async def test_a_failed_index_backs_off_while_others_go_on() -> None:
    jobs = await started(backoffLimitPerIndex=3, completions=4, time_scale=100.0)
    await jobs.end(jobs.pod(0), 1)
    assert jobs.indexes() == [1, 2]
    await jobs.end(jobs.pod(1), 0)
    assert jobs.indexes() == [2, 3]


@on_loop
async def test_too_many_failed_indexes_end_the_job_and_its_pods() -> None:
    jobs = await started(backoffLimitPerIndex=0, maxFailedIndexes=1)
    for pod in jobs.pods():
        await jobs.run(pod)
    await jobs.end(jobs.pod(0), 1)
    assert jobs.true == {}
    last = jobs.pod(2)
    await jobs.end(jobs.pod(1), 1)
    assert jobs.true == {"FailureTarget": "MaxFailedIndexesExceeded"}
    assert jobs.status["terminating"] == 1
    assert "active" not in jobs.status
    await jobs.end(last, 143)
    assert jobs.true == {"FailureTarget": "MaxFailedIndexesExceeded", "Failed": "MaxFailedIndexesExceeded"}
    assert jobs.status["failedIndexes"] == "0-2"


@on_loop
async def test_bad_data_fails_its_index_at_once() -> None:
    jobs = await started(backoffLimitPerIndex=5, podFailurePolicy={"rules": [BAD_DATA]})
    await jobs.end(jobs.pod(1), 77)
    assert (jobs.indexes(), jobs.status["failedIndexes"]) == ([0, 2], "1")
    await jobs.end(jobs.pod(2), 78)
    assert jobs.indexes() == [0, 2]


@on_loop
async def test_a_disruption_is_no_failure() -> None:
    disrupted = {"type": "DisruptionTarget", "status": "True"}
    rule = {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget"}]}
    jobs = await started(backoffLimitPerIndex=0, podFailurePolicy={"rules": [rule]})
    await jobs.end(jobs.pod(0), 137, disrupted)
    annotations = jobs.pod(0)["metadata"]["annotations"]
    assert annotations[FAILURE_COUNT] == "0"
    assert annotations["batch.kubernetes.io/job-index-ignored-failure-count"] == "1"
    assert "failed" not in jobs.status
    assert jobs.status["failedIndexes"] == ""


@on_loop
async def test_a_rule_ends_the_whole_job_and_names_the_container() -> None:
    rules = [
        {"action": "Count", "onExitCodes": {"operator": "In", "values": [1]}},
        {"action": "FailJob", "onExitCodes": {"operator": "NotIn", "values": [1, 2], "containerName": "main"}},
    ]
    jobs = await started(podFailurePolicy={"rules": rules}, completionMode=None, backoffLimit=5)
    await jobs.end(jobs.pods()[0], 1)
    await jobs.end(jobs.pods()[0], 2)
    assert jobs.true == {}
    failed = jobs.pods()[0]
    await jobs.end(failed, 42)
    assert jobs.true == {"FailureTarget": "PodFailurePolicy", "Failed": "PodFailurePolicy"}
    message = jobs.status["conditions"][0]["message"]
    name = meta.name_of(failed)
    assert message == f"Container main for pod {SPACE}/{name} failed with exit code 42 matching FailJob rule at index 1"


@on_loop
async def test_with_a_policy_a_pod_is_replaced_when_it_has_ended() -> None:
    jobs = await started(backoffLimitPerIndex=1, podFailurePolicy={"rules": [BAD_DATA]})
    old = jobs.pod(0)
    await jobs.run(old)
    jobs.registry.delete(POD, SPACE, meta.name_of(old), grace=30)
    await settled()
    assert jobs.indexes() == [1, 2]
    assert "failed" not in jobs.status
    await jobs.end(old, 77)
    assert (jobs.indexes(), jobs.status["failedIndexes"]) == ([1, 2], "0")


@on_loop
async def test_without_a_limit_per_index_failures_count_for_the_whole_job() -> None:
    jobs = await started(backoffLimit=1)
    await jobs.end(jobs.pod(0), 1)
    assert jobs.indexes() == [0, 1, 2]
    await jobs.end(jobs.pod(1), 1)
    assert jobs.true == {"FailureTarget": "BackoffLimitExceeded", "Failed": "BackoffLimitExceeded"}
    assert "failedIndexes" not in jobs.status


@on_loop
async def test_a_suspended_job_has_no_pods_and_goes_on_without_a_failure() -> None:
    jobs = await started(suspend=True)
    assert jobs.pods() == []
    assert jobs.true == {"Suspended": "JobSuspended"}
    assert "startTime" not in jobs.status
    await jobs.change(suspend=False)
    assert jobs.indexes() == [0, 1, 2]
    assert jobs.true == {}
    await jobs.end(jobs.pod(1), 0)
    await jobs.change(suspend=True)
    assert jobs.pods() == []
    assert "failed" not in jobs.status
    await jobs.change(suspend=False)
    assert jobs.indexes() == [0, 2]
    assert {"Suspended", "Resumed", "SuccessfulDelete"} <= set(jobs.reasons())


@on_loop
async def test_a_deadline_ends_the_job() -> None:
    jobs = await started(activeDeadlineSeconds=0)
    assert jobs.true == {"FailureTarget": "DeadlineExceeded", "Failed": "DeadlineExceeded"}
    assert jobs.pods() == []


@on_loop
async def test_an_indexed_job_grows_and_shrinks() -> None:
    jobs = await started(completions=2, parallelism=2)
    await jobs.change(completions=4, parallelism=4)
    assert jobs.indexes() == [0, 1, 2, 3]
    await jobs.change(completions=1, parallelism=1)
    assert jobs.indexes() == [0]
    assert "failed" not in jobs.status


@on_loop
async def test_pods_of_a_job_without_indexes_have_no_marks() -> None:
    jobs = await started(completionMode=None)
    for pod in jobs.pods():
        assert "annotations" not in pod["metadata"]
        assert "hostname" not in pod["spec"]
        assert "env" not in pod["spec"]["containers"][0]
        await jobs.end(pod, 0)
    assert jobs.true == {"SuccessCriteriaMet": "CompletionsReached", "Complete": "CompletionsReached"}
    assert "completedIndexes" not in jobs.status


CODES = "spec.podFailurePolicy.rules[0].onExitCodes"
UNORDERED = {"operator": "In", "values": [3, 0, 3], "containerName": "other"}


@pytest.mark.parametrize(
    ("spec", "field", "text", "reason"),
    [
        ({"completions": None}, "spec.completions", "Required value: when completion mode is Indexed", "Required"),
        (
            {"completionMode": "Any"},
            "spec.completionMode",
            'Unsupported value: "Any": supported values: "NonIndexed", "Indexed"',
            "NotSupported",
        ),
        (
            {"completionMode": None, "backoffLimitPerIndex": 1},
            "spec.backoffLimitPerIndex",
            "Invalid value: 1: requires indexed completion mode",
            "Invalid",
        ),
        (
            {"maxFailedIndexes": 1},
            "spec.backoffLimitPerIndex",
            "Required value: when maxFailedIndexes is specified",
            "Required",
        ),
        (
            {"maxFailedIndexes": 4, "backoffLimitPerIndex": 1},
            "spec.maxFailedIndexes",
            "Invalid value: 4: must be less than or equal to completions",
            "Invalid",
        ),
        (
            {"backoffLimitPerIndex": -1},
            "spec.backoffLimitPerIndex",
            "Invalid value: -1: must be greater than or equal to 0",
            "Invalid",
        ),
        (
            {"podFailurePolicy": {"rules": [BAD_DATA]}},
            "spec.podFailurePolicy.rules[0].action",
            'Invalid value: "FailIndex": requires the backoffLimitPerIndex to be set',
            "Invalid",
        ),
        (
            {"podFailurePolicy": {"rules": [{"action": "Count"}]}},
            "spec.podFailurePolicy.rules[0]",
            "Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
            "Invalid",
        ),
        (
            {"podFailurePolicy": {"rules": []}, "restartPolicy": "OnFailure"},
            "spec.template.spec.restartPolicy",
            'Invalid value: "OnFailure": only "Never" is supported when podFailurePolicy is specified',
            "Invalid",
        ),
        (
            {"podFailurePolicy": {"rules": []}, "podReplacementPolicy": "TerminatingOrFailed"},
            "spec.podReplacementPolicy",
            'Unsupported value: "TerminatingOrFailed": supported values: "Failed"',
            "NotSupported",
        ),
        (
            {"successPolicy": {"rules": [{"succeededCount": 1}]}},
            "spec.successPolicy",
            "Forbidden: the simulated cluster does not know success policies",
            "Forbidden",
        ),
    ],
)
def test_a_job_that_breaks_a_rule_is_refused(spec: dict[str, Any], field: str, text: str, reason: str) -> None:
    assert causes(body(**spec)) == [{"field": field, "message": text, "reason": f"FieldValue{reason}"}]


def test_every_fault_of_a_rule_is_named() -> None:
    rule = {"action": "Ignore", "onExitCodes": UNORDERED, "onPodConditions": [{"type": "Any", "status": "Maybe"}]}
    found = {one["field"]: one["message"] for one in causes(body(podFailurePolicy={"rules": [rule]}))}
    assert found == {
        f"{CODES}.containerName": (
            'Invalid value: "other": must be one of the container or initContainer names in the pod template'
        ),
        f"{CODES}.values[1]": "Invalid value: 0: must not be 0 for the In operator",
        f"{CODES}.values[2]": "Duplicate value: 3",
        f"{CODES}.values": "Invalid value: [3, 0, 3]: must be ordered",
        "spec.podFailurePolicy.rules[0].onPodConditions[0].status": (
            'Unsupported value: "Maybe": supported values: "False", "True", "Unknown"'
        ),
        "spec.podFailurePolicy.rules[0]": (
            "Invalid value: specifying both OnExitCodes and OnPodConditions is not supported"
        ),
    }


def test_a_name_too_long_for_the_hostnames_is_refused() -> None:
    long = body(completions=11)
    long["metadata"]["name"] = "s" * 61
    (cause,) = causes(long)
    assert cause["message"].endswith(f"will not able to create pod with invalid DNS label: {'s' * 61}-10")


@on_loop
async def test_what_a_job_may_not_change() -> None:
    jobs = await started(backoffLimitPerIndex=1)
    for change, field in (
        ({"completions": 2}, "spec.completions"),
        ({"backoffLimitPerIndex": 2}, "spec.backoffLimitPerIndex"),
        ({"podFailurePolicy": {"rules": []}}, "spec.podFailurePolicy"),
    ):
        with pytest.raises(ApiError) as refused:
            await jobs.change(**change)
        assert field in [one["field"] for one in refused.value.details["causes"]]


def causes(job: Object) -> list[Object]:
    registry = Registry(Store())
    registry.create(NAMESPACE, "", {"metadata": {"name": SPACE}})
    with pytest.raises(ApiError) as refused:
        registry.create(JOB, SPACE, job)
    assert refused.value.code == 422
    return list(refused.value.details["causes"])
