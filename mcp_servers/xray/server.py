"""The server `xray`: Tests and results in Xray, tickets in Jira."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import asdict
from functools import cache
from typing import Annotated, Any

from pydantic import Field

from mcp_servers.base import file_state
from mcp_servers.base.allowed import one_of, run_name
from mcp_servers.base.confirmation import Plan
from mcp_servers.base.text import untrusted
from mcp_servers.base.toolbox import Toolbox
from mcp_servers.xray import tickets
from pipeline.commands import xray as command
from pipeline.paths import SUITES
from pipeline.xray import keys, mapping, publishing, settings
from pipeline.xray.api import Api, in_pieces
from pipeline.xray.client import Client, RefusedError
from pipeline.xray.converter import convert
from pipeline.xray.publishing import Source
from pipeline.xray.spool import Spool

MOST_KEYS = 100
ROWS = 40
_INSTRUCTIONS = (
    "Xray and Jira of one project: its Tests, what a run would publish, tickets. A run on a simulated site is never "
    "published from here."
)
RunName = Annotated[str, Field(description="A run's id, its beginning, or latest", max_length=120)]
Key = Annotated[str, Field(description="A key such as PZ-13784", max_length=20)]
_lock = threading.Lock()


def toolbox() -> Toolbox:
    """The tools; address and project come from variables/xray.yaml, logins from the environment."""
    box = Toolbox("xray", _INSTRUCTIONS)
    _read(box)
    _publish(box)
    tickets.add(box)
    box.preparations.append(_automated)
    return box


def _automated() -> list[mapping.AutomatedTest]:
    """All tests of the suites; read again when a file has changed."""
    with _lock:
        return _automated_in(file_state.of(SUITES.rglob("*.robot")))


@cache
def _automated_in(_state: file_state.State) -> list[mapping.AutomatedTest]:
    return mapping.automated()


def _api() -> Api:
    return Api(Client(settings.load(), settings.credentials()))


def _own(wanted: list[str]) -> list[str]:
    """The keys, where each is one of the project. Raises RefusedError: they go into a query."""
    project = settings.load().project
    for key in wanted:
        number = key.removeprefix(f"{project}-")
        if key == number or not (number.isascii() and number.isdigit()):
            raise RefusedError(f"'{key[:40]}' is no key of project {project}: give one like {project}-13784.")
    return wanted


def _read(box: Toolbox) -> None:
    @box.reads
    def tests(wanted: Annotated[list[Key], Field(min_length=1, max_length=MOST_KEYS)]) -> dict[str, Any]:
        """The Tests of these keys as Xray has them now, and keys without an issue."""
        found, missing = _api().tests(_own(wanted))
        shown = [{"key": one.key, "kind": one.kind, "title": untrusted(one.title, 300)} for one in found.values()]
        return {"tests": shown, "missing": sorted(missing)}

    @box.reads
    def mapping_of_tests(offline: bool = True, kind: str = "") -> dict[str, Any]:
        """The automated tests against the plan, both ways: how many of each kind, and the rows, of one kind if given.

        Offline against the catalogue of this project, else against Xray.
        """
        if kind:
            one_of("kind", kind, [one.value for one in mapping.Kind])
        chosen, created, automated = settings.load(), keys.created(), _automated()
        plan = mapping.offline() if offline else mapping.online(_api(), chosen, mapping.keys_of(automated, created))
        rows = mapping.compare(automated, plan, chosen, created, live=not offline)
        shown = [row for row in rows if kind in ("", row.kind.value)]
        return {
            "tests": len(automated),
            "counts": dict(Counter(row.kind.value for row in rows)),
            "rows": [asdict(row) | {"title": untrusted(row.title, 200)} for row in in_pieces(shown, ROWS)[0]]
            if shown
            else [],
        }

    @box.reads
    def execution(key: Key) -> dict[str, Any]:
        """A Test Execution: its tests with their defects and the names of their evidence."""
        api = _api()
        found, _ = api.execution(*_own([key]))
        if found is None:
            raise RefusedError(f"{key} is no Test Execution: give the key of one.")
        runs, _ = api.runs(found, 1)
        shown = [{"test": name, "defects": one.defects, "evidence": one.evidence} for name, one in runs.items()]
        return {"key": found.key, "tests": len(runs), "results": shown}

    @box.reads
    def publish_plan(run: RunName = "latest") -> dict[str, Any]:
        """What publishing a run would send: how many results of each status, and what stands against it."""
        return _planned(command.find([run_name(run)], ""))

    @box.reads
    def spool() -> dict[str, Any]:
        """What was converted and is still to be sent, and why it was not."""
        return {
            "waiting": [{"label": entry.label, "state": untrusted(str(entry.state))} for entry in _spool().entries()]
        }


def _publish(box: Toolbox) -> None:
    def plan_publish(run: RunName) -> Plan:
        source = command.find([run_name(run)], "")
        publishing.refuse(source.run, force_simulated=False, incomplete=False)
        found = _planned(source)
        where = settings.load().execution or "a Test Execution of its own"
        return Plan(
            f"Publish run {found['run']} ({found['statuses']}) into {where} of {settings.load().url}.", str(found)
        )

    def plan_flush() -> Plan:
        labels = [entry.label for entry in _spool().entries()]
        return Plan(f"Send what waits: {', '.join(labels) or 'nothing'}.", str(labels))

    def plan_defect(execution: Key, test: Key, bug: Key) -> Plan:
        _own([execution, test, bug])
        return Plan(f"Link defect {bug} to the result of {test} in {execution}.")

    @box.writes(plan_publish)
    def publish(run: RunName) -> dict[str, Any]:
        """Publishes the results of a run on a real site into Xray."""
        outcome = publishing.publish(command.find([run_name(run)], ""))
        return {"execution": outcome.key, "notes": [untrusted(note) for note in outcome.notes]}

    @box.writes(plan_flush)
    def flush() -> dict[str, Any]:
        """Sends results that could not be sent before."""
        sent, problems = publishing.flush()
        return {"sent": sent, "problems": [untrusted(problem) for problem in problems]}

    @box.writes(plan_defect)
    def link_defect(execution: Key, test: Key, bug: Key) -> dict[str, Any]:
        """Links a bug as a defect to the result of a test in an execution."""
        api = _api()
        found, _ = api.execution(execution)
        runs = api.runs(found, 1)[0] if found else {}
        if test not in runs:
            raise RefusedError(f"{execution} has no result of {test}: look at it with 'execution'.")
        api.add_defects([(runs[test].id, [bug])])
        return {"linked": bug, "warnings": [untrusted(warning) for warning in api.warnings]}


def _spool() -> Spool:
    return Spool(settings.load().state_folder)


def _planned(source: Source) -> dict[str, Any]:
    converted = convert(source.run, publishing.label(source.name), settings.load(), keys.created())
    stamp = source.run.stamp
    against = [
        sentence
        for is_true, sentence in (
            (stamp.simulated, "It was on a simulated site, whose results are not published."),
            (bool(source.run.broken), f"It does not count: {source.run.broken}"),
            (stamp.dry_run, "It was a dry run."),
        )
        if is_true
    ]
    return {
        "run": source.name,
        "site": source.run.site,
        "statuses": dict(Counter(test["status"] for test in converted.tests)),
        "without_test_in_xray": sorted(converted.local),
        "against_it": [untrusted(sentence) for sentence in against],
        "digest": publishing.digest_of(converted, []),
    }
