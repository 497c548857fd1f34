"""The same cluster through kubectl, as testers and scripts on the node use it."""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from support.cluster_fixtures import NAMESPACE, Cluster, eventually, module_cluster, pod, pod_spec, workload


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from module_cluster(tmp_path_factory)


@pytest.fixture(scope="module", name="web")
def _web(cluster: Cluster) -> str:
    """A deployment of two pods; returns the name of one."""
    cluster.apply(workload("Deployment", "web", pod_spec("lines", "5", "0.01"), replicas=2))
    cluster.kubectl("rollout", "status", "deployment/web", "--timeout=120s")
    return cluster.kubectl("get", "pods", "-l", "app=web", "-o", "name").split()[0].removeprefix("pod/")


@pytest.mark.nightly
def test_get_in_all_formats(cluster: Cluster, web: str) -> None:
    lines = cluster.kubectl("get", "pods", "-l", "app=web").splitlines()
    assert lines[0].split() == ["NAME", "READY", "STATUS", "RESTARTS", "AGE"]
    assert lines[1].split()[1:4] == ["1/1", "Running", "0"]
    assert "worker-node" in cluster.kubectl("get", "pods", "-o", "wide")
    assert json.loads(cluster.kubectl("get", "pod", web, "-o", "json"))["metadata"]["name"] == web
    assert f"name: {web}" in cluster.kubectl("get", "pod", web, "-o", "yaml")
    assert cluster.kubectl("get", "pod", web, "-o", "jsonpath={.status.phase}") == "Running"
    assert cluster.kubectl("get", "pods", "-l", "app=web", "--no-headers").count("\n") == 2
    columns = "custom-columns=NAME:.metadata.name,NODE:.spec.nodeName"
    assert f"{web}" in cluster.kubectl("get", "pods", "-A", "-o", columns)


def test_get_all_and_selectors(cluster: Cluster, web: str) -> None:
    listed = cluster.kubectl("get", "all")
    assert f"pod/{web}" in listed
    assert "deployment.apps/web" in listed
    assert "replicaset.apps/web-" in listed
    assert "No resources found" in cluster.kubectl("get", "pods", "--field-selector", "status.phase=Failed")
    assert web in cluster.kubectl("get", "pods", "--field-selector", f"metadata.name={web}")
    assert "No resources found" in cluster.kubectl("get", "pods", "-l", "app notin (web),app")


def test_nodes_namespaces_and_api_resources(cluster: Cluster) -> None:
    nodes = cluster.kubectl("get", "nodes", "--no-headers")
    assert "Ready,SchedulingDisabled" in nodes
    assert NAMESPACE in cluster.kubectl("get", "ns")
    listed = cluster.kubectl("api-resources")
    assert all(name in listed for name in ("deployments", "statefulsets", "jobs", "leases", "endpointslices"))
    assert "Server Version" in cluster.kubectl("version")
    assert "Allocated resources" in cluster.kubectl("describe", "node", "worker-node")


def test_describe_reports_the_story_in_order(cluster: Cluster, web: str) -> None:
    described = cluster.kubectl("describe", "pod", web)
    story = [line.split()[1] for line in described[described.index("Events:") :].splitlines()[3:]]
    assert story == ["Scheduled", "Pulled", "Created", "Started"]
    described = cluster.kubectl("describe", "deployment", "web")
    assert "ScalingReplicaSet" in described
    assert "2 desired | 2 updated | 2 total | 2 available" in described


def test_logs_and_follow(cluster: Cluster, web: str) -> None:
    eventually(lambda: "line 4" in cluster.kubectl("logs", web), "the last line")
    assert cluster.kubectl("logs", web, "--tail=1") == "line 4\n"
    assert "line 0" in cluster.kubectl("logs", "deployment/web")
    assert "previous terminated container" in cluster.kubectl("logs", web, "--previous", code=1)
    cluster.apply(pod("talker", pod_spec("lines", "4", "0.2", restartPolicy="Never")))
    cluster.kubectl("wait", "--for=condition=Ready", "pod/talker", "--timeout=120s")
    threading.Timer(1.5, cluster.run_kubectl, ("delete", "pod", "talker", "--wait=false")).start()
    output = cluster.kubectl("logs", "-f", "talker")
    assert output.splitlines()[-1] == "line 3"


def test_exec_returns_output_and_exit_code(cluster: Cluster, web: str) -> None:
    finished = cluster.run_kubectl("exec", web, "--", "sh", "-c", "echo out; echo err >&2; exit 7")
    assert (finished.stdout, finished.returncode) == ("out\n", 7)
    assert "err\n" in finished.stderr
    assert cluster.kubectl("exec", "-i", web, "--", "cat", text="through") == "through"
    big = "x" * 300_000
    assert cluster.kubectl("exec", "-i", web, "--", "cat", text=big) == big
    assert "no-such-program" in cluster.kubectl("exec", web, "--", "no-such-program", code=127)
    assert "not found" in cluster.kubectl("exec", "nobody", "--", "true", code=1)


def test_scale_wait_and_delete(cluster: Cluster, web: str) -> None:
    del web
    cluster.apply(workload("Deployment", "sized", pod_spec("work", "60", "0")))
    cluster.kubectl("scale", "deployment/sized", "--replicas=2")
    cluster.kubectl("wait", "--for=jsonpath={.status.readyReplicas}=2", "deployment/sized", "--timeout=120s")
    assert "timed out" in cluster.kubectl("wait", "--for=condition=Nothing", "deployment/sized", "--timeout=1s", code=1)
    name = cluster.kubectl("get", "pods", "-l", "app=sized", "-o", "name").split()[0]
    assert "deleted" in cluster.kubectl("delete", name)
    assert "NotFound" in cluster.kubectl("get", name, code=1)
    assert "force deleted" in cluster.kubectl("delete", "pods", "-l", "app=sized", "--force", "--grace-period=0")
    cluster.kubectl("delete", "deployment", "sized", "--cascade=foreground")
    assert "No resources found" in cluster.kubectl("get", "pods,rs", "-l", "app=sized")


