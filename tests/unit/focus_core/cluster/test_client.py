"""The cluster's client: what the Kubernetes API answers, read from a server on loopback as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.base.errors import BenchError
from focus_core.cluster.client import ClusterClient
from support.loopback import Answer, Server, free_port, http_server

CORE, APPS, BATCH = "/api/v1/namespaces/panda", "/apis/apps/v1/namespaces/panda", "/apis/batch/v1/namespaces/panda"
TIME = "2026-11-22T11:00:00Z"


def listing(*items: dict[str, Any]) -> Answer:
    return Answer(200, {"items": list(items)})


def pod(name: str, *, state: dict[str, Any], ready: str = "True", **metadata: Any) -> dict[str, Any]:
    status = {"name": "main", "restartCount": 2, "image": "i", "imageID": "i", "ready": ready == "True", "state": state}
    resources = {"requests": {"gpu": "1"}, "limits": {"gpu": "1"}}
    return {
        "metadata": {"name": name, "creationTimestamp": TIME, "labels": {"app": "x"}, **metadata},
        "spec": {"nodeName": "worker-node", "containers": [{"name": "main", "resources": resources}]},
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": ready}],
            "containerStatuses": [status],
        },
    }


@pytest.fixture
def server() -> Iterator[Server]:
    with http_server({}) as running:
        yield running


@pytest.fixture
def cluster(server: Server, tmp_path: Path) -> ClusterClient:
    return client_of(server.url, tmp_path)


def client_of(url: str, folder: Path) -> ClusterClient:
    kubeconfig = folder / "kubeconfig"
    settings = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": url}}],
        "users": [{"name": "u", "user": {}}],
        "contexts": [{"name": "panda-cluster", "context": {"cluster": "c", "user": "u"}}],
    }
    kubeconfig.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return ClusterClient(kubeconfig=str(kubeconfig), context="panda-cluster", namespace="panda")


def test_pods_are_read(cluster: ClusterClient, server: Server) -> None:
    server.answers[f"GET {CORE}/pods"] = listing(
        pod("good", state={"running": {"startedAt": TIME}}),
        pod("bad", state={"waiting": {"reason": "CrashLoopBackOff"}}, ready="False"),
        pod("leaving", state={"running": {"startedAt": TIME}}, deletionTimestamp=TIME),
    )
    pods = cluster.pods("app=x")
    assert [(entry.status, entry.ready, entry.restarts) for entry in pods] == [
        ("Running", True, 2),
        ("CrashLoopBackOff", False, 2),
        ("Terminating", True, 2),
    ]
    (container,) = pods[0].containers
    assert (pods[0].labels, container.requests, container.limits) == ({"app": "x"}, {"gpu": "1"}, {"gpu": "1"})
    assert server.requests[0].query == "labelSelector=app%3Dx"


@pytest.mark.parametrize(
    ("status", "healthy"),
    [
        ({"readyReplicas": 2, "updatedReplicas": 2}, True),
        ({"readyReplicas": 1, "updatedReplicas": 2}, False),
        ({"readyReplicas": 2, "updatedReplicas": 1}, False),
        ({}, False),
    ],
)
def test_a_workload_is_healthy_with_all_replicas(
    cluster: ClusterClient, server: Server, status: dict[str, int], healthy: bool
) -> None:
    spec = {"replicas": 2, "selector": {}, "template": {}, "serviceName": "s"}
    server.answers[f"GET {APPS}/statefulsets"] = listing(
        {"metadata": {"name": "w"}, "spec": spec, "status": {"replicas": 2, **status}}
    )
    workload = cluster.workload("StatefulSet", "w")
    assert workload is not None
    assert workload.healthy is healthy


def test_a_workload_of_no_replicas_is_not_healthy(cluster: ClusterClient, server: Server) -> None:
    spec = {"replicas": 0, "selector": {}, "template": {}}
    server.answers[f"GET {APPS}/deployments"] = listing({"metadata": {"name": "w"}, "spec": spec, "status": {}})
    workload = cluster.workload("Deployment", "w")
    assert workload is not None
    assert not workload.healthy


def test_a_missing_workload_is_none_and_a_wrong_kind_refused(cluster: ClusterClient, server: Server) -> None:
    server.answers[f"GET {APPS}/deployments"] = listing()
    assert cluster.workload("Deployment", "w") is None
    with pytest.raises(BenchError, match="Deployment and StatefulSet"):
        cluster.workload("Pod", "w")


def test_jobs_services_nodes_and_events_are_read(cluster: ClusterClient, server: Server) -> None:
    template = {"metadata": {"labels": {"job_id": "7-1"}}, "spec": {"containers": []}}
    server.answers[f"GET {BATCH}/jobs"] = listing(
        {"metadata": {"name": "j"}, "spec": {"template": template}, "status": {"active": 1}},
        {
            "metadata": {"name": "k"},
            "spec": {"template": template},
            "status": {"conditions": [{"type": "Failed", "status": "True"}]},
        },
    )
    server.answers[f"GET {CORE}/services"] = listing(
        {
            "metadata": {"name": "s"},
            "spec": {"type": "NodePort", "selector": {"app": "x"}, "ports": [{"port": 12301, "targetPort": 5000}]},
        }
    )
    server.answers["GET /api/v1/nodes"] = listing(
        {
            "metadata": {"name": "n"},
            "spec": {"unschedulable": True},
            "status": {"conditions": [{"type": "Ready", "status": "True"}]},
        }
    )
    server.answers[f"GET {CORE}/events"] = listing(
        {
            "metadata": {"name": "e"},
            "involvedObject": {"kind": "Pod", "name": "p"},
            "type": "Warning",
            "reason": "FailedScheduling",
            "lastTimestamp": TIME,
        }
    )
    assert [(job.name, job.finished) for job in cluster.jobs()] == [("j", ""), ("k", "Failed")]
    service = cluster.services()[0]
    assert (service.ports, service.target_ports, service.selector) == ([12301], ["5000"], {"app": "x"})
    node = cluster.nodes()[0]
    assert (node.ready, node.schedulable) == (True, False)
    assert [event.reason for event in cluster.events_of("p")] == ["FailedScheduling"]


def test_a_job_is_deleted_with_what_belongs_to_it(cluster: ClusterClient, server: Server) -> None:
    jobs = "/apis/batch/v1/namespaces/panda/jobs"
    server.answers[f"GET {jobs}"] = Answer(200, {"items": [{"metadata": {"name": "j"}, "status": {}}]})
    server.answers[f"DELETE {jobs}/j"] = Answer(200, {})
    cluster.delete_job("j")
    assert server.requests[-1].query == "propagationPolicy=Background"


def test_a_job_that_is_gone_needs_no_deleting(cluster: ClusterClient, server: Server) -> None:
    server.answers["GET /apis/batch/v1/namespaces/panda/jobs"] = Answer(200, {"items": []})
    cluster.delete_job("j")
    assert len(server.requests) == 1


def test_a_refusal_is_named(cluster: ClusterClient) -> None:
    with pytest.raises(BenchError, match="refused list_namespaced_pod in namespace panda: 404"):
        cluster.pods()


def test_a_cluster_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BenchError, match="does not answer"):
        client_of(f"http://127.0.0.1:{free_port()}", tmp_path).nodes()


def test_a_kubeconfig_that_is_not_there_is_named(tmp_path: Path) -> None:
    client = ClusterClient(kubeconfig=str(tmp_path / "none"), context="c", namespace="panda")
    with pytest.raises(BenchError, match="correct kubernetes"):
        client.pods()


def test_a_log_has_no_line_from_before(cluster: ClusterClient, server: Server) -> None:
    log = b"2026-11-22T10:59:59.9Z before\n2026-11-22T11:00:00.1Z at once: \xff\xd7\n2026-11-22T11:00:07Z later"
    server.answers[f"GET {CORE}/pods/p/log"] = Answer(200, log)
    lines = cluster.pod_log("p", since=datetime(2026, 11, 22, 11, tzinfo=UTC), tail=9)
    # What a container logs need not be UTF-8.
    assert [line.text for line in lines] == ["at once: \N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}", "later"]
    assert {"timestamps=true", "tailLines=9"} <= set(server.requests[0].query.split("&"))


def test_a_container_reports_its_last_end(cluster: ClusterClient, server: Server) -> None:
    item = pod("p", state={"running": {"startedAt": TIME}})
    item["status"]["containerStatuses"][0]["lastState"] = {"terminated": {"exitCode": 137, "reason": "OOMKilled"}}
    server.answers[f"GET {CORE}/pods"] = listing(item)
    (container,) = cluster.pods()[0].containers
    assert (container.restarts, container.last_end, container.requests) == (2, "OOMKilled", {"gpu": "1"})


def test_only_ready_pods_serve_a_service(cluster: ClusterClient, server: Server) -> None:
    ports = [{"name": "amqp", "port": 5672, "targetPort": "amqp"}]
    server.answers[f"GET {CORE}/services/s"] = Answer(200, {"metadata": {"name": "s"}, "spec": {"ports": ports}})
    endpoints = [
        {"addresses": ["10.0.0.1"], "conditions": {"ready": True}, "targetRef": {"kind": "Pod", "name": "good"}},
        {"addresses": ["10.0.0.2"], "conditions": {"ready": False}, "targetRef": {"kind": "Pod", "name": "bad"}},
    ]
    server.answers["GET /apis/discovery.k8s.io/v1/namespaces/panda/endpointslices"] = listing(
        {
            "metadata": {"name": "s-1"},
            "addressType": "IPv4",
            "endpoints": endpoints,
            "ports": [{"name": "amqp", "port": 5672}, {"name": "other", "port": 1}],
        }
    )
    assert [str(one) for one in cluster.endpoints("s")] == ["port 5672 at 10.0.0.1:5672 (pod good)"]


def test_a_pod_is_measured_with_all_its_containers(cluster: ClusterClient, server: Server) -> None:
    usages = [{"usage": {"cpu": "4m", "memory": "1Ki"}}, {"usage": {"cpu": "1500000n", "memory": "1Mi"}}]
    server.answers["GET /apis/metrics.k8s.io/v1beta1/namespaces/panda/pods"] = listing(
        {"metadata": {"name": "p"}, "containers": usages}
    )
    (measured,) = cluster.pod_metrics()
    assert (measured.pod, round(measured.cpu_millicores, 3), measured.memory_bytes) == ("p", 5.5, 1024 + 2**20)
