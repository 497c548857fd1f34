"""Who may do what: passwords, tokens, cross-site request protection, lockout, roles."""

from __future__ import annotations

import hmac
import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from simulator.defects import active
from simulator.pods.rate_limit import RateLimit
from simulator.pods.webapp import tokens
from simulator.pods.webapp.errors import ApiError, forbidden

TOKEN_SECONDS = 1800
REFRESH_SECONDS = 8 * 3600
MAX_BAD_LOGINS = 5
LOCKED_SECONDS = 60.0
# Logins of one user from one address: 20 within 10 s.
LOGIN_BURST = 20
LOGIN_RATE = 2.0
# Roles of the site and what each may; a viewer reads only.
PERMISSIONS: dict[str, tuple[str, ...]] = {
    "super admin": ("read", "alerts", "users", "regions", "roles"),
    "admin": ("read", "alerts", "users", "regions"),
    "viewer": ("read",),
}


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
        key: HS256 key shared with Focus Server and the ingress.
        locked_seconds: how long a name stays locked after repeated bad logins.
        token_seconds: life of an access token.
        barred: users whose login is switched off.
    """

    users: dict[str, tuple[str, str]]
    key: str
    locked_seconds: float = LOCKED_SECONDS
    token_seconds: float = TOKEN_SECONDS
    barred: set[str] = field(default_factory=set)
    _bad: dict[str, tuple[int, float]] = field(default_factory=dict)
    _logins: RateLimit = field(default_factory=lambda: RateLimit(LOGIN_RATE, LOGIN_BURST))
    _revoked: tokens.Revoked = field(default_factory=tokens.Revoked)

    @classmethod
    def from_file(
        cls, path: Path, key: str, locked_seconds: float = LOCKED_SECONDS, token_seconds: float = TOKEN_SECONDS
    ) -> Accounts:
        """Read a JSON list of ``{username, password, role}``."""
        rows = json.loads(path.read_text(encoding="utf-8"))
        users = {row["username"]: (row["password"], row["role"]) for row in rows}
        return cls(users, key, locked_seconds, token_seconds)

    def login(self, name: str, password: str, address: str = "") -> User:
        """Return the user; 401 for a wrong name or password, 429 while the name is locked or logs in too often."""
        wait = self._logins.wait_of((address, name))
        if wait and not active("rate-limit-missing"):
            raise _too_many(f"Too many logins in a short time: wait {wait:.1f} s.", wait)
        count, last = self._bad.get(name, (0, 0.0))
        left = last + self.locked_seconds - time.monotonic()
        if count >= MAX_BAD_LOGINS and left > 0 and not active("login-never-locked"):
            raise _too_many(f"Too many bad logins: the account is locked for {left:.0f} s more.", left)
        if count and left <= 0:
            count = 0
        known, role = self.users.get(name, ("", ""))
        if not known or name in self.barred or not (_same(known, password) or active("password-unchecked")):
            self._note_bad(name, count + 1)
            raise ApiError(401, "UnauthorizedError", "The name or the credentials of the login are wrong.")
        self._bad.pop(name, None)
        return User(name, role)

    def _note_bad(self, name: str, count: int) -> None:
        now = time.monotonic()
        if len(self._bad) > 10_000:  # a flood of invented names must neither fill the memory nor unlock anybody
            self._bad = {one: row for one, row in self._bad.items() if row[1] + self.locked_seconds > now}
        self._bad[name] = (count, now)

    def token(self, user: User) -> str:
        """Return an access token for Focus Server, the ingress and the web app."""
        return tokens.sign(self.key, user.name, user.role, self.token_seconds, "access")

    def refresh_token(self, user: User) -> str:
        """Return what buys a new access token, once."""
        return tokens.sign(self.key, user.name, user.role, REFRESH_SECONDS, "refresh")

    def user_of(self, token: str | None) -> User:
        """Return the user of an access token; 401 when it is missing, forged, expired, ended or made for refreshing."""
        claims = self._claims(token, "access")
        if claims.user not in self.users or claims.user in self.barred:
            raise ApiError(401, "UnauthorizedError", "The user may not log in any more.")
        return User(claims.user, claims.role)

    def refresh(self, token: str | None) -> User:
        """Return the user of a refresh token and end the token, so that it works once; 401 when it is no good."""
        claims = self._claims(token, "refresh")
        if not active("refresh-token-reusable"):
            self._revoked.add(claims)
        if claims.user not in self.users or claims.user in self.barred:
            raise ApiError(401, "UnauthorizedError", "The user may not log in any more.")
        return User(claims.user, self.users[claims.user][1])

    def end(self, access: str | None, refresh: str | None) -> None:
        """End both tokens of a login; one that is no good has ended already."""
        for token, use in ((access, "access"), (refresh, "refresh")):
            try:
                self._revoked.add(tokens.read(self.key, token or "", use))
            except tokens.TokenError:
                continue

    def _claims(self, token: str | None, use: str) -> tokens.Claims:
        if not token:
            raise ApiError(401, "UnauthorizedError", "Log in first: the request carries no login, by cookie or bearer.")
        try:
            claims = tokens.read(self.key, token, use)
        except tokens.TokenError as bad:
            raise ApiError(401, "UnauthorizedError", str(bad)) from bad
        if claims in self._revoked:
            raise ApiError(401, "UnauthorizedError", "This login has ended; log in again.")
        return claims


def check_csrf(cookie: str | None, header: str | None) -> None:
    """Refuse (403) a changing call by cookie whose X-CSRF-Token header does not repeat the csrf-token cookie."""
    if active("csrf-unchecked") or csrf_matches(cookie, header):
        return
    raise forbidden("The CSRF header must repeat the value of the CSRF cookie.")


def csrf_matches(cookie: str | None, header: str | None) -> bool:
    """Return whether the header repeats the cookie: another site can have it sent, but not read it."""
    return bool(cookie and header and _same(cookie, header))


def check_may(user: User, permission: str) -> None:
    """Refuse (403) what the user's role does not allow."""
    if permission not in PERMISSIONS.get(user.role, ()) and not active("viewer-may-write"):
        raise forbidden(f"The role {user.role} has a missing permission: {permission}.")


def _too_many(message: str, seconds: float) -> ApiError:
    headers = {} if active("login-without-retry-after") else {"Retry-After": str(max(1, round(seconds)))}
    return ApiError(429, "TooManyRequestsError", message, headers)


def _same(one: str, other: str) -> bool:
    # JSON can carry half of a surrogate pair, which is no character.
    return hmac.compare_digest(one.encode("utf-8", "surrogatepass"), other.encode("utf-8", "surrogatepass"))
