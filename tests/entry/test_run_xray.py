"""run.py publishes a run by itself, and its repetition into the same execution."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from support.checkout import Checkout, folder_of
from support.fake_xray import CLIENT_ID, CLIENT_SECRET, FakeXray
from support.xray_runs import settings_file

SUITE = """\
*** Settings ***
Library    OperatingSystem

*** Test Cases ***
Good
    [Tags]    PZ-90001
    Log Environment Variables

Needs A File
    [Tags]    PZ-90002
    File Should Exist    {file}
"""


def environment(fake: FakeXray, folder: Path, how: str) -> dict[str, str]:
    return {
        "FOCUS_XRAY": how,
        "FOCUS_XRAY_SETTINGS": str(settings_file(folder / "xray.yaml", fake.url)),
        "XRAY_CLIENT_ID": CLIENT_ID,
        "XRAY_CLIENT_SECRET": CLIENT_SECRET,
        "XDG_STATE_HOME": str(folder / "state"),
    }


@pytest.mark.nightly
def test_a_run_and_its_repetition_are_one_execution(
    here: Checkout, site_file: Callable[..., Path], tmp_path: Path
) -> None:
    site = str(site_file(capabilities=[], simulated=False))
    wanted = tmp_path / "wanted.txt"
    suite = tmp_path / "suite.robot"
    suite.write_text(SUITE.format(file=wanted))
    with FakeXray().running() as fake:
        fake.add_tests("PZ-90001", "PZ-90002")
        env = environment(fake, tmp_path, "on")
        first = here.run("suites", "--site", site, str(suite), env=env)
        assert first.code == 1, first.out + first.err
        assert {key: run["status"] for key, run in fake.runs().items()} == {"PZ-90001": "PASSED", "PZ-90002": "FAILED"}
        (execution,) = fake.executions.values()
        folder = folder_of(first.out)
        assert json.loads((folder / "run.json").read_text(encoding="utf-8"))["execution"] == execution["key"]
        for name in ("summary.md", "report.html", "log.html"):
            assert execution["key"] in (folder / name).read_text(encoding="utf-8"), name
        wanted.write_text("there")
        again = here.run("rerun", env=env)
        assert again.code == 0, again.out + again.err
        assert fake.runs()["PZ-90002"]["status"] == "PASSED"
        assert "Attempt 2" in fake.runs()["PZ-90002"]["comment"]
        before = len(fake.requests)
        by_hand = here.run("xray", "publish", env=env | {"FOCUS_XRAY": ""})
        assert f"published: {execution['key']}" in by_hand.out, by_hand.out + by_hand.err
        assert len(fake.requests) == before
    kept = [path for root in (tmp_path / "state", folder) for path in root.rglob("*") if path.is_file()]
    assert kept
    assert not [path for path in kept if CLIENT_SECRET in path.read_text(encoding="utf-8", errors="replace")]


@pytest.mark.nightly
@pytest.mark.parametrize(("how", "code"), [("on", 0), ("strict", 252)])
def test_a_simulated_run_is_not_published(here: Checkout, site: str, tmp_path: Path, how: str, code: int) -> None:
    suite = tmp_path / "suite.robot"
    suite.write_text("*** Test Cases ***\nGood\n    [Tags]    PZ-90001\n    No Operation\n")
    with FakeXray().running() as fake:
        ended = here.run("suites", "--site", site, str(suite), env=environment(fake, tmp_path, how))
        assert ended.code == code, ended.out + ended.err
        assert "--force-simulated" in ended.err
        assert fake.requests == []
