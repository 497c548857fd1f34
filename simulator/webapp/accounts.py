"""Who may do what: passwords, signed tokens, cross-site request protection, lockout."""

from __future__ import annotations

import hmac
import json
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

import jwt

from simulator.webapp.errors import ApiError

TOKEN_SECONDS = 1800
REFRESH_SECONDS = 8 * 3600
MAX_BAD_LOGINS = 5
LOCKED_SECONDS = 60.0
# Roles of the site; a viewer reads only.
CHANGING_ROLES = frozenset({"admin", "super admin"})


@dataclass(frozen=True)
class User:
    """A signed-in user as the token names it."""

    name: str
    role: str


@dataclass
class Accounts:
    """Checks passwords and tokens.

    Args:
        users: password and role by user name.
        key: HS256 key shared with Focus Server.
        locked_seconds: how long a name stays locked after repeated bad logins.
    """

    users: dict[str, tuple[str, str]]
    key: str
    locked_seconds: float = LOCKED_SECONDS
    _bad: dict[str, tuple[int, float]] = field(default_factory=dict)

    @classmethod
    def from_file(cls, path: Path, key: str, locked_seconds: float = LOCKED_SECONDS) -> Accounts:
        """Read a JSON list of ``{username, password, role}``."""
        rows = json.loads(path.read_text(encoding="utf-8"))
        return cls({row["username"]: (row["password"], row["role"]) for row in rows}, key, locked_seconds)

    def login(self, name: str, password: str) -> User:
        """Return the user; 401 for a wrong name or password, 429 while the name is locked."""
        count, last = self._bad.get(name, (0, 0.0))
        left = last + self.locked_seconds - time.monotonic()
        if count >= MAX_BAD_LOGINS and left > 0:
            raise ApiError(
                429,
                "TooManyRequestsError",
                f"Too many bad logins: the account is locked for {left:.0f} s more.",
                {"Retry-After": str(max(1, round(left)))},
            )
        if count and left <= 0:
            count = 0
        known, role = self.users.get(name, ("", ""))
        if not known or not hmac.compare_digest(known.encode(), password.encode()):
            if len(self._bad) > 10000:
                self._bad.clear()  # a flood of invented names must not fill the memory
            self._bad[name] = (count + 1, time.monotonic())
            raise ApiError(401, "UnauthorizedError", "The user name or the password is wrong.")
        self._bad.pop(name, None)
        return User(name, role)

    def token(self, user: User, lifetime: float = TOKEN_SECONDS, use: str = "access") -> str:
        """Return a signed token with the claims that Focus Server reads: sub, role, exp, iss."""
        now = int(time.time())
        claims = {"sub": user.name, "role": user.role, "iss": "prisma", "iat": now, "exp": now + int(lifetime)}
        return jwt.encode({**claims, "use": use, "jti": secrets.token_hex(8)}, self.key, algorithm="HS256")

    def user_of(self, token: str | None) -> User:
        """Return the user of an access token; 401 when it is missing, forged, expired or not an access token."""
        if not token:
            raise ApiError(401, "UnauthorizedError", "Log in first: there is no access-token cookie and no bearer.")
        try:
            claims = jwt.decode(
                token, self.key, algorithms=["HS256"], issuer="prisma", options={"require": ["exp", "sub", "iss"]}
            )
        except jwt.ExpiredSignatureError as expired:
            raise ApiError(401, "UnauthorizedError", "The access token has expired; log in again.") from expired
        except jwt.InvalidTokenError as bad:
            raise ApiError(401, "UnauthorizedError", "The access token is not valid; log in again.") from bad
        if claims.get("use", "access") != "access":
            raise ApiError(401, "UnauthorizedError", "This is not an access token.")
        return User(str(claims["sub"]), str(claims.get("role", "viewer")))


def check_csrf(cookie: str | None, header: str | None) -> None:
    """Refuse (403) a changing call by cookie whose X-CSRF-Token header does not repeat the csrf-token cookie."""
    if not cookie or not header or not hmac.compare_digest(cookie.encode(), header.encode()):
        raise ApiError(
            403, "OperationForbiddenError", "The X-CSRF-Token header must repeat the value of the csrf-token cookie."
        )


def check_may_change(user: User) -> None:
    """Refuse (403) a change by a role that only reads."""
    if user.role not in CHANGING_ROLES:
        raise ApiError(403, "OperationForbiddenError", f"{user.name} ({user.role}) has a missing permission: alerts.")
