"""What an operator reads of the site in its cluster: ingress, claims, roles, and no secret in plain sight."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from kubernetes import client, config
from support.site_commands import PATIENCE_S, Site

NAMESPACE = "panda"


@pytest.fixture(scope="module")
def api(simulated_site: Site) -> client.ApiClient:
    return config.new_client_from_config(simulated_site["kubernetes"]["kubeconfig"])


def kubectl(site: Site, *arguments: str) -> str:
    program = str(Path(sys.executable).with_name("kubectl"))
    command = [program, "--kubeconfig", site["kubernetes"]["kubeconfig"], "-n", NAMESPACE, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True).stdout


def test_the_ingress_names_what_it_serves(api: client.ApiClient) -> None:
    (ingress,) = client.NetworkingV1Api(api).list_namespaced_ingress(NAMESPACE).items
    paths = {one.path: one.backend.service.name for rule in ingress.spec.rules for one in rule.http.paths}
    assert paths == {"/focus-server": "panda-panda-focus-server", "/prisma": "webapp"}
    names = {service.metadata.name for service in client.CoreV1Api(api).list_namespaced_service(NAMESPACE).items}
    assert set(paths.values()) <= names


def test_claims_are_bound_to_where_the_data_are(simulated_site: Site, api: client.ApiClient) -> None:
    core = client.CoreV1Api(api)
    claims = {one.metadata.name: one for one in core.list_namespaced_persistent_volume_claim(NAMESPACE).items}
    assert {"mongodb", "panda-panda-segy-recorder"} <= claims.keys()
    assert {claim.status.phase for claim in claims.values()} == {"Bound"}
    volume = core.read_persistent_volume(claims["mongodb"].spec.volume_name)
    assert Path(volume.spec.host_path.path).is_dir()
    (pod,) = core.list_namespaced_pod(NAMESPACE, label_selector="app.kubernetes.io/instance=mongodb").items
    execute = ("exec", pod.metadata.name, "--", "sh", "-c", "ls -d data/db/*")
    assert kubectl(simulated_site, *execute).split()


def test_roles_of_the_site_can_be_read(api: client.ApiClient) -> None:
    rbac = client.RbacAuthorizationV1Api(api)
    bound = {one.role_ref.name for one in rbac.list_namespaced_role_binding(NAMESPACE).items}
    assert {role.metadata.name for role in rbac.list_namespaced_role(NAMESPACE).items} & bound


def test_no_secret_of_the_site_stands_in_an_environment(simulated_site: Site) -> None:
    secrets = [
        path.read_text(encoding="utf-8").strip()
        for path in (Path(simulated_site["state_dir"]) / "secrets").iterdir()
        if path.is_file() and path.suffix == "" and path.stat().st_size < 500
    ]
    assert len(secrets) > 5
    shown = kubectl(simulated_site, "set", "env", "pods", "--all", "--list")
    shown += kubectl(simulated_site, "describe", "pods,deployments,statefulsets,jobs,configmaps")
    assert "MONGODB_URI" in shown
    assert [text[:4] for text in secrets if text and text in shown] == []
