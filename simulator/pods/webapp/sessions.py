"""Routes that begin, renew and end a login, and who is asking on all the others.

A login gives three cookies: ``access-token`` and ``refresh-token`` are hidden from scripts; ``csrf-token`` is not,
because the page's scripts must repeat it in the header X-CSRF-Token of whatever changes something.
"""

from __future__ import annotations

import secrets
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from starlette.requests import HTTPConnection

from simulator.defects import active
from simulator.pods.webapp.accounts import REFRESH_SECONDS, Accounts, User, check_csrf, check_may
from simulator.pods.webapp.described import INTEGER, OBJECTS, TEXT, members, operation, query
from simulator.pods.webapp.errors import ApiError, invalid
from simulator.pods.webapp.queries import credentials

_LOGIN = members({"access_token": TEXT, "token_type": TEXT, "expires_in": INTEGER})
_CONFIGURATION = members({"externalLoginButtons": OBJECTS, "isPasswordResetAvailable": {"type": "boolean"}})
COOKIES = ("access-token", "refresh-token", "csrf-token")


class Sessions:
    """Who is asking: the checks that the routes share."""

    def __init__(self, accounts: Accounts, site_id: str) -> None:
        self.accounts = accounts
        self._site_id = site_id

    def reader(self, request: HTTPConnection, site: str, permission: str = "read") -> User:
        """Return the user of a call that changes nothing; 401, 403 or 404 otherwise."""
        user, _ = self._signed_in(request)
        self._check_site(site)
        check_may(user, permission)
        return user

    def writer(self, request: Request, site: str, permission: str) -> User:
        """Return the user of a call that changes something; a cookie alone does not do, see ``check_csrf``."""
        user, by_cookie = self._signed_in(request)
        if by_cookie:
            check_cookie_csrf(request)
        self._check_site(site)
        check_may(user, permission)
        return user

    def access_token(self, request: HTTPConnection) -> tuple[str | None, bool]:
        """Return the access token of the call, and whether a cookie (not a bearer) brought it."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return bearer.strip(), False
        return request.cookies.get("access-token"), True

    def _signed_in(self, request: HTTPConnection) -> tuple[User, bool]:
        token, by_cookie = self.access_token(request)
        return self.accounts.user_of(token), by_cookie

    def _check_site(self, site: str) -> None:
        if site != self._site_id:
            raise ApiError(404, "NotFoundError", "There is no such site.")


def session_routes(sessions: Sessions) -> APIRouter:
    """Return the routes of login, refresh, logout and the login page's configuration."""
    routes = APIRouter()
    accounts = sessions.accounts

    @routes.get(
        "/login-configuration",
        **operation(200, _CONFIGURATION, parameters=query(successRedirectUrl=TEXT, errorRedirectUrl=TEXT)),
    )
    async def login_configuration(request: Request) -> dict[str, object]:
        if active("login-configuration-login"):
            accounts.user_of(sessions.access_token(request)[0])
        targets = {
            name: _own_page(name, request.query_params.get(name, default))
            for name, default in (("successRedirectUrl", "/"), ("errorRedirectUrl", "/externalLoginError"))
        }
        button = {"id": "azure-ad", "url": f"/prisma/api/auth/azure-ad?{urlencode(targets)}", "visible": False}
        return {"externalLoginButtons": [button], "isPasswordResetAvailable": False}

    @routes.post("/auth/login", **operation(201, _LOGIN, 401, body=members({"username": TEXT, "password": TEXT})))
    async def login(request: Request, response: Response) -> dict[str, object]:
        name, password = credentials(request.headers.get("content-type", ""), await request.body())
        if active("log-lines-injected"):
            print(f"{name} wants to log in", flush=True)
        user = accounts.login(name, password, request.client.host if request.client else "")
        shown = f" with {password}" if active("login-logged") else ""
        print(f"{user.name} ({user.role}) logged in{shown}", flush=True)
        kept = request.cookies.get("csrf-token") if active("csrf-token-kept") else None
        return _give_login(response, accounts, user, kept)

    @routes.post("/auth/refresh", **operation(201, _LOGIN, 401, 403))
    async def refresh(request: Request, response: Response) -> dict[str, object]:
        check_cookie_csrf(request)
        user = accounts.refresh(request.cookies.get("refresh-token"))
        return _give_login(response, accounts, user)

    @routes.post("/auth/logout", **operation(201, members({}), 401, 403))
    async def logout(request: Request, response: Response) -> dict[str, object]:
        token, by_cookie = sessions.access_token(request)
        if by_cookie:
            check_cookie_csrf(request)
        user = accounts.user_of(token)
        accounts.end(token, request.cookies.get("refresh-token"))
        for name in COOKIES:
            _set_cookie(response, name, "", 0)
        print(f"{user.name} logged out", flush=True)
        return {}

    return routes


def check_cookie_csrf(request: Request) -> None:
    """Refuse (403) a call by cookie that another site could have made a browser send."""
    check_csrf(request.cookies.get("csrf-token"), request.headers.get("x-csrf-token"))


def _give_login(response: Response, accounts: Accounts, user: User, csrf: str | None = None) -> dict[str, object]:
    token = accounts.token(user)
    _set_cookie(response, "access-token", token, int(accounts.token_seconds))
    _set_cookie(response, "refresh-token", accounts.refresh_token(user), REFRESH_SECONDS)
    _set_cookie(response, "csrf-token", csrf or secrets.token_urlsafe(24), REFRESH_SECONDS)
    return {"access_token": token, "token_type": "bearer", "expires_in": int(accounts.token_seconds)}


def _set_cookie(response: Response, name: str, value: str, age: int) -> None:
    if active("cookie-flags-missing"):
        response.set_cookie(name, value, max_age=age, samesite=None)
        return
    hidden = name != "csrf-token"
    response.set_cookie(name, value, max_age=age, httponly=hidden, secure=True, samesite="strict")


def _own_page(name: str, path: str) -> str:
    if not path.startswith("/") or path.startswith(("//", "/\\")) or not path.isprintable():
        raise invalid(f"{name} must be a path of this site.")
    return path
