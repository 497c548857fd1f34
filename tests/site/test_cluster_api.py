"""The API server by its protocol: objects, selectors, patches, watches, errors."""

from __future__ import annotations

import copy
import http.client
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from kubernetes import client, watch
from kubernetes.client.exceptions import ApiException
from support.cluster_fixtures import NAMESPACE, Cluster, job, module_cluster, pod, pod_spec, workload


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    yield from module_cluster(tmp_path_factory)


def refused(call: Any, *arguments: Any, **more: Any) -> tuple[int, dict[str, Any]]:
    """Code and Status of a call that must fail."""
    with pytest.raises(ApiException) as caught:
        call(*arguments, **more)
    return caught.value.status, json.loads(caught.value.body)


def config_map(name: str, data: dict[str, str] | None = None, **labels: str) -> dict[str, Any]:
    return {"metadata": {"name": name, "labels": labels}, "data": data or {}}


def raw(cluster: Cluster, method: str, path: str, body: bytes = b"", kind: str = "application/json") -> tuple[int, Any]:
    """One request without any client library."""
    connection = http.client.HTTPConnection("127.0.0.1", cluster.port, timeout=10)
    connection.request(method, path, body, {"Content-Type": kind})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, json.loads(content)


def test_created_object_has_identity_and_can_be_read_again(cluster: Cluster) -> None:
    made = cluster.core.create_namespaced_config_map(NAMESPACE, config_map("plain", {"a": "b"}))
    read = cluster.core.read_namespaced_config_map("plain", NAMESPACE)
    assert read.data == {"a": "b"}
    assert read.metadata.uid == made.metadata.uid
    assert int(read.metadata.resource_version) > 0
    assert read.metadata.creation_timestamp is not None


def test_generated_names_differ(cluster: Cluster) -> None:
    body = {"metadata": {"generateName": "made-"}}
    names = {cluster.core.create_namespaced_config_map(NAMESPACE, body).metadata.name for _ in range(5)}
    assert len(names) == 5
    assert all(name.startswith("made-") and len(name) == 10 for name in names)


def test_missing_object_and_namespace_are_404(cluster: Cluster) -> None:
    code, status = refused(cluster.core.read_namespaced_pod, "nobody", NAMESPACE)
    assert (code, status["reason"]) == (404, "NotFound")
    assert status["message"] == 'pods "nobody" not found'
    code, status = refused(cluster.core.create_namespaced_config_map, "nowhere", config_map("x"))
    assert (code, status["message"]) == (404, 'namespaces "nowhere" not found')


def test_taken_name_is_409(cluster: Cluster) -> None:
    cluster.core.create_namespaced_config_map(NAMESPACE, config_map("twice"))
    code, status = refused(cluster.core.create_namespaced_config_map, NAMESPACE, config_map("twice"))
    assert (code, status["reason"]) == (409, "AlreadyExists")


def test_write_on_an_old_version_is_409(cluster: Cluster) -> None:
    old = cluster.core.create_namespaced_config_map(NAMESPACE, config_map("contended", {"n": "1"}))
    cluster.core.patch_namespaced_config_map("contended", NAMESPACE, {"data": {"n": "2"}})
    old.data = {"n": "3"}
    code, status = refused(cluster.core.replace_namespaced_config_map, "contended", NAMESPACE, old)
    assert (code, status["reason"]) == (409, "Conflict")
    assert cluster.core.read_namespaced_config_map("contended", NAMESPACE).data == {"n": "2"}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (pod("Upper_Case", pod_spec("serve")), "metadata.name"),
        (pod("empty", {"containers": []}), "spec.containers"),
        (pod("label", pod_spec("serve"), app="not valid!"), "metadata.labels"),
        (pod("port", pod_spec("serve", container_ports=[{"containerPort": 70000}])), "containerPort"),
        (
            pod("greedy", pod_spec("x", container_resources={"requests": {"cpu": "2"}, "limits": {"cpu": "1"}})),
            "requests",
        ),
        (pod("probe", pod_spec("x", container_readinessProbe={"periodSeconds": 3})), "must specify a handler type"),
        (pod("deaf", pod_spec("x", container_livenessProbe={"httpGet": {"path": "/"}})), "livenessProbe.httpGet.port"),
        (pod("hasty", pod_spec("x", terminationGracePeriodSeconds=-1)), "terminationGracePeriodSeconds"),
        (pod("far", pod_spec("x", nodeName="no/such node")), "spec.nodeName"),
        (pod("first", pod_spec("x", initContainers=[{"name": "main"}])), "spec.initContainers[0].image"),
        (pod("slow", pod_spec("x", container_startupProbe={"exec": {"command": ["x"]}})), "does not know startupProbe"),
        (
            pod("hook", pod_spec("x", container_lifecycle={"preStop": {"exec": {"command": ["x"]}}})),
            "not know lifecycle",
        ),
        (pod("amount", pod_spec("x", container_resources={"limits": {"memory": "lots"}})), "memory"),
    ],
)
def test_pod_that_breaks_a_rule_is_422(cluster: Cluster, body: dict[str, Any], field: str) -> None:
    code, status = raw(cluster, "POST", f"/api/v1/namespaces/{NAMESPACE}/pods", json.dumps(body).encode())
    assert (code, status["reason"]) == (422, "Invalid")
    assert field in status["message"]


