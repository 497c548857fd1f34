"""The one HTTP client of Xray Cloud: one authentication, retries that cannot double anything, requests counted.

A request that was certainly not carried out is retried here or raised as `NotDoneError`. One that may have been carried
out is never sent again here: it is raised as `InDoubtError`, and whoever sent it finds out first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests
from focus_core.site import secrets
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError
from urllib3.util import Retry

from pipeline.errors import RunError
from pipeline.xray.settings import Credentials, Settings

CONNECT_S = 10.0
# Imports of hundreds of tests take a minute.
ANSWER_S = 120.0
LONGEST_RETRY_AFTER_S = 120
LONGEST_MESSAGE = 300
IN_DOUBT = (408, 500, 502, 504)
NOT_DONE = (425, 429, 503)
UNAUTHORIZED, TOO_LARGE = 401, 413


class XrayError(RunError):
    """Xray did not do what was asked; the text is one sentence without any secret."""


class NotDoneError(XrayError):
    """Xray was not reached, or was too busy: the same request can be sent again later."""


class InDoubtError(XrayError):
    """No answer came, or one that leaves open whether the request was carried out."""


class TooLargeError(XrayError):
    """The body is larger than Xray takes."""


class RefusedError(XrayError):
    """The request itself is wrong; sending it again changes nothing."""


class NotAllowedError(XrayError):
    """Xray does not accept the credentials."""


class _Bearer(AuthBase):
    """Keeps requests from taking a password for the host out of a .netrc file instead."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


class Client:
    """`count` is the number of requests so far, those that urllib3 repeats not included."""

    def __init__(self, settings: Settings, credentials: Credentials, answer_s: float = ANSWER_S) -> None:
        self.count = 0
        self._base = settings.url.rstrip("/") + "/api/v2"
        self._most = settings.requests
        self._credentials = credentials
        self._token = ""
        self._timeout = (CONNECT_S, answer_s)
        self._session = requests.Session()
        retry = Retry(
            total=5,
            connect=3,
            read=0,
            status=5,
            backoff_factor=0.5,
            backoff_jitter=0.5,
            status_forcelist=(429, 503),
            allowed_methods=None,
            raise_on_status=False,
            retry_after_max=LONGEST_RETRY_AFTER_S,
        )
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, HTTPAdapter(max_retries=retry))

    def post(self, path: str, body: Any) -> Any:
        """Post JSON; returns the answer's JSON."""
        data = json.dumps(body, ensure_ascii=False).encode()
        return self._ask("POST", path, data=data, headers={"Content-Type": "application/json"})

    def post_files(self, path: str, files: Mapping[str, tuple[str, bytes, str]]) -> Any:
        """Post parts of a form: name -> (file name, content, media type)."""
        return self._ask("POST", path, files=files)

    def get(self, path: str) -> Any:
        return self._ask("GET", path)

    def graphql(self, query: str, variables: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The `data` of the answer. Raises RefusedError with Xray's own words where the answer has errors."""
        answer = self.post("graphql", {"query": query, "variables": variables or {}})
        if not isinstance(answer, dict) or answer.get("errors") or not isinstance(answer.get("data"), dict):
            errors = answer.get("errors") if isinstance(answer, dict) else None
            words = "; ".join(str(one.get("message", one)) for one in errors) if errors else "an answer without data"
            raise RefusedError(f"Xray refused a query: {shown(words)}.")
        data: dict[str, Any] = answer["data"]
        return data

    def _ask(self, method: str, path: str, **content: Any) -> Any:
        self._token = self._token or self._authenticate()
        answer = self._send(method, path, **content)
        if answer.status_code == UNAUTHORIZED:  # the token has expired
            self._token = self._authenticate()
            answer = self._send(method, path, **content)
        return _json(path, answer)

    def _authenticate(self) -> str:
        body = {"client_id": self._credentials.client_id, "client_secret": self._credentials.client_secret}
        self._token = ""
        answer = self._send("POST", "authenticate", json=body)
        if answer.status_code in (400, UNAUTHORIZED, 403):
            raise NotAllowedError("Xray refused the credentials: check XRAY_CLIENT_ID and XRAY_CLIENT_SECRET.")
        token = _json("authenticate", answer)  # a JSON string, quotes and all
        if not isinstance(token, str) or not token:
            raise RefusedError("Xray answered the login with something that is no token: check the url in xray.yaml.")
        secrets.register(token)
        return token

    def _send(self, method: str, path: str, **content: Any) -> requests.Response:
        if self.count >= self._most:
            raise NotDoneError(
                f"{self.count} requests were sent, the most of one command (requests in xray.yaml): go on with "
                "'python run.py xray flush'."
            )
        self.count += 1
        try:
            return self._session.request(
                method,
                f"{self._base}/{path}",
                auth=_Bearer(self._token),
                timeout=self._timeout,
                allow_redirects=False,
                **content,
            )
        except requests.RequestException as error:
            if _never_sent(error):
                raise NotDoneError(f"Xray at {self._base} cannot be reached ({type(error).__name__}).") from None
            raise InDoubtError(f"Xray did not answer {method} {path} ({type(error).__name__}).") from None


def _never_sent(error: requests.RequestException) -> bool:
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(error, requests.exceptions.SSLError | requests.exceptions.ProxyError) or isinstance(
        reason, NewConnectionError | ConnectTimeoutError
    )


def _json(path: str, answer: requests.Response) -> Any:
    """What the answer holds, or the error that its status means."""
    status = answer.status_code
    words = f"Xray answered {path} with {status}: {shown(answer.text)}"
    if status == TOO_LARGE:
        raise TooLargeError(words)
    if status in NOT_DONE:
        raise NotDoneError(words)
    if status == UNAUTHORIZED:
        raise NotAllowedError(words)
    if status in IN_DOUBT or status > 500:
        raise InDoubtError(words)
    if not answer.ok or answer.is_redirect:
        raise RefusedError(words)
    try:
        return answer.json()
    except requests.JSONDecodeError:
        raise InDoubtError(f"Xray answered {path} with {status} and no JSON: {shown(answer.text)}") from None


def shown(text: str) -> str:
    """A server's own words: one line, short, without secrets."""
    line = secrets.blank(" ".join(text.split()))
    return line if len(line) <= LONGEST_MESSAGE else f"{line[:LONGEST_MESSAGE]} ..."
