"""Tickets of Jira: read, made of a failure, moved, linked."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Annotated, Any

from pydantic import Field

from mcp_servers.base.allowed import run_name
from mcp_servers.base.confirmation import Plan
from mcp_servers.base.text import clean, untrusted
from mcp_servers.base.toolbox import Toolbox
from pipeline.bug import document, folder, found, jira, report
from pipeline.bug.document import Document
from pipeline.bug.report import Past
from pipeline.results import clusters, steps
from pipeline.xray import settings
from pipeline.xray.jira import Jira

_SHOWN = 1500
Key = Annotated[str, Field(description="The key of a ticket, such as PZ-14024", max_length=20)]
RunName = Annotated[str, Field(description="A run's id, its beginning, or latest", max_length=120)]
TestName = Annotated[str, Field(description="A failed test: its name, or a part of it", max_length=300)]


def add(box: Toolbox) -> None:
    """Adds the tools to the server."""
    _read(box)
    _create(box)
    _change(box)


def _jira() -> Jira:
    return Jira.of(settings.load())


def _read(box: Toolbox) -> None:
    @box.reads
    def ticket(key: Key) -> dict[str, Any]:
        """A ticket: kind, status, labels, links, and the statuses that it can get next."""
        jira_ = _jira()
        one = jira_.ticket(key)
        return asdict(one) | {"summary": untrusted(one.summary, 500), "next_statuses": list(jira_.statuses(key))}


def _create(box: Toolbox) -> None:
    def plan(run: RunName, test: TestName) -> Plan:
        made, label = _draft(run, test)
        text = document.markdown(made)
        cut = f"\n... and {len(text) - _SHOWN} more characters" if len(text) > _SHOWN else ""
        return Plan(f"Create this bug in project {_jira().project} (label {label}):\n{text[:_SHOWN]}{cut}", text)

    @box.writes(plan)
    def create_bug(run: RunName, test: TestName) -> dict[str, Any]:
        """Makes a bug of a failed test, with the report that `python run.py bug` writes; of one failure only once."""
        jira_ = _jira()
        made, label = _draft(run, test)
        there = jira_.labelled(label)
        if there:
            return {"key": there[0], "created": False}
        return {"key": jira_.create_bug(made.title, jira.adf(made), ["acceptance", label]), "created": True}


def _draft(run: str, test: str) -> tuple[Document, str]:
    """The report without secrets and hidden characters, and a label that all failures of this cause share."""
    failure = found.failure(run_name(run), test)
    words = steps.of(failure.test, failure.output)
    whole = folder.clean(report.document(failure, words, Past(), picture=False))
    blocks = tuple(type(block)(**_visible(vars(block))) for block in whole.blocks)
    cause = [failure.test.id, *clusters.key(failure.test.keywords, failure.test.reason)]
    return Document(clean(whole.title), blocks), f"focus-bug-{hashlib.sha256(repr(cause).encode()).hexdigest()[:12]}"


def _visible(parts: dict[str, Any]) -> dict[str, Any]:
    return {name: _tuples(clean(value)) for name, value in parts.items()}


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _change(box: Toolbox) -> None:
    def plan_status(key: Key, status: str) -> Plan:
        one = _jira().ticket(key)
        return Plan(f"Give {key} ({one.summary}) the status '{status}' instead of '{one.status}'.", one.status)

    def plan_link(key: Key, other: Key, kind: str = "Relates") -> Plan:
        jira_ = _jira()
        ends = jira_.ticket(key), jira_.ticket(other)
        return Plan(f"Link {key} ({ends[0].summary}) to {other} ({ends[1].summary}) by '{kind}'.", str(ends))

    @box.writes(plan_status)
    def set_status(key: Key, status: str) -> dict[str, Any]:
        """Gives a ticket a status that `ticket` names under next_statuses."""
        _jira().move(key, status)
        return {"key": key, "status": status}

    @box.writes(plan_link)
    def link(key: Key, other: Key, kind: str = "Relates") -> dict[str, Any]:
        """Links a ticket to another one, for example a bug to the Test that shows it."""
        _jira().link(key, other, kind)
        return {"linked": [key, other], "kind": kind}