def asked_for_pod(cluster: Cluster, spec: dict[str, Any], check: str = "Strict") -> tuple[int, dict[str, Any]]:
    path = f"/api/v1/namespaces/{NAMESPACE}/pods?dryRun=All&fieldValidation={check}"
    return raw(cluster, "POST", path, json.dumps(pod("typed", spec)).encode())


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (pod_spec("x", container_comand=["x"]), 'unknown field "spec.containers[0].comand"'),
        ({"containers": {"name": "c"}}, "cannot unmarshal object into field spec.containers of type []v1.Container"),
        ({"containers": [None]}, "cannot unmarshal null into field spec.containers[0] of type v1.Container"),
        (pod_spec("x", container_readinessProbe={"periodSeconds": 0.5}), "spec.containers[0].readinessProbe"),
        (pod_spec("x", container_env=[{"name": "A", "value": 5}]), "spec.containers[0].env[0].value of type string"),
        (pod_spec("x", container_command="x"), "spec.containers[0].command of type []string"),
    ],
)
def test_what_no_pod_has_is_400(cluster: Cluster, spec: dict[str, Any], words: str) -> None:
    code, status = asked_for_pod(cluster, spec)
    assert (code, status["reason"]) == (400, "BadRequest")
    assert words in status["message"]


def test_unknown_fields_are_dropped_where_nobody_asks_for_more(cluster: Cluster) -> None:
    code, made = asked_for_pod(cluster, pod_spec("x", container_comand=["x"]), check="Warn")
    assert code == 201
    assert "comand" not in made["spec"]["containers"][0]
    amounts = {"limits": {"cpu": 1, "memory": "1Gi"}}
    assert asked_for_pod(cluster, pod_spec("x", container_resources=amounts))[0] == 201


def test_a_pod_of_a_node_without_an_agent_can_be_deleted(cluster: Cluster) -> None:
    cluster.apply(pod("lost", pod_spec("x", nodeName="nowhere")))
    cluster.kubectl("delete", "pod", "lost", "--timeout=20s")


def test_eviction_deletes_the_pod(cluster: Cluster) -> None:
    cluster.apply(pod("moved", pod_spec("work", "60", "0")))
    cluster.running("moved")
    body = client.V1Eviction(metadata=client.V1ObjectMeta(name="moved", namespace=NAMESPACE))
    cluster.core.create_namespaced_pod_eviction("moved", NAMESPACE, body)
    cluster.kubectl("wait", "--for=delete", "pod/moved", "--timeout=60s")


KEPT = {
    "daemonsets.apps": ("apps/v1", "DaemonSet", workload("DaemonSet", "kept", pod_spec("x"))["spec"]),
    "cronjobs.batch": (
        "batch/v1",
        "CronJob",
        {"schedule": "0 0 * * *", "jobTemplate": {"spec": job("kept", pod_spec("x"))["spec"]}},
    ),
    "ingresses": ("networking.k8s.io/v1", "Ingress", {"defaultBackend": {"service": {"name": "kept"}}}),
    "poddisruptionbudgets": ("policy/v1", "PodDisruptionBudget", {"minAvailable": 1}),
    "hpa": (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
        {"maxReplicas": 3, "scaleTargetRef": {"kind": "Deployment", "name": "kept"}},
    ),
}


