"""Typed client of the web app's API (prefix /prisma/api): login and alerts.

Calls are made once, without retries: a test that measures the answer must see the first one. Every answer is compared
with the contract of record (`contract.seen`). Status codes are returned, not judged; only an address that does not
answer at all raises BenchError.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlencode

from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpAnswer, HttpSession, NoAnswerError
from focus_core.contract import seen
from focus_core.contract.answers import Answer
from focus_core.site.secrets import note_leaks, register, reveal

if TYPE_CHECKING:
    from focus_core.site.model import Site, User

# The API deletes at most this many alerts in one call.
DELETE_BATCH = 100
# A token is renewed this long before it expires, so that it does not expire on the way.
EXPIRY_MARGIN_S = 30.0
# Life of a token whose login answer does not name it.
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


# Tokens that all clients of this process share, by URL, user and password; None: each client has its own.
shared_tokens: dict[tuple[str, str, str], Token] | None = None


class WebAppClient:
    """The web app as one user. `verify`, `liveness_check` and `proxy` are those of the HttpSession."""

    def __init__(
        self,
        *,
        url: str,
        site_id: str,
        username: str,
        password: str,
        timeout: float = 30.0,
        verify: bool | str = True,
        liveness_check: Callable[[], object] | None = None,
        proxy: str | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self.site_id = site_id
        self.username = username
        self._password = password
        # It keeps no cookie: a call without login must really be one.
        self._session = HttpSession(
            self.url, timeout=timeout, verify=verify, liveness_check=liveness_check, proxy=proxy
        )
        self._token: Token | None = None

    @classmethod
    def of_site(
        cls,
        site: Site,
        user: User,
        *,
        timeout: float | None = None,
        liveness_check: Callable[[], object] | None,
    ) -> WebAppClient:
        """The web app of `site` as `user`; `timeout` is that of the site file by default."""
        return cls(
            url=site.webapp.url,
            site_id=site.webapp.site_id,
            username=user.username,
            password=reveal(user.password),
            timeout=site.webapp.timeout if timeout is None else timeout,
            verify=site.tls.verify,
            liveness_check=liveness_check,
            proxy=site.proxy,
        )

    def login(self) -> Token:
        """The token of this user, renewed when it is about to expire. A refused login raises BenchError."""
        shared = {} if shared_tokens is None else shared_tokens
        user = (self.url, self.username, self._password)
        token = shared.get(user, self._token)
        if token is None or not token.usable:
            token = shared[user] = self._log_in()
        self._token = token
        return token

    def answer_to_login(self, username: str, password: str) -> HttpAnswer:
        """The answer to a login of another name or password; it changes nothing here."""
        return self._send("POST", "/auth/login", body={"username": username, "password": password})

    def push_alert(self, body: Mapping[str, Any], *, authentication: Authentication = "bearer") -> HttpAnswer:
        """POST push-to-rabbit with `body` as it is: {alertsAmount, dofM (metres), classId, severity, alertIds}."""
        return self.call("POST", "push-to-rabbit", body=body, authentication=authentication)

    def alerts(self, *, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """GET alert: the alerts that the web app holds, as {ext_id, class_id, severity, distance_m, start_time, ...}.

        The API answers a bare list or {alerts, alertsCount, maxPage}; anything else raises AssertionError.
        """
        answer = self.call("GET", "alert", params=params)
        body = answer.body
        alerts = body.get("alerts") if isinstance(body, dict) else body
        if answer.status != 200 or not isinstance(alerts, list):
            raise AssertionError(
                f"The web app did not list its alerts: {answer.status} {body!r:.300}; expected 200 with a list."
            )
        return alerts

    def exported_alerts(self, *, params: Mapping[str, Any] | None = None) -> str:
        """GET alert/export-alerts as CSV: a line of names, then a line for each alert.

        Anything but 200 with CSV raises AssertionError.
        """
        answer = self.call("GET", "alert/export-alerts", params={**(params or {}), "isCSV": "true", "isJSON": "false"})
        if answer.status != 200 or not answer.headers.get("Content-Type", "").startswith("text/csv"):
            raise AssertionError(
                f"The web app did not export its alerts: {answer.status} {answer.text!r:.300}; expected 200 with CSV."
            )
        return answer.text

    def alerts_exported_as_json(self, *, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """GET alert/export-alerts as JSON: a list of alerts as `alerts` has them.

        Anything but 200 with a list raises AssertionError.
        """
        answer = self.call("GET", "alert/export-alerts", params={**(params or {}), "isCSV": "false", "isJSON": "true"})
        if answer.status != 200 or not isinstance(answer.body, list):
            raise AssertionError(
                f"The web app did not export its alerts as JSON: {answer.status} {answer.text!r:.300}; expected 200 "
                "with a list."
            )
        return answer.body

    def regions(self) -> list[dict[str, Any]]:
        """GET region: the named stretches of the fibre, as {id, name, points}. Anything else raises AssertionError."""
        answer = self.call("GET", "region")
        if answer.status != 200 or not isinstance(answer.body, list):
            raise AssertionError(f"The web app did not list its regions: {answer.status} {answer.text!r:.300}.")
        return answer.body

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
    ) -> HttpAnswer:
        """One call of the site's API; `path` is what follows /{siteId}/api/."""
        headers: dict[str, str] = {}
        if authentication == "bearer":
            headers["Authorization"] = f"Bearer {self.login().value}"
        elif authentication == "cookie":
            token = self.login()
            headers["Cookie"] = f"access-token={token.value}; csrf-token={token.csrf}"
            headers["X-CSRF-Token"] = token.csrf
        query = f"?{urlencode(params)}" if params else ""
        return self._send(method, f"/{self.site_id}/api/{path}{query}", headers=headers, body=body)

    def login_configuration(self) -> HttpAnswer:
        """GET login-configuration, the one question that needs no login."""
        return self._send("GET", "/login-configuration?successRedirectUrl=/&errorRedirectUrl=/externalLoginError")

    def description(self) -> HttpAnswer:
        """GET openapi.json: what the web app says of its API; it needs no login."""
        return self._send("GET", "/openapi.json")

    def _log_in(self) -> Token:
        answer = self._send("POST", "/auth/login", body={"username": self.username, "password": self._password})
        if answer.status != 201:
            raise BenchError(
                f"The web app at {self.url} refused the login of user '{self.username}' ({answer.status}); "
                "correct the user's name or password in the site file."
            )
        cookies = _cookies(answer)
        body = answer.body if isinstance(answer.body, dict) else {}
        value = cookies.get("access-token") or body.get("access_token")
        if not value:
            raise AssertionError(
                f"The web app's login of '{self.username}' answered 201 without an access token in cookie or body."
            )
        csrf = cookies.get("csrf-token", "")
        register(value)
        if csrf:
            register(csrf)
        lifetime = float(body.get("expires_in", UNKNOWN_LIFETIME_S))
        return Token(value=value, csrf=csrf, renew_at=time.monotonic() + max(1.0, lifetime - EXPIRY_MARGIN_S))

    def _send(
        self,
        method: str,
        path: str,
        *,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> HttpAnswer:
        content = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        try:
            answer = self._session.send(method, path, body=content, headers={**kind, **(headers or {})})
        except NoAnswerError as error:
            raise BenchError(
                f"The web app does not answer {method} {self.url}{path} ({error}); check that it runs and that "
                "webapp.url of the site file is right."
            ) from error
        where = f"The answer to {method} {self.url}{path} (answered {answer.status})"
        note_leaks(where, f"{answer.headers}\n{answer.text}")
        asked = (content or b"").decode()
        seen.of_process().answer(
            Answer("webapp", method, self.url + path, answer.status, answer.headers, answer.text, asked)
        )
        return answer


def _cookies(answer: HttpAnswer) -> dict[str, str]:
    jar = SimpleCookie()
    for line in answer.set_cookies:
        jar.load(line)
    return {name: cookie.value for name, cookie in jar.items()}
