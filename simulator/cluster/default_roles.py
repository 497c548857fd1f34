"""The roles that every cluster has, and what the pods of its main namespace may do."""

from __future__ import annotations

from simulator.cluster.registry import Registry
from simulator.cluster.resources import (
    CLUSTER_ROLE,
    CLUSTER_ROLE_BINDING,
    KINDS,
    ROLE,
    ROLE_BINDING,
    SECRET,
    Kind,
    Object,
)
from simulator.cluster.users import MASTERS, ROLE_PREFIX, VIEWER

READ = ["get", "list", "watch"]
WRITE = ["create", "delete", "deletecollection", "patch", "update"]
_MORE_OF_IT = ("log", "scale", "status")
_ROLE_KINDS = (ROLE, ROLE_BINDING)


def create_roles(registry: Registry, namespace: str) -> None:
    """Makes what is missing of the roles cluster-admin, admin, edit, view and viewer and their bindings.

    The default account of `namespace` is an administrator: the site's own programs run as it. A viewer of the token
    file reads every kind but secrets, in all namespaces.
    """
    everything = {"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}
    kinds = [kind for kind in KINDS if kind.namespaced and not kind.question]
    seen = [kind for kind in kinds if kind not in (SECRET, *_ROLE_KINDS)]
    edited = [kind for kind in kinds if kind not in _ROLE_KINDS]
    view = _rules(seen, READ)
    edit = [
        *view,
        *_rules(edited, READ + WRITE),
        _rule("", ["pods/exec", "pods/portforward", "pods/eviction"], ["create"]),
    ]
    roles = {
        "cluster-admin": [everything],
        "admin": [*edit, *_rules(list(_ROLE_KINDS), READ + WRITE)],
        "edit": edit,
        "view": view,
        VIEWER: _rules([kind for kind in KINDS if kind != SECRET and not kind.question], READ),
    }
    for name, rules in roles.items():
        _ensure(registry, CLUSTER_ROLE, {"metadata": {"name": name}, "rules": rules})
    account = {"kind": "ServiceAccount", "name": "default", "namespace": namespace}
    for name, role, subject in (
        ("cluster-admin", "cluster-admin", {"kind": "Group", "name": MASTERS}),
        (VIEWER, VIEWER, {"kind": "Group", "name": f"{ROLE_PREFIX}{VIEWER}"}),
        (f"pods-of-{namespace}", "cluster-admin", account),
    ):
        binding = {"roleRef": {"kind": CLUSTER_ROLE.name, "name": role}, "subjects": [subject]}
        _ensure(registry, CLUSTER_ROLE_BINDING, {"metadata": {"name": name}, **binding})


def _rules(kinds: list[Kind], verbs: list[str]) -> list[Object]:
    groups = dict.fromkeys(kind.group for kind in kinds)
    return [_rule(group, _resources([kind for kind in kinds if kind.group == group]), verbs) for group in groups]


def _resources(kinds: list[Kind]) -> list[str]:
    """Plural names, and those of the sub-resources that show or set more of an object."""
    below = [f"{kind.plural}/{name}" for kind in kinds for name in kind.subresources if name in _MORE_OF_IT]
    return [*(kind.plural for kind in kinds), *below]


def _rule(group: str, resources: list[str], verbs: list[str]) -> Object:
    return {"apiGroups": [group], "resources": resources, "verbs": verbs}


def _ensure(registry: Registry, kind: Kind, obj: Object) -> None:
    if registry.store.get(kind, "", obj["metadata"]["name"]) is None:
        registry.create(kind, "", obj)
