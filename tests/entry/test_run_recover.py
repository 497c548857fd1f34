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
from focus_core.disruption.steady import SiteProbes
from focus_core.run import undo_records
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, StartOptions
from robot.libdoc import LibraryDocumentation
from support.checkout import Checkout, kill_with_children, remote_shaped, wait_for

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
    Get Recording Count
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
    log = folder / "output"
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{site}", "--outputdir", str(folder / "out")]
    with log.open("wb") as out:
        run = subprocess.Popen([*command, str(suite)], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        wait_for("the fault", lambda: "in the middle" in log.read_text(encoding="utf-8") or run.poll() is not None)
    finally:
        run.kill()
        run.wait()
    assert "in the middle" in log.read_text(encoding="utf-8"), log.read_text(encoding="utf-8")
    assert undo_records.something_left(load(site))


def troubles(site: Path) -> list[str]:
    return [name for name, trouble in SiteProbes(load(site)).troubles().items() if trouble]


def check_restored(site: Path) -> None:
    SiteProbes(load(site)).wait_until_steady(load(site).timings.reconnected_s)
    assert not undo_records.something_left(load(site))


def queues(site: Path) -> list[Any]:
    import requests

    content = yaml.safe_load(site.read_text(encoding="utf-8"))["rabbitmq"]
    password = Path(content["password"]["file"]).read_text(encoding="utf-8").strip()
    url = f"{content['management_url']}/api/queues"
    return [entry["name"] for entry in requests.get(url, auth=(content["username"], password), timeout=10).json()]


def kill_run_py_in_the_middle(fault: str, site: Path, folder: Path, here: Checkout) -> None:
    """The same of a run that run.py started, with everything that belongs to it."""
    suite = folder / "killed.robot"
    suite.write_text(SUITE.format(fault=f"Open View\n    {fault}\n    Create File    {folder}/in the middle"))
    with suite.open("a", encoding="utf-8") as file:
        file.write("*** Settings ***\nLibrary    OperatingSystem\n")
    run = here.start("suites", "--yes", "--site", str(site), str(suite))
    try:
        wait_for("the fault", lambda: (folder / "in the middle").exists() or run.poll() is not None)
        assert run.poll() is None, run.communicate()
    finally:
        kill_with_children(run)
    assert undo_records.something_left(load(site))


def recover_from(seen: str, site: Path, here: Checkout) -> None:
    name = load(site).name
    assert [name for name in troubles(site) if name.startswith(seen or "no trouble")] or not seen
    environment = {"FOCUS_SITE": str(site)}
    ended = here.run("recover", env=environment)
    assert ended.code == 0, ended.out + ended.err
    assert f"Undid what a killed run left on {name}" in ended.out
    check_restored(site)
    assert not [name for name in queues(site) if name.startswith("focus-own")]
    again = here.run("recover", env=environment)
    assert again.code == 0
    assert f"No killed run left anything to undo on site {name}." in again.out


def test_every_fault_is_tried() -> None:
    documentation = LibraryDocumentation("DisruptionLibrary")
    faults = {one.name for one in documentation.keywords if "Ended by" in one.doc or one.name == "Fill The Queue"}
    assert {fault.partition("    ")[0] for fault in FAULTS} == faults
    assert len(faults) == 7


@pytest.mark.nightly
def test_a_killed_run_is_recovered_from(disrupted: Path, tmp_path: Path, here: Checkout) -> None:
    kill_in_the_middle(QUICK, disrupted, tmp_path)
    recover_from("mongodb", disrupted, here)


@pytest.mark.nightly
def test_a_killed_run_of_run_py_on_a_remote_site_is_recovered_from_and_swept(
    disrupted: Path, tmp_path: Path, here: Checkout
) -> None:
    site = remote_shaped(disrupted, tmp_path)
    kill_run_py_in_the_middle(QUICK, site, tmp_path, here)
    recover_from("mongodb", site, here)
    ended = here.run("sweep", "--site", str(site))
    assert "Removed what a killed run left: jobs " in ended.out, ended
    assert "left nothing" in here.run("sweep", "--site", str(site)).out


@pytest.mark.nightly
def test_the_next_machine_finds_at_a_shared_site_what_is_to_be_undone(
    disrupted: Path, tmp_path: Path, here: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = remote_shaped(disrupted, tmp_path)
    site.write_text(site.read_text(encoding="utf-8") + "reserve: lease\n", encoding="utf-8")
    kill_in_the_middle(QUICK, site, tmp_path)
    # A machine of its own in all that matters here: it has not the killed run's file.
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another machine"))
    recover_from("mongodb", site, here)


@pytest.fixture(params=["simulated", "remote"])
def shaped(disrupted: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """The site that faults are made to, in both shapes of a site file."""
    return disrupted if request.param == "simulated" else remote_shaped(disrupted, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("fault", FAULTS)
def test_a_killed_run_is_recovered_from_after_each_fault(
    fault: str, shaped: Path, tmp_path: Path, here: Checkout
) -> None:
    kill_in_the_middle(fault, shaped, tmp_path)
    recover_from(FAULTS[fault], shaped, here)


@pytest.mark.nightly
def test_whoever_opens_the_site_next_finds_it_restored(shaped: Path, tmp_path: Path) -> None:
    kill_in_the_middle("Take Down    mongodb", shaped, tmp_path)
    suite = tmp_path / "next.robot"
    suite.write_text(NEXT, encoding="utf-8")
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{shaped}", "--outputdir", str(tmp_path / "next")]
    done = subprocess.run([*command, str(suite)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout
    assert f"Undid what a killed run left on {load(shaped).name}: scaled to zero of mongodb" in done.stderr
    check_restored(shaped)


@pytest.mark.nightly
def test_a_test_that_is_stopped_in_the_middle_leaves_the_site_whole(shaped: Path, tmp_path: Path) -> None:
    suite = tmp_path / "stopped.robot"
    failing_teardown = "    [Timeout]    20 s\n    [Teardown]    Fail    the teardown fails too\n"
    text = SUITE.format(fault="Freeze    mongodb").replace("Killed In The Middle\n", f"Stopped\n{failing_teardown}")
    suite.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "robot", "--variable", f"SITE:{shaped}", "--outputdir", str(tmp_path / "out")]
    done = subprocess.run([*command, str(suite)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 1, done.stdout
    assert "Test timeout 20 seconds exceeded" in done.stdout
    check_restored(shaped)
    events = [json.loads(line)["event"] for line in (tmp_path / "out" / "disruption.jsonl").read_text().splitlines()]
    assert events[:3] == ["steady before", "fault", "steady during"]
