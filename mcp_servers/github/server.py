"""The server `github`: runs of the workflows and why they failed; starting, stopping, commenting, proposing."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import Annotated, Any

from focus_core.site import loader
from pydantic import Field

from mcp_servers.base.allowed import one_of
from mcp_servers.base.confirmation import Plan
from mcp_servers.base.text import untrusted
from mcp_servers.base.toolbox import Toolbox
from pipeline.ci import proposals, workflows
from pipeline.ci.github import PullRequest
from pipeline.ci.github_client import of_environment
from pipeline.ci.proposals import Proposal

# Branches that workflows may be started on and changes be proposed to, where the variable names no others.
BRANCHES = "FOCUS_MCP_BRANCHES"
_USUAL = "main"
# What runs a chosen site takes its name as `site`.
_MANUAL = "manual.yml"
_MARKER = "<!-- focus-assistant -->"
_LONG = 60_000
_INSTRUCTIONS = "Workflows and pull requests of the repository of these acceptance tests, and of no other one."
Workflow = Annotated[str, Field(description="The file name of a workflow, such as nightly.yml", max_length=80)]
Branch = Annotated[str, Field(max_length=200)]
Number = Annotated[int, Field(gt=0)]


def toolbox() -> Toolbox:
    """The tools; the repository and the token come from GITHUB_REPOSITORY and GITHUB_TOKEN."""
    box = Toolbox("github", _INSTRUCTIONS)
    _read(box)
    _start_and_stop(box)
    _propose(box)
    return box


def _branches() -> list[str]:
    return [name.strip() for name in os.environ.get(BRANCHES, _USUAL).split(",") if name.strip()]


def _workflow(name: str) -> str:
    return one_of("workflow", name, workflows.names())


def _read(box: Toolbox) -> None:
    @box.reads
    def runs(workflow: Workflow = "", branch: Branch = "", limit: int = 20) -> dict[str, Any]:
        """The newest runs of the workflows, of one workflow or branch where they are given."""
        found = workflows.runs(of_environment(), _workflow(workflow) if workflow else "", branch, limit)
        return {"runs": [_shown(one) for one in found]}

    @box.reads
    def run(number: Number) -> dict[str, Any]:
        """A run with its jobs and the steps that failed."""
        found, jobs = workflows.run(of_environment(), number)
        return _shown(found) | {"jobs": [asdict(job) for job in jobs]}

    @box.reads
    def failed_log(job: Number, lines: int = 60) -> dict[str, Any]:
        """The lines of a job's log up to its first error; `run` names the jobs."""
        return untrusted(workflows.failed_log(of_environment(), job, max(lines, 1)), _LONG)

    @box.reads
    def schedules() -> dict[str, Any]:
        """When each workflow starts by itself: cron in UTC."""
        return {"schedules": workflows.schedules(of_environment(), _branches()[0])}


def _start_and_stop(box: Toolbox) -> None:
    def plan_dispatch(workflow: Workflow, site: str = "", tags: str = "", branch: Branch = _USUAL) -> Plan:
        one_of("branch", branch, _branches())
        inputs = _inputs(_workflow(workflow), site, tags)
        return Plan(
            f"Start {workflow} on branch {branch} of {of_environment().repository} with {inputs or 'no inputs'}."
        )

    def plan_cancel(number: Number) -> Plan:
        found, _ = workflows.run(of_environment(), number)
        return Plan(f"Cancel run {number} of {found.workflow} on {found.branch}: {found.url}", found.state)

    @box.writes(plan_dispatch)
    def dispatch(workflow: Workflow, site: str = "", tags: str = "", branch: Branch = _USUAL) -> dict[str, Any]:
        """Starts a workflow; manual.yml takes a site and tag patterns."""
        workflows.dispatch(of_environment(), workflow, branch, _inputs(workflow, site, tags))
        return {"started": workflow, "branch": branch}

    @box.writes(plan_cancel, destructive=True)
    def cancel(number: Number) -> dict[str, Any]:
        """Stops a run of a workflow; what it has not finished is lost."""
        workflows.cancel(of_environment(), number)
        return {"cancelled": number}


def _inputs(workflow: str, site: str, tags: str) -> dict[str, str]:
    if site:
        one_of("site", site, [path.stem for path in loader.SITES.glob("*.yaml")])
    given = {name: text for name, text in (("site", site), ("tags", tags)) if text}
    if given and workflow != _MANUAL:
        one_of("workflow with a site or tags", workflow, [_MANUAL])
    return given


def _propose(box: Toolbox) -> None:
    def plan_comment(pull: Number, text: str) -> Plan:
        return Plan(f"Write this comment on pull request {pull} of {of_environment().repository}:\n{text}")

    def plan_propose(path: str, text: str, title: str, branch: Branch = _USUAL) -> Plan:
        proposals.check(Proposal(path, text, title))
        one_of("branch", branch, _branches())
        return Plan(
            f"Open a pull request '{title}' into {branch} of {of_environment().repository}; it makes {path}:\n{text}"
        )

    def plan_schedule(workflow: Workflow, cron: str, branch: Branch = _USUAL) -> Plan:
        text, sha = _scheduled(workflow, cron, branch)
        return Plan(f"Open a pull request into {branch} that starts {workflow} at '{cron}' (UTC) instead.", sha + text)

    def _scheduled(workflow: str, cron: str, branch: str) -> tuple[str, str]:
        one_of("branch", branch, _branches())
        text, sha = workflows.text_of(of_environment(), f"{workflows.FOLDER}/{_workflow(workflow)}", branch)
        return workflows.rescheduled(text, cron), sha

    @box.writes(plan_comment)
    def comment(pull: Number, text: str) -> dict[str, Any]:
        """Writes the one comment of the assistant on a pull request, or changes it. Nobody is mentioned by it."""
        body = f"{_MARKER}\n{text.replace('@', '@' + chr(0x200B))}"
        return {"comment": PullRequest(of_environment(), pull).upsert(_MARKER, body)}

    @box.writes(plan_propose)
    def propose(path: str, text: str, title: str, branch: Branch = _USUAL) -> dict[str, Any]:
        """Opens a pull request with the new text of one file of suites, resources, variables or docs."""
        return {"pull_request": proposals.open_(of_environment(), Proposal(path, text, title), branch)}

    @box.writes(plan_schedule)
    def propose_schedule(workflow: Workflow, cron: str, branch: Branch = _USUAL) -> dict[str, Any]:
        """Opens a pull request that changes when a workflow starts by itself, and nothing else of it."""
        text, _ = _scheduled(workflow, cron, branch)
        proposal = Proposal(f"{workflows.FOLDER}/{workflow}", text, f"Start {workflow} at {cron}")
        return {"pull_request": proposals.open_(of_environment(), proposal, branch, (f"{workflows.FOLDER}/",))}


def _shown(found: workflows.WorkflowRun) -> dict[str, Any]:
    return asdict(found) | {"title": untrusted(found.title, 200), "branch": untrusted(found.branch, 200)}
