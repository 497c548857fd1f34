"""The one HTTP client of Jira: tickets of one project, their status, links between them.

Nothing is sent twice here: whoever made a request that may have been carried out looks first.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests
from focus_core.site import secrets

from pipeline.errors import RunError
from pipeline.xray.client import InDoubtError, NotAllowedError, NotDoneError, RefusedError, shown
from pipeline.xray.settings import JIRA_CREDENTIALS, Settings

WAIT_S = 30.0
BUG = "Bug"
LONGEST_SUMMARY = 250
_IN_DOUBT = 500


@dataclass(frozen=True)
class Ticket:
    """An issue of Jira. `links` are sentences such as `blocks PZ-1`."""

    key: str
    kind: str
    status: str
    summary: str
    labels: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class Jira:
    """`project` is the only one whose tickets are read and written."""

    def __init__(self, url: str, project: str, user: str, token: str) -> None:
        self._base = f"{url.rstrip('/')}/rest/api/3"
        self._login = (user, token)
        self.project = project

    @classmethod
    def of(cls, settings: Settings, environment: Mapping[str, str] = os.environ) -> Jira:
        """That of the settings. Raises RunError that names what is missing."""
        if not settings.jira_url:
            raise RunError("xray.yaml names no Jira: add jira_url, the address of your Jira.")
        found = [environment.get(name, "").strip() for name in JIRA_CREDENTIALS]
        for name, value in zip(JIRA_CREDENTIALS, found, strict=True):
            if not value:
                raise RunError(f"{name} is not set: set it to the login of your Jira.")
        secrets.register(found[1])
        return cls(settings.jira_url, settings.project, *found)

    def own(self, key: str) -> str:
        """The key, where it is one of the project. Raises RefusedError."""
        if not re.fullmatch(rf"{re.escape(self.project)}-\d+", key):
            raise RefusedError(
                f"'{key[:40]}' is no ticket of project {self.project}: give a key like {self.project}-14024."
            )
        return key

    def ticket(self, key: str) -> Ticket:
        """Raises RefusedError where there is no such ticket."""
        fields = "summary,status,issuetype,labels,issuelinks"
        return _ticket(self._ask("GET", f"issue/{self.own(key)}", params={"fields": fields}))

    def labelled(self, label: str) -> list[str]:
        """The keys of the project's tickets that bear a label; Jira's search lags some seconds behind."""
        jql = f'project = "{self.project}" AND labels = "{label}" ORDER BY key'
        found = self._ask("POST", "search/jql", json={"jql": jql, "fields": ["summary"], "maxResults": 10})
        return [issue["key"] for issue in found["issues"]]

    def create_bug(self, summary: str, description: Mapping[str, Any], labels: Sequence[str]) -> str:
        """A new bug, its description in Atlassian's document format; returns its key."""
        fields = {
            "project": {"key": self.project},
            "issuetype": {"name": BUG},
            "summary": " ".join(summary.split())[:LONGEST_SUMMARY],
            "description": dict(description),
            "labels": list(labels),
        }
        return str(self._ask("POST", "issue", json={"fields": fields})["key"])

    def statuses(self, key: str) -> dict[str, str]:
        """Where a ticket can go from its status: the name of each status with the transition that leads there."""
        found = self._ask("GET", f"issue/{self.own(key)}/transitions")["transitions"]
        return {one["to"]["name"]: str(one["id"]) for one in found}

    def move(self, key: str, status: str) -> None:
        """Gives a ticket another status. Raises RefusedError, with those that are possible, for another one."""
        possible = self.statuses(key)
        if status not in possible:
            raise RefusedError(f"{key} cannot become '{status[:40]}' now, only: {', '.join(possible) or 'nothing'}.")
        self._ask("POST", f"issue/{key}/transitions", json={"transition": {"id": possible[status]}})

    def link_kinds(self) -> list[str]:
        """The names of the links that tickets can have."""
        return [one["name"] for one in self._ask("GET", "issueLinkType")["issueLinkTypes"]]

    def link(self, key: str, other: str, kind: str) -> None:
        """Links a ticket to another one. Raises RefusedError for a kind that Jira has not."""
        kinds = self.link_kinds()
        if kind not in kinds:
            raise RefusedError(f"Jira has no link '{kind[:40]}', only: {', '.join(kinds)}.")
        ends = {"outwardIssue": {"key": self.own(key)}, "inwardIssue": {"key": self.own(other)}}
        self._ask("POST", "issueLink", json={"type": {"name": kind}, **ends})

    def _ask(self, method: str, path: str, **what: Any) -> Any:
        address = f"{self._base}/{path}"
        try:
            answer = requests.request(method, address, auth=self._login, timeout=WAIT_S, allow_redirects=False, **what)
        except requests.ConnectionError as error:
            raise NotDoneError(f"Jira cannot be reached ({type(error).__name__}): try again.") from None
        except requests.RequestException as error:
            raise InDoubtError(
                f"Jira did not answer {method} {path} ({type(error).__name__}): look at the ticket."
            ) from None
        return _content(method, path, answer)


def _content(method: str, path: str, answer: requests.Response) -> Any:
    words = f"Jira answered {method} {path} with {answer.status_code} ({shown(answer.text)})"
    if answer.status_code in (401, 403):
        raise NotAllowedError(f"{words}: check JIRA_USER and JIRA_API_TOKEN, and what they may do.")
    if answer.status_code == 429:
        raise NotDoneError(f"{words}: try again in a minute.")
    if answer.status_code >= _IN_DOUBT:
        raise InDoubtError(f"{words}: look at the ticket before you try again.")
    if not answer.ok or answer.is_redirect:
        raise RefusedError(f"{words}: correct what was asked for.")
    if not answer.content:
        return None
    try:
        return answer.json()
    except ValueError:
        raise InDoubtError(f"{words}, which is no JSON: check jira_url of xray.yaml.") from None


def _ticket(found: Mapping[str, Any]) -> Ticket:
    fields = found["fields"]
    return Ticket(
        found["key"],
        fields["issuetype"]["name"],
        fields["status"]["name"],
        fields["summary"],
        tuple(fields.get("labels") or ()),
        tuple(_link(one) for one in fields.get("issuelinks") or ()),
    )


def _link(found: Mapping[str, Any]) -> str:
    end = "outward" if "outwardIssue" in found else "inward"
    return f"{found['type'][end]} {found[f'{end}Issue']['key']}"
