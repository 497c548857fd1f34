"""A change as a branch of its own and a pull request: what is merged is decided by people."""

from __future__ import annotations

import base64
import re
import uuid
from dataclasses import dataclass

from pipeline.ci.github_client import Client, GitHubError
from pipeline.errors import RunError

# Only these branches are ever written.
PREFIX = "proposal/"
FOLDERS = ("docs/", "resources/", "suites/", "variables/")
MOST_BYTES = 60_000
_MISSING = 404
_PATH = re.compile(r"[\w.-]+(/[\w.-]+)*")


@dataclass(frozen=True)
class Proposal:
    """A file's new text, with the title of the pull request."""

    path: str
    text: str
    title: str
    body: str = ""


def check(proposal: Proposal, folders: tuple[str, ...] = FOLDERS) -> None:
    """Raises RunError for a path outside of the folders that may be changed so, or a text that is too long."""
    parts = proposal.path.split("/")
    if not _PATH.fullmatch(proposal.path) or ".." in parts or not proposal.path.startswith(folders):
        raise RunError(f"'{proposal.path[:100]}' cannot be changed here: give a path below {', '.join(folders)}.")
    if len(proposal.text.encode()) > MOST_BYTES:
        raise RunError(f"The new text is longer than {MOST_BYTES} bytes: propose the change by git.")
    if not proposal.title.strip():
        raise RunError("A pull request needs a title: give one.")


def open_(client: Client, proposal: Proposal, base: str, folders: tuple[str, ...] = FOLDERS) -> str:
    """Makes the branch, the commit and the pull request into `base`; returns its address."""
    check(proposal, folders)
    head = client.ask("GET", f"git/ref/heads/{base}")["object"]["sha"]
    slug = re.sub(r"[^a-z0-9]+", "-", proposal.title.lower()).strip("-")[:40] or "change"
    branch = f"{PREFIX}{slug}-{uuid.uuid4().hex[:6]}"
    there = _id_of(client, proposal.path, base)
    client.ask("POST", "git/refs", json={"ref": f"refs/heads/{branch}", "sha": head})
    content = base64.b64encode(proposal.text.encode()).decode()
    change = {"message": proposal.title, "content": content, "branch": branch} | ({"sha": there} if there else {})
    try:
        client.ask("PUT", f"contents/{proposal.path}", json=change)
        wanted = {"title": proposal.title, "head": branch, "base": base, "body": proposal.body}
        return str(client.ask("POST", "pulls", json=wanted)["html_url"])
    except GitHubError:
        client.ask("DELETE", f"git/refs/heads/{branch}")
        raise


def _id_of(client: Client, path: str, branch: str) -> str:
    """Of the file's content on a branch; empty where there is no such file."""
    try:
        return str(client.ask("GET", f"contents/{path}", params={"ref": branch})["sha"])
    except GitHubError as error:
        if error.status == _MISSING:
            return ""
        raise
