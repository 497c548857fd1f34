"""HTTPS, bearer tokens and what the roles may do."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException
from support.cluster_fixtures import NAMESPACE, Cluster, marked_processes, pod, pod_spec, workload
from support.loopback import free_port

from simulator.layout.certificates import ca_file, issue

ADMIN, VIEWER = "token-of-the-admin", "token-of-the-viewer"


class Guarded(Cluster):
    """A cluster with HTTPS and tokens: `viewer` and `plain` are further kubeconfigs."""

    def __init__(self, directory: Path) -> None:
        certificate, key = issue(directory, "kubernetes")
        self.ca = ca_file(directory)
        tokens = [
            {"token": ADMIN, "user": "operator", "role": "admin"},
            {"token": VIEWER, "user": "guest", "role": "viewer"},
        ]
        (directory / "tokens.json").write_text(json.dumps(tokens))
        self.tls_port = free_port()
        options = ["--tls-port", str(self.tls_port), "--tls-cert", str(certificate), "--tls-key", str(key)]
        super().__init__(directory, options=[*options, "--tokens", str(directory / "tokens.json")], token=ADMIN)
        self.secure = {"server": f"https://127.0.0.1:{self.tls_port}", "certificate-authority": str(self.ca)}
        self.admin = self.write_kubeconfig("kubeconfig-admin", self.secure, ADMIN)
        self.viewer = self.write_kubeconfig("kubeconfig-viewer", self.secure, VIEWER)


@pytest.fixture(scope="module", name="cluster")
def _cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    started = Guarded(tmp_path_factory.mktemp("guarded"))
    try:
        started.core.create_namespaced_pod(NAMESPACE, pod("worker", pod_spec("lines", "3", "0")))
        idle = workload("Deployment", "idle", pod_spec("work", "60", "0"), replicas=0)
        started.apps.create_namespaced_deployment(NAMESPACE, idle)
        started.running("worker")
        yield started
    finally:
        started.stop()
    assert "Traceback" not in (log := (started.directory / "cluster.log").read_text()), log
    assert marked_processes(started.directory) == []


def as_viewer(cluster: Guarded, *arguments: str, code: int = 0, text: str | None = None) -> str:
    return cluster.kubectl("--kubeconfig", str(cluster.viewer), *arguments, code=code, text=text)


def as_admin(cluster: Guarded, *arguments: str, code: int = 0) -> str:
    return cluster.kubectl("--kubeconfig", str(cluster.admin), *arguments, code=code)


def python_client(cluster: Guarded, token: str) -> client.CoreV1Api:
    configuration = client.Configuration(host=cluster.secure["server"])
    configuration.ssl_ca_cert = str(cluster.ca)
    configuration.api_key["authorization"] = f"Bearer {token}"
    return client.CoreV1Api(client.ApiClient(configuration))


def ask(cluster: Guarded, path: str, authorization: str = "") -> tuple[int, str]:
    request = urllib.request.Request(cluster.url + path, headers={"Authorization": authorization})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310 - our own server
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_admin_works_over_https_with_kubectl(cluster: Guarded) -> None:
    assert "worker" in as_admin(cluster, "get", "pods")
    assert as_admin(cluster, "exec", "worker", "--", "echo", "hello") == "hello\n"
    assert "line 2" in as_admin(cluster, "logs", "worker")
    as_admin(cluster, "label", "pod", "worker", "seen=yes")
    assert as_admin(cluster, "auth", "can-i", "delete", "pods") == "yes\n"
    assert "operator" in as_admin(cluster, "auth", "whoami")


def test_https_is_tls_1_2_at_least_and_of_the_sites_authority(cluster: Guarded) -> None:
    untrusting = cluster.write_kubeconfig("kubeconfig-untrusting", {"server": cluster.secure["server"]}, ADMIN)
    output = cluster.kubectl("--kubeconfig", str(untrusting), "get", "pods", code=1)
    assert "certificate signed by unknown authority" in output
    old = ssl.create_default_context(cafile=str(cluster.ca))
    old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # that the version is old is what is shown here
        old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(urllib.error.URLError, match=r"(?i)ssl|protocol|alert"):
        urllib.request.urlopen(f"{cluster.secure['server']}/readyz", context=old, timeout=5)  # noqa: S310
    new = ssl.create_default_context(cafile=str(cluster.ca))
    with urllib.request.urlopen(f"{cluster.secure['server']}/readyz", context=new, timeout=5) as answer:  # noqa: S310
        assert answer.status == 200


def test_without_a_good_token_everything_but_health_and_version_is_401(cluster: Guarded) -> None:
    for authorization in ("", "Bearer wrong", f"Basic {ADMIN}", "Bearer"):
        for path in ("/api/v1/namespaces/panda/pods", "/api", "/apis", "/api/v1/nodes", "/no/such"):
            code, body = ask(cluster, path, authorization)
            status = json.loads(body)
            assert (code, status["kind"], status["reason"], status["code"]) == (401, "Status", "Unauthorized", 401)
    assert ask(cluster, "/readyz") == (200, "ok")
    assert ask(cluster, "/version")[0] == 200
    nobody = cluster.write_kubeconfig("kubeconfig-nobody", cluster.secure, "wrong")
    assert "must be logged in" in cluster.kubectl("--kubeconfig", str(nobody), "get", "pods", code=1)


def test_viewer_reads(cluster: Guarded) -> None:
    assert "worker" in as_viewer(cluster, "get", "pods,services,jobs", "-A")
    assert "line 2" in as_viewer(cluster, "logs", "worker")
    assert "Started" in as_viewer(cluster, "describe", "pod", "worker")
    assert "worker" in as_viewer(cluster, "top", "pods")
    assert "worker-node" in as_viewer(cluster, "get", "nodes")


@pytest.mark.parametrize(
    ("arguments", "verb", "what"),
    [
        (("delete", "pod", "worker"), "delete", "pods"),
        (("delete", "pods", "--all"), "delete", "pods"),
        (("label", "pod", "worker", "a=b"), "patch", "pods"),
        (("scale", "deployment/idle", "--replicas=0"), "patch", "deployments/scale"),
        (("exec", "worker", "--", "true"), "create", "pods/exec"),
        (("get", "secrets"), "list", "secrets"),
        (("get", "secret", "any"), "get", "secrets"),
    ],
)
def test_viewer_changes_nothing_and_sees_no_secret(
    cluster: Guarded, arguments: tuple[str, ...], verb: str, what: str
) -> None:
    output = as_viewer(cluster, *arguments, code=1)
    assert "Forbidden" in output or "forbidden" in output
    assert f'User "guest" cannot {verb} resource "{what}"' in output
    assert cluster.pod("worker").metadata.deletion_timestamp is None


def test_viewers_writes_are_403_with_a_status_for_the_python_client(cluster: Guarded) -> None:
    api = python_client(cluster, VIEWER)
    assert [one.metadata.name for one in api.list_namespaced_pod(NAMESPACE).items] == ["worker"]
    with pytest.raises(ApiException) as caught:
        api.create_namespaced_config_map(NAMESPACE, {"metadata": {"name": "mine"}})
    status = json.loads(caught.value.body)
    assert (caught.value.status, status["kind"], status["reason"]) == (403, "Status", "Forbidden")
    assert status["message"] == (
        'configmaps is forbidden: User "guest" cannot create resource "configmaps" in API group "" '
        'in the namespace "panda"'
    )
    with pytest.raises(ApiException) as caught:
        api.delete_collection_namespaced_pod(NAMESPACE)
    assert caught.value.status == 403
    assert 'cannot deletecollection resource "pods"' in json.loads(caught.value.body)["message"]


def test_can_i_reports_what_would_happen(cluster: Guarded) -> None:
    for wanted, answer in (
        (("get", "pods"), "yes"),
        (("list", "deployments.apps"), "yes"),
        (("get", "pods", "--subresource=log"), "yes"),
        (("create", "pods"), "no"),
        (("get", "secrets"), "no"),
        (("create", "pods", "--subresource=exec"), "no"),
        (("*", "*"), "no"),
    ):
        finished = cluster.run_kubectl("--kubeconfig", str(cluster.viewer), "auth", "can-i", *wanted)
        assert (wanted, finished.stdout.split()[:1]) == (wanted, [answer]), finished.stderr
        assert finished.returncode == (0 if answer == "yes" else 1)
    assert "guest" in as_viewer(cluster, "auth", "whoami")
    assert "[get list watch]" in as_viewer(cluster, "auth", "can-i", "--list")
    review = client.AuthorizationV1Api(python_client(cluster, VIEWER).api_client)
    spec = {"resourceAttributes": {"verb": "delete", "resource": "pods", "namespace": NAMESPACE}}
    assert not review.create_self_subject_access_review({"spec": spec}).status.allowed


ROLE = """
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pod-reader}
rules: [{apiGroups: [""], resources: [pods, pods/log], verbs: [get, list]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: runner}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pod-reader}
subjects: [{kind: ServiceAccount, name: runner, namespace: panda}]
"""
RUNNER = f"system:serviceaccount:{NAMESPACE}:runner"


@pytest.fixture(scope="module", name="runner")
def _runner(cluster: Guarded) -> str:
    """A service account that may read pods and their logs; returns a token of it."""
    cluster.kubectl("--kubeconfig", str(cluster.admin), "apply", "-f", "-", text=ROLE)
    return as_admin(cluster, "create", "token", "runner", "--duration=20m").strip()


def test_a_service_account_may_what_its_role_lists(cluster: Guarded, runner: str) -> None:
    config = ("--kubeconfig", str(cluster.write_kubeconfig("kubeconfig-runner", cluster.secure, runner)))
    assert "worker" in cluster.kubectl(*config, "get", "pods")
    assert "line 2" in cluster.kubectl(*config, "logs", "worker")
    assert RUNNER in cluster.kubectl(*config, "auth", "whoami")
    refused = cluster.kubectl(*config, "delete", "pod", "worker", code=1)
    text = f'pods "worker" is forbidden: User "{RUNNER}" cannot delete resource "pods" in API group "" in the namespace'
    assert f'{text} "panda"' in refused
    assert cluster.kubectl(*config, "auth", "can-i", "list", "pods") == "yes\n"
    assert cluster.kubectl(*config, "auth", "can-i", "list", "pods", "-n", "default", code=1) == "no\n"
    listed = cluster.kubectl(*config, "auth", "can-i", "--list")
    assert "pods/log" in listed
    assert as_admin(cluster, "auth", "can-i", "delete", "pods", "--as", RUNNER, code=1) == "no\n"
    assert "cannot impersonate" in as_viewer(cluster, "get", "pods", "--as", RUNNER, code=1)
    assert "pod-reader" in as_admin(cluster, "get", "rolebindings", "-o", "wide")


def test_the_python_client_asks_for_tokens_and_gets_the_real_sentence(cluster: Guarded, runner: str) -> None:
    request = {"spec": {"expirationSeconds": 3600, "audiences": ["https://kubernetes.default.svc.cluster.local"]}}
    api = python_client(cluster, ADMIN)
    token = api.create_namespaced_service_account_token("runner", NAMESPACE, request).status.token
    assert [one.metadata.name for one in python_client(cluster, token).list_namespaced_pod(NAMESPACE).items] == [
        "worker"
    ]
    with pytest.raises(ApiException) as caught:
        python_client(cluster, runner).list_namespaced_secret(NAMESPACE)
    assert (caught.value.status, json.loads(caught.value.body)["message"]) == (
        403,
        f'secrets is forbidden: User "{RUNNER}" cannot list resource "secrets" in API group "" '
        'in the namespace "panda"',
    )
    with pytest.raises(ApiException) as caught:
        api.create_namespaced_service_account_token("runner", NAMESPACE, {"spec": {"expirationSeconds": 60}})
    assert "may not specify a duration less than 10 minutes" in caught.value.body


def test_a_pod_has_the_token_of_its_account_where_programs_look_for_it(cluster: Guarded, runner: str) -> None:
    del runner  # it made the account
    spec = pod_spec("lines", "1", "0", serviceAccountName="runner")
    cluster.core.create_namespaced_pod(NAMESPACE, pod("shard", spec))
    cluster.running("shard")
    program = (
        "import os, urllib.error, urllib.request as r\n"
        "token = open('var/run/secrets/kubernetes.io/serviceaccount/token').read()\n"
        "assert token == os.environ['KUBERNETES_TOKEN']\n"
        "for kind in ('pods', 'secrets'):\n"
        "    url = os.environ['KUBERNETES_API'] + '/api/v1/namespaces/panda/' + kind\n"
        "    try: print(r.urlopen(r.Request(url, headers={'Authorization': 'Bearer ' + token})).status)\n"
        "    except urllib.error.HTTPError as refused: print(refused.code)\n"
    )
    output = as_admin(cluster, "exec", "shard", "--", "python", "-c", program)
    assert output == "200\n403\n"
    cluster.core.delete_namespaced_pod("shard", NAMESPACE)


def test_a_pod_without_its_account_is_not_made(cluster: Guarded) -> None:
    with pytest.raises(ApiException) as caught:
        spec = pod_spec("lines", "1", "0", serviceAccountName="nobody")
        cluster.core.create_namespaced_pod(NAMESPACE, pod("homeless", spec))
    assert caught.value.status == 403
    assert 'serviceaccount "nobody" not found' in json.loads(caught.value.body)["message"]


def test_pods_get_a_token_that_works_on_the_plain_port(cluster: Guarded) -> None:
    program = (
        "import os, urllib.request as r; "
        "q = r.Request(os.environ['KUBERNETES_API'] + '/api/v1/namespaces/panda/pods', "
        "headers={'Authorization': 'Bearer ' + os.environ['KUBERNETES_TOKEN']}); print(r.urlopen(q).status)"
    )
    assert as_admin(cluster, "exec", "worker", "--", "python", "-c", program) == "200\n"