@pytest.mark.parametrize("resource", KEPT)
def test_other_built_in_kinds_are_kept(cluster: Cluster, resource: str) -> None:
    version, kind, spec = KEPT[resource]
    assert "No resources found" in cluster.kubectl("get", resource)
    body = {"apiVersion": version, "kind": kind, "metadata": {"name": "kept"}, "spec": spec}
    assert f"keeps a {kind} and does not act on it" in cluster.apply(body)
    assert "kept" in cluster.kubectl("get", resource, "--no-headers")
    assert f"kind: {kind}" in cluster.kubectl("get", resource, "kept", "-o", "yaml")
    refused_ = cluster.apply({**body, "spec": {**spec, "nonsense": 1}}, code=1)
    assert 'unknown field "spec.nonsense"' in refused_
    cluster.kubectl("delete", resource, "kept")


def test_every_kind_that_is_served_can_be_listed(cluster: Cluster) -> None:
    listable = cluster.kubectl("api-resources", "--verbs=list", "-o", "name").split()
    assert len(listable) > 45
    listed = cluster.kubectl("get", ",".join(listable), "-A", "--ignore-not-found", "-o", "name")
    assert "node/worker-node" in listed


def test_workloads_that_break_a_rule_are_422(cluster: Cluster) -> None:
    stray = workload("Deployment", "stray", pod_spec("serve"))
    stray["spec"]["selector"] = {"matchLabels": {"app": "other"}}
    code, status = refused(cluster.apps.create_namespaced_deployment, NAMESPACE, stray)
    assert code == 422
    assert "`selector` does not match template `labels`" in status["message"]
    always = job("always", pod_spec("serve", restartPolicy="Always"))
    code, status = refused(cluster.batch.create_namespaced_job, NAMESPACE, always)
    assert code == 422
    assert "restartPolicy" in status["message"]


def test_label_selectors_pick_what_they_say(cluster: Cluster) -> None:
    for name, labels in {"one": {"tier": "a"}, "two": {"tier": "b"}, "three": {}}.items():
        cluster.core.create_namespaced_config_map(NAMESPACE, config_map(f"label-{name}", set="s", **labels))

    def picked(selector: str) -> set[str]:
        found = cluster.core.list_namespaced_config_map(NAMESPACE, label_selector=selector).items
        return {one.metadata.name.removeprefix("label-") for one in found}

    assert picked("set=s") == {"one", "two", "three"}
    assert picked("set=s,tier in (a, c)") == {"one"}
    assert picked("set=s,tier!=a") == {"two", "three"}
    assert picked("set=s,tier notin (a,b)") == {"three"}
    assert picked("set=s,!tier") == {"three"}
    assert picked("set==s,tier") == {"one", "two"}


def test_field_selectors_pick_and_refuse(cluster: Cluster) -> None:
    cluster.core.create_namespaced_pod(NAMESPACE, pod("stuck", pod_spec("serve", nodeSelector={"no": "such"})))
    pending = cluster.core.list_namespaced_pod(NAMESPACE, field_selector="status.phase=Pending,spec.nodeName=").items
    assert [one.metadata.name for one in pending] == ["stuck"]
    named = cluster.core.list_namespaced_pod(NAMESPACE, field_selector="metadata.name!=stuck").items
    assert "stuck" not in [one.metadata.name for one in named]
    code, status = refused(cluster.core.list_namespaced_pod, NAMESPACE, field_selector="spec.colour=red")
    assert code == 400
    assert "field label not supported" in status["message"]
    cluster.core.delete_namespaced_pod("stuck", NAMESPACE)


