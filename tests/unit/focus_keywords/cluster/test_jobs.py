"""Keywords about the job of a view on a wrong site: each must fail and name the fault. Clients are replaced."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient
from focus_core.cluster.objects import Event, Job, Pod, Service
from focus_core.run import clients
from focus_keywords.cluster.jobs import ViewJobs

VIEW: Any = SimpleNamespace(job_id="1-7", answer=SimpleNamespace(stream_port=12301))
LABELS = {"app": "grpc-job-1-7", "job_id": "1-7"}
POD = Pod("grpc-job-1-7-abc", "Running", "Running", True, 0, LABELS, False)
JOB = Job("grpc-job-1-7", "")
SERVICE = Service("grpc-service-1-7", "NodePort", [12301], ["5000"], {"app": "grpc-job-1-7"})
NOTHING: dict[str, Any] = {"jobs": [], "pods": [], "services": []}
TIMINGS = ("pod_visible_s", "job_running_s", "job_removed_s", "idle_job_s", "cleanup_job_ttl_s", "finished_job_ttl_s")
SITE = SimpleNamespace(job_prefix="grpc-job-", timings=SimpleNamespace(**dict.fromkeys(TIMINGS, 0.1)))


# The client that the keywords ask: the last one that a test made.
ASKED: list[Any] = []


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("focus_keywords.cluster.jobs.site", lambda: SITE)
    monkeypatch.setattr(clients, "cluster", lambda: ASKED[-1])


def keywords(**facts: Any) -> ViewJobs:
    """The keywords on a site of which only `facts` differ from a right one."""
    right = {
        "pods": [POD],
        "jobs": [JOB],
        "services": [SERVICE],
        "events_of": [],
        "now": "1",
        "phases_since": ["Pending", "Running", "Succeeded"],
    }
    answers = {name: (lambda *_args, found=found: found) for name, found in {**right, **facts}.items()}
    asked = SimpleNamespace(**answers)
    asked.describe = partial(ClusterClient.describe, asked)
    ASKED.append(asked)
    return ViewJobs()


def test_a_right_view_passes() -> None:
    library = keywords()
    assert library.job_should_be_running(VIEW) == POD
    library.job_of_view_should_have_its_service(VIEW)
    library.note_the_time_of_the_cluster()
    library.pod_of_view_should_have_been(VIEW, "Pending", "Running", "Succeeded")


def test_a_view_that_is_gone_passes() -> None:
    library = keywords(**NOTHING)
    library.job_of_view_should_be_removed(VIEW)
    library.cleanup_job_of_view_should_be_removed(VIEW)
    library.unwatched_view_should_be_removed(VIEW)


def test_a_finished_job_is_complete_with_its_pod() -> None:
    over = {"jobs": [replace(JOB, finished="Complete")], "pods": [replace(POD, phase="Succeeded")]}
    keywords(**over).job_of_view_should_have_completed(VIEW)
    with pytest.raises(AssertionError, match="it is not over"):
        keywords().job_of_view_should_have_completed(VIEW)
    with pytest.raises(AssertionError, match="is gone instead of being Complete"):
        keywords(jobs=[]).job_of_view_should_have_completed(VIEW)


def test_a_job_that_goes_too_soon_or_never_is_named() -> None:
    with pytest.raises(AssertionError, match=r"its time to live of 0.1 s:\n- it was removed after 0.0 s already"):
        keywords(**NOTHING).finished_job_should_be_removed_after_its_time_to_live(VIEW)
    with pytest.raises(AssertionError, match="- job grpc-job-1-7 is still there"):
        keywords().finished_job_should_be_removed_after_its_time_to_live(VIEW)


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"jobs": []}, "View 1-7 has its job: waited"),
        ({"pods": []}, "Job grpc-job-1-7 has a pod: waited"),
        ({"jobs": [Job("grpc-job-1-7", "Failed")]}, "Job grpc-job-1-7 failed"),
        ({"pods": [replace(POD, phase="Pending", status="Pending")]}, "is Running: waited .* Pending"),
    ],
)
def test_a_job_that_does_not_run_is_named(facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        keywords(**facts).job_should_be_running(VIEW)


def test_why_a_pod_does_not_run_is_told() -> None:
    warning = Event("FailedScheduling", "Warning", "no address left", datetime.now(UTC))
    pending = replace(POD, phase="Pending", status="Pending")
    with pytest.raises(AssertionError, match=r"is Pending.*\(FailedScheduling: no address left\)"):
        keywords(pods=[pending], events_of=[warning]).job_should_be_running(VIEW)


def test_phases_need_a_moment_and_are_compared() -> None:
    library = keywords(phases_since=["Pending", "Failed"])
    with pytest.raises(BenchError, match="before the view is opened"):
        library.pod_of_view_should_have_been(VIEW, "Pending")
    library.note_the_time_of_the_cluster()
    with pytest.raises(AssertionError, match="its pod was Pending -> Failed, expected Pending -> Running"):
        library.pod_of_view_should_have_been(VIEW, "Pending", "Running")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"type": "ClusterIP"}, "type is ClusterIP"),
        ({"ports": [12302]}, "serves 12302, the answer named 12301"),
        ({"ports": [12301, 12302]}, "serves 12301, 12302, the answer named 12301"),
        ({"target_ports": ["5001"]}, "leads to port 5001"),
        ({"selector": {}}, "does not select"),
        ({"selector": {"app": "other"}}, "does not select"),
        ({"name": "other"}, "has no service"),
    ],
)
def test_a_wrong_service_is_named(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        keywords(services=[replace(SERVICE, **change)]).job_of_view_should_have_its_service(VIEW)


@pytest.mark.parametrize("pods", [[], [POD, POD]])
def test_a_view_has_one_pod(pods: list[Pod]) -> None:
    with pytest.raises(AssertionError, match=r"has (no pod|2 pods: grpc-job-1-7-abc, grpc-job-1-7-abc)\.$"):
        keywords(pods=pods).job_of_view_should_have_its_service(VIEW)


@pytest.mark.parametrize("left", ["jobs", "pods", "services"])
def test_what_is_left_of_a_view_is_named(left: str) -> None:
    facts = {**NOTHING, left: {"jobs": [JOB], "pods": [POD], "services": [SERVICE]}[left]}
    with pytest.raises(AssertionError, match=r"removed within 0.1 s:\n- (job|pod|service) grpc-\S+ is still there$"):
        keywords(**facts).job_of_view_should_be_removed(VIEW)


def test_a_cleanup_job_that_is_left_is_named() -> None:
    with pytest.raises(AssertionError, match="- job cleanup-job-1-7 is still there"):
        keywords(**{**NOTHING, "jobs": [Job("cleanup-job-1-7", "Complete")]}).cleanup_job_of_view_should_be_removed(
            VIEW
        )
