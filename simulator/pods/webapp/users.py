"""The users of the site: those of its installation, and what administrators made of them since."""

from __future__ import annotations

from typing import Any

from simulator.pods.webapp.accounts import PERMISSIONS, Accounts
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.kept import Kept

# The site was installed then.
INSTALLED = "2025-01-01T00:00:00.000+00:00"


class Users:
    """Reads and changes users; every change is kept and holds for the next login."""

    def __init__(self, accounts: Accounts, kept: Kept) -> None:
        self._accounts = accounts
        self._kept = kept
        self._ids = {name: number for number, name in enumerate(sorted(accounts.users), 1)}
        for name, row in kept.users.items():
            self._ids.setdefault(name, row["id"])
            self._take_over(name)
        for role, row in kept.permissions.items():
            self._grant(role, row["added"])

    def rows(self) -> list[dict[str, Any]]:
        """Return all users as the API shows them, by name."""
        return [self.row(name) for name in sorted(self._accounts.users)]

    def row(self, name: str) -> dict[str, Any]:
        """Return one user as the API shows it."""
        kept = self._kept.users.get(name, {})
        return {
            "id": self._ids[name],
            "createTime": INSTALLED,
            "updateTime": INSTALLED,
            "username": name,
            "role": self._accounts.users[name][1],
            "email": kept.get("email"),
            "isLoginEnabled": name not in self._accounts.barred,
        }

    def is_email_free(self, email: str) -> bool:
        """Return whether no user has the address."""
        return all(row.get("email") != email for row in self._kept.users.values() if not row.get("deleted"))

    def named(self, name: str) -> str:
        """Return the name of a user that there is; 404."""
        if name not in self._accounts.users:
            raise _no_such_user()
        return name

    def numbered(self, number: str) -> str:
        """Return the name of the user with an id; 404."""
        found = [name for name in self._accounts.users if str(self._ids[name]) == number]
        if not found:
            raise _no_such_user()
        return found[0]

    def add(self, name: str, password: str, role: str, email: str | None) -> dict[str, Any]:
        """Make a user; 400 for a name or address that is taken and for a role that there is not."""
        if name in self._accounts.users:
            raise invalid("There is a user of that name.")
        self._ids[name] = max(self._ids.values(), default=0) + 1
        return self._change(name, password=password, role=_known(role), email=self._free(email), deleted=False)

    def change(
        self, name: str, *, password: str | None = None, role: str | None = None, email: str | None = None
    ) -> dict[str, Any]:
        """Change what is given; 400 as ``add``."""
        given = {"password": password, "role": role and _known(role), "email": self._free(email, name)}
        return self._change(name, **{key: value for key, value in given.items() if value})

    def toggle_login(self, name: str) -> dict[str, Any]:
        """Switch a user's login off, or on again."""
        return self._change(name, barred=name not in self._accounts.barred)

    def delete(self, name: str) -> None:
        """Remove a user, whose logins end."""
        self._change(name, deleted=True)

    def grant(self, role: str, permission: str) -> None:
        """Give a role one more permission."""
        row = self._kept.permissions.setdefault(role, {"added": []})
        row["added"] = sorted({*row["added"], permission})
        self._grant(role, [permission])
        self._kept.save()

    def _change(self, name: str, **changes: Any) -> dict[str, Any]:
        password, role = self._accounts.users.get(name, ("", ""))
        known = self._kept.users.get(name, {"id": self._ids[name], "password": password, "role": role})
        self._kept.users[name] = {**known, **changes}
        self._take_over(name)
        self._kept.save()
        return self.row(name) if name in self._accounts.users else {}

    def _take_over(self, name: str) -> None:
        row = self._kept.users[name]
        self._accounts.users.pop(name, None)
        self._accounts.barred.discard(name)
        if not row.get("deleted"):
            self._accounts.users[name] = (row["password"], row["role"])
            if row.get("barred"):
                self._accounts.barred.add(name)

    def _grant(self, role: str, added: list[str]) -> None:
        PERMISSIONS[role] = (*PERMISSIONS[role], *(one for one in added if one not in PERMISSIONS[role]))

    def _free(self, email: str | None, name: str = "") -> str | None:
        if email and email != self._kept.users.get(name, {}).get("email") and not self.is_email_free(email):
            raise invalid("The address belongs to another user.")
        return email


def _known(role: str) -> str:
    if role not in PERMISSIONS:
        raise invalid(f"There is no such role; there are {', '.join(PERMISSIONS)}.")
    return role


def _no_such_user() -> ApiError:
    return ApiError(404, "NotFoundError", "There is no such user.")
