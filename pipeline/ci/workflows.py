"""GitHub's workflows: their runs, the log of what failed, starting and stopping, their schedules."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from pipeline.ci.github_client import Client
from pipeline.errors import RunError
from pipeline.paths import ROOT

FOLDER = ".github/workflows"
MOST_RUNS = 50
_CRON_LINE = re.compile(r"""^(\s*-\s*cron:\s*)["']?([^"'#\n]+?)["']?(\s*(?:#.*)?)$""", re.MULTILINE)
_CRON = re.compile(r"(?:[\d*,/-]+ ){4}[\d*,/-]+")
# As runners mark what they add before each line, and where a step fails.
_STAMP = re.compile(r"^\ufeff?\d{4}-\d\d-\d\dT[\d:.]+Z ", re.MULTILINE)
_ERROR = "##[error]"


@dataclass(frozen=True)
class WorkflowRun:
    """A run: `state` is success, failure, cancelled, ..., or how far it is; `made` is UTC in ISO form."""

    id: int
    workflow: str
    branch: str
    commit: str
    state: str
    event: str
    made: str
    title: str
    url: str


@dataclass(frozen=True)
class Job:
    """A job of a run, with the names of the steps that failed."""

    id: int
    name: str
    state: str
    failed_steps: tuple[str, ...]


def names() -> list[str]:
    """The workflows of this project: the file names."""
    return sorted(path.name for path in (ROOT / FOLDER).glob("*.yml"))


def runs(client: Client, workflow: str = "", branch: str = "", limit: int = 20) -> list[WorkflowRun]:
    """The newest first."""
    place = f"actions/workflows/{workflow}/runs" if workflow else "actions/runs"
    asked = {"per_page": min(max(limit, 1), MOST_RUNS)} | ({"branch": branch} if branch else {})
    return [_run(one) for one in client.ask("GET", place, params=asked)["workflow_runs"]]


def run(client: Client, number: int) -> tuple[WorkflowRun, list[Job]]:
    """A run with its jobs."""
    found = _run(client.ask("GET", f"actions/runs/{number}"))
    jobs = client.ask("GET", f"actions/runs/{number}/jobs", params={"per_page": 100})["jobs"]
    return found, [_job(one) for one in jobs]


def failed_log(client: Client, job: int, lines: int = 60) -> str:
    """The lines of a job's log that end with its first error; the last ones where it names none."""
    whole = _STAMP.sub("", client.log(f"actions/jobs/{job}/logs")).splitlines()
    end = next((number for number, line in enumerate(whole, 1) if _ERROR in line), len(whole))
    return "\n".join(whole[max(0, end - lines) : end])


def dispatch(client: Client, workflow: str, branch: str, inputs: Mapping[str, str]) -> None:
    """Starts a workflow that may be started by hand."""
    client.ask("POST", f"actions/workflows/{workflow}/dispatches", json={"ref": branch, "inputs": dict(inputs)})


def cancel(client: Client, number: int) -> None:
    """Stops a run."""
    client.ask("POST", f"actions/runs/{number}/cancel")


def schedules(client: Client, branch: str) -> dict[str, list[str]]:
    """The cron lines of each workflow on a branch, those without a schedule too."""
    listed = client.ask("GET", f"contents/{FOLDER}", params={"ref": branch})
    files = [one["name"] for one in listed if one["name"].endswith((".yml", ".yaml"))]
    return {name: crons(text_of(client, f"{FOLDER}/{name}", branch)[0]) for name in files}


def text_of(client: Client, path: str, branch: str) -> tuple[str, str]:
    """A file's text on a branch, and the id of its content that a change has to name."""
    found = client.ask("GET", f"contents/{path}", params={"ref": branch})
    return base64.b64decode(found["content"]).decode("utf-8"), found["sha"]


def crons(text: str) -> list[str]:
    """The schedules of a workflow's text. Raises RunError for a text that is no workflow."""
    try:
        content = yaml.safe_load(text)
        # YAML 1.1 reads the word `on` as true.
        events = content.get("on", content.get(True)) or {}
        return [one["cron"] for one in events.get("schedule", ())] if isinstance(events, dict) else []
    except (yaml.YAMLError, AttributeError, KeyError, TypeError) as error:
        raise RunError(f"This is no workflow that can be read ({type(error).__name__}): repair it first.") from None


def rescheduled(text: str, cron: str) -> str:
    """The workflow with another time in its only schedule. Raises RunError where it has not one, or `cron` is none."""
    if not _CRON.fullmatch(cron):
        raise RunError(f"'{cron[:40]}' is no cron of five fields in UTC, such as '0 1 * * *': correct it.")
    if len(crons(text)) != 1 or len(_CRON_LINE.findall(text)) != 1:
        raise RunError("Only the time of a workflow with one schedule can be changed here: edit the file instead.")
    changed = _CRON_LINE.sub(lambda line: f'{line[1]}"{cron}"{line[3]}', text)
    if crons(changed) != [cron]:
        raise RunError("The schedule of this workflow is written in a way that is not known here: edit the file.")
    return changed


def _run(found: Mapping[str, Any]) -> WorkflowRun:
    return WorkflowRun(
        found["id"],
        found["path"].rpartition("/")[2],
        found["head_branch"] or "",
        found["head_sha"][:12],
        found["conclusion"] or found["status"],
        found["event"],
        found["created_at"],
        found["display_title"],
        found["html_url"],
    )


def _job(found: Mapping[str, Any]) -> Job:
    failed = tuple(step["name"] for step in found.get("steps") or () if step["conclusion"] == "failure")
    return Job(found["id"], found["name"], found["conclusion"] or found["status"], failed)
