"""Config maps and secrets as variables and as files, other volumes, GPU shares, node ports."""

from __future__ import annotations

import base64
import contextlib
import http.client
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from support.cluster_fixtures import (
    NAMESPACE,
    Cluster,
    eventually,
    module_cluster,
    pod,
    pod_spec,
    workload,
)
from support.loopback import free_port

GPU = "nvidia.com/gpu.shared"
NODE_PORT = free_port()


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    options = ("--gpu-shares", "2", "--node-ports", f"{NODE_PORT}-{NODE_PORT}")
    for started in module_cluster(tmp_path_factory, *options):
        data = {"colour": "red", "size": "9"}
        started.core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "walls"}, "data": data})
        started.core.create_namespaced_secret(NAMESPACE, {"metadata": {"name": "door"}, "stringData": {"key": "open"}})
        yield started


def with_volumes(volumes: list[dict[str, Any]], mounts: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return pod_spec("work", "60", "0", volumes=volumes, container_volumeMounts=mounts, **more)


def in_pod(cluster: Cluster, name: str, command: str) -> str:
    return cluster.kubectl("exec", name, "--", "sh", "-c", command)


def test_env_from_brings_every_key(cluster: Cluster) -> None:
    sources = [{"configMapRef": {"name": "walls"}}, {"prefix": "DOOR_", "secretRef": {"name": "door"}}]
    missing = {"configMapRef": {"name": "nowhere", "optional": True}}
    cluster.apply(pod("enveloped", pod_spec("work", "60", "0", container_envFrom=[*sources, missing])))
    cluster.running("enveloped")
    assert in_pod(cluster, "enveloped", "echo $colour $size $DOOR_key") == "red 9 open\n"


def test_config_map_and_secret_are_files_that_follow_their_source(cluster: Cluster) -> None:
    binary = {"metadata": {"name": "picture"}, "binaryData": {"p.bin": base64.b64encode(b"\x00\xff").decode()}}
    cluster.core.create_namespaced_config_map(NAMESPACE, binary)
    volumes = [
        {"name": "paint", "configMap": {"name": "walls"}},
        {"name": "one-key", "configMap": {"name": "walls", "items": [{"key": "size", "path": "deep/er"}]}},
        {"name": "modes", "secret": {"secretName": "door", "defaultMode": 0o440}},
        {"name": "keys", "secret": {"secretName": "door"}},
        {"name": "picture", "configMap": {"name": "picture"}},
        {"name": "scratch", "emptyDir": {}},
        {"name": "host", "hostPath": {"path": str(cluster.directory)}},
        {"name": "maybe", "secret": {"secretName": "nowhere", "optional": True}},
    ]
    mounts = [
        {"name": "paint", "mountPath": "etc/paint"},
        {"name": "paint", "mountPath": "one-file", "subPath": "colour"},
        {"name": "one-key", "mountPath": "/etc/one"},
        {"name": "keys", "mountPath": "/etc/keys", "readOnly": True},
        *({"name": name, "mountPath": name} for name in ("picture", "scratch", "host", "maybe", "modes")),
    ]
    cluster.apply(pod("mounted", with_volumes(volumes, mounts)))
    cluster.running("mounted")
    directory = cluster.pod_directory("mounted")
    assert in_pod(cluster, "mounted", "cat etc/paint/colour one-file $VOLUME_ONE_KEY/deep/er") == "redred9"
    assert in_pod(cluster, "mounted", "cat ./etc/one/deep/er") == "9", "an absolute path is below the pod's"
    assert in_pod(cluster, "mounted", "cat $VOLUME_KEYS/key") == "open"
    assert (directory / "volumes" / "keys" / "key").stat().st_mode & 0o777 == 0o600
    assert (directory / "modes" / "key").stat().st_mode & 0o777 == 0o440
    assert (directory / "picture" / "p.bin").read_bytes() == b"\x00\xff"
    assert in_pod(cluster, "mounted", "echo x > scratch/x; cat scratch/x; ls maybe; ls host/kubeconfig") == (
        "x\nhost/kubeconfig\n"
    )
    change = {"data": {"size": None, "extra": "new"}}
    cluster.core.patch_namespaced_config_map("walls", NAMESPACE, change)
    eventually(lambda: in_pod(cluster, "mounted", "ls etc/paint").split() == ["colour", "extra"], "the changed files")
    assert cluster.kubectl("describe", "pod", "mounted").count("/etc/keys from keys (ro)") == 1
    cluster.core.patch_namespaced_config_map("walls", NAMESPACE, {"data": {"size": "9", "extra": None}})
    cluster.kubectl("delete", "pod", "mounted")
    assert not directory.exists()
    assert cluster.kubeconfig.exists(), "a host directory is not removed with the pod"


def test_missing_source_of_a_volume_waits_with_an_event(cluster: Cluster) -> None:
    volumes = [{"name": "late", "configMap": {"name": "late"}}]
    cluster.apply(pod("early", with_volumes(volumes, [{"name": "late", "mountPath": "late"}])))
    eventually(lambda: "FailedMount" in cluster.reasons("early"), "FailedMount")
    assert cluster.pod("early").status.container_statuses[0].state.waiting.reason == "ContainerCreating"
    assert 'configmap "late" not found' in cluster.kubectl("describe", "pod", "early")
    cluster.core.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "late"}, "data": {"a": "b"}})
    cluster.running("early")
    assert in_pod(cluster, "early", "cat late/a") == "b"


