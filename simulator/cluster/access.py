"""Who asks, and what they may do: bearer tokens with the roles `admin` and `viewer`.

A viewer reads everything but secrets and changes nothing, as the role `view` of a real cluster. Without a token file
everybody is an administrator.
"""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from pathlib import Path

from simulator.cluster.errors import ApiError
from simulator.cluster.resources import CREATED_BY_EVERYBODY, SECRET, Object

ADMIN, VIEWER = "admin", "viewer"
READING = ("get", "list", "watch")
# Answered without a token, as on a real cluster: what a load balancer or `kubectl version` asks.
OPEN_PATHS = ("/readyz", "/livez", "/healthz", "/version")


@dataclass(frozen=True)
class User:
    """Somebody with a role."""

    name: str
    role: str


ANYBODY = User("system:anonymous", ADMIN)


@dataclass(frozen=True)
class Action:
    """What somebody wants to do, in the words of the Kubernetes authorizer."""

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""


class Access:
    """Knows the tokens; an empty path means that none is needed."""

    def __init__(self, path: Path | None) -> None:
        self._users: dict[str, User] = {}
        if path is not None:
            for one in json.loads(path.read_text(encoding="utf-8")):
                if one["role"] not in (ADMIN, VIEWER):
                    raise ValueError(f"The role {one['role']} of {one['user']} is not known; use {ADMIN} or {VIEWER}.")
                self._users[one["token"]] = User(one["user"], one["role"])

    @property
    def pod_token(self) -> str:
        """The token that pods get: the first one of an administrator, empty when none is needed."""
        return next((token for token, user in self._users.items() if user.role == ADMIN), "")

    def user(self, authorization: str) -> User:
        """Who sent this Authorization header; raises 401."""
        if not self._users:
            return ANYBODY
        scheme, _, given = authorization.partition(" ")
        for token, user in self._users.items():
            if scheme.lower() == "bearer" and hmac.compare_digest(token.encode(), given.strip().encode()):
                return user
        raise ApiError(401, "Unauthorized", "Unauthorized")


def reason_against(user: User, action: Action) -> str:
    """Why a user may not do something, empty when they may."""
    if user.role == ADMIN or (action.verb == "create" and action.resource in CREATED_BY_EVERYBODY):
        return ""
    if action.verb not in READING or action.subresource == "exec":
        return f"the role {user.role} changes nothing"
    if (action.group, action.resource) in ((SECRET.group, SECRET.plural), ("*", "*"), ("", "*")):
        return f"the role {user.role} does not read secrets"
    return ""


def check(user: User, action: Action) -> None:
    """Raises 403 in the words of a real cluster."""
    if not reason_against(user, action):
        return
    resource = f"{action.resource}.{action.group}" if action.group else action.resource
    what = f"{action.resource}/{action.subresource}" if action.subresource else action.resource
    where = f' in the namespace "{action.namespace}"' if action.namespace else " at the cluster scope"
    text = f'cannot {action.verb} resource "{what}" in API group "{action.group}"{where}'
    details = {"name": action.name, "group": action.group, "kind": action.resource}
    title = f'{resource} "{action.name}"' if action.name else resource
    raise ApiError(403, "Forbidden", f'{title} is forbidden: User "{user.name}" {text}', details)


def review(user: User, kind: str, body: Object) -> Object:
    """The answer to one of the self reviews: may I, what may I, who am I."""
    answer: Object = {key: body[key] for key in ("apiVersion", "kind", "spec") if key in body}
    answer["metadata"] = {}
    if kind == "SelfSubjectReview":
        answer["status"] = {
            "userInfo": {"username": user.name, "groups": ["system:authenticated", f"role:{user.role}"]}
        }
    elif kind == "SelfSubjectRulesReview":
        verbs = ["*"] if user.role == ADMIN else list(READING)
        rule = {"verbs": verbs, "apiGroups": ["*"], "resources": ["*"]}
        note = "" if user.role == ADMIN else "secrets and exec are excepted"
        answer["status"] = {
            "resourceRules": [rule],
            "nonResourceRules": [{"verbs": ["get"], "nonResourceURLs": ["*"]}],
            "incomplete": bool(note),
            "evaluationError": note,
        }
    else:
        reason = _asked(user, body.get("spec") or {})
        answer["status"] = {"allowed": not reason, **({"reason": reason} if reason else {})}
    return answer


def _asked(user: User, spec: Object) -> str:
    wanted = spec.get("resourceAttributes")
    if wanted is None:
        return reason_against(user, Action((spec.get("nonResourceAttributes") or {}).get("verb", "get")))
    keys = ("verb", "group", "resource", "subresource", "namespace", "name")
    return reason_against(user, Action(**{key: wanted.get(key) or "" for key in keys}))
