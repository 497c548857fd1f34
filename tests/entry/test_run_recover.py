"""The runner is killed in the middle of a fault; the site is restored by 'run.py recover' or by the next suite."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from focus_core.disruption import records
from focus_core.disruption.steady import SiteProbes
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, StartOptions
from robot.libdoc import LibraryDocumentation
from support.checkout import Checkout, wait_for

SUITE = """\
*** Settings ***
Resource          focus.resource
Suite Setup       Open Site    rest    kubernetes    mongodb    rabbitmq
Suite Teardown    Close Site
Test Tags         disruptive    exclusive

*** Test Cases ***
Killed In The Middle
    {fault}
    Log To Console    in the middle
    Sleep    300 s
"""
NEXT = """\
*** Settings ***
Resource          focus.resource
Suite Setup       Open Site    rest    mongodb    rabbitmq
Suite Teardown    Close Site

*** Test Cases ***
The Site Is Whole
    Count Recordings
"""
# What is seen of a fault from outside, in the troubles of the steady state; empty: its workload repairs itself.
FAULTS = {
    "Take Down    mongodb": "mongodb",
    "Take Down    rabbitmq": "rabbitmq",
    "Freeze    mongodb": "mongodb",
    "Freeze    focus_server": "focus_server",
    "Cut The Network To    rabbitmq": "rabbitmq",
    "Delete Pod    focus_server": "",
    "Delete Pods At Once    mongodb    webapp": "",
    "Kill Process    segy_recorder": "",
    "Fill The Queue    room=20": "",
}
QUICK = "Cut The Network To    mongodb"


@pytest.fixture(scope="module")
def disrupted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site file of a site that faults are made to."""
    folder = tmp_path_factory.mktemp("disrupted")
    state = folder / "state"
    try:
        yield simulator_process.up(StartOptions(time_scale=0.1, auto_stop_minutes=10, state_dir=state))
    finally:
        simulator_process.run(simulator_process.command("down", state_dir=state))


def load(path: Path) -> Site:
    site = site_loader.read(str(path))
    assert isinstance(site, Site)
    return site


def kill_in_the_middle(fault: str, site: Path, folder: Path) -> None:
    """Runs a test that makes the fault and kills Robot Framework with -9 while it lasts."""
    suite = folder / "killed.robot"
    suite.write_text(SUITE.format(fault=fault), encoding="utf-8")
    log = folder / "said"
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{site}", "--outputdir", str(folder / "out")]
    with log.open("wb") as out:
        run = subprocess.Popen([*command, str(suite)], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        wait_for("the fault", lambda: "in the middle" in log.read_text(encoding="utf-8") or run.poll() is not None)
    finally:
        run.kill()
        run.wait()
    assert "in the middle" in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")
    assert records.something_left(load(site))


def troubles(site: Path) -> list[str]:
    return [name for name, trouble in SiteProbes(load(site)).troubles().items() if trouble]


def check_restored(site: Path) -> None:
    SiteProbes(load(site)).wait_until_steady(load(site).timings.reconnected_s)
    assert not records.something_left(load(site))


def queues(site: Path) -> list[Any]:
    import requests

    content = yaml.safe_load(site.read_text(encoding="utf-8"))["rabbitmq"]
    password = Path(content["password"]["file"]).read_text(encoding="utf-8").strip()
    url = f"{content['management_url']}/api/queues"
    return [entry["name"] for entry in requests.get(url, auth=(content["username"], password), timeout=10).json()]


def recover_from(fault: str, seen: str, site: Path, folder: Path, here: Checkout) -> None:
    kill_in_the_middle(fault, site, folder)
    assert [name for name in troubles(site) if name.startswith(seen or "no trouble")] or not seen
    environment = {"FOCUS_SITE": str(site)}
    ended = here.run("recover", env=environment)
    assert ended.code == 0, ended.out + ended.err
    assert "Undid what a killed run left on simulated" in ended.out
    check_restored(site)
    assert not [name for name in queues(site) if name.startswith("focus-own")]
    again = here.run("recover", env=environment)
    assert again.code == 0
    assert "No killed run left anything to undo on site simulated." in again.out


def test_every_fault_is_tried() -> None:
    documentation = LibraryDocumentation("DisruptionLibrary")
    faults = {one.name for one in documentation.keywords if "Ended by" in one.doc or one.name == "Fill The Queue"}
    assert {fault.partition("    ")[0] for fault in FAULTS} == faults
    assert len(faults) == 7


def test_a_killed_run_is_recovered_from(disrupted: Path, tmp_path: Path, here: Checkout) -> None:
    recover_from(QUICK, "mongodb", disrupted, tmp_path, here)


@pytest.mark.nightly
@pytest.mark.parametrize("fault", FAULTS)
def test_a_killed_run_is_recovered_from_after_each_fault(
    fault: str, disrupted: Path, tmp_path: Path, here: Checkout
) -> None:
    recover_from(fault, FAULTS[fault], disrupted, tmp_path, here)


@pytest.mark.nightly
def test_whoever_opens_the_site_next_finds_it_restored(disrupted: Path, tmp_path: Path) -> None:
    kill_in_the_middle("Take Down    mongodb", disrupted, tmp_path)
    suite = tmp_path / "next.robot"
    suite.write_text(NEXT, encoding="utf-8")
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{disrupted}", "--outputdir", str(tmp_path / "next")]
    done = subprocess.run([*command, str(suite)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert "Undid what a killed run left on simulated: scaled to zero of mongodb" in done.stderr
    check_restored(disrupted)


@pytest.mark.nightly
def test_a_test_that_is_stopped_in_the_middle_leaves_the_site_whole(disrupted: Path, tmp_path: Path) -> None:
    suite = tmp_path / "stopped.robot"
    failing_teardown = "    [Timeout]    20 s\n    [Teardown]    Fail    the teardown fails too\n"
    text = SUITE.format(fault="Freeze    mongodb").replace("Killed In The Middle\n", f"Stopped\n{failing_teardown}")
    suite.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{disrupted}", "--outputdir", str(tmp_path / "out")]
    done = subprocess.run([*command, str(suite)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1, done.stdout
    assert "Test timeout 20 seconds exceeded" in done.stdout
    check_restored(disrupted)
    events = [json.loads(line)["event"] for line in (tmp_path / "out" / "disruption.jsonl").read_text().splitlines()]
    assert events[:3] == ["steady before", "fault", "steady during"]
