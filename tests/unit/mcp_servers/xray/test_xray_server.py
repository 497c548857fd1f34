"""The server of Xray and Jira, against both on this machine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp.shared.exceptions import MCPError
from support import failed_run
from support.fake_jira import INJECTED, TOKEN, USER, FakeJira
from support.fake_xray import CLIENT_ID, CLIENT_SECRET, FakeXray
from support.mcp_client import Answer, Person, talk, tools
from support.xray_runs import a_run, in_folder, many, settings_file

from mcp_servers.base import audit
from mcp_servers.base.toolbox import WRITE
from mcp_servers.xray.server import toolbox
from pipeline import paths
from pipeline.errors import RunError
from pipeline.run import folders
from pipeline.xray import settings
from pipeline.xray.jira import Jira

WRITES = "publish,flush,link_defect,create_bug,set_status,link"
RUN, SIMULATED = "20261122-110000-ab12", "20261122-120000-cd34"


@pytest.fixture
def xray() -> Iterator[FakeXray]:
    with FakeXray().running() as server:
        server.add_tests(*(f"PZ-{90000 + n}" for n in range(20)))
        yield server


@pytest.fixture
def jira() -> Iterator[FakeJira]:
    with FakeJira().running() as server:
        yield server


@pytest.fixture(autouse=True)
def _surroundings(xray: FakeXray, jira: FakeJira, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings that lead to the fakes, and the folder of one run on a real site and of one on a simulated site."""
    file = settings_file(tmp_path / "xray.yaml", xray.url, jira_url=jira.url)
    for name, value in (
        ("FOCUS_XRAY_SETTINGS", str(file)),
        ("XRAY_CLIENT_ID", CLIENT_ID),
        ("XRAY_CLIENT_SECRET", CLIENT_SECRET),
        ("JIRA_USER", USER),
        ("JIRA_API_TOKEN", TOKEN),
        ("XDG_STATE_HOME", str(tmp_path / "state")),
        ("LOCALAPPDATA", str(tmp_path / "state")),
        (WRITE, WRITES),
    ):
        monkeypatch.setenv(name, value)
    results = tmp_path / "results"
    for module in (paths, folders):
        monkeypatch.setattr(module, "RESULTS", results)
    for run, simulated in ((RUN, False), (SIMULATED, True)):
        made = in_folder(a_run(*many(12), run_id=run, simulated=simulated), results / "runs" / run)
        note_run(made.folder or results, run)


def note_run(folder: Path, run: str) -> None:
    noted = {"id": run, "command": "suites", "site": "staging", "started_in": "", "options": [], "sources": []}
    (folder / "run.json").write_text(json.dumps(noted | {"tests": []}), encoding="utf-8")


def asked(tool: str, person: Person | None = None, **arguments: Any) -> Answer:
    [answer] = talk(toolbox().server, [(tool, arguments)], person)
    return answer


def test_it_only_reads_until_a_write_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    both = set(tools(toolbox().server))
    monkeypatch.setenv(WRITE, "")
    found = tools(toolbox().server)
    assert sorted(found) == ["execution", "mapping_of_tests", "publish_plan", "spool", "tests", "ticket"]
    assert both - set(found) == set(WRITES.split(","))
    assert all(tool.annotations.read_only_hint for tool in found.values())


def test_a_kind_of_mapping_that_is_none_is_refused() -> None:
    [answer] = talk(toolbox().server, [("mapping_of_tests", {"kind": "nosuch"})])
    assert answer.is_error
    assert "The kind 'nosuch' is not one" in answer.text
    assert "one key on several tests" in answer.text


def test_what_is_read(xray: FakeXray, jira: FakeJira) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("tests", {"wanted": ["PZ-90001", "PZ-99999"]}),
        ("publish_plan", {"run": RUN}),
        ("publish_plan", {"run": SIMULATED}),
        ("ticket", {"key": "PZ-500"}),
        ("spool", {}),
    ]
    tests, plan, simulated, ticket, spool = (one.data for one in talk(toolbox().server, calls))
    assert [one["key"] for one in tests["tests"]] == ["PZ-90001"]
    assert tests["missing"] == ["PZ-99999"]
    assert plan["statuses"] == {"PASSED": 10, "FAILED": 2}
    assert plan["against_it"] == []
    assert "simulated site" in simulated["against_it"][0]["untrusted_text"]
    assert ticket["summary"]["untrusted_text"] == INJECTED.replace("\u202e", "")
    assert (ticket["status"], ticket["next_statuses"]) == ("To Do", ["In Progress"])
    assert spool == {"waiting": []}
    assert jira.writes == []
    assert not xray.executions


def test_a_run_is_published_after_a_yes_and_a_defect_linked(xray: FakeXray) -> None:
    assert asked("publish", Person("decline"), run=RUN).is_error
    with pytest.raises((MCPError, ExceptionGroup)):
        asked("publish", None, run=RUN)
    assert not xray.executions
    person = Person()
    published = asked("publish", person, run=RUN)
    (key,) = (one["key"] for one in xray.executions.values())
    assert published.data["execution"] == key
    assert "'PASSED': 10" in person.asked[0]
    xray.advance(60)  # the search of Jira lags behind
    execution = asked("execution", key=key)
    assert execution.data["tests"] == len(execution.data["results"]) == 12, execution.text
    linked = asked("link_defect", Person(), execution=key, test="PZ-90000", bug="PZ-500")
    assert linked.data["linked"] == "PZ-500"
    assert {"test": "PZ-90000", "defects": ["PZ-500"], "evidence": []} in asked("execution", key=key).data["results"]


