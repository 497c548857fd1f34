"""Who may pass: the user behind a request, how often, and what needs a login at the ingress.

The web app checks its own callers; the ingress does it for Focus Server, which trusts what comes from inside the
cluster. Roles are the web app's: a viewer may open views.
"""

from __future__ import annotations

from aiohttp import web
from starlette.requests import cookie_parser

from simulator.defects import active
from simulator.pods.ingress.answers import FOCUS, RefusedError, below
from simulator.pods.rate_limit import RateLimit
from simulator.pods.webapp import tokens
from simulator.pods.webapp.accounts import csrf_matches

# Liveness and health are asked by machines that have no login.
_OPEN = frozenset({f"{FOCUS}/ack", f"{FOCUS}/health"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
LOGOUT = "/prisma/api/auth/logout"


class Caller:
    """The login that a request carries: its token, the cookies it came with, and its claims when it is good.

    ``trouble`` is empty for a good token, else the reason; ``by_cookie`` means that no Authorization header was sent.
    """

    def __init__(self, request: web.BaseRequest, key: str) -> None:
        header = request.headers.get("Authorization")
        self.by_cookie = header is None
        self.cookies = cookie_parser(request.headers.get("Cookie", "")) if self.by_cookie else {}
        scheme, _, bearer = (header or "").partition(" ")
        self.token = self.cookies.get("access-token") if self.by_cookie else bearer.strip()
        self.claims: tokens.Claims | None = None
        self.trouble = ""
        if not self.by_cookie and scheme.lower() != "bearer":
            self.trouble = "The Authorization header is invalid: use the scheme Bearer with what a login returned."
        elif not self.token:
            self.trouble = "Log in first: the request carries no login, by cookie or bearer."
        else:
            try:
                self.claims = tokens.read(key, self.token)
            except tokens.TokenError as bad:
                self.trouble = str(bad)


class Guard:
    """Refuses with RefusedError 401, 403 and 429 what may not pass."""

    def __init__(self, key: str, rate_per_s: float, burst: int) -> None:
        self._key = key
        self._rates = RateLimit(rate_per_s, burst)
        self._logged_out = tokens.Revoked()

    def admit(self, request: web.BaseRequest) -> Caller:
        """Return who is asking, after all checks of the ingress."""
        caller = Caller(request, self._key)
        if caller.claims and caller.claims in self._logged_out:
            caller.claims, caller.trouble = None, "This login has ended; log in again."
        self._check_rate(caller.claims.user if caller.claims else request.remote)
        if below(request.path, FOCUS):
            self._check_focus(request, caller)
        return caller

    def note_answer(self, request: web.BaseRequest, caller: Caller, status: int) -> None:
        """Remember a logout that the web app confirmed: the ingress must not let its token pass any longer."""
        if request.path == LOGOUT and request.method == "POST" and status < 300 and caller.claims:
            self._logged_out.add(caller.claims)

    def _check_rate(self, client: str | None) -> None:
        wait = self._rates.wait_of("everybody" if active("rate-limit-shared") else client)
        if wait and not active("rate-limit-missing"):
            after = None if active("rate-limit-without-retry-after") else max(1, round(wait))
            raise RefusedError(429, "Too many requests in a short time.", retry_after=after)

    def _check_focus(self, request: web.BaseRequest, caller: Caller) -> None:
        if request.path in _OPEN or active("auth-unchecked"):
            return
        if caller.claims is None:
            raise RefusedError(401, caller.trouble)
        if caller.by_cookie and request.method not in _READING and not active("csrf-unchecked"):
            header = request.headers.get("X-CSRF-Token")
            if not csrf_matches(caller.cookies.get("csrf-token"), header):
                raise RefusedError(403, "The CSRF header must repeat the value of the CSRF cookie.")
