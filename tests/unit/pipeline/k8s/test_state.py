"""How far the shards are, read from what the API answers about Jobs and pods."""

from __future__ import annotations

from typing import Any

import pytest

from pipeline.k8s import state
from pipeline.k8s.manifests import Phase
from pipeline.k8s.state import Progress

PHASE = Phase("shards", 1, 3)
LAST = Phase("last", 4, 1)


def job(name: str = "focus-r-shards", *, suspend: bool = False, **status: Any) -> dict[str, Any]:
    return {"kind": "Job", "metadata": {"name": name}, "spec": {"suspend": suspend}, "status": status}


def pod(index: int, phase: str, *, at: int = 0, owner: str = "focus-r-shards", failures: int = 0, ignored: int = 0,
        **status: Any) -> dict[str, Any]:  # fmt: skip
    notes = {state.INDEX: str(index), state.FAILURES: str(failures)}
    notes |= {state.IGNORED: str(ignored)} if ignored else {}
    return {
        "kind": "Pod",
        "metadata": {
            "name": f"{owner}-{index}-{at}",
            "creationTimestamp": f"2026-11-30T22:00:{at:02}Z",
            "labels": {state.JOB_NAME: owner},
            "annotations": notes,
        },
        "status": {"phase": phase, **status},
    }


def test_every_index_has_its_own_state_and_attempt() -> None:
    pods = [
        pod(0, "Succeeded"),
        pod(1, "Failed"),
        pod(1, "Running", at=20, failures=1),
        pod(0, "Running", owner="focus-r-last"),
    ]
    found = state.of_phase(PHASE, job(completedIndexes="0"), pods)
    assert str(found.shards[0]) == "1 done"
    assert str(found.shards[1]) == "2 running (attempt 2)"
    assert str(found.shards[2]) == "3 waiting"
    assert found.shards[1].pod == "focus-r-shards-1-20"
    assert (found.ended, found.suspended, found.failed) == ("", False, [])


def test_evictions_count_as_attempts() -> None:
    found = state.of_phase(PHASE, job(), [pod(0, "Running", failures=1, ignored=2)])
    assert found.shards[0].attempt == 4


@pytest.mark.parametrize(
    ("text", "found"), [("", set()), ("0", {0}), ("0,2-3", {0, 2, 3}), ("1-2,10-11", {1, 2, 10, 11})]
)
def test_indexes_are_read_as_the_status_has_them(text: str, found: set[int]) -> None:
    assert state.indexes(text) == found


def test_a_job_that_has_ended_leaves_no_shard_waiting() -> None:
    over = {"type": "Failed", "status": "True", "reason": "FailedIndexes", "message": "Job has failed indexes"}
    found = state.of_phase(PHASE, job(completedIndexes="0", failedIndexes="2", conditions=[over]), [])
    assert [one.progress for one in found.shards] == [Progress.DONE, Progress.FAILED, Progress.FAILED]
    assert found.ended == "Job has failed indexes"


def test_a_condition_that_only_announces_the_end_is_none() -> None:
    announced = {"type": "FailureTarget", "status": "True", "reason": "FailedIndexes"}
    assert state.of_phase(PHASE, job(conditions=[announced]), []).ended == ""


def test_a_job_that_is_gone_has_failed() -> None:
    found = state.of_phase(PHASE, None, [])
    assert not found.there
    assert found.ended == "it is not in the cluster"
    assert len(found.failed) == 3


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (
            {"containerStatuses": [{"state": {"waiting": {"reason": "ErrImagePull", "message": "no such image"}}}]},
            "ErrImagePull: no such image",
        ),
        (
            {"conditions": [{"type": "PodScheduled", "status": "False", "message": "claim not found"}]},
            "claim not found",
        ),
        ({"containerStatuses": [{"state": {"waiting": {"reason": "ContainerCreating"}}}]}, ""),
    ],
)
def test_a_pod_that_does_not_start_shows_why(status: dict[str, Any], why: str) -> None:
    found = state.of_phase(PHASE, job(), [pod(0, "Pending", **status)])
    assert str(found.shards[0]) == (f"1 waiting ({why})" if why else "1 waiting")


def test_both_phases_are_one_line() -> None:
    phases = [
        state.of_phase(PHASE, job(completedIndexes="0-1"), [pod(2, "Running")]),
        state.of_phase(LAST, job("focus-r-last", suspend=True), []),
    ]
    assert state.line(phases) == "1 done, 2 done, 3 running | alone: 4 waiting"
