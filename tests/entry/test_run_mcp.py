"""`run.py mcp focus-tests` on stdio, and the way of a test from a wish to a bug."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import anyio
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from support.checkout import ROOT, Checkout, OwnSite, base_python, clean_environment
from support.fake_jira import TOKEN, USER, FakeJira
from support.mcp_client import Answer, Person, call
from support.xray_runs import settings_file

WISH = "write a test that deletes the MongoDB pod and validates recovery"
NAME = "mcp_session_mongodb_pod"
TEST = "A Deleted MongoDB Pod Comes Back And Nothing Is Lost"
TEXT = f"""\
*** Settings ***
Documentation     A deleted MongoDB pod is replaced by itself, and what was stored is still there.
Resource          focus.resource
Suite Setup       Open Site    rest    kubernetes    mongodb    grpc
Suite Teardown    Close Site
Test Tags         sandbox    exclusive    disruptive


*** Test Cases ***
{TEST}
    ${{written}} =    Write Acknowledged Documents
    Delete Pod    mongodb
    Workload Should Recover By Itself    mongodb
    Every Acknowledged Document Should Be There    ${{written}}
    Views Should Open And Play
"""
# The defect that this test has to see: a MongoDB that starts again has lost what was acknowledged last.
DEFECT = "mongo-forgets-writes"
MOST_BYTES = 8 * 1024
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "by hand", "version": "1"},
    },
}


def parameters(server: str = "focus-tests", **environment: str) -> StdioServerParameters:
    command = [base_python(), str(ROOT / "run.py"), "mcp", server]
    return StdioServerParameters(
        command=command[0], args=command[1:], env=clean_environment() | environment, cwd=str(ROOT)
    )


@pytest.mark.nightly
def test_stdout_holds_nothing_but_the_protocol(tmp_path: Path) -> None:
    """By hand, without the SDK's client, which would skip what it cannot read."""
    messages = [
        INITIALIZE,
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "runs", "arguments": {}}},
    ]
    process = subprocess.Popen(
        [parameters().command, *parameters().args],
        env=clean_environment() | {"FOCUS_MCP_WRITE": "nosuch", "XDG_STATE_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
    )
    assert process.stdin
    assert process.stdout
    lines = []
    for message in messages:
        process.stdin.write(json.dumps(message) + "\n")
        process.stdin.flush()
        if "id" in message:
            lines.append(process.stdout.readline())
    rest, complaints = process.communicate(timeout=120)
    answers = [json.loads(line) for line in [*lines, *rest.splitlines()]]
    assert [answer["id"] for answer in answers] == [1, 2]
    assert all(answer["jsonrpc"] == "2.0" and "result" in answer for answer in answers)
    assert process.returncode == 0
    assert "FOCUS_MCP_WRITE names nosuch" in complaints


@pytest.mark.nightly
def test_ctrl_c_ends_a_server_whose_client_is_still_there(here: Checkout) -> None:
    command = [here.base, "run.py", "mcp", "focus-tests"]
    process = subprocess.Popen(command, cwd=here.root, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps(INITIALIZE).encode() + b"\n")
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    try:
        assert process.wait(60) in (0, 253)
    finally:
        process.kill()
        process.communicate()


@pytest.mark.nightly
def test_an_unknown_server_is_one_sentence(here: Checkout) -> None:
    ended = here.run("mcp", "nosuch")
    assert ended.code == 252
    assert "nosuch" in ended.err
    assert "focus-tests" in ended.err


@pytest.mark.nightly
def test_two_clients_have_a_server_each() -> None:
    async def ask(number: int) -> None:
        async with Client(parameters()) as client:
            answer = await call(client, "runs", limit=number)
            assert len(answer.data["runs"]) <= number

    async def both() -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(ask, 1)
            group.start_soon(ask, 2)

    anyio.run(both)


@pytest.fixture
def saved() -> Iterator[Path]:
    """Where the session saves its test; the file is gone before and afterwards."""
    path = ROOT / "suites" / "sandbox" / f"{NAME}.robot"
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


class Session:
    """An assistant that does what its person wishes, by the tools alone."""

    def __init__(self, client: Client, person: Person) -> None:
        self._client = client
        self.person = person
        self.times: dict[str, float] = {}

    async def ask(self, tool: str, **arguments: object) -> Answer:
        """A call that has to work; its answer is small, and its time is noted."""
        began = time.monotonic()
        answer = await call(self._client, tool, **arguments)
        self.times[tool] = time.monotonic() - began
        assert not answer.is_error, answer.text
        assert len(answer.text.encode()) <= MOST_BYTES
        return answer

    async def find_words(self) -> None:
        for wish, word in (
            ("delete the MongoDB pod", "Delete Pod"),
            ("validate recovery of the pod", "Workload Should Recover By Itself"),
        ):
            found = await self.ask("find_keywords", words=wish)
            assert word in [one["name"] for one in found.data["keywords"]]

    async def run(self) -> Answer:
        return await self.ask("run_tests", selection=f"suites/sandbox/{NAME}.robot")


@pytest.mark.nightly
def test_from_a_wish_to_a_bug(own_site: OwnSite, saved: Path, tmp_path: Path) -> None:
    person, results = Person(), str(tmp_path / "results")

    async def session() -> tuple[str, dict[str, float]]:
        server = parameters(
            FOCUS_MCP_WRITE="save_test,run_tests",
            FOCUS_SITE=str(own_site.file),
            FOCUS_RESULTS=results,
        )
        async with Client(server, elicitation_callback=person) as client:
            work = Session(client, person)
            existing = await work.ask("find_tests", words=WISH)
            assert existing.data["tests"]
            await work.find_words()
            refused = await work.ask("check_test", text=TEXT.replace("Delete Pod ", "Run Process "))
            assert refused.data["ok"] is False
            assert (await work.ask("check_test", text=TEXT)).data["ok"] is True
            await work.ask("save_test", name=NAME, text=TEXT)
            assert saved.read_text(encoding="utf-8") == TEXT
            green = await work.run()
            assert green.data["exit_code"] == 0, green.text
            assert green.data["counts"]["passed"] == 1
            own_site.simulator("defect", "on", DEFECT)
            red = await work.run()
            assert red.data["exit_code"] == 1, red.text
            changed = await work.ask("compare", run=green.data["run"], other=red.data["run"])
            assert changed.data["changed"] == 1
            evidence = await work.ask("failure", run=red.data["run"], test=TEST)
            assert "that mongodb had acknowledged were lost" in evidence.data["message"]["untrusted_text"]
            assert evidence.data["keywords"][0] == "Workload Should Recover By Itself"
            assert evidence.data["calls"]
            draft = await work.ask("draft_bug", run=red.data["run"], test=TEST)
            assert TEST in draft.data["title"]["untrusted_text"]
            return red.data["run"], work.times

    run, times = anyio.run(session)
    print(json.dumps(times))  # noqa: T201 - the figures
    assert len(person.asked) == 3
    with FakeJira().running() as jira:
        settings = settings_file(tmp_path / "xray.yaml", "http://127.0.0.1:9", jira_url=jira.url)
        server = parameters(
            "xray",
            FOCUS_MCP_WRITE="create_bug",
            FOCUS_RESULTS=results,
            FOCUS_XRAY_SETTINGS=str(settings),
            JIRA_USER=USER,
            JIRA_API_TOKEN=TOKEN,
        )
        before = set(jira.tickets)
        assert anyio.run(file_bug, server, Person("decline"), run).is_error
        assert not jira.writes
        filed = anyio.run(file_bug, server, Person(), run)
        assert set(jira.tickets) - before == {filed.data["key"]}
        assert TEST in jira.tickets[filed.data["key"]]["summary"]


async def file_bug(server: StdioServerParameters, person: Person, run: str) -> Answer:
    """Asks for a ticket of the session's failure."""
    async with Client(server, elicitation_callback=person) as client:
        answer = await call(client, "create_bug", run=run, test=TEST)
    assert len(person.asked) == 1
    return answer