@pytest.mark.parametrize(
    ("volumes", "mounts", "sentence"),
    [
        ([{"name": "v", "nfs": {"server": "x", "path": "/"}}], [], "volumes of the types configMap, secret"),
        ([], [{"name": "v", "mountPath": "x"}], 'Not found: "v"'),
        ([{"name": "v", "persistentVolumeClaim": {}}], [], "persistentVolumeClaim.claimName: Required value"),
        ([{"name": "v", "secret": {"secretName": "door", "defaultMode": 512}}], [], "between 0 and 0777 (octal)"),
        ([{"name": "v", "emptyDir": {}}], [{"name": "v", "mountPath": "../x"}], "a path without"),
    ],
)
def test_volumes_that_cannot_be_made_are_refused(cluster: Cluster, volumes: Any, mounts: Any, sentence: str) -> None:
    assert sentence in cluster.apply(pod("refused", with_volumes(volumes, mounts)), code=1)


def claim(name: str, **spec: Any) -> dict[str, Any]:
    body = {"accessModes": ["ReadWriteMany"], "resources": {"requests": {"storage": "1Gi"}}, **spec}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": body}


def test_a_claim_is_a_folder_that_outlives_its_pods(cluster: Cluster) -> None:
    volumes = [{"name": "results", "persistentVolumeClaim": {"claimName": "results"}}]
    writer = with_volumes(volumes, [{"name": "results", "mountPath": "/results"}])
    cluster.apply(pod("writer", writer))
    eventually(lambda: "FailedScheduling" in cluster.reasons("writer"), "FailedScheduling")
    assert cluster.pod("writer").status.phase == "Pending"
    assert 'persistentvolumeclaim "results" not found' in cluster.kubectl("describe", "pod", "writer")
    cluster.apply(claim("results"))
    cluster.running("writer")
    in_pod(cluster, "writer", "echo done > results/output; echo more > $VOLUME_RESULTS/more")
    cluster.kubectl("delete", "pod", "writer")
    reader = with_volumes(volumes, [{"name": "results", "mountPath": "/in", "subPath": "output", "readOnly": True}])
    cluster.apply(pod("reader", reader))
    cluster.running("reader")
    assert in_pod(cluster, "reader", "cat in") == "done\n"
    titles, row = cluster.kubectl("get", "pvc").splitlines()
    assert titles.split()[:4] == ["NAME", "STATUS", "VOLUME", "CAPACITY"]
    volume = cluster.core.read_namespaced_persistent_volume_claim("results", NAMESPACE).spec.volume_name
    assert row.split()[:6] == ["results", "Bound", volume, "1Gi", "RWX", "standard"]
    assert f"{NAMESPACE}/results" in cluster.kubectl("get", "pv", volume)
    folder = cluster.directory / "volumes" / volume
    assert sorted(one.name for one in folder.iterdir()) == ["more", "output"]
    cluster.kubectl("delete", "pvc", "results", "--wait=false")
    assert "Terminating" in cluster.kubectl("get", "pvc", "results"), "a pod uses it"
    cluster.kubectl("delete", "pod", "reader")
    eventually(lambda: not folder.exists(), "the folder's end")
    assert "NotFound" in cluster.kubectl("get", "pvc", "results", code=1)
    assert "No resources found" in cluster.kubectl("get", "pv")


def test_a_claim_waits_for_a_volume_of_its_class(cluster: Cluster) -> None:
    cluster.apply(claim("fast", storageClassName="fast"), claim("made", storageClassName=""))
    eventually(lambda: "ProvisioningFailed" in cluster.reasons("fast"), "ProvisioningFailed")
    assert 'storageclass.storage.k8s.io "fast" not found' in cluster.kubectl("describe", "pvc", "fast")
    eventually(lambda: "FailedBinding" in cluster.reasons("made"), "FailedBinding")
    host = {"path": str(cluster.directory / "by-hand"), "type": "DirectoryOrCreate"}
    spec = {"capacity": {"storage": "2Gi"}, "accessModes": ["ReadWriteMany"], "hostPath": host}
    cluster.apply({"apiVersion": "v1", "kind": "PersistentVolume", "metadata": {"name": "by-hand"}, "spec": spec})
    cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Bound", "pvc/made", "--timeout=120s")
    assert cluster.core.read_namespaced_persistent_volume_claim("made", NAMESPACE).spec.volume_name == "by-hand"
    cluster.kubectl("delete", "pvc", "fast", "made")
    eventually(lambda: cluster.core.read_persistent_volume("by-hand").status.phase == "Released", "Released")
    sentence = cluster.apply(claim("none", accessModes=[], resources={}), code=1)
    assert "spec.accessModes: Required value: at least 1 access mode is required" in sentence
    assert "spec.resources[storage]: Required value" in sentence


