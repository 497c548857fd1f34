"""A user of the web app by cookies, as a browser keeps them and a page's scripts repeat the CSRF token."""

from __future__ import annotations

import time
from functools import cache
from http.cookies import Morsel, SimpleCookie
from typing import Any

from focus_core.access import requests
from focus_core.access.requests import Service
from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.site import data as site_data
from focus_core.site import secrets
from focus_core.site.model import User

CREATED = 201
_MOST_WAITS = 10
ACCESS, REFRESH, CSRF = "access-token", "refresh-token", "csrf-token"


class Browser:
    """Cookies of one login. ``planted`` are cookies that the browser brings along to it."""

    def __init__(self, user: User, planted: dict[str, str] | None = None) -> None:
        self.username = user.username
        self.cookies = dict(planted or {})
        self.flags: dict[str, Morsel[str]] = {}
        self._password = secrets.reveal(user.password)

    def log_in(self) -> None:
        """Logs in; one who has logged in too often waits. Raises ``BenchError`` when the web app refuses."""
        answer = self.ask_login()
        for _ in range(_MOST_WAITS):
            if answer.status != requests.TOO_MANY:
                break
            time.sleep(requests.wait_of(answer))
            answer = self.ask_login()
        if answer.status != CREATED:
            raise BenchError(
                f"The web app refused the login of user '{self.username}' ({answer.status}); correct the user's name "
                "or password in the site file."
            )

    def ask_login(self, password: str | None = None) -> Exchange:
        """Sends a login and keeps the cookies of the answer."""
        body = {"username": self.username, "password": self._password if password is None else password}
        headers = {"Cookie": self._cookie_line()} if self.cookies else {}
        return self._send("webapp", "POST", "/auth/login", headers, body)

    def refresh(self, *, csrf: str | None = None) -> Exchange:
        """Renews the login and keeps the new cookies; ``csrf`` takes the place of the right CSRF header."""
        return self.ask("webapp", "POST", "/auth/refresh", csrf=csrf)

    def log_out(self) -> Exchange:
        """Ends the login; the cookies are kept, to show that they are worth nothing any more."""
        before = dict(self.cookies)
        answer = self.ask("webapp", "POST", "/auth/logout")
        self.cookies = before
        return answer

    def ask(
        self,
        service: Service,
        method: str,
        path: str,
        *,
        body: Any = None,
        csrf: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> Exchange:
        """One request by cookie. ``csrf`` None repeats the CSRF cookie in its header, "" sends no such header."""
        header = self.cookies.get(CSRF, "") if csrf is None else csrf
        sent = {"Cookie": self._cookie_line(), **({"X-CSRF-Token": header} if header else {}), **(headers or {})}
        return self._send(service, method, path, sent, body)

    def _send(self, service: Service, method: str, path: str, headers: dict[str, str], body: Any) -> Exchange:
        exchange, answer = requests.send(service, method, path, headers=headers, body=body)
        for line in answer.set_cookies:
            for name, cookie in SimpleCookie(line).items():
                secrets.register(cookie.value)
                self.cookies[name] = cookie.value
                self.flags[name] = cookie
        return exchange

    def _cookie_line(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())


def kept(user: User) -> Browser:
    """The browser of a user that this process logged in once, for what does not end the login."""
    return _kept(site_data.site_name(), user)


@cache
def _kept(site_name: str, user: User) -> Browser:  # noqa: ARG001 - one login for each site and user
    browser = Browser(user)
    browser.log_in()
    return browser


def flag_problems(browser: Browser) -> list[str]:
    """Which cookies of a login lack a protection: Secure and SameSite on each, HttpOnly on those that scripts must not
    read. The CSRF cookie is for scripts.
    """
    found = []
    for name in (ACCESS, REFRESH, CSRF):
        cookie = browser.flags.get(name)
        if cookie is None:
            found.append(f"there is no cookie {name}")
            continue
        wanted = {"secure": bool(cookie["secure"]), "samesite": cookie["samesite"].lower() in ("strict", "lax")}
        if name != CSRF:
            wanted["httponly"] = bool(cookie["httponly"])
        found += [f"cookie {name} lacks {flag}" for flag, is_there in wanted.items() if not is_there]
    return found
