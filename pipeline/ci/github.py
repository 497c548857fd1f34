"""The one comment of a pull request that is kept up to date, through GitHub's API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests

from pipeline.errors import RunError

WAIT_S = 30.0
PER_PAGE = 100
# A pull request with more comments gets a second comment of ours rather than an endless search.
MOST_PAGES = 50
_PULL = re.compile(r"refs/pull/(\d+)/")


@dataclass(frozen=True)
class PullRequest:
    """`api` is the address of the API, `repository` is owner/name."""

    api: str
    repository: str
    number: int
    token: str

    def upsert(self, marker: str, body: str) -> str:
        """Change our comment, the one that begins with `marker`, or write it; returns its address."""
        address = f"{self.api}/repos/{self.repository}/issues"
        ours = self._find(f"{address}/{self.number}/comments", marker)
        if ours is None:
            answer = self._ask("POST", f"{address}/{self.number}/comments", json={"body": body})
        else:
            answer = self._ask("PATCH", f"{address}/comments/{ours}", json={"body": body})
        return str(answer.get("html_url", ""))

    def _find(self, address: str, marker: str) -> int | None:
        for page in range(1, MOST_PAGES + 1):
            found = self._ask("GET", address, params={"per_page": PER_PAGE, "page": page})
            for comment in found:
                if str(comment.get("body", "")).startswith(marker):
                    return int(comment["id"])
            if len(found) < PER_PAGE:
                return None
        return None

    def _ask(self, method: str, address: str, **what: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}", "Accept": "application/vnd.github+json"}
        try:
            answer = requests.request(method, address, headers=headers, timeout=WAIT_S, **what)
            if answer.ok:
                return answer.json()
            reason = f"HTTP {answer.status_code}"
        except (requests.RequestException, ValueError) as error:
            reason = type(error).__name__
        raise RunError(
            f"The comment on pull request {self.number} of {self.repository} failed ({method}: {reason}): check that "
            "GITHUB_TOKEN may write pull requests."
        )


def of_environment(environment: Mapping[str, str], number: int | None) -> PullRequest:
    """The pull request of this CI job, or number `number`. Raises RunError that names the variable that is missing."""
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        if not environment.get(name):
            raise RunError(f"{name} is not set, so no comment can be written: set it, or leave --post out.")
    found = _PULL.match(environment.get("GITHUB_REF", ""))
    if number is None and not found:
        raise RunError("GITHUB_REF is of no pull request, so no comment can be written: give --pull NUMBER.")
    return PullRequest(
        environment.get("GITHUB_API_URL", "https://api.github.com"),
        environment["GITHUB_REPOSITORY"],
        number if number is not None else int(found[1]) if found else 0,
        environment["GITHUB_TOKEN"],
    )
