"""A service account of a simulated cluster that may do little: its kubeconfig."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import yaml
from kubernetes import client, config

# What a monitor needs but for the logs.
PODS_AND_EVENTS = ("pods", "events")


def limited_kubeconfig(folder: Path, admin: Path, namespace: str, resources: Sequence[str]) -> Path:
    """The kubeconfig of an administrator with another user, who may get, list and watch these resources alone."""
    api = config.new_client_from_config(str(admin))
    name = f"limited-{len(resources)}"
    core, rights = client.CoreV1Api(api), client.RbacAuthorizationV1Api(api)
    core.create_namespaced_service_account(namespace, {"metadata": {"name": name}})
    rules = [{"apiGroups": [""], "resources": list(resources or ["configmaps"]), "verbs": ["get", "list", "watch"]}]
    rights.create_namespaced_role(namespace, {"metadata": {"name": name}, "rules": rules})
    binding = {
        "metadata": {"name": name},
        "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name},
        "subjects": [{"kind": "ServiceAccount", "name": name, "namespace": namespace}],
    }
    rights.create_namespaced_role_binding(namespace, binding)
    request = {"spec": {"expirationSeconds": 3600}}
    token = core.create_namespaced_service_account_token(name, namespace, request).status.token
    content = yaml.safe_load(admin.read_text(encoding="utf-8"))
    for user in content["users"]:
        user["user"] = {"token": token}
    path = folder / f"{name}.kubeconfig"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path
