"""The service account of the jobs that clear up after views, with the rights that this takes."""

from __future__ import annotations

from typing import Any

ACCOUNT = "cleanup-sa"
_RBAC = "rbac.authorization.k8s.io"
_RULES = (
    {"apiGroups": ["batch"], "resources": ["jobs"], "verbs": ["get", "list", "watch", "delete"]},
    {"apiGroups": [""], "resources": ["services"], "verbs": ["delete"]},
    {"apiGroups": [""], "resources": ["pods"], "verbs": ["list"]},
    {"apiGroups": ["metrics.k8s.io"], "resources": ["pods"], "verbs": ["list"]},
)


def cleanup_account(namespace: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (collection path, object) of the account, its role and the binding of both."""
    rbac = f"/apis/{_RBAC}/v1/namespaces/{namespace}"
    bound = {
        "roleRef": {"apiGroup": _RBAC, "kind": "Role", "name": ACCOUNT},
        "subjects": [{"kind": "ServiceAccount", "name": ACCOUNT, "namespace": namespace}],
    }
    return [
        (f"/api/v1/namespaces/{namespace}/serviceaccounts", _object("v1", "ServiceAccount")),
        (f"{rbac}/roles", {**_object(f"{_RBAC}/v1", "Role"), "rules": list(_RULES)}),
        (f"{rbac}/rolebindings", {**_object(f"{_RBAC}/v1", "RoleBinding"), **bound}),
    ]


def _object(api_version: str, kind: str) -> dict[str, Any]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": ACCOUNT}}