def test_patch_formats(cluster: Cluster) -> None:
    spec = pod_spec("serve", container_env=[{"name": "A", "value": "1"}])
    cluster.apps.create_namespaced_deployment(NAMESPACE, workload("Deployment", "patched", spec, replicas=0))
    path = f"/apis/apps/v1/namespaces/{NAMESPACE}/deployments/patched"

    def patch(kind: str, body: Any) -> tuple[int, Any]:
        return raw(cluster, "PATCH", path, json.dumps(body).encode(), f"application/{kind}")

    change = {"name": "main", "env": [{"name": "B", "value": "2"}]}
    strategic = {"spec": {"template": {"spec": {"containers": [change]}}}}
    code, changed = patch("strategic-merge-patch+json", strategic)
    container = changed["spec"]["template"]["spec"]["containers"][0]
    assert code == 200
    assert container["env"] == [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]
    assert container["image"] == "test/forked"
    assert changed["metadata"]["generation"] == 2
    change["env"] = [{"name": "A", "$patch": "delete"}]
    _, changed = patch("strategic-merge-patch+json", strategic)
    assert changed["spec"]["template"]["spec"]["containers"][0]["env"] == [{"name": "B", "value": "2"}]
    _, changed = patch("merge-patch+json", {"metadata": {"labels": {"x": "1", "y": "2"}}})
    _, changed = patch("merge-patch+json", {"metadata": {"labels": {"x": None}}})
    assert changed["metadata"]["labels"] == {"y": "2"}
    operations = [
        {"op": "test", "path": "/metadata/labels/y", "value": "2"},
        {"op": "replace", "path": "/metadata/labels/y", "value": "3"},
        {"op": "add", "path": "/metadata/annotations", "value": {"a/b": "c"}},
    ]
    _, changed = patch("json-patch+json", operations)
    assert changed["metadata"]["labels"] == {"y": "3"}
    assert changed["metadata"]["annotations"]["a/b"] == "c"
    code, status = patch("json-patch+json", operations)
    assert (code, status["kind"]) == (422, "Status")
    code, status = patch("strange-patch+json", {})
    assert (code, status["reason"]) == (415, "UnsupportedMediaType")


def test_server_side_apply_owns_fields(cluster: Cluster) -> None:
    path = f"/api/v1/namespaces/{NAMESPACE}/configmaps/applied"

    def apply(manager: str, data: dict[str, str]) -> tuple[int, Any]:
        body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "applied"}, "data": data}
        return raw(
            cluster,
            "PATCH",
            f"{path}?fieldManager={manager}",
            json.dumps(body).encode(),
            "application/apply-patch+yaml",
        )

    assert apply("first", {"a": "1", "b": "1"})[0] == 201
    code, changed = apply("first", {"a": "2"})
    assert (code, changed["data"]) == (200, {"a": "2"}), "a field that is not applied any more goes"
    assert apply("second", {"c": "3"})[1]["data"] == {"a": "2", "c": "3"}
    assert apply("second", {"a": "9"})[1]["data"] == {"a": "9"}, "the last one wins; what the second left out goes"


def test_watch_reports_changes_in_order_and_ends_in_time(cluster: Cluster) -> None:
    begin = cluster.core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    cluster.core.create_namespaced_config_map(NAMESPACE, config_map("watched", app="w"))
    cluster.core.patch_namespaced_config_map("watched", NAMESPACE, {"data": {"k": "v"}})
    began = time.monotonic()
    events = watch.Watch().stream(
        cluster.core.list_namespaced_config_map,
        NAMESPACE,
        resource_version=begin,
        label_selector="app=w",
        timeout_seconds=2,
    )
    seen = []
    for event in events:
        seen.append((event["type"], event["object"].metadata.name))
        if event["type"] == "MODIFIED":
            cluster.core.delete_namespaced_config_map("watched", NAMESPACE)
    assert seen == [("ADDED", "watched"), ("MODIFIED", "watched"), ("DELETED", "watched")]
    assert 1.8 < time.monotonic() - began < 60


def test_watch_with_a_selector_sees_objects_come_and_go(cluster: Cluster) -> None:
    cluster.core.create_namespaced_config_map(NAMESPACE, config_map("moving", stage="one"))
    begin = cluster.core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    for stage in ("two", "one"):
        cluster.core.patch_namespaced_config_map("moving", NAMESPACE, {"metadata": {"labels": {"stage": stage}}})
    events = watch.Watch().stream(
        cluster.core.list_namespaced_config_map,
        NAMESPACE,
        resource_version=begin,
        label_selector="stage=one",
        timeout_seconds=1,
    )
    assert [event["type"] for event in events] == ["DELETED", "ADDED"]


