"""The one HTTP client of GitHub's API: one repository, no other, whatever it is asked for."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from focus_core.site import secrets

from pipeline.errors import RunError

WAIT_S = 30.0
API = "https://api.github.com"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
MOST_LOG_BYTES = 20 << 20
NOT_ALLOWED = (401, 403)
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9_.][\w.-]*")
# Segments that could lead to another place are none of these; slashes part them.
_PATH = re.compile(r"[\w.@+-]+(/[\w.@+-]+)*")
_WORDS = 200


class GitHubError(RunError):
    """GitHub did not do what was asked; `status` is 0 where no answer came."""

    def __init__(self, text: str, status: int = 0) -> None:
        super().__init__(text)
        self.status = status


@dataclass(frozen=True)
class Client:
    """`api` is the address of the API, `repository` is owner/name."""

    api: str
    repository: str
    token: str = field(repr=False)

    def __post_init__(self) -> None:
        address = urlsplit(self.api)
        if address.scheme != "https" and address.hostname not in LOOPBACK:
            raise RunError("GITHUB_API_URL has to begin with https://: correct it.")
        if not _REPOSITORY.fullmatch(self.repository) or ".." in self.repository:
            raise RunError("GITHUB_REPOSITORY is no owner/name: correct it.")
        secrets.register(self.token)

    def ask(self, method: str, path: str, *, params: Mapping[str, Any] | None = None, json: Any = None) -> Any:
        """The JSON of an answer; None where it has no body. `path` is below the repository. Raises GitHubError."""
        answer = self._send(method, path, params=params, json=json)
        if not answer.content:
            return None
        try:
            return answer.json()
        except ValueError:
            raise GitHubError(f"GitHub answered {method} {path} without JSON: check GITHUB_API_URL.") from None

    def log(self, path: str) -> str:
        """A log. GitHub redirects to where it lies, which must not get the token. Of a long one the end counts."""
        answer = self._send("GET", path)
        if answer.is_redirect:
            place = answer.headers["Location"]
            address = urlsplit(place)
            if address.scheme != "https" and address.hostname not in LOOPBACK:
                raise GitHubError("GitHub redirected to a log that is not served by https: read it in the browser.")
            answer = _checked(
                "GET", path, lambda: requests.get(place, timeout=WAIT_S, allow_redirects=False, auth=_none)
            )
        return answer.content[-MOST_LOG_BYTES:].decode("utf-8", "replace")

    def _send(self, method: str, path: str, **what: Any) -> requests.Response:
        if not _PATH.fullmatch(path) or any(part in (".", "..") for part in path.split("/")):
            raise GitHubError(f"'{path[:_WORDS]}' is no place in the repository: correct it.")
        headers = {"Accept": "application/vnd.github+json"}
        address = f"{self.api.rstrip('/')}/repos/{self.repository}/{path}"

        def send() -> requests.Response:
            return requests.request(
                method, address, headers=headers, timeout=WAIT_S, allow_redirects=False, auth=self._login, **what
            )

        return _checked(method, path, send)

    def _login(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        # As `auth`, since requests would otherwise take a password for the host out of a .netrc file.
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def of_environment(environment: Mapping[str, str] = os.environ) -> Client:
    """Of GITHUB_REPOSITORY, GITHUB_TOKEN and GITHUB_API_URL. Raises RunError that names a missing variable."""
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        if not environment.get(name):
            raise RunError(f"{name} is not set, so GitHub cannot be asked: set it.")
    return Client(environment.get("GITHUB_API_URL", API), environment["GITHUB_REPOSITORY"], environment["GITHUB_TOKEN"])


def _none(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _checked(method: str, path: str, send: Any) -> requests.Response:
    try:
        answer: requests.Response = send()
    except requests.RequestException as error:
        raise GitHubError(f"GitHub cannot be reached ({type(error).__name__}): try again.") from None
    if answer.ok:
        return answer
    status = answer.status_code
    repair = "check what GITHUB_TOKEN may do" if status in NOT_ALLOWED else "check what was asked for"
    words = " ".join(answer.text.split())[:_WORDS]
    raise GitHubError(f"GitHub answered {method} {path} with {status} ({secrets.blank(words)}): {repair}.", status)
