"""What a running test learns of its pods' logs, in a small run of Robot Framework beside the files of a monitor."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
import yaml
from focus_core.logs import accounts, entries, journal, monitor
from focus_core.site import loader as site_loader
from robot.api import ExecutionResult
from robot.result.model import TestCase as Result
from robot.run import run
from support.loopback import Answer, http_server

SUITE = """
*** Settings ***
Resource          site.resource
Library           LogLibrary
Library           pods.py
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Has An Error Of Its Own
    Pod Logs    ERROR no disk id={id}

Has Lines That Are Fine
    Pod Logs    all is well id={id}

Has An Error Of Somebody Else
    Pod Logs    ERROR no disk id=20261201-050000-ab12.0.0.1

Looks By Itself
    Pod Logs    ERROR no disk id={id}
    No Pod Should Have Logged An Error

Expects What Comes
    Pod Logs    שגיאה ERROR no disk id={id}
    No Pod Should Have Logged An Error    allowing=no DISK

Fails By Itself
    Pod Logs    WARNING nothing left id={id}
    Fail    it was refused
"""
# What a monitor would write of a line that a service logs for this test.
PODS = """
import time
from focus_core.base import run_identity
from focus_core.logs.entries import FILE, Entry, Source
from focus_core.logs import journal
from focus_core.logs.patterns import Patterns

def pod_logs(text):
    text = text.replace("{id}", run_identity.request_id())
    entry = Entry("line", time.time(), Source("focus_server", "focus-1"), text)
    pattern = Patterns.of_site().find(entry.text)
    if pattern:
        entry.pattern, entry.severity = pattern.name, pattern.severity
    with (journal.folder() / FILE).open("a", encoding="utf-8") as file:
        file.write(entry.to_json() + "\\n")
"""


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Result]:
    return in_mode(tmp_path, monkeypatch, "on")


def in_mode(folder: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> dict[str, Result]:
    """The results of a run that a monitor watches, which has ended by now, so that nobody waits for it."""
    pods = folder / "pod_logs"
    pods.mkdir()
    (pods / monitor.FILE).write_text(json.dumps({"begun": 1.0, "ended": True}))
    monkeypatch.setenv(journal.FOLDER_VARIABLE, str(pods))
    monkeypatch.setenv(journal.MODE_VARIABLE, mode)
    (folder / "small.robot").write_text(SUITE, encoding="utf-8")
    (folder / "pods.py").write_text(PODS, encoding="utf-8")
    staging = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
    with http_server({"GET /ack": Answer(200, {})}) as server:
        small = {"focus": {"url": server.url, "auth": "none"}, "capabilities": ["rest"], "reserve": None}
        site = staging | small | {"state_dir": str(folder), "simulated": True}
        (folder / "site.yaml").write_text(yaml.safe_dump(site), encoding="utf-8")
        choice = [f"SITE:{folder / 'site.yaml'}"]
        run(str(folder / "small.robot"), variable=choice, outputdir=str(folder), report=None, console="none")
    return {test.name: test for test in ExecutionResult(folder / "output.xml").suite.all_tests}


def test_a_strict_run_fails_the_test_that_an_error_belongs_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tests = in_mode(tmp_path, monkeypatch, "strict")
    failed = {name: test.message for name, test in tests.items() if test.failed}
    own = failed.pop("Has An Error Of Its Own")
    assert own.startswith("The pods logged an error that belongs to this test:\n- focus-1: ERROR no disk id=")
    assert own.endswith("(error)")
    assert set(failed) == {"Looks By Itself", "Fails By Itself"}
    assert failed["Fails By Itself"] == "it was refused"


def test_another_run_leaves_it_to_the_tests(results: dict[str, Result]) -> None:
    assert {name for name, test in results.items() if test.failed} == {"Looks By Itself", "Fails By Itself"}
    assert "The pods logged an error that belongs to this test" in results["Looks By Itself"].message


def test_the_log_leads_to_files_that_are_there_afterwards(results: dict[str, Result], tmp_path: Path) -> None:
    summary = accounts.make(tmp_path / "pod_logs")
    output = html.unescape((tmp_path / "output.xml").read_text(encoding="utf-8"))
    links = set(re.findall(r'href="(pod_logs/tests/[^"]+)', output))
    assert len(links) == len(results) + 2  # two failed, whose files are linked as text too
    assert all((tmp_path / link).is_file() for link in links)
    assert {one["name"].rpartition(".")[2]: one["errors"] for one in summary["tests"]} == {
        "Has An Error Of Its Own": 1,
        "Looks By Itself": 1,
        "Expects What Comes": 1,
    }
    pictures = {path.name for path in (tmp_path / "pod_logs" / "tests").glob("*.png")}
    assert len(pictures) == 2


def test_a_failed_test_shows_its_lines_at_once(results: dict[str, Result], tmp_path: Path) -> None:
    assert results["Fails By Itself"].failed
    output = (tmp_path / "output.xml").read_text(encoding="utf-8")
    assert "Log of focus-1" in output
    assert output.count("WARNING nothing left") >= 1
    assert len(list(entries.read(tmp_path / "pod_logs"))) == len(results)
