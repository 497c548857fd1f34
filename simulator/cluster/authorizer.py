"""What users may do, and their questions about it.

The group system:masters may do everything; everybody else what roles bound to them allow.
"""

from __future__ import annotations

from simulator.cluster.errors import ApiError
from simulator.cluster.rbac import Rbac
from simulator.cluster.resources import CREATED_BY_EVERYBODY, Object
from simulator.cluster.store import Store
from simulator.cluster.users import MASTERS, Action, User

# What every authenticated user may ask: who am I, what may I.
_ASKING = {
    "verbs": ["create"],
    "apiGroups": ["authentication.k8s.io", "authorization.k8s.io"],
    "resources": list(CREATED_BY_EVERYBODY),
}


class Authorizer:
    """Decides by the bindings of a store."""

    def __init__(self, store: Store) -> None:
        self._rbac = Rbac(store)

    def check(self, user: User, action: Action) -> None:
        """Raises 403 in the words of a real cluster."""
        allowed, reason = self._decide(user, action)
        if allowed:
            return
        resource = f"{action.resource}.{action.group}" if action.group else action.resource
        where = f' in the namespace "{action.namespace}"' if action.namespace else " at the cluster scope"
        text = f'cannot {action.verb} resource "{action.what}" in API group "{action.group}"{where}'
        details = {"name": action.name, "group": action.group, "kind": action.resource}
        title = f'{resource} "{action.name}"' if action.name else resource
        missing = f": {reason}" if reason else ""
        raise ApiError(403, "Forbidden", f'{title} is forbidden: User "{user.name}" {text}{missing}', details)

    def review(self, user: User, kind: str, body: Object) -> Object:
        """The answer to one of the self reviews: may I, what may I, who am I."""
        answer: Object = {key: body[key] for key in ("apiVersion", "kind", "spec") if key in body}
        answer["metadata"] = {}
        spec = body.get("spec") or {}
        if kind == "SelfSubjectReview":
            about = {"username": user.name, "groups": list(user.groups), **({"uid": user.uid} if user.uid else {})}
            answer["status"] = {"userInfo": about}
        elif kind == "SelfSubjectRulesReview":
            answer["status"] = self._all_rules(user, spec.get("namespace") or "")
        else:
            allowed, reason = self._asked(user, spec)
            answer["status"] = {"allowed": allowed, **({"reason": reason} if reason else {})}
        return answer

    def _decide(self, user: User, action: Action) -> tuple[bool, str]:
        """Whether a user may do something, and why."""
        if MASTERS in user.groups or (action.verb == "create" and action.resource in CREATED_BY_EVERYBODY):
            return True, ""
        granted = self._rbac.grant(user, action)
        return bool(granted), granted or self._rbac.missing_roles(user, action.namespace)

    def _asked(self, user: User, spec: Object) -> tuple[bool, str]:
        wanted = spec.get("resourceAttributes")
        if wanted is None:
            # Paths beside the resources: health, version, discovery.
            return MASTERS in user.groups or (spec.get("nonResourceAttributes") or {}).get("verb") == "get", ""
        keys = ("verb", "group", "resource", "subresource", "namespace", "name")
        return self._decide(user, Action(**{key: wanted.get(key) or "" for key in keys}))

    def _all_rules(self, user: User, namespace: str) -> Object:
        return {
            "resourceRules": [*self._rbac.rules(user, namespace), _ASKING],
            "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["*"]}],
            "incomplete": False,
        }