@pytest.mark.parametrize(
    ("tool", "arguments", "words"),
    [
        ("publish", {"run": SIMULATED}, "simulated site and is not published"),
        ("publish", {"run": "../../etc"}, "named by its id"),
        ("create_bug", {"run": "/tmp", "test": "x"}, "named by its id"),
        ("link_defect", {"execution": "OTHER-1", "test": "PZ-1", "bug": "PZ-2"}, "no key of project PZ"),
        ("set_status", {"key": "OTHER-1", "status": "Done"}, "no ticket of project PZ"),
        ("link", {"key": "PZ-500", "other": "OTHER-1"}, "no ticket of project PZ"),
        ("set_status", {"key": "PZ-999", "status": "Done"}, "404"),
    ],
)
def test_what_is_not_allowed_is_refused_before_anybody_is_asked(
    jira: FakeJira, xray: FakeXray, tool: str, arguments: dict[str, Any], words: str
) -> None:
    person = Person()
    answer = asked(tool, person, **arguments)
    assert answer.is_error
    assert words in answer.text
    assert jira.writes == person.asked == []
    assert not xray.executions


@pytest.mark.parametrize("key", ['PZ-1" OR key="A-1', "PZ-1) OR key in(A-1", "OTHER-1", "PZ-", "PZ-\u0661"])
def test_no_query_reaches_beyond_the_project(xray: FakeXray, key: str) -> None:
    answer = asked("tests", wanted=[key])
    assert "is no key of project PZ" in answer.text
    assert xray.requests == []


def test_a_ticket_is_moved_and_linked(jira: FakeJira) -> None:
    refused = asked("set_status", Person(), key="PZ-500", status="Done")
    assert "cannot become 'Done' now, only: In Progress" in refused.text
    person = Person()
    assert asked("set_status", person, key="PZ-500", status="In Progress").data["status"] == "In Progress"
    assert "instead of 'To Do'" in person.asked[0]
    assert not asked("link", Person(), key="PZ-500", other="PZ-501").is_error
    assert "only: Relates, Test" in asked("link", Person(), key="PZ-500", other="PZ-501", kind="Eats").text
    assert jira.tickets["PZ-500"]["links"] == [("Relates", "PZ-501")]
    assert asked("ticket", key="PZ-500").data["links"] == ["relates to PZ-501"]


@pytest.mark.nightly
def test_a_bug_is_made_of_a_failure_once(jira: FakeJira, tmp_path: Path) -> None:
    made = failed_run.make(tmp_path)
    folder = folders.RESULTS / "runs" / "20261130-100000-ab12"
    shutil.move(made, folder)
    note_run(folder, folder.name)
    arguments = {"run": folder.name, "test": "neither work"}
    assert asked("create_bug", Person("decline"), **arguments).is_error
    assert jira.writes == []
    person = Person()
    first, again = (asked("create_bug", person, **arguments).data for _ in range(2))
    assert (first["created"], again["created"], first["key"]) == (True, False, again["key"])
    ticket = jira.tickets[first["key"]]
    assert "neither work" in ticket["summary"].casefold()
    assert "not as the contract has it" in json.dumps(ticket["description"])
    assert failed_run.SECRET not in json.dumps(ticket) + "".join(person.asked)
    assert str(tmp_path) not in json.dumps(ticket)
    assert TOKEN not in audit.path().read_text(encoding="utf-8")


def test_a_write_in_doubt_is_not_repeated(jira: FakeJira) -> None:
    jira.fail = 502
    answer = asked("set_status", Person(), key="PZ-500", status="In Progress")
    assert "look at the ticket before you try again" in answer.text
    assert jira.writes == ["POST issue/PZ-500/transitions"]


def test_missing_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIRA_API_TOKEN")
    assert "JIRA_API_TOKEN is not set" in asked("ticket", key="PZ-500").text
    monkeypatch.setenv("JIRA_API_TOKEN", "wrong-one-of-tests")
    wrong = asked("ticket", key="PZ-500").text
    assert "check JIRA_USER and JIRA_API_TOKEN" in wrong
    assert "wrong-one" not in wrong
    monkeypatch.setenv("FOCUS_XRAY_SETTINGS", str(settings.FILE))
    assert "add jira_url" in asked("ticket", key="PZ-500").text


def test_the_client_names_a_jira_that_is_gone(jira: FakeJira) -> None:
    assert Jira(jira.url, "PZ", USER, TOKEN).ticket("PZ-501").kind == "Test"
    gone = Jira("http://127.0.0.1:9", "PZ", USER, TOKEN)
    with pytest.raises(RunError, match="Jira cannot be reached"):
        gone.ticket("PZ-501")
