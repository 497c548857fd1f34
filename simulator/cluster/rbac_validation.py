"""The rules of roles and bindings whose violation the API server answers with 422 Invalid."""

from __future__ import annotations

from simulator.cluster.resources import CLUSTER_ROLE, ROLE, Kind, Object

Causes = list[tuple[str, str]]


def rbac_causes(kind: Kind, obj: Object, previous: Object | None) -> Causes:
    """The violated rules; `previous` is the stored state when the object changes."""
    if kind in (ROLE, CLUSTER_ROLE):
        return [cause for number, rule in enumerate(obj.get("rules") or []) for cause in _rule(kind, rule, number)]
    reference = obj.get("roleRef") or {}
    causes: Causes = []
    if reference.get("kind") not in (ROLE.name, CLUSTER_ROLE.name):
        text = f'Unsupported value: "{reference.get("kind", "")}": supported values: "ClusterRole", "Role"'
        causes.append(("roleRef.kind", text))
    if previous is not None and reference != previous["roleRef"]:
        causes.append(("roleRef", f"Invalid value: {reference}: cannot change roleRef"))
    for number, subject in enumerate(obj.get("subjects") or []):
        causes += _subject(subject, f"subjects[{number}]")
    return causes


def _rule(kind: Kind, rule: Object, number: int) -> Causes:
    where = f"rules[{number}]"
    causes: Causes = []
    if rule.get("verbs") == []:
        causes.append((f"{where}.verbs", "Required value: verbs must contain at least one value"))
    if rule.get("nonResourceURLs"):
        if kind == ROLE:
            text = f"Invalid value: {rule['nonResourceURLs']}: namespaced rules cannot apply to non-resource URLs"
            causes.append((f"{where}.nonResourceURLs", text))
        return causes
    if not rule.get("apiGroups"):
        causes.append((f"{where}.apiGroups", "Required value: resource rules must supply at least one api group"))
    if not rule.get("resources"):
        causes.append((f"{where}.resources", "Required value: resource rules must supply at least one resource"))
    return causes


def _subject(subject: Object, where: str) -> Causes:
    causes: Causes = []
    if subject.get("kind") not in ("ServiceAccount", "User", "Group"):
        text = f'Unsupported value: "{subject.get("kind", "")}": supported values: "ServiceAccount", "User", "Group"'
        causes.append((f"{where}.kind", text))
    elif subject["kind"] == "ServiceAccount" and not subject.get("namespace"):
        causes.append((f"{where}.namespace", "Required value"))
    return causes
