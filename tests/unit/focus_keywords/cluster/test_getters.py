"""Getters of the cluster: whose things they find, how they choose and what a failure names. The cluster is made up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from assertionengine import AssertionOperator
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment
from focus_core.cluster.objects import (
    Container,
    Event,
    Job,
    LogLine,
    Node,
    Pod,
    PodMetrics,
    Service,
    Workload,
    level_of,
)
from focus_core.run import clients, evidence
from focus_keywords.cluster.logs import LogsAndEvents, since
from focus_keywords.cluster.nodes import NodesAndWorkloads
from focus_keywords.cluster.pods import Pods
from focus_keywords.cluster.view_objects import JobsAndServices
from robot.api import SkipExecution

NOW = datetime.now(UTC)
MIB = 2**20
VIEW: Any = SimpleNamespace(job_id="1-7")
IS, MOST, LEAST, HAS = map(AssertionOperator.__getitem__, ("==", "<", ">=", "contains"))


def pod(name: str, *, ready: bool = True, limits: dict[str, str] | None = None, **labels: str) -> Pod:
    asked = {"cpu": "250m", "memory": "64Mi"}
    given = {"cpu": "1", "memory": "128Mi"} if limits is None else limits
    return Pod(name, "Running", "Running", ready, 0, labels, False, (Container("main", asked, given, 0, ""),))


PODS = [
    pod("mongodb-a", instance="mongodb"),
    pod("mongodb-b", ready=False, instance="mongodb"),
    pod("grpc-job-1-7-abc", app="grpc-job-1-7", job_id="1-7"),
    pod("grpc-job-1-70-abc", app="grpc-job-1-70", job_id="1-70"),
    pod("cleanup-job-1-7-abc", limits={}, app="cleanup-job-1-7"),
]
JOBS = [Job("grpc-job-1-7", "", {"job_id": "1-7"}), Job("grpc-job-1-70", "Complete"), Job("cleanup-job-1-7", "")]
SERVICES = [
    Service("mongodb", "ClusterIP", [27017], ["mongodb"], {"instance": "mongodb"}),
    Service("grpc-service-1-7", "NodePort", [12307], ["5000"], {"app": "grpc-job-1-7"}),
    Service("headless", "ClusterIP", [1], ["1"], {}),
]
EVENTS = [
    Event("Scheduled", "Normal", "found a node", NOW - timedelta(hours=1), "grpc-job-1-7-abc"),
    Event("Started", "Normal", "started", NOW, "grpc-job-1-7-abc"),
    Event("Created", "Normal", "made", NOW, "grpc-service-1-7"),
    Event("BackOff", "Warning", "again", NOW, "mongodb-b"),
    Event("Started", "Normal", "started", NOW, "mongodb-exporter"),
]
LOGS = {
    "mongodb-a": ['{"s":"I","msg":"job 1-70 waits"}', '{"s":"E","msg":"job 1-7 lost"}', " "],
    "mongodb-b": ["WARN low", "INFO no ERROR at all", "Traceback (most recent call last):"],
    "grpc-job-1-7-abc": ["2026 INFO serves"],
}


class Cluster:
    """Answers what `ClusterClient` answers."""

    def pods(self, selector: str = "") -> list[Pod]:
        name, _, value = selector.partition("=")
        return [one for one in PODS if not selector or one.labels.get(name) == value]

    def jobs(self) -> list[Job]:
        return JOBS

    def services(self) -> list[Service]:
        return SERVICES

    def events(self) -> list[Event]:
        return EVENTS

    def pod_log(self, name: str, *, since: datetime | None, tail: int | None) -> list[LogLine]:
        assert since is None or since.tzinfo is not None
        return [LogLine(text, "2026-11-22T11:00:00Z", name) for text in LOGS.get(name, [])[-(tail or 9) :]]

    def pod_metrics(self, selector: str = "") -> list[PodMetrics]:  # noqa: ARG002
        return [PodMetrics("mongodb-a", 100.0, 64 * MIB), PodMetrics("cleanup-job-1-7-abc", 1.0, MIB)]

    def nodes(self) -> list[Node]:
        return [Node("one", True, False), Node("two", False, True)]

    def workload(self, kind: str, name: str) -> Workload | None:
        return Workload(name, kind, 2, 1, 2) if name == "mongodb" else None

    def version(self) -> str:
        return "v1.34.1+k3s1"


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    workloads = SimpleNamespace(
        mongodb=SimpleNamespace(kind="Deployment", name="mongodb", selector="instance=mongodb"),
        webapp=SimpleNamespace(kind="Deployment", name="webapp", selector="name=webapp"),
        preprocessor=None,
    )
    made_up = SimpleNamespace(job_prefix="grpc-job-", workloads=workloads)
    for module in ("found", "nodes"):
        monkeypatch.setattr(f"focus_keywords.cluster.{module}.site", lambda: made_up)
    monkeypatch.setattr(clients, "cluster", Cluster)


def names(things: list[Any]) -> list[str]:
    return [thing.name for thing in things]


def test_pods_are_those_of_a_workload_a_view_or_a_cleanup_job() -> None:
    assert len(Pods().get_pods()) == len(PODS)
    assert names(Pods().get_pods(workload="mongodb")) == ["mongodb-a", "mongodb-b"]
    assert names(Pods().get_pods(view=VIEW)) == ["grpc-job-1-7-abc"]
    assert names(Pods().get_pods(IS, "cleanup-job-1-7-abc", cleanup_of=VIEW)) == ["cleanup-job-1-7-abc"]
    with pytest.raises(BenchError, match="name an owner each; give one of them"):
        Pods().get_pods(workload="mongodb", view=VIEW)
    with pytest.raises(SkipExecution, match="names no workload preprocessor"):
        Pods().get_pods(workload="preprocessor")


def test_pods_are_chosen_by_how_they_are() -> None:
    assert names(Pods().get_pods(workload="mongodb", ready=False)) == ["mongodb-b"]
    assert names(Pods().get_pods(label="job_id")) == ["grpc-job-1-7-abc", "grpc-job-1-70-abc"]
    assert names(Pods().get_pods(label="job_id=1-7")) == ["grpc-job-1-7-abc"]
    assert Pods().get_pod_count(state="running") == len(PODS)
    assert Pods().get_pod_count(state="Pending") == 0


def test_a_wrong_number_names_what_is_there() -> None:
    with pytest.raises(
        AssertionError, match=r"of mongodb \(ready no\): '1' .* There are: mongodb-b is Running, not re"
    ):
        Pods().get_pod_count(IS, 0, workload="mongodb", ready=False)
    with pytest.raises(AssertionError, match=r"There are others: mongodb-a is Running, 0 restarts; mongodb-b"):
        Pods().get_pod_count(LEAST, 1, workload="mongodb", state="Pending")
    with pytest.raises(AssertionError, match=r"^so many: 1$"):
        Pods().get_pod_count(IS, 0, "so many: {value}", workload="mongodb", ready=False)


def test_fields_and_labels_of_pods_are_read() -> None:
    assert Pods().get_pod_field("restarts", IS, "0", workload="mongodb") == [0, 0]
    assert Pods().get_pod_field("label job_id", IS, "1-7", view=VIEW) == "1-7"
    assert Pods().get_pod_field("Label job_id", workload="mongodb") == [None, None]
    assert Pods().get_pod_field("label instance", IS, "mongodb", workload="mongodb") == ["mongodb", "mongodb"]
    with pytest.raises(AssertionError, match="there is no pod"):
        Pods().get_pod_field("restarts", workload="webapp")
    with pytest.raises(AssertionError, match="ready of pods of mongodb"):
        Pods().get_pod_field("ready", IS, "yes", workload="mongodb")
    with pytest.raises(BenchError, match="A pod has no field 'mood'; use one of name, phase"):
        Pods().get_pod_field("mood", workload="mongodb")


def test_what_pods_use_is_compared_with_what_they_may_use() -> None:
    (first, second) = Pods().get_resources(workload="mongodb")
    assert (first.cpu_request, first.cpu_limit, first.cpu_used, first.cpu_percent) == (250, 1000, 100, 10)
    assert (first.memory_request, first.memory_limit, first.memory_percent) == (64 * MIB, 128 * MIB, 50)
    assert (second.memory_used, second.memory_percent) == (None, None)
    assert Pods().get_resource_field("memory limit", IS, "128 MiB", workload="mongodb") == [128 * MIB, 128 * MIB]
    with pytest.raises(AssertionError, match="mongodb-b declares no such limit or request, or is not measured"):
        Pods().get_resource_field("memory_percent", MOST, "80 %", workload="mongodb")
    with pytest.raises(AssertionError, match="cleanup-job-1-7-abc declares no such limit"):
        Pods().get_resource_field("memory_percent", MOST, "80 %", cleanup_of=VIEW)
    with pytest.raises(AssertionError, match="there is no pod"):
        Pods().get_resource_field("memory_percent", MOST, "80 %", workload="webapp")


def test_jobs_and_services_are_those_of_a_view() -> None:
    objects = JobsAndServices()
    assert names(objects.get_jobs(IS, "grpc-job-1-7", view=VIEW)) == ["grpc-job-1-7"]
    assert objects.get_job_field("state", cleanup_of=VIEW) == "Running"
    assert objects.get_job_field("label job_id", IS, "1-7", view=VIEW) == "1-7"
    assert objects.get_job_count(state="Complete") == 1
    assert names(objects.get_services(view=VIEW)) == ["grpc-service-1-7"]
    assert names(objects.get_services(workload="mongodb")) == ["mongodb"]
    assert objects.get_service_field("ports", IS, 12307, view=VIEW) == [12307]
    with pytest.raises(AssertionError, match=r"There are: grpc-service-1-7 .NodePort. serves 12307"):
        objects.get_service_count(IS, 0, view=VIEW)


def test_lines_are_chosen_by_level_and_text() -> None:
    logs = LogsAndEvents()
    assert logs.get_log_line_count(workload="mongodb") == 5
    assert logs.get_log_line_count(workload="mongodb", last=1) == 1
    errors = logs.get_log_lines(workload="mongodb", level="error")
    assert [line.pod for line in errors] == ["mongodb-a", "mongodb-b"]
    assert logs.get_log_line_count(workload="mongodb", level="warning") == 3
    assert [line.text for line in logs.get_log_lines(workload="mongodb", containing="JOB 1-7")] == [errors[0].text]
    assert logs.get_log_line_count(view=VIEW, containing="serves") == 1
    with pytest.raises(AssertionError, match=r"\(level error\): '2'.*There are: .*job 1-7 lost"):
        logs.get_log_line_count(IS, 0, workload="mongodb", level="error")


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("2026-11-22 WARN x", "WARNING"),
        ("2026-11-22 11:00 [error] <0.1.0> x", "ERROR"),
        ('{"s":"F","c":"x"}', "CRITICAL"),
        ("INFO what of ERROR", "INFO"),
        ("Traceback (most recent call last):", "ERROR"),
        ("an error without a level, INFORMATION", ""),
    ],
)
def test_the_level_of_a_line_is_read(text: str, level: str) -> None:
    assert level_of(text) == level


def test_events_are_those_of_an_owner_and_its_parts() -> None:
    logs = LogsAndEvents()
    assert [one.reason for one in logs.get_events(HAS, "Started", view=VIEW)] == ["Scheduled", "Started", "Created"]
    assert [one.reason for one in logs.get_events(workload="mongodb")] == ["BackOff"]
    assert logs.get_event_count(view=VIEW, since=Moment.convert("30 minutes ago")) == 2
    assert logs.get_event_count(view=VIEW, reason="started") == 1
    with pytest.raises(AssertionError, match="There are: Warning BackOff: again"):
        logs.get_event_count(IS, 0, workload="mongodb", type="Warning")


def test_the_start_of_the_test_is_a_moment() -> None:
    evidence.forget_jobs()
    with pytest.raises(ValueError, match="no test has begun; name a moment"):
        since("test start")
    evidence.note_test_start(datetime.now())
    assert abs(since("Test Start").timestamp() - datetime.now(UTC).timestamp()) < 60
    evidence.forget_jobs()
    assert since("1 hour ago") < datetime.now(UTC)


def test_nodes_and_workloads_are_read() -> None:
    objects = NodesAndWorkloads()
    assert names(objects.get_nodes(ready=False)) == ["two"]
    with pytest.raises(AssertionError, match="There are others: one is Ready, takes no pods; two is not Ready"):
        objects.get_node_count(LEAST, 1, ready=True, schedulable=True)
    assert names(objects.get_workloads(IS, "mongodb", healthy=False)) == ["mongodb"]
    assert objects.get_workload_field("wanted", IS, 2, workload="mongodb") == 2
    with pytest.raises(AssertionError, match="there is no workload"):
        objects.get_workload_field("wanted", workload="webapp")
    assert objects.get_cluster_version(AssertionOperator["^="], "v1.") == "v1.34.1+k3s1"
