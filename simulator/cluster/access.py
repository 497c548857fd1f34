"""Who asks: bearer tokens of the token file and of service accounts.

Without a token file everybody is an administrator who does not come with the token of a service account.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from pathlib import Path

from simulator.cluster.accounts import ServiceAccounts
from simulator.cluster.errors import ApiError
from simulator.cluster.users import ADMIN, ANYBODY, VIEWER, Action, User, named, of_token_file

# Answered without a token, as on a real cluster: what a load balancer or `kubectl version` asks.
OPEN_PATHS = ("/readyz", "/livez", "/healthz", "/version")


class Access:
    """Knows the tokens; an empty path means that none is needed."""

    def __init__(self, path: Path | None, accounts: ServiceAccounts) -> None:
        self._accounts = accounts
        self._users: dict[str, User] = {}
        if path is not None:
            for one in json.loads(path.read_text(encoding="utf-8")):
                if one["role"] not in (ADMIN, VIEWER):
                    raise ValueError(f"The role {one['role']} of {one['user']} is not known; use {ADMIN} or {VIEWER}.")
                self._users[one["token"]] = of_token_file(one["user"], one["role"])

    def user(self, authorization: str) -> User:
        """Who sent this Authorization header; raises 401."""
        scheme, _, given = authorization.partition(" ")
        given = given.strip() if scheme.lower() == "bearer" else ""
        for token, user in self._users.items():
            if hmac.compare_digest(token.encode(), given.encode()):
                return user
        account = self._accounts.user(given) if given else None
        if account is None and self._users:
            raise ApiError(401, "Unauthorized", "Unauthorized")
        return account or ANYBODY


def impersonated(headers: Mapping[str, str]) -> tuple[User, Action] | None:
    """As whom a request is to be answered (`kubectl --as`), and what its sender must be allowed for it."""
    name = headers.get("Impersonate-User")
    if not name:
        return None
    group = headers.get("Impersonate-Group")
    return named(name, (group,) if group else ()), Action("impersonate", "", "users", name=name)
