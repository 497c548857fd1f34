"""kubectl on the node in the place of HTTP: which commands it runs, and what its words become."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.cluster import kubectl as kubectl_route
from focus_core.cluster.client import ClusterClient
from focus_core.cluster.kubectl import Kubectl
from focus_core.node.shell import Ended

POD_LIST = '{"kind": "PodList", "items": []}'
DEPLOYMENT = {"spec": {"replicas": 0}}


@dataclass
class Shell:
    """A node that ends every command in the same way and remembers its commands."""

    ended: Ended
    ran: list[tuple[str, str]] = field(default_factory=list)

    def execute(self, command: str, *, stdin: str = "", timeout: float) -> Ended:
        assert timeout > 15
        self.ran.append((command, stdin))
        return self.ended


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    shell = Shell(Ended(0, POD_LIST, ""))
    monkeypatch.setattr(kubectl_route, "shell_of", lambda _site: shell)
    return shell


@pytest.fixture
def kubectl(shell: Shell) -> Kubectl:
    site: Any = SimpleNamespace(kubernetes=SimpleNamespace(kubectl="sudo k3s kubectl"), node=SimpleNamespace(host="n"))
    assert shell
    return Kubectl(site)


@pytest.fixture
def cluster(kubectl: Kubectl) -> ClusterClient:
    return ClusterClient(namespace="panda", kubectl=kubectl)


def command(shell: Shell) -> list[str]:
    return shlex.split(shell.ran[-1][0])


def test_a_question_is_a_raw_path(cluster: ClusterClient, shell: Shell) -> None:
    assert cluster.pods("app=x") == []
    path = "/api/v1/namespaces/panda/pods?labelSelector=app%3Dx"
    assert command(shell) == ["sudo", "k3s", "kubectl", "--request-timeout=15s", "get", "--raw", path]


def test_a_log_is_a_text(cluster: ClusterClient, shell: Shell) -> None:
    shell.ended = Ended(0, "2026-01-01T12:00:00.1Z one: 1\n2026-01-01T12:00:01.1Z two\n", "")
    lines = cluster.pod_log("p", tail=2)
    assert [(line.time[17:19], line.text) for line in lines] == [("00", "one: 1"), ("01", "two")]
    assert "tailLines=2" in command(shell)[-1]


@pytest.mark.parametrize(("method", "verb"), [("POST", "create"), ("PUT", "replace"), ("DELETE", "delete")])
def test_a_change_is_sent_as_it_is(kubectl: Kubectl, shell: Shell, method: str, verb: str) -> None:
    kubectl.request(method, f"{kubectl_route.HOST}/apis/x/v1/y", body={"a": 1})
    assert command(shell)[4:] == [verb, "--raw", "/apis/x/v1/y", "--filename", "-"]
    assert shell.ran[-1][1] == '{"a": 1}'


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/apis/apps/v1/namespaces/panda/deployments/w/scale", "deployments.v1.apps w --namespace panda"),
        ("/api/v1/namespaces/panda/pods/w/scale", "pods w --namespace panda"),
    ],
)
def test_a_patch_names_its_object(kubectl: Kubectl, shell: Shell, path: str, words: str) -> None:
    kubectl.request("PATCH", f"{kubectl_route.HOST}{path}", body=DEPLOYMENT)
    ran = " ".join(command(shell)[4:])
    assert ran.startswith(f"patch {words} --type strategic --subresource scale --patch ")


def test_a_patch_of_anything_else_is_refused(kubectl: Kubectl) -> None:
    with pytest.raises(BenchError, match="not the address of one object"):
        kubectl.request("PATCH", f"{kubectl_route.HOST}/api/v1/nodes/n", body={})


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ('Error from server (NotFound): pods "x" not found', 404),
        ("Error from server (Forbidden): pods is forbidden: User may not", 403),
        ("error: You must be logged in to the server (Unauthorized)", 401),
        ("Error from server (Conflict): it was changed", 409),
    ],
)
def test_a_refusal_keeps_its_status(cluster: ClusterClient, shell: Shell, words: str, status: int) -> None:
    shell.ended = Ended(1, "", words)
    with pytest.raises(BenchError, match=f"refused list_namespaced_pod in namespace panda: {status} ") as refused:
        cluster.pods()
    assert getattr(refused.value.__cause__, "status", None) == status


@pytest.mark.parametrize(
    "words", ["The connection to the server 10.0.0.1:6443 was refused", "bash: line 1: k3s: command not found", ""]
)
def test_a_cluster_that_kubectl_cannot_reach_is_named(cluster: ClusterClient, shell: Shell, words: str) -> None:
    shell.ended = Ended(127, "", words)
    with pytest.raises(BenchError, match="'sudo k3s kubectl' on the node n cannot ask the cluster") as broken:
        cluster.pods()
    assert words in str(broken.value)


def test_a_command_in_a_pod_keeps_its_exit_code(cluster: ClusterClient, shell: Shell) -> None:
    shell.ended = Ended(3, "out", "no such file\ncommand terminated with exit code 3")
    assert cluster.run_in_pod("p", ["cat", "a b"]) == Ended(3, "out", "no such file")
    assert command(shell)[4:] == ["exec", "p", "--namespace", "panda", "--", "cat", "a b"]


def test_a_command_that_cannot_be_started_is_named(cluster: ClusterClient, shell: Shell) -> None:
    shell.ended = Ended(1, "", 'Error from server (NotFound): pods "p" not found')
    with pytest.raises(BenchError, match="cat could not be run in pod p: Error from server"):
        cluster.run_in_pod("p", ["cat"])
