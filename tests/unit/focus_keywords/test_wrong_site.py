"""Keywords on a wrong site: each must fail and name the fault. Clients are replaced, the judgement is the real one."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.cluster.client import ClusterClient
from focus_core.cluster.objects import Container, Endpoint, Pod, Service, Workload
from focus_core.rabbitmq.management import Binding, BrokerExchange, Queue
from focus_core.run import clients
from focus_keywords.cluster.workloads import Workloads
from focus_keywords.rabbitmq.broker import Broker

LABELS = {"app": "grpc-job-1-7", "job_id": "1-7"}
POD = Pod("grpc-job-1-7-abc", "Running", "Running", True, 0, LABELS, False)
SERVICE = Service("grpc-service-1-7", "NodePort", [12301], ["5000"], {"app": "grpc-job-1-7"})
SITE = SimpleNamespace(
    name="wrong",
    workloads=SimpleNamespace(
        focus_server=SimpleNamespace(kind="Deployment", name="focus", selector="app=focus"),
        mongodb=SimpleNamespace(kind="Deployment", name="mongodb", selector="app=mongodb"),
    ),
    timings=SimpleNamespace(
        pod_ready_s=0.1,
        pod_visible_s=0.1,
        alert_visible_s=0.1,
    ),
)


# The client that the keywords ask: the last one that a test made.
ASKED: list[Any] = []


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("workloads", "found"):
        monkeypatch.setattr(f"focus_keywords.cluster.{module}.site", lambda: SITE)
    for name in ("cluster", "rabbitmq"):
        monkeypatch.setattr(clients, name, lambda: ASKED[-1])


def cluster(**facts: Any) -> Workloads:
    """The keywords on a cluster of which only `facts` differ from a right one."""
    right = {
        "pods": [POD],
        "services": [SERVICE],
        "workload": Workload("w", "Deployment", 1, 1, 1),
        "events_of": [],
    }
    client = {name: (lambda *_args, found=found: found) for name, found in {**right, **facts}.items()}
    asked = SimpleNamespace(**client)
    asked.describe = partial(ClusterClient.describe, asked)
    ASKED.append(asked)
    return Workloads()


def rabbit(**facts: Any) -> Broker:
    """The keywords on a broker of which only `facts` differ from a right one."""
    right: dict[str, Any] = {
        "exchange_facts": BrokerExchange("prisma", "topic", durable=True, auto_delete=False),
        "queues": [Queue("webapp-alerts", durable=True)],
        "bindings": [Binding("webapp-alerts", "Algorithm.AlertReport.#")],
    }
    client = {name: (lambda *_a, found=found: found) for name, found in {**right, **facts}.items()}
    ASKED.append(SimpleNamespace(exchange="prisma", **client))
    return Broker()


def test_a_right_cluster_passes() -> None:
    library = cluster()
    library.every_workload_should_be_healthy()
    library.pods_of_workload_should_be_ready("mongodb")


@pytest.mark.parametrize(
    ("state", "fault"),
    [(None, "Deployment focus is missing"), (Workload("focus", "Deployment", 2, 1, 2), "1 of 2 ready, 2 up to date")],
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


RESOURCES = Container("main", {"cpu": "250m", "memory": "1Gi"}, {"cpu": "1", "memory": "2Gi"}, 0, "")


@pytest.mark.parametrize(
    ("container", "fault"),
    [
        (RESOURCES, ""),
        (replace(RESOURCES, requests={"cpu": "1"}), "grpc-job-1-7-abc: container main declares no request of memory"),
        (replace(RESOURCES, limits={"cpu": "1"}), "grpc-job-1-7-abc: container main declares no limit of memory"),
        (
            replace(RESOURCES, limits={"cpu": "200m", "memory": "2Gi"}),
            "container main requests cpu 250m, its limit is 200m",
        ),
        (replace(RESOURCES, requests={**RESOURCES.requests, "gpu": "1"}), "container main declares no limit of gpu"),
    ],
)
def test_what_a_workload_needs_is_declared(container: Container, fault: str) -> None:
    library = cluster(pods=[replace(POD, containers=(container,))])
    if not fault:
        library.pods_should_declare_what_they_need("cpu", "memory", workload="mongodb")
        return
    with pytest.raises(AssertionError, match=fault):
        library.pods_should_declare_what_they_need("cpu", "memory", workload="mongodb")


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


def test_a_right_broker_passes() -> None:
    rabbit().exchange_should_be_a_durable_topic()
    rabbit().alerts_should_have_a_durable_queue()


@pytest.mark.parametrize(
    "exchange",
    [
        BrokerExchange("prisma", "direct", durable=True, auto_delete=False),
        BrokerExchange("prisma", "topic", durable=False, auto_delete=False),
        BrokerExchange("prisma", "topic", durable=True, auto_delete=True),
    ],
)
def test_a_wrong_exchange_is_named(exchange: BrokerExchange) -> None:
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
