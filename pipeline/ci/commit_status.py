"""The verdict on the product's image, put on the product's own commit."""

from __future__ import annotations

import os
import re

import requests
from focus_core.site import secrets

from pipeline.errors import RunError

REPOSITORY, COMMIT, TOKEN = "PRODUCT_REPOSITORY", "PRODUCT_COMMIT", "PRODUCT_STATUS_TOKEN"
CONTEXT = "focus-acceptance"
TIMEOUT_S = 30.0
# The result of a GitHub job as the state of a commit, with what the product's developers read.
STATES = {
    "success": ("success", "the acceptance tests passed"),
    "failure": ("failure", "the acceptance tests failed"),
    "cancelled": ("error", "the acceptance tests were stopped"),
    "skipped": ("error", "the acceptance tests did not run"),
}


def put(result: str) -> str:
    """Put the state on the commit that the variables name; returns a sentence. Raises RunError when it cannot."""
    repository = _given(REPOSITORY, r"[\w.-]+/[\w.-]+", "owner/name")
    commit = _given(COMMIT, r"[0-9a-f]{40}", "40 hex digits")
    token = _given(TOKEN, r"\S+", "a token that may write statuses of the product's repository")
    secrets.register(token)
    state, text = STATES[result]
    url = f"{os.environ.get('GITHUB_API_URL', 'https://api.github.com')}/repos/{repository}/statuses/{commit}"
    body = {"state": state, "description": text, "context": CONTEXT, "target_url": _page()}
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}
    try:
        answer = requests.post(url, json=body, headers=headers, timeout=TIMEOUT_S)
    except requests.RequestException as error:
        raise RunError(f"GitHub cannot be reached ({type(error).__name__}): run the job again.") from None
    if answer.status_code != requests.codes.created:
        raise RunError(
            f"GitHub answered {answer.status_code} to the status of {repository}: check {TOKEN} and {COMMIT}."
        )
    return f"{repository} {commit[:12]}: {state}, {text}"


def _page() -> str | None:
    """The page of this workflow's run; None outside of one."""
    parts = [os.environ.get(name) for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_RUN_ID")]
    return f"{parts[0]}/{parts[1]}/actions/runs/{parts[2]}" if all(parts) else None


def _given(name: str, pattern: str, what: str) -> str:
    text = os.environ.get(name, "").strip()
    if not re.fullmatch(pattern, text):
        # The text may be a secret.
        raise RunError(f"{name} is {'not valid' if text else 'not set'}: set it to {what}.")
    return text
