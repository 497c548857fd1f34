"""What roles and their bindings grant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simulator.cluster import meta
from simulator.cluster.resources import CLUSTER_ROLE, CLUSTER_ROLE_BINDING, ROLE, ROLE_BINDING, Kind, Object
from simulator.cluster.store import Store
from simulator.cluster.users import Action, User, service_account

RBAC_GROUP = ROLE.group


@dataclass(frozen=True)
class Bound:
    """A role that is bound to somebody; `rules` is None when the role does not exist, which `missing` reports."""

    title: str
    missing: str
    rules: list[Object] | None


class Rbac:
    """Reads roles and bindings of a store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def grant(self, user: User, action: Action) -> str:
        """The binding that lets somebody do something, empty when none does."""
        for bound in self._bound(user, action.namespace):
            if any(_allows(rule, action) for rule in bound.rules or []):
                return f"RBAC: allowed by {bound.title}"
        return ""

    def missing_roles(self, user: User, namespace: str) -> str:
        """The roles that bindings name and nobody made, as the API server appends them to a refusal."""
        texts = [bound.missing for bound in self._bound(user, namespace) if bound.rules is None]
        return f"RBAC: [{', '.join(texts)}]" if len(texts) > 1 else f"RBAC: {texts[0]}" if texts else ""

    def rules(self, user: User, namespace: str) -> list[Object]:
        """All rules that somebody has in a namespace."""
        return [rule for bound in self._bound(user, namespace) for rule in bound.rules or []]

    def _bound(self, user: User, namespace: str) -> Iterator[Bound]:
        for kind in (CLUSTER_ROLE_BINDING, ROLE_BINDING):
            if kind == ROLE_BINDING and not namespace:
                continue
            for binding in self._store.objects(kind, namespace if kind == ROLE_BINDING else ""):
                subject = next((one for one in binding.get("subjects") or [] if _is(user, one, binding)), None)
                if subject is not None:
                    yield self._of(kind, binding, subject)

    def _of(self, kind: Kind, binding: Object, subject: Object) -> Bound:
        reference = binding["roleRef"]
        role_kind = ROLE if reference["kind"] == ROLE.name else CLUSTER_ROLE
        role = self._store.get(role_kind, meta.namespace_of(binding) if role_kind == ROLE else "", reference["name"])
        place = f"/{meta.namespace_of(binding)}" if kind == ROLE_BINDING else ""
        who = subject["name"] + (f"/{subject['namespace']}" if subject.get("namespace") else "")
        title = (
            f'{kind.name} "{meta.name_of(binding)}{place}" of {role_kind.name} "{reference["name"]}" '
            f'to {subject["kind"]} "{who}"'
        )
        missing = f'{role_kind.name.lower()}.{RBAC_GROUP} "{reference["name"]}" not found'
        return Bound(title, missing, None if role is None else role.get("rules") or [])


def _is(user: User, subject: Object, binding: Object) -> bool:
    if subject["kind"] == "User":
        return bool(subject["name"] == user.name)
    if subject["kind"] == "Group":
        return subject["name"] in user.groups
    namespace = subject.get("namespace") or meta.namespace_of(binding)
    return user.name == service_account(namespace, subject["name"]).name


def _allows(rule: Object, action: Action) -> bool:
    resources = rule.get("resources") or []
    named = rule.get("resourceNames") or []
    return (
        _lists(rule.get("verbs") or [], action.verb)
        and _lists(rule.get("apiGroups") or [], action.group)
        and (_lists(resources, action.what) or (bool(action.subresource) and f"*/{action.subresource}" in resources))
        and (not named or action.name in named)
    )


def _lists(values: list[str], wanted: str) -> bool:
    return "*" in values or wanted in values
