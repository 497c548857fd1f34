"""Typed client of the web app's API (prefix /prisma/api): login and alerts.

Calls are made once, without retries: a test that measures the answer must see the first one. Status codes are
returned, not judged; only an address that does not answer at all raises BenchError.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Literal

import requests

from focus_core.errors import BenchError
from focus_core.secrets import register, reveal

if TYPE_CHECKING:
    from focus_core.site_model import Site, User

# The API deletes at most this many alerts in one call.
DELETE_BATCH = 100
# A token is renewed this long before it expires, so that it does not expire on the way.
EXPIRY_MARGIN_S = 30.0
# Life of a token whose login answer does not say it.
UNKNOWN_LIFETIME_S = 300.0

Authentication = Literal["bearer", "cookie", "none"]


@dataclass(frozen=True)
class Token:
    """A login: the access token, its CSRF companion and the time.monotonic() second after which it must be renewed."""

    value: str
    csrf: str
    renew_at: float

    @property
    def usable(self) -> bool:
        return time.monotonic() < self.renew_at


@dataclass(frozen=True)
class WebAppAnswer:
    """Status, parsed body (text when it is not JSON), content type and seconds that the call took."""

    status: int
    body: Any
    content_type: str
    seconds: float


class WebAppClient:
    """The web app as one user. `verify` is True or the path of a CA file."""

    def __init__(
        self,
        *,
        url: str,
        site_id: str,
        username: str,
        password: str,
        timeout: float = 30.0,
        verify: bool | str = True,
    ) -> None:
        self.url = url.rstrip("/")
        self.site_id = site_id
        self.username = username
        self.timeout = timeout
        self._password = password
        self._session = requests.Session()
        self._session.verify = verify
        # A proxy, .netrc or CA bundle of the tester's machine must not come between.
        self._session.trust_env = False
        # Cookies are sent only by calls that ask for cookie authentication.
        self._session.cookies.set_policy(_NoCookies())
        self._token: Token | None = None

    @classmethod
    def of_site(cls, site: Site, user: User) -> WebAppClient:
        """The web app of `site` as `user`."""
        return cls(
            url=site.webapp.url,
            site_id=site.webapp.site_id,
            username=user.username,
            password=reveal(user.password),
            timeout=site.webapp.timeout,
            verify=str(site.tls.ca_file) if site.tls.ca_file else True,
        )

    def login(self) -> Token:
        """The token of this user, renewed when it is about to expire. A refused login raises BenchError."""
        if self._token is None or not self._token.usable:
            self._token = self._log_in()
        return self._token

    def push_alert(self, body: Mapping[str, Any], *, authentication: Authentication = "bearer") -> WebAppAnswer:
        """POST push-to-rabbit with `body` as it is: {alertsAmount, dofM (metres), classId, severity, alertIds}."""
        return self.call("POST", "push-to-rabbit", body=body, authentication=authentication)

    def alerts(self, *, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """GET alert: the alerts that the web app holds, as {ext_id, class_id, severity, distance_m, start_time, ...}.

        The API answers a bare list or {alerts, alertsCount, maxPage}; anything else raises AssertionError.
        """
        answer = self.call("GET", "alert", params=params)
        alerts = answer.body.get("alerts") if isinstance(answer.body, dict) else answer.body
        if answer.status != 200 or not isinstance(alerts, list):
            raise AssertionError(
                f"The web app did not list its alerts: {answer.status} {answer.body!r:.300}; expected 200 with a list."
            )
        return alerts

    def delete_alerts(self, alert_ids: Iterable[str]) -> None:
        """DELETE alert/delete for `alert_ids`, in the batches that the API takes."""
        ids = list(alert_ids)
        for start in range(0, len(ids), DELETE_BATCH):
            batch = ids[start : start + DELETE_BATCH]
            answer = self.call("DELETE", "alert/delete", body={"alertIds": batch})
            if answer.status != 200:
                raise BenchError(
                    f"Alerts {', '.join(batch)} were not deleted ({answer.status} {answer.body!r:.200}); delete them "
                    "in the web app by hand."
                )

    def call(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        params: Mapping[str, Any] | None = None,
        authentication: Authentication = "bearer",
    ) -> WebAppAnswer:
        """One call of the site's API; `path` is what follows /{siteId}/api/."""
        headers: dict[str, str] = {}
        if authentication == "bearer":
            headers["Authorization"] = f"Bearer {self.login().value}"
        elif authentication == "cookie":
            token = self.login()
            headers["Cookie"] = f"access-token={token.value}; csrf-token={token.csrf}"
            headers["X-CSRF-Token"] = token.csrf
        response = self._send(
            method, f"{self.url}/{self.site_id}/api/{path}", headers=headers, json=body, params=params
        )
        return _answer(response)

    def _log_in(self) -> Token:
        response = self._send(
            "POST", f"{self.url}/auth/login", json={"username": self.username, "password": self._password}
        )
        if response.status_code != 201:
            raise BenchError(
                f"The web app at {self.url} refused the login of user '{self.username}' ({response.status_code}); "
                "correct the user's name or password in the site file."
            )
        body = response.json()
        value = response.cookies.get("access-token") or body.get("access_token")
        if not value:
            raise AssertionError(
                f"The web app's login of '{self.username}' answered 201 without an access token in cookie or body."
            )
        csrf = response.cookies.get("csrf-token") or ""
        register(value)
        if csrf:
            register(csrf)
        lifetime = float(body.get("expires_in", UNKNOWN_LIFETIME_S))
        return Token(value=value, csrf=csrf, renew_at=time.monotonic() + max(1.0, lifetime - EXPIRY_MARGIN_S))

    def _send(self, method: str, url: str, **options: Any) -> requests.Response:
        try:
            return self._session.request(method, url, timeout=self.timeout, **options)
        except requests.RequestException as error:
            raise BenchError(
                f"The web app does not answer {method} {url} ({type(error).__name__}); check that it runs and that "
                "webapp.url of the site file is right."
            ) from error


class _NoCookies(DefaultCookiePolicy):
    """Keeps no cookie: a call without login must really be one."""

    def set_ok(self, cookie: Any, request: Any) -> bool:  # noqa: ARG002
        return False


def _answer(response: requests.Response) -> WebAppAnswer:
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    try:
        body: Any = response.json()
    except ValueError:
        body = response.text
    return WebAppAnswer(response.status_code, body, content_type, response.elapsed.total_seconds())