def test_watch_with_initial_events_marks_their_end(cluster: Cluster) -> None:
    query = "watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=1"
    connection = http.client.HTTPConnection("127.0.0.1", cluster.port, timeout=10)
    connection.request("GET", f"/api/v1/namespaces?{query}")
    events = [json.loads(line) for line in connection.getresponse().read().splitlines()]
    connection.close()
    assert [event["type"] for event in events] == ["ADDED"] * 4 + ["BOOKMARK"]
    assert events[-1]["object"]["metadata"]["annotations"] == {"k8s.io/initial-events-end": "true"}


def test_watch_with_bookmarks_says_how_far_it_came(cluster: Cluster) -> None:
    begin = cluster.core.list_namespaced_config_map(NAMESPACE).metadata.resource_version
    # A change of another kind: the watch does not show it, but its bookmark is beyond it.
    cluster.core.create_namespaced_secret(NAMESPACE, {"metadata": {"name": "elsewhere"}})
    query = f"watch=true&allowWatchBookmarks=true&resourceVersion={begin}&timeoutSeconds=1"
    connection = http.client.HTTPConnection("127.0.0.1", cluster.port, timeout=10)
    connection.request("GET", f"/api/v1/namespaces/{NAMESPACE}/configmaps?{query}")
    (event,) = [json.loads(line) for line in connection.getresponse().read().splitlines()]
    connection.close()
    assert (event["type"], event["object"]["kind"]) == ("BOOKMARK", "ConfigMap")
    mark = event["object"]["metadata"]["resourceVersion"]
    assert int(mark) > int(begin)
    cluster.core.create_namespaced_config_map(NAMESPACE, config_map("after-the-mark"))
    stream = watch.Watch().stream(
        cluster.core.list_namespaced_config_map, NAMESPACE, resource_version=mark, timeout_seconds=1
    )
    assert [event["object"].metadata.name for event in stream] == ["after-the-mark"]


def test_watch_from_an_unknown_version_is_410(cluster: Cluster) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", cluster.port, timeout=10)
    connection.request("GET", "/api/v1/pods?watch=1&resourceVersion=999999999&timeoutSeconds=2")
    event = json.loads(connection.getresponse().read())
    connection.close()
    assert (event["type"], event["object"]["code"]) == ("ERROR", 410)


def test_lists_come_in_pages(cluster: Cluster) -> None:
    for number in range(5):
        cluster.core.create_namespaced_config_map(NAMESPACE, config_map(f"page-{number}", page="p"))
    names, token, pages = [], None, 0
    while token is None or token:
        found = cluster.core.list_namespaced_config_map(NAMESPACE, label_selector="page=p", limit=2, _continue=token)
        names += [one.metadata.name for one in found.items]
        token, pages = found.metadata._continue or "", pages + 1
    assert names == [f"page-{number}" for number in range(5)]
    assert pages == 3


def test_delete_collection_takes_what_the_selector_names(cluster: Cluster) -> None:
    for name in ("a", "b"):
        cluster.core.create_namespaced_config_map(NAMESPACE, config_map(f"swept-{name}", sweep=name))
    cluster.core.delete_collection_namespaced_config_map(NAMESPACE, label_selector="sweep=a")
    left = cluster.core.list_namespaced_config_map(NAMESPACE, label_selector="sweep").items
    assert [one.metadata.name for one in left] == ["swept-b"]


def test_dry_run_changes_nothing(cluster: Cluster) -> None:
    cluster.core.create_namespaced_config_map(NAMESPACE, config_map("dry"), dry_run="All")
    assert refused(cluster.core.read_namespaced_config_map, "dry", NAMESPACE)[0] == 404


def test_preconditions_guard_a_delete(cluster: Cluster) -> None:
    cluster.core.create_namespaced_config_map(NAMESPACE, config_map("guarded"))
    options = client.V1DeleteOptions(preconditions=client.V1Preconditions(uid="another"))
    assert refused(cluster.core.delete_namespaced_config_map, "guarded", NAMESPACE, body=options)[0] == 409


