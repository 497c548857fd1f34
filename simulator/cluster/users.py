"""Who uses the API, and what they want to do."""

from __future__ import annotations

from dataclasses import dataclass

ADMIN, VIEWER = "admin", "viewer"
MASTERS = "system:masters"
ROLE_PREFIX = "role:"
ACCOUNT_PREFIX = "system:serviceaccount:"


@dataclass(frozen=True)
class User:
    """Somebody, who has what is bound to their name and groups."""

    name: str
    groups: tuple[str, ...] = ()
    uid: str = ""


@dataclass(frozen=True)
class Action:
    """What somebody wants to do, in the words of the Kubernetes authorizer."""

    verb: str
    group: str = ""
    resource: str = ""
    subresource: str = ""
    namespace: str = ""
    name: str = ""

    @property
    def what(self) -> str:
        """The resource with its sub-resource."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


ANYBODY = User("system:anonymous", (MASTERS, "system:unauthenticated"))


def of_token_file(name: str, role: str) -> User:
    """A user of the token file."""
    masters = (MASTERS,) if role == ADMIN else ()
    return User(name, (*masters, "system:authenticated", f"{ROLE_PREFIX}{role}"))


def service_account(namespace: str, name: str, uid: str = "") -> User:
    """The user that a service account is."""
    groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", "system:authenticated")
    return User(f"{ACCOUNT_PREFIX}{namespace}:{name}", groups, uid)


def named(name: str, groups: tuple[str, ...] = ()) -> User:
    """Somebody who is known by name only."""
    namespace, colon, account = name.removeprefix(ACCOUNT_PREFIX).partition(":")
    if name.startswith(ACCOUNT_PREFIX) and colon:
        return service_account(namespace, account)
    return User(name, (*groups, "system:authenticated"))
