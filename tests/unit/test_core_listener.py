"""What happens around a test, seen in a small run of Robot Framework against a server of a few lines."""

from pathlib import Path

import pytest
import yaml
from focus_core import cleanup, secrets, site_loader
from loopback import Answer, http_server
from robot.api import ExecutionResult
from robot.result.model import TestCase as Result
from robot.run import run

SUITE = """
*** Settings ***
Resource          site.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Fails With A Secret
    [Tags]    critical
    Log    the token is {secret}
    Fail    it was refused: {secret}

Comes After A Critical Failure
    No Operation
"""
SECRET = "very-secret-token"


def results(folder: Path) -> dict[str, Result]:
    staging = yaml.safe_load((site_loader.SITES / "staging.yaml").read_text(encoding="utf-8"))
    suite = folder / "small.robot"
    suite.write_text(SUITE.format(secret=SECRET), encoding="utf-8")
    with http_server({"GET /ack": Answer(200, {})}) as server:
        site = staging | {
            "focus": {"url": server.url, "auth": "none"},
            "state_dir": str(folder),
            "capabilities": ["rest"],
            "simulated": True,
        }
        (folder / "site.yaml").write_text(yaml.safe_dump(site), encoding="utf-8")
        run(
            str(suite),
            variable=[f"SITE:{folder / 'site.yaml'}"],
            outputdir=str(folder),
            log=None,
            report=None,
            console="none",
        )
    return {test.name: test for test in ExecutionResult(folder / "output.xml").suite.all_tests}


def test_secrets_are_blanked_and_the_run_is_stamped(tmp_path: Path) -> None:
    secrets.register(SECRET)
    tests = results(tmp_path)
    assert tests["Fails With A Secret"].message == "it was refused: <secret>"
    messages = [line for line in (tmp_path / "output.xml").read_text(encoding="utf-8").splitlines() if "<msg" in line]
    assert messages
    assert not [line for line in messages if SECRET in line]
    suite = ExecutionResult(tmp_path / "output.xml").suite
    assert suite.metadata["Site"] == "staging"
    assert "SIMULATED" in suite.metadata
    assert tests["Comes After A Critical Failure"].passed


def test_a_critical_failure_stops_the_lanes_where_asked_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOCUS_STOP_MARKER", str(tmp_path / "critical"))
    after = results(tmp_path)["Comes After A Critical Failure"]
    assert after.skipped
    assert after.message == "A critical test failed: Small.Fails With A Secret."


def test_the_run_leaves_no_registry_behind(tmp_path: Path) -> None:
    before = cleanup.current()
    results(tmp_path)
    assert cleanup.current() is before