def test_apply_changes_only_what_changed(cluster: Cluster) -> None:
    first = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "cm"}, "data": {"a": "1", "b": "2"}}
    assert "created" in cluster.apply(first)
    assert "unchanged" in cluster.apply(first)
    cluster.kubectl("patch", "configmap", "cm", "--type=merge", "-p", '{"data": {"mine": "x"}}')
    assert "configured" in cluster.apply({**first, "data": {"a": "3"}})
    data = json.loads(cluster.kubectl("get", "cm", "cm", "-o", "json"))["data"]
    assert data == {"a": "3", "mine": "x"}
    assert "AlreadyExists" in cluster.kubectl("create", "-f", "-", text=json.dumps(first), code=1)


def test_server_side_apply_and_diff(cluster: Cluster) -> None:
    body: dict[str, Any] = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "ssa"}, "data": {"a": "1"}}
    apply = ("apply", "--server-side", "-f", "-")
    assert "serverside-applied" in cluster.kubectl(*apply, text=json.dumps(body))
    other = {**body, "data": {"a": "2"}}
    cluster.kubectl(*apply, "--field-manager=other", text=json.dumps(other))
    assert cluster.kubectl("get", "cm", "ssa", "-o", "jsonpath={.data.a}") == "2"
    assert "(server dry run)" in cluster.kubectl("apply", "--dry-run=server", "-f", "-", text=json.dumps(other))


def test_label_annotate_patch_and_replace(cluster: Cluster, web: str) -> None:
    cluster.kubectl("label", "pod", web, "colour=red")
    assert web in cluster.kubectl("get", "pods", "-l", "colour=red", "-o", "name")
    cluster.kubectl("label", "pod", web, "colour-")
    assert "No resources found" in cluster.kubectl("get", "pods", "-l", "colour=red")
    cluster.kubectl("annotate", "pod", web, "note=hello")
    assert cluster.kubectl("get", "pod", web, "-o", "jsonpath={.metadata.annotations.note}") == "hello"
    operations = '[{"op": "replace", "path": "/metadata/annotations/note", "value": "bye"}]'
    cluster.kubectl("patch", "pod", web, "--type=json", "-p", operations)
    assert cluster.kubectl("get", "pod", web, "-o", "jsonpath={.metadata.annotations.note}") == "bye"


def test_rollout_restart_replaces_the_pods(cluster: Cluster) -> None:
    cluster.apply(workload("Deployment", "again", pod_spec("work", "60", "0")))
    cluster.kubectl("rollout", "status", "deployment/again", "--timeout=120s")
    before = cluster.kubectl("get", "pods", "-l", "app=again", "-o", "name")
    cluster.kubectl("rollout", "restart", "deployment/again")
    assert "successfully rolled out" in cluster.kubectl("rollout", "status", "deployment/again", "--timeout=120s")
    after = cluster.kubectl("get", "pods", "-l", "app=again", "--field-selector=status.phase=Running", "-o", "name")
    assert after.split()[-1] != before.split()[0]
    cluster.kubectl("rollout", "undo", "deployment/again")
    cluster.kubectl("rollout", "status", "deployment/again", "--timeout=120s")


def test_stateful_set_rollout_status(cluster: Cluster) -> None:
    cluster.apply(workload("StatefulSet", "state", pod_spec("work", "60", "0")))
    output = cluster.kubectl("rollout", "status", "statefulset/state", "--timeout=120s")
    assert "complete" in output
    assert "state-0" in cluster.kubectl("get", "pods")


def test_watching_get_prints_changes(cluster: Cluster, tmp_path: Path) -> None:
    printed = tmp_path / "printed"
    changes = itertools.count()

    def seen() -> str:
        # Changed again until kubectl watches: it does not report when it has begun.
        changed = {"metadata": {"name": "seen"}, "data": {"change": str(next(changes))}}
        cluster.apply({"apiVersion": "v1", "kind": "ConfigMap", **changed})
        return printed.read_text()

    command = cluster.command("get", "cm", "-w", "-o", "name", "--watch-only")
    with printed.open("w") as out, subprocess.Popen(command, stdout=out) as watching:
        try:
            assert set(eventually(seen, "the change").splitlines()) == {"configmap/seen"}
        finally:
            watching.terminate()


def test_top_pods(cluster: Cluster) -> None:
    cluster.apply(pod("loaded", pod_spec("declare", "250")))
    cluster.kubectl("wait", "--for=condition=Ready", "pod/loaded", "--timeout=120s")
    eventually(lambda: "250m" in cluster.run_kubectl("top", "pods").stdout, "the load of the pod")


def test_events_can_be_listed(cluster: Cluster, web: str) -> None:
    listed = cluster.kubectl("get", "events", "--field-selector", f"involvedObject.name={web}")
    assert f"pod/{web}" in listed
    assert "Started" in cluster.kubectl("events", "--for", f"pod/{web}")


@pytest.mark.nightly
def test_imperative_create_says_what_to_do_instead(cluster: Cluster) -> None:
    refused = cluster.kubectl("create", "configmap", "x", "--from-literal=a=b", code=1)
    assert "--dry-run=client -o yaml | kubectl apply -f -" in refused
    body = cluster.kubectl("create", "configmap", "x", "--from-literal=a=b", "--dry-run=client", "-o", "yaml")
    assert "created" in cluster.kubectl("apply", "-f", "-", text=body)