def test_secrets_are_encoded_and_leases_are_kept(cluster: Cluster) -> None:
    secret = cluster.core.create_namespaced_secret(NAMESPACE, {"metadata": {"name": "s"}, "stringData": {"k": "v"}})
    assert (secret.type, secret.data) == ("Opaque", {"k": "dg=="})
    leases = client.CoordinationV1Api(cluster.core.api_client)
    leases.create_namespaced_lease(NAMESPACE, {"metadata": {"name": "l"}, "spec": {"holderIdentity": "me"}})
    assert leases.read_namespaced_lease("l", NAMESPACE).spec.holder_identity == "me"


def test_only_one_of_many_takes_a_lease(cluster: Cluster) -> None:
    leases = client.CoordinationV1Api(cluster.core.api_client)
    leases.create_namespaced_lease(NAMESPACE, {"metadata": {"name": "wanted"}, "spec": {"leaseDurationSeconds": 15}})
    seen = leases.read_namespaced_lease("wanted", NAMESPACE)

    def take(holder: str) -> int:
        mine = copy.deepcopy(seen)
        mine.spec.holder_identity = holder
        try:
            leases.replace_namespaced_lease("wanted", NAMESPACE, mine)
        except ApiException as error:
            return int(error.status)
        return 200

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(take, [f"holder-{number}" for number in range(8)]))
    assert sorted(answers) == [200, *[409] * 7]
    held = leases.read_namespaced_lease("wanted", NAMESPACE).spec.holder_identity
    assert held == f"holder-{answers.index(200)}"


def test_times_in_yaml_stay_text(cluster: Cluster) -> None:
    body = b"apiVersion: coordination.k8s.io/v1\nkind: Lease\nspec:\n  renewTime: 2026-01-02T03:04:05.000000Z\n"
    path = f"/apis/coordination.k8s.io/v1/namespaces/{NAMESPACE}/leases/timed?fieldManager=t"
    code, lease = raw(cluster, "PATCH", path, body, "application/apply-patch+yaml")
    assert (code, lease["spec"]["renewTime"]) == (201, "2026-01-02T03:04:05.000000Z")


def test_namespace_takes_its_objects_along(cluster: Cluster) -> None:
    cluster.core.create_namespace({"metadata": {"name": "brief"}})
    assert cluster.core.read_namespaced_service_account("default", "brief").metadata.name == "default"
    cluster.core.create_namespaced_config_map("brief", config_map("inside"))
    cluster.core.delete_namespace("brief")
    assert refused(cluster.core.read_namespace, "brief")[0] == 404
    assert refused(cluster.core.read_namespaced_config_map, "inside", "brief")[0] == 404


def test_what_is_not_there_is_reported_clearly(cluster: Cluster) -> None:
    code, status = raw(cluster, "GET", "/apis/batch/v1/namespaces/panda/workflows")
    assert (code, status["reason"]) == (404, "NotFound")
    assert "not part of the simulated cluster" in status["message"]
    protobuf = "application/vnd.kubernetes.protobuf"
    code, status = raw(cluster, "POST", f"/api/v1/namespaces/{NAMESPACE}/configmaps", b"k8s\0abc", protobuf)
    assert (code, status["reason"]) == (415, "UnsupportedMediaType")
    code, status = raw(cluster, "POST", f"/api/v1/namespaces/{NAMESPACE}/configmaps", b"{not json")
    assert (code, status["reason"]) == (400, "BadRequest")
    code, status = raw(cluster, "PUT", f"/api/v1/namespaces/{NAMESPACE}/configmaps")
    assert (code, status["reason"]) == (405, "MethodNotAllowed")
    code, status = raw(cluster, "POST", f"/api/v1/namespaces/{NAMESPACE}/pods", b'{"kind": "Service"}')
    assert code == 400


def test_nodes_are_a_worker_and_a_closed_control_plane(cluster: Cluster) -> None:
    nodes = {node.metadata.name: node for node in cluster.core.list_node().items}
    assert set(nodes) == {"master-node", "worker-node"}
    assert nodes["master-node"].spec.unschedulable is True
    ready = {one.type: one.status for one in nodes["worker-node"].status.conditions}
    assert ready["Ready"] == "True"
