"""What failed or never ran is run again with all that the first run knew; a repeated run never counts for too much."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from support.checkout import Checkout, Ended, folder_of, interrupt, wait_for

ODD = """\
*** Settings ***
Library    OperatingSystem

*** Variables ***
${{KIND}}    made

*** Test Cases ***
Back\\\\slash "quoted" it's [odd]
    File Should Exist    {mended}
    Should Be Equal    ${{GIVEN}}    one two

A ${{KIND}} Name
    File Should Exist    {mended}

Some Name
    No Operation
"""
DYING = """\
*** Settings ***
Library    OperatingSystem

*** Test Cases ***
First
    No Operation

Dies
    ${{whole}} =    Run Keyword And Return Status    File Should Exist    {mended}
    IF    not $whole    Evaluate    os._exit(3)    modules=os
"""
STOPPED = """\
*** Settings ***
Library    OperatingSystem
Library    Process

*** Test Cases ***
Stopped
    Create File    {note}    started
    ${{whole}} =    Run Keyword And Return Status    File Should Exist    {mended}
    IF    not $whole    Run Process    sleep    300

Never Ran
    No Operation
"""


@pytest.fixture
def mended(tmp_path: Path) -> Path:
    return tmp_path / "mended"


def counts(ended: Ended) -> str:
    return next(line for line in ended.out.splitlines() if " passed, " in line).partition(" in ")[0]


def attempts(folder: Path) -> dict[str, list[str]]:
    """What each attempt of a run's tests was worth."""
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    return {test["name"]: [attempt["verdict"] for attempt in test["attempts"]] for test in metrics["tests"]}


@pytest.mark.nightly
def test_a_dead_lane_and_odd_names_run_again_with_the_same_options(
    here: Checkout, site: str, tmp_path: Path, mended: Path
) -> None:
    suites = tmp_path / "suites"
    suites.mkdir()
    (suites / "it's odd.robot").write_text(ODD.format(mended=mended))
    (suites / "dying.robot").write_text(DYING.format(mended=mended))
    arguments = tmp_path / "arguments.txt"
    arguments.write_text("--variable GIVEN:one two\n--name Another Top\n")
    job = {"FOCUS_RUN_ID": f"job-{os.getpid()}-{tmp_path.parent.name}"}
    first = here.run("suites", "--site", site, "--argumentfile", str(arguments), str(suites), env=job)
    assert first.code == 252
    assert "2 of 5 selected tests have no result" in first.sentence
    arguments.unlink()
    still = here.run("rerun", "--exclude", "nosuch", "--test", "*slash*", env=job)
    assert still.code == 252
    assert ": 1 of 5 tests, by --test '*slash*'" in still.out
    assert "2 of 5 selected tests have no result" in still.sentence
    mended.touch()
    second = here.run("rerun", "--test", "*", "--log", "NONE", "--xunit", "units.xml", env=job)
    assert second.code == 0, second.out + second.err
    assert ": 4 of 5 tests" in second.out
    assert counts(second) == "5 passed, 0 failed, 0 skipped"
    folder = folder_of(second.out)
    assert folder.name == f"{job['FOCUS_RUN_ID']}-3"
    assert {"output.xml", "report.html", "units.xml", "second"} <= {path.name for path in folder.iterdir()}
    assert not (folder / "log.html").exists()
    assert "log:" not in second.out
    output = (folder / "output.xml").read_text(encoding="utf-8")
    assert "re-executed" in output
    assert 'name="Another Top"' in output
    assert "SIMULATED" in (folder / "report.html").read_text(encoding="utf-8")
    assert attempts(folder) == {
        'Back\\slash "quoted" it\'s [odd]': ["failed", "failed", "passed"],
        "A made Name": ["failed", "passed"],
        "Some Name": ["passed"],
        "First": ["passed"],
        "Dies": ["passed"],
    }
    assert "nothing to run again" in here.run("rerun").out


@pytest.mark.nightly
def test_what_ctrl_c_kept_from_running_runs_again(here: Checkout, site: str, tmp_path: Path, mended: Path) -> None:
    note = tmp_path / "note"
    (tmp_path / "stopped.robot").write_text(STOPPED.format(mended=mended, note=note))
    process = here.start("suites", "--site", site, str(tmp_path / "stopped.robot"))
    wait_for("the test's start", note.exists)
    assert interrupt(process).code == 253
    mended.touch()
    again = here.run("rerun")
    assert again.code == 0, again.err
    assert ": 2 of 2 tests" in again.out
    assert counts(again) == "2 passed, 0 failed, 0 skipped"


@pytest.mark.nightly
def test_what_a_repetition_mends_is_fixed_against_the_first_run(
    here: Checkout, site: str, tmp_path: Path, mended: Path
) -> None:
    (tmp_path / "suites").mkdir()
    name = f"odd_{os.getpid()}_{tmp_path.parent.name}.robot"  # no earlier run has a test of this file
    (tmp_path / "suites" / name).write_text(ODD.format(mended=mended))
    arguments = ("--variable", "GIVEN:one two", str(tmp_path / "suites"))
    first = here.run("suites", "--site", site, *arguments)
    assert (first.code, "failures against" in first.out) == (2, False)
    mended.touch()
    second = here.run("rerun")
    assert second.code == 0, second.out + second.err
    sentence = f"failures against run {folder_of(first.out).name}: 0 new, 0 still, 2 fixed"
    assert sentence in second.out
    summary = (folder_of(second.out) / "summary.md").read_text(encoding="utf-8")
    assert sentence in summary
    assert "## Fixed, against run" in summary
    shown = here.run("history", "compare", folder_of(first.out).name, "latest").out
    assert "2 tests ended otherwise" in shown