def test_gpu_shares_run_out_and_come_back(cluster: Cluster) -> None:
    share = {"requests": {GPU: "1"}, "limits": {GPU: "1"}}
    for number in range(3):
        cluster.apply(pod(f"gpu-{number}", pod_spec("work", "60", "0", container_resources=share)))
    cluster.running("gpu-0")
    cluster.running("gpu-1")
    eventually(lambda: "FailedScheduling" in cluster.reasons("gpu-2"), "FailedScheduling")
    described = cluster.kubectl("describe", "pod", "gpu-2")
    assert "Status:           Pending" in described
    assert f"0/2 nodes are available: 1 Insufficient {GPU}, 1 node(s) were unschedulable." in described
    assert f"{GPU}:  1" in described
    node = cluster.kubectl("describe", "node", "worker-node")
    assert [line.split() for line in node.splitlines() if GPU in line][-1] == [GPU, "2", "2"]
    cluster.kubectl("delete", "pod", "gpu-0")
    cluster.running("gpu-2")


def asked(port: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def test_node_port_leads_to_the_ready_pod_and_refuses_without_one_or_with_one_isolated(cluster: Cluster) -> None:
    port = free_port()
    spec = pod_spec(
        "serve",
        str(port),
        container_ports=[{"containerPort": 8080, "hostPort": port, "name": "http"}],
        container_readinessProbe={"httpGet": {"port": "http"}, "periodSeconds": 1, "failureThreshold": 1},
    )
    ports = [{"name": "other", "port": 81}, {"name": "http", "port": 80, "targetPort": "http", "nodePort": NODE_PORT}]
    service = {"type": "NodePort", "selector": {"app": "door"}, "ports": ports}
    cluster.apply({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "door"}, "spec": service})
    with pytest.raises(ConnectionRefusedError):
        asked(NODE_PORT)
    with socket.socket() as stranger:
        stranger.bind(("127.0.0.1", NODE_PORT))
        cluster.apply(workload("Deployment", "door", spec, strategy={"type": "Recreate"}))
        cluster.kubectl("rollout", "status", "deployment/door", "--timeout=120s")
        eventually(lambda: "PortUnavailable" in cluster.reasons("door"), "PortUnavailable")

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", NODE_PORT)) == 0

    eventually(listens, "the listener")
    assert asked(NODE_PORT) == 200
    assert f"80:{NODE_PORT}/TCP" in cluster.kubectl("get", "service", "door")
    (name,) = [one.metadata.name for one in cluster.pods("app=door")]
    cluster.kubectl("delete", "pod", name)
    cluster.kubectl("rollout", "status", "deployment/door", "--timeout=120s")
    eventually(lambda: listens() and asked(NODE_PORT) == 200, "the next pod")
    isolate = {"podSelector": {"matchLabels": {"app": "door"}}, "policyTypes": ["Ingress"]}
    policy = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "shut"}}
    with socket.create_connection(("127.0.0.1", NODE_PORT), timeout=10) as open_before:
        cluster.apply({**policy, "spec": isolate})
        eventually(lambda: not listens(), "a door that is shut")
        with contextlib.suppress(ConnectionResetError):
            assert open_before.recv(1) == b"", "the open connection goes on"
    assert "app=door" in cluster.kubectl("get", "networkpolicy")
    cluster.kubectl("delete", "networkpolicy", "shut")
    eventually(lambda: listens() and asked(NODE_PORT) == 200, "an open door")
    sentence = cluster.apply({**policy, "spec": {**isolate, "ingress": [{}]}}, code=1)
    assert "let nothing in" in sentence
    cluster.kubectl("delete", "service", "door")
    eventually(lambda: not listens(), "no service")
    inner = {"name": "door", "annotations": {"simulator/loopback-port": str(NODE_PORT)}}
    only = {"selector": {"app": "door"}, "ports": ports[1:]}
    del only["ports"][0]["nodePort"]
    cluster.apply({"apiVersion": "v1", "kind": "Service", "metadata": inner, "spec": only})
    eventually(lambda: listens() and asked(NODE_PORT) == 200, "a service of type ClusterIP")
    assert cluster.kubectl("get", "service", "door", "-o", "jsonpath={.spec.type}") == "ClusterIP"
    cluster.kubectl("scale", "deployment/door", "--replicas=0")
    eventually(lambda: not listens(), "no listener")
    taken = {"type": "NodePort", "ports": [{"port": 80, "nodePort": 1234}]}
    sentence = cluster.apply(
        {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "far"}, "spec": taken}, code=1
    )
    assert "provided port is not in the valid range" in sentence
