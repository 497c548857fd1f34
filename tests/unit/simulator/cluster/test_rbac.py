"""Roles, bindings and tokens of service accounts, without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.cluster import meta
from simulator.cluster.accounts import ServiceAccounts, signing_key
from simulator.cluster.authorizer import Authorizer
from simulator.cluster.default_roles import create_roles
from simulator.cluster.errors import ApiError
from simulator.cluster.registry import Registry
from simulator.cluster.resources import (
    CLUSTER_ROLE_BINDING,
    NAMESPACE,
    POD,
    ROLE,
    ROLE_BINDING,
    SERVICE_ACCOUNT,
    Object,
)
from simulator.cluster.store import Store
from simulator.cluster.users import Action, User, named, of_token_file, service_account

SPACE = "tests"
RUNNER = service_account(SPACE, "runner")
READER = {"rules": [{"apiGroups": [""], "resources": ["pods", "pods/log"], "verbs": ["get", "list"]}]}


@pytest.fixture(name="registry")
def _registry() -> Registry:
    registry = Registry(Store())
    for name in (SPACE, "other"):
        registry.create(NAMESPACE, "", {"metadata": {"name": name}})
    create_roles(registry, SPACE)
    registry.create(SERVICE_ACCOUNT, SPACE, {"metadata": {"name": "runner"}})
    return registry


def bind(registry: Registry, role: str = "reader", *, kind: str = "Role", subject: Object | None = None) -> Object:
    who = subject or {"kind": "ServiceAccount", "name": "runner", "namespace": SPACE}
    body = {"metadata": {"name": "binding"}, "roleRef": {"kind": kind, "name": role}, "subjects": [who]}
    return registry.create(ROLE_BINDING, SPACE, body)


def allowed(registry: Registry, user: User, action: Action) -> bool:
    try:
        Authorizer(registry.store).check(user, action)
    except ApiError as refused:
        assert refused.code == 403
        return False
    return True


def refusal(registry: Registry, user: User, action: Action) -> str:
    with pytest.raises(ApiError) as refused:
        Authorizer(registry.store).check(user, action)
    return refused.value.message


def test_an_account_may_what_its_role_lists_and_nothing_else(registry: Registry) -> None:
    registry.create(ROLE, SPACE, {"metadata": {"name": "reader"}, **READER})
    bind(registry)
    assert allowed(registry, RUNNER, Action("list", "", "pods", namespace=SPACE))
    assert allowed(registry, RUNNER, Action("get", "", "pods", "log", SPACE, "a"))
    for action in (
        Action("delete", "", "pods", namespace=SPACE, name="a"),
        Action("get", "", "pods", "exec", SPACE, "a"),
        Action("list", "", "pods", namespace="other"),
        Action("list", "", "pods"),
        Action("list", "batch", "jobs", namespace=SPACE),
    ):
        assert not allowed(registry, RUNNER, action)
    text = refusal(registry, RUNNER, Action("list", "batch", "jobs", namespace=SPACE))
    assert text == (
        'jobs.batch is forbidden: User "system:serviceaccount:tests:runner" cannot list resource "jobs" '
        'in API group "batch" in the namespace "tests"'
    )


def test_a_rule_for_names_is_for_these_names(registry: Registry) -> None:
    rule = {"apiGroups": [""], "resources": ["secrets"], "verbs": ["get"], "resourceNames": ["login"]}
    registry.create(ROLE, SPACE, {"metadata": {"name": "reader"}, "rules": [rule]})
    bind(registry)
    assert allowed(registry, RUNNER, Action("get", "", "secrets", namespace=SPACE, name="login"))
    assert not allowed(registry, RUNNER, Action("get", "", "secrets", namespace=SPACE, name="other"))
    assert not allowed(registry, RUNNER, Action("list", "", "secrets", namespace=SPACE))


def test_a_cluster_role_is_bound_for_one_namespace_or_for_all(registry: Registry) -> None:
    bind(registry, "view", kind="ClusterRole")
    assert allowed(registry, RUNNER, Action("watch", "apps", "deployments", namespace=SPACE))
    assert not allowed(registry, RUNNER, Action("watch", "apps", "deployments", namespace="other"))
    assert not allowed(registry, RUNNER, Action("get", "", "secrets", namespace=SPACE, name="a"))
    group = {"kind": "Group", "name": "system:serviceaccounts"}
    reference = {"kind": "ClusterRole", "name": "edit"}
    body = {"metadata": {"name": "all"}, "roleRef": reference, "subjects": [group]}
    registry.create(CLUSTER_ROLE_BINDING, "", body)
    assert allowed(registry, RUNNER, Action("create", "", "secrets", namespace="other"))
    assert not allowed(registry, RUNNER, Action("create", ROLE.group, "roles", namespace="other"))


def test_a_binding_without_its_role_grants_nothing_and_is_named(registry: Registry) -> None:
    bind(registry, "gone")
    text = refusal(registry, RUNNER, Action("list", "", "pods", namespace=SPACE))
    assert text.endswith(': RBAC: role.rbac.authorization.k8s.io "gone" not found')


def test_users_have_what_is_bound_to_them_beside_their_role(registry: Registry) -> None:
    viewer = of_token_file("guest", "viewer")
    delete = Action("delete", "", "pods", namespace=SPACE, name="a")
    assert not allowed(registry, viewer, delete)
    assert not allowed(registry, named("guest"), Action("get", "", "pods", namespace=SPACE, name="a"))
    bind(registry, "edit", kind="ClusterRole", subject={"kind": "User", "name": "guest"})
    assert allowed(registry, viewer, delete)
    assert allowed(registry, named("guest"), delete)
    assert not allowed(registry, viewer, Action("delete", "", "nodes", name="a"))


def test_the_review_names_the_binding(registry: Registry) -> None:
    registry.create(ROLE, SPACE, {"metadata": {"name": "reader"}, **READER})
    bind(registry)
    authorizer = Authorizer(registry.store)

    def asked(**wanted: str) -> Object:
        body = {"spec": {"resourceAttributes": {"namespace": SPACE, "resource": "pods", **wanted}}}
        return dict(authorizer.review(RUNNER, "SelfSubjectAccessReview", body)["status"])

    reason = 'RBAC: allowed by RoleBinding "binding/tests" of Role "reader" to ServiceAccount "runner/tests"'
    assert asked(verb="get") == {"allowed": True, "reason": reason}
    assert asked(verb="delete") == {"allowed": False}
    rules = authorizer.review(RUNNER, "SelfSubjectRulesReview", {"spec": {"namespace": SPACE}})["status"]
    assert READER["rules"][0] in rules["resourceRules"]
    about = authorizer.review(RUNNER, "SelfSubjectReview", {})["status"]["userInfo"]
    assert "system:serviceaccounts:tests" in about["groups"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"rules": [{"apiGroups": [""], "resources": ["pods"]}]}, "rules[0].verbs"),
        ({"rules": [{"verbs": ["get"], "resources": ["pods"]}]}, "rules[0].apiGroups"),
        ({"rules": [{"verbs": ["get"], "apiGroups": [""]}]}, "rules[0].resources"),
        ({"rules": [{"verbs": ["get"], "nonResourceURLs": ["/metrics"]}]}, "rules[0].nonResourceURLs"),
    ],
)
def test_a_role_that_grants_nothing_sensible_is_refused(registry: Registry, body: Object, field: str) -> None:
    with pytest.raises(ApiError) as refused:
        registry.create(ROLE, SPACE, {"metadata": {"name": "reader"}, **body})
    assert [one["field"] for one in refused.value.details["causes"]] == [field]


def test_a_binding_keeps_its_role(registry: Registry) -> None:
    current = bind(registry)
    with pytest.raises(ApiError, match="cannot change roleRef"):
        registry.update(ROLE_BINDING, current, {**current, "roleRef": {**current["roleRef"], "name": "other"}})
    with pytest.raises(ApiError, match=r"subjects\[0\].namespace: Required value"):
        registry.update(ROLE_BINDING, current, {**current, "subjects": [{"kind": "ServiceAccount", "name": "a"}]})


def test_a_token_ends_with_its_time_its_account_and_its_pod(registry: Registry) -> None:
    accounts = ServiceAccounts(registry.store, "k" * 32)
    account = registry.get(SERVICE_ACCOUNT, SPACE, "runner")
    spec = {"serviceAccountName": "runner", "containers": [{"name": "main", "image": "any"}]}
    pod = registry.create(POD, SPACE, {"metadata": {"name": "shard"}, "spec": spec})
    bound, free = accounts.token_of_pod(pod), accounts.issue(account, 600).text
    assert {accounts.user(token) for token in (bound, free)} == {service_account(SPACE, "runner", meta.uid_of(account))}
    assert accounts.user("not.ours.atall") is None
    assert ServiceAccounts(registry.store, "x" * 32).user(free) is None
    registry.delete(POD, SPACE, "shard")
    for gone in (bound, accounts.issue(account, -1).text):
        with pytest.raises(ApiError, match="Unauthorized"):
            accounts.user(gone)
    registry.delete(SERVICE_ACCOUNT, SPACE, "runner")
    registry.create(SERVICE_ACCOUNT, SPACE, {"metadata": {"name": "runner"}})
    with pytest.raises(ApiError, match="Unauthorized"):
        accounts.user(free)


def test_a_pod_may_do_without_a_token(registry: Registry) -> None:
    accounts = ServiceAccounts(registry.store, "k" * 32)
    spec = {"serviceAccountName": "runner", "containers": [{"name": "main", "image": "any"}]}
    body = {"metadata": {"name": "shard"}, "spec": {**spec, "automountServiceAccountToken": False}}
    assert accounts.token_of_pod(registry.create(POD, SPACE, body)) == ""
    with pytest.raises(ApiError) as refused:
        registry.create(POD, SPACE, {"metadata": {"name": "b"}, "spec": {**spec, "serviceAccountName": "nobody"}})
    assert refused.value.message == (
        'pods "b" is forbidden: error looking up service account tests/nobody: serviceaccount "nobody" not found'
    )


def test_the_signing_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert signing_key(path) == signing_key(path)
    assert path.stat().st_mode & 0o777 == 0o600
