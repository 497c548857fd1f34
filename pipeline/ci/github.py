"""The one comment of a pull request that is kept up to date, through GitHub's API."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.ci.github_client import API, Client, GitHubError
from pipeline.errors import RunError

PER_PAGE = 100
# A pull request with more comments gets a second comment of ours rather than an endless search.
MOST_PAGES = 50
_PULL = re.compile(r"refs/pull/(\d+)/")


@dataclass(frozen=True)
class PullRequest:
    """One of the client's repository."""

    client: Client
    number: int

    def upsert(self, marker: str, body: str) -> str:
        """Change our comment, the one that begins with `marker`, or write it; returns its address."""
        address = "issues"
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

    def _ask(self, method: str, path: str, **what: Any) -> Any:
        try:
            return self.client.ask(method, path, **what)
        except GitHubError as error:
            reason = f"HTTP {error.status}" if error.status else str(error)
            raise RunError(
                f"The comment on pull request {self.number} of {self.client.repository} failed ({method}: {reason}): "
                "check that GITHUB_TOKEN may write pull requests."
            ) from None


def of_environment(environment: Mapping[str, str], number: int | None) -> PullRequest:
    """The pull request of this CI job, or number `number`. Raises RunError that names the variable that is missing."""
    for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"):
        if not environment.get(name):
            raise RunError(f"{name} is not set, so no comment can be written: set it, or leave --post out.")
    found = _PULL.match(environment.get("GITHUB_REF", ""))
    if number is None and not found:
        raise RunError("GITHUB_REF is of no pull request, so no comment can be written: give --pull NUMBER.")
    client = Client(
        environment.get("GITHUB_API_URL", API), environment["GITHUB_REPOSITORY"], environment["GITHUB_TOKEN"]
    )
    return PullRequest(client, number if number is not None else int(found[1]) if found else 0)
