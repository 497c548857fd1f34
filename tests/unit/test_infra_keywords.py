"""Keywords on a wrong site: each must fail and name the fault. Clients are replaced, the judgement is the real one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from ClusterLibrary import ClusterLibrary
from focus_core.cluster_objects import Container, Endpoint, Job, Node, Pod, PodMetrics, Service, Workload
from focus_core.mongo_client import BasePath, Index
from focus_core.rabbit_client import Binding, Exchange, Queue
from MongoLibrary import MongoLibrary
from RabbitLibrary import RabbitLibrary

VIEW: Any = SimpleNamespace(job_id="1-7", answer=SimpleNamespace(stream_port=12301))
LABELS = {"app": "grpc-job-1-7", "job_id": "1-7"}
POD = Pod("grpc-job-1-7-abc", "Running", "Running", True, 0, LABELS, False, {"gpu": "1"}, {"gpu": "1"})
JOB = Job("grpc-job-1-7", "")
SERVICE = Service("grpc-service-1-7", "NodePort", [12301], ["5000"], {"app": "grpc-job-1-7"})
GOOD_RECORDING = {
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "start_time": datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=10),
    "end_time": datetime.now(UTC).replace(tzinfo=None),
    "deleted": False,
    "fiber_metadata": {"uuid": "a", "version": "1", "parent": {"prr": 2000, "dx": 1.0}},
}


SITE = SimpleNamespace(
    name="wrong",
    job_prefix="grpc-job-",
    workloads=SimpleNamespace(
        focus_server=SimpleNamespace(kind="Deployment", name="focus", selector="app=focus"),
        mongodb=SimpleNamespace(kind="Deployment", name="mongodb", selector="app=mongodb"),
    ),
    timings=SimpleNamespace(
        pod_ready_s=0.1,
        pod_visible_s=0.1,
        job_running_s=0.1,
        job_removed_s=0.1,
        mongodb_ping_ms=100,
        alert_visible_s=0.1,
    ),
)


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    for library in ("ClusterLibrary", "MongoLibrary"):
        monkeypatch.setattr(f"{library}.site", lambda: SITE)


def cluster(**facts: Any) -> ClusterLibrary:
    """The keywords on a cluster of which only `facts` differ from a right one."""
    right = {
        "nodes": [Node("n", True, True)],
        "pods": [POD],
        "jobs": [JOB],
        "services": [SERVICE],
        "workload": Workload("Deployment", "w", 1, 1, 1),
        "events_of": [],
    }
    client = {name: (lambda *_args, found=found: found) for name, found in {**right, **facts}.items()}
    library = ClusterLibrary()
    library.__dict__["_cluster"] = SimpleNamespace(**client)
    return library


def mongo(**facts: Any) -> MongoLibrary:
    """The keywords on a database of which only `facts` differ from a right one."""
    right: dict[str, Any] = {
        "ping_ms": 1.0,
        "collections": ["base_paths", "g"],
        "base_paths": [BasePath("/p", "g", False)],
        "recordings_collections": ["g"],
        "indexes": [Index("uuid_1", {"uuid": 1}, True)],
        "recordings": [GOOD_RECORDING],
        "count": 1,
        "unrecognized": 0,
    }
    client = {name: (lambda *_a, found=found, **_o: found) for name, found in {**right, **facts}.items()}
    library = MongoLibrary()
    library.__dict__["_mongo"] = SimpleNamespace(**client)
    return library


def rabbit(**facts: Any) -> RabbitLibrary:
    """The keywords on a broker of which only `facts` differ from a right one."""
    right: dict[str, Any] = {
        "exchange_facts": Exchange("prisma", "topic", durable=True, auto_delete=False),
        "queues": [Queue("webapp-alerts", durable=True)],
        "bindings": [Binding("webapp-alerts", "Algorithm.AlertReport.#")],
    }
    client = {name: (lambda found=found: found) for name, found in {**right, **facts}.items()}
    library = RabbitLibrary()
    library.__dict__["_rabbit"] = SimpleNamespace(exchange="prisma", **client)
    return library


def test_a_right_cluster_passes() -> None:
    library = cluster()
    library.every_node_should_be_ready()
    library.every_workload_should_be_healthy()
    library.pods_of_workload_should_be_ready("mongodb")
    assert library.job_should_be_running(VIEW) == POD
    library.job_of_view_should_carry_its_labels(VIEW)
    library.job_of_view_should_have_its_service(VIEW)
    library.job_of_view_should_declare_its_resources(VIEW)
    cluster(jobs=[], pods=[], services=[]).job_of_view_should_be_removed(VIEW)


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"nodes": [Node("n", False, True)]}, "1 of 1 nodes are not Ready: n"),
        ({"nodes": [Node("n", True, False)]}, "None of 1 nodes takes pods"),
    ],
)
def test_wrong_nodes_are_named(facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        cluster(**facts).every_node_should_be_ready()


@pytest.mark.parametrize(
    ("state", "fault"),
    [(None, "Deployment focus is missing"), (Workload("Deployment", "focus", 2, 1, 2), "1 of 2 ready, 2 up to date")],
)
def test_wrong_workloads_are_named(state: Workload | None, fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        cluster(workload=state).every_workload_should_be_healthy()


@pytest.mark.parametrize(
    ("pods", "fault"),
    [
        ([], "mongodb has no pod; none is labelled app=mongodb"),
        ([replace(POD, ready=False, status="CrashLoopBackOff")], "CrashLoopBackOff, not ready"),
        ([POD, replace(POD, deleted=True, status="Terminating")], "Terminating"),
    ],
)
def test_pods_that_are_not_ready_are_named(pods: list[Pod], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        cluster(pods=pods).pods_of_workload_should_be_ready("mongodb")


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
        cluster(**facts).job_should_be_running(VIEW)


@pytest.mark.parametrize("label", ["app", "job_id"])
def test_a_wrong_label_is_named(label: str) -> None:
    with pytest.raises(AssertionError, match=f"{label} is 'other' instead of"):
        cluster(pods=[replace(POD, labels={**LABELS, label: "other"})]).job_of_view_should_carry_its_labels(VIEW)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"type": "ClusterIP"}, "type is ClusterIP"),
        ({"ports": [12302]}, r"serves \[12302\], the answer said 12301"),
        ({"target_ports": ["5001"]}, "leads to port 5001"),
        ({"selector": {}}, "does not select"),
        ({"selector": {"app": "other"}}, "does not select"),
        ({"name": "other"}, "has no service"),
    ],
)
def test_a_wrong_service_is_named(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        cluster(services=[replace(SERVICE, **change)]).job_of_view_should_have_its_service(VIEW)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"requests": {}}, "does not say what it needs"),
        ({"limits": {}}, "requests gpu 1, its limit is missing"),
        ({"requests": {"gpu": "2"}}, "requests gpu 2, its limit is 1"),
    ],
)
def test_resources_that_are_not_declared_are_named(change: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        cluster(pods=[replace(POD, **change)]).job_of_view_should_declare_its_resources(VIEW)


@pytest.mark.parametrize("left", ["jobs", "pods", "services"])
def test_what_is_left_of_a_view_is_named(left: str) -> None:
    facts = {"jobs": [], "pods": [], "services": [], left: {"jobs": [JOB], "pods": [POD], "services": [SERVICE]}[left]}
    with pytest.raises(AssertionError, match="still there"):
        cluster(**facts).job_of_view_should_be_removed(VIEW)


RESOURCES = Container("main", {"cpu": "250m", "memory": "1Gi"}, {"cpu": "1"}, 0, "")


@pytest.mark.parametrize(
    ("container", "fault"),
    [
        (RESOURCES, ""),
        (replace(RESOURCES, requests={"cpu": "1"}), "container main of grpc-job-1-7-abc requests no memory"),
        (replace(RESOURCES, limits={"cpu": "200m"}), "requests cpu 250m, above its limit 200m"),
    ],
)
def test_what_a_workload_needs_is_declared(container: Container, fault: str) -> None:
    library = cluster(pods=[replace(POD, containers=(container,))])
    if not fault:
        library.workload_should_declare_what_it_needs("mongodb")
        return
    with pytest.raises(AssertionError, match=fault):
        library.workload_should_declare_what_it_needs("mongodb")


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"restarts": 2, "containers": (replace(RESOURCES, last_end="OOMKilled"),)}, "2 times .ended with OOMKilled"),
        ({"status": "CrashLoopBackOff", "ready": False}, "is CrashLoopBackOff, not ready"),
        ({"name": "other"}, "pod grpc-job-1-7-abc is gone"),
        ({"name": "other"}, "pod other is new"),
    ],
)
def test_a_restart_is_noticed(change: dict[str, Any], fault: str) -> None:
    before = cluster().note_restarts_of_the_workloads()
    cluster().no_workload_should_have_restarted_since(before)
    with pytest.raises(AssertionError, match=fault):
        cluster(pods=[replace(POD, **change)]).no_workload_should_have_restarted_since(before)


@pytest.mark.parametrize(("ports", "fault"), [((12301, 12302), "has port 12302"), ((12301,), "serves port 12301")])
def test_a_port_that_is_not_served_is_named(ports: tuple[int, ...], fault: str) -> None:
    served = Endpoint(12301, "p", "10.0.0.1", 5000)
    cluster(endpoints=[served]).workload_should_be_served_on("mongodb", 12301)
    with pytest.raises(AssertionError, match=fault):
        cluster(endpoints=[]).workload_should_be_served_on("mongodb", *ports)


def test_pods_that_nobody_measures_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ClusterLibrary.MEASURED_S", 0.1)
    cluster(pod_metrics=[PodMetrics(POD.name, 1.0, 4096)]).pods_of_workload_should_be_measured("mongodb")
    for wrong, fault in (([], "no metrics of"), ([PodMetrics(POD.name, 1.0, 0)], "and 0 MiB")):
        with pytest.raises(AssertionError, match=fault):
            cluster(pod_metrics=wrong).pods_of_workload_should_be_measured("mongodb")


def test_a_right_database_passes() -> None:
    library = mongo()
    library.mongodb_should_answer_in_time()
    library.required_collections_should_exist()
    library.base_paths_should_be_unambiguous()
    library.recordings_should_be_indexed_by("uuid", unique=True)
    library.recordings_should_fit_the_schema()
    library.recordings_should_have_complete_metadata()
    library.recordings_should_be_only("historic")
    library.most_recording_folders_should_be_recognized()


@pytest.mark.parametrize(
    ("keyword", "facts", "fault"),
    [
        ("mongodb_should_answer_in_time", {"ping_ms": 101.0}, r"101\.0 ms .* allows 100 ms"),
        ("required_collections_should_exist", {"collections": ["g"]}, "base_paths is missing"),
        ("required_collections_should_exist", {"collections": ["base_paths"]}, "missing: g of /p"),
        ("required_collections_should_exist", {"base_paths": []}, "base_paths is empty"),
        ("base_paths_should_be_unambiguous", {"base_paths": [BasePath("/p", "g", False)] * 2}, "more than once"),
        ("recordings_should_fit_the_schema", {"recordings": [{**GOOD_RECORDING, "deleted": 0}]}, "deleted is 0"),
        ("recordings_should_fit_the_schema", {"recordings": []}, "no recording at all"),
        ("recordings_should_have_complete_metadata", {"recordings": [{"uuid": "u"}]}, "u: fiber_metadata is None"),
        ("most_recording_folders_should_be_recognized", {"unrecognized": 1}, "1 of 2 recording folders"),
    ],
)
def test_a_wrong_database_is_named(keyword: str, facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        getattr(mongo(**facts), keyword)()


def test_a_right_broker_passes() -> None:
    rabbit().exchange_should_be_a_durable_topic()
    rabbit().alerts_should_have_a_durable_queue()


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange("prisma", "direct", durable=True, auto_delete=False),
        Exchange("prisma", "topic", durable=False, auto_delete=False),
        Exchange("prisma", "topic", durable=True, auto_delete=True),
    ],
)
def test_a_wrong_exchange_is_named(exchange: Exchange) -> None:
    with pytest.raises(AssertionError, match="a durable topic exchange that stays is required"):
        rabbit(exchange_facts=exchange).exchange_should_be_a_durable_topic()


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"bindings": []}, "none at all"),
        ({"queues": [Queue("webapp-alerts", durable=False)]}, "webapp-alerts <- "),
        ({"bindings": [Binding("webapp-alerts", "Other.#")]}, "webapp-alerts <- Other"),
    ],
)
def test_alerts_without_a_durable_queue_are_named(facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        rabbit(**facts).alerts_should_have_a_durable_queue()
