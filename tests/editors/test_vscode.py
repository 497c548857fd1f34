"""What a tester does in VS Code: RobotCode's language server and debug adapter, driven as its extension drives them."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

import pytest
from support import suite_files
from support.debug_adapter import DebugAdapter
from support.language_server import LanguageServer

from pipeline.paths import LIBRARIES, RESOURCES, ROOT, SANDBOX

pytestmark = pytest.mark.nightly

ROBOTCODE = [sys.executable, "-m", "robotcode.cli"]
# What the extension for VS Code can do, as far as it is used here.
EDITOR = {
    "workspace": {"configuration": True, "workspaceFolders": True},
    "textDocument": {
        "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
        "hover": {"contentFormat": ["markdown"]},
        "definition": {"linkSupport": True},
    },
    "window": {"workDoneProgress": True},
}
SUITE = """\
*** Settings ***
Resource    focus.resource

*** Test Cases ***
Being Written
    Open Live
    ${view} =    Open Live View    channels=1-3    nf
    View Should Answer What Was Asked    ${view}
    Frequency Step Should Follow The Rule    1024
    Word That Nobody Has Written
"""
TO_RUN = """\
*** Settings ***
Resource    focus.resource

*** Test Cases ***
Chosen
    VAR    ${rate}    1000.4
    Value Should Be About    Rate (Hz)    ${rate}    1000    tolerance=1 %

Beside It
    Fail    this test was not chosen
"""


class Document:
    """A file that is open in the editor."""

    def __init__(self, server: LanguageServer, path: Path, text: str) -> None:
        self.server, self.text = server, text
        self.identity = {"uri": path.as_uri()}
        item = self.identity | {"languageId": "robotframework", "version": 1, "text": text}
        server.notify("textDocument/didOpen", {"textDocument": item})

    def at(self, place: str) -> dict[str, Any]:
        """The position right behind the first occurrence of a text."""
        before = self.text[: self.text.index(place) + len(place)].split("\n")
        position = {"line": len(before) - 1, "character": len(before[-1])}
        return {"textDocument": self.identity, "position": position}

    def completed(self, place: str) -> list[str]:
        """What is offered behind a text, without the signs in front of it."""
        found = self.server.ask("textDocument/completion", self.at(place))
        items = found if isinstance(found, list) else found["items"]
        return [str(item["label"]).split("\N{ZERO WIDTH JOINER}")[-1] for item in items]

    def definition(self, place: str) -> tuple[Path, str]:
        """Where a word comes from: the file, and the line in it."""
        (link,) = self.server.ask("textDocument/definition", self.at(place))
        path = Path(unquote(urlparse(link["targetUri"]).path))
        return path, path.read_text(encoding="utf-8").splitlines()[link["targetRange"]["start"]["line"]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LanguageServer]:
    folder = tmp_path_factory.mktemp("vscode")
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    settings["robotcode.analysis.progressMode"] = "simple"  # so that the end of the analysis is seen
    server = LanguageServer([*ROBOTCODE, "language-server", "--stdio"], ROOT, settings, folder / "server.log")
    try:
        storage = (folder / "storage").as_uri()
        server.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": ROOT.as_uri(),
                "workspaceFolders": [{"uri": ROOT.as_uri(), "name": ROOT.name}],
                "initializationOptions": {"storageUri": storage, "globalStorageUri": storage},
                "capabilities": EDITOR,
            },
        )
        server.notify("initialized", {})
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="module")
def suite(server: LanguageServer) -> Document:
    """A suite that a tester writes; it is not on the disk yet."""
    return Document(server, SANDBOX / "being_written.robot", SUITE)


def test_a_word_is_completed(suite: Document) -> None:
    offered = suite.completed("    Open Live")
    assert {"Open Live View", "Open Historic View", "Find A Recording"} <= set(offered)


def test_named_arguments_are_completed(suite: Document) -> None:
    assert {"nfft=", "frequency=", "view_type="} <= set(suite.completed("channels=1-3    nf"))


def test_a_word_shows_its_documentation(suite: Document) -> None:
    shown = suite.server.ask("textDocument/hover", suite.at("View Should Answer"))["contents"]["value"]
    assert "View Should Answer What Was Asked" in shown
    assert "Checks every value of the server's answer" in shown


def test_a_word_leads_to_its_resource(suite: Document) -> None:
    path, line = suite.definition("Frequency Step Should")
    assert (path, line) == (RESOURCES / "calculations.resource", "Frequency Step Should Follow The Rule")


def test_a_word_leads_to_its_python(suite: Document) -> None:
    path, line = suite.definition("View Should Answer")
    assert path.is_relative_to(LIBRARIES / "focus_keywords")
    assert "@keyword" in line or "def view_should_answer_what_was_asked" in line


@pytest.mark.usefixtures("suite")
def test_only_the_word_that_nobody_has_written_is_a_problem(server: LanguageServer) -> None:
    """The server analyses the whole folder, whatever is open; the one wrong word shows that it would report one."""
    written = [*suite_files.files(), *RESOURCES.glob("*.resource"), *(ROOT / "tests/keywords").rglob("*.robot")]
    expected = {unquote(path.as_uri()) for path in written}

    def analysed() -> bool:
        return expected <= {unquote(uri) for uri in server.diagnostics} and "Collect Diagnostics" in server.done

    server.wait_until("the analysis of all files", analysed)
    problems = {unquote(urlparse(uri).path): found for uri, found in server.diagnostics.items() if found}
    wrong = problems.pop(str(SANDBOX / "being_written.robot"))
    assert any("Word That Nobody Has Written" in problem["message"] for problem in wrong)
    assert {path: [one["message"] for one in found] for path, found in problems.items()} == {}


def test_one_test_is_run_and_stopped_at_a_line(tmp_path: Path) -> None:
    """The run configuration of `.vscode/launch.json`, as the arrow beside a test starts it."""
    path = tmp_path / "mine.robot"
    path.write_text(TO_RUN, encoding="utf-8")
    adapter = DebugAdapter([*ROBOTCODE, "debug-launch", "--stdio"], ROOT, tmp_path / "adapter.log")
    try:
        adapter.ask("initialize", clientID="vscode", adapterID="robotcode")
        here = {"console": "internalConsole", "outputDir": str(tmp_path), "args": ["--test", "Chosen"]}
        adapter.send("launch", **(configuration(path) | here))
        adapter.event("initialized")
        line = (
            TO_RUN.splitlines().index("    Value Should Be About    Rate (Hz)    ${rate}    1000    tolerance=1 %") + 1
        )
        adapter.ask("setBreakpoints", source={"path": str(path)}, breakpoints=[{"line": line}])
        adapter.ask("configurationDone")
        thread = adapter.event("stopped")["threadId"]
        frame = adapter.ask("stackTrace", threadId=thread)["stackFrames"][0]
        assert frame["line"] == line
        assert adapter.ask("evaluate", expression="${rate}", frameId=frame["id"])["result"] == "'1000.4'"
        adapter.send("continue", threadId=thread)
        assert adapter.event("robotExited")["exitCode"] == 0
        adapter.event("terminated")
    finally:
        adapter.stop()


def configuration(file: Path) -> dict[str, Any]:
    """The project's configuration for the file that is open, with Code's variables filled in."""
    text = (ROOT / ".vscode/launch.json").read_text(encoding="utf-8")
    filled = text.replace("${workspaceFolder}", str(ROOT)).replace("${file}", str(file))
    (found,) = (one for one in json.loads(filled)["configurations"] if one["type"] == "robotcode")
    return dict(found)
