"""Lanes that die, runs that are stopped, runs at once: on suites that need no site."""

import fcntl
import json
import os
import re
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
from support.checkout import ROOT, WAIT_S, Checkout, clean_environment, folder_of, interrupt, wait_for

from pipeline.history import database, queries
from pipeline.run import pabot_process

PROGRAMS = ROOT / ".venv" / "bin"

SLOW = """\
*** Settings ***
Library    OperatingSystem
Library    Process

*** Test Cases ***
Slow
    Create File    {note}    started
    Run Process    sleep    {seconds}
    [Teardown]    Create File    {note}.teardown    ran
"""

WAITING = """\
*** Settings ***
Library    OperatingSystem
Library    SiteLibrary

*** Test Cases ***
Slow
    Create File    {note}    started
    Sleep    1 hour
    [Teardown]    Create File    {note}.teardown    ran

Next
    Create File    {note}.next    started
"""

# The teardown is longer than pabot would wait for it.
HALF_WAY = """\
*** Settings ***
Library    OperatingSystem

*** Test Cases ***
Ended Well
    No Operation

Ended Badly
    Fail    as it should

Slow
    Create File    {note}    started
    Sleep    1 hour
    [Teardown]    Sleep    12 s

Not Begun
    No Operation
"""

DYING = """\
*** Test Cases ***
First
    No Operation

Dies
    Evaluate    os._exit(3)    modules=os
"""

GOOD = """\
*** Test Cases ***
Good
    Should Be Equal    a    a
"""


def running(argument: str) -> list[psutil.Process]:
    """Processes of the whole machine with this argument: it has to be one that no other run of these tests uses."""
    return [process for process in psutil.process_iter(["cmdline"]) if argument in (process.info["cmdline"] or [])]


def has_ended(process: psutil.Process) -> bool:
    """Whether it is gone; whose parent was killed waits as a zombie for whoever inherits it."""
    try:
        return not process.is_running() or bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def test_a_run_leaves_all_its_files_and_its_stamp(here: Checkout, site: str, tmp_path: Path) -> None:
    (tmp_path / "good.robot").write_text(GOOD)
    ended = here.run("suites", "--site", site, str(tmp_path / "good.robot"))
    assert ended.code == 0, ended.err
    assert "SIMULATED" in ended.out
    assert "1 passed, 0 failed" in ended.out
    folder = folder_of(ended.out)
    for name in ("output.xml", "log.html", "report.html", "xunit.xml", "summary.md", "metrics.json"):
        assert (folder / name).stat().st_size > 0, name
    assert (ROOT / "results" / "latest").resolve() == folder
    assert "SIMULATED" in (folder / "report.html").read_text(encoding="utf-8")
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["simulated"], metrics["site"], metrics["run_id"]) == (True, "nobody", folder.name)
    assert re.search(r"^\d+ runs? (is|are) kept", ended.out, re.MULTILINE)
    with database.opened() as connection:
        assert set(queries.verdicts(connection, folder.name).values()) == {"passed"}


def test_evidence_of_the_lanes_stands_beside_the_log(here: Checkout, site: str, tmp_path: Path) -> None:
    picture = "iVBORw0KGgo="
    for name in ("one", "two"):
        (tmp_path / f"{name}.robot").write_text(
            "*** Settings ***\nLibrary    OperatingSystem\n\n*** Test Cases ***\nIt\n"
            f"    Create File    ${{OUTPUT DIR}}/pod_logs/{name}.log    a line of a pod\n"
            f"    Create File    ${{OUTPUT DIR}}/picture.png    {picture}\n"
            '    Log    <img src="picture.png">    html=True\n'
        )
    ended = here.run("suites", "--site", site, str(tmp_path))
    assert ended.code == 0, ended.err
    folder = folder_of(ended.out)
    assert sorted(path.name for path in (folder / "pod_logs").iterdir()) == ["one.log", "two.log"]
    pictures = re.findall(
        r'img src="([^"]+)"', (folder / "output.xml").read_text(encoding="utf-8").replace("&quot;", '"')
    )
    shown = {name for name in pictures if name != "picture.png"}
    assert len(shown) == 2
    assert all((folder / name).is_file() for name in shown)
    assert not (folder / "pabot_results").exists()


def test_a_lane_that_dies_is_never_green(here: Checkout, site: str, tmp_path: Path) -> None:
    (tmp_path / "dying.robot").write_text(DYING)
    (tmp_path / "good.robot").write_text(GOOD)
    ended = here.run("suites", "--site", site, str(tmp_path))
    assert ended.code == 252
    assert "2 of 3 selected tests have no result" in ended.sentence
    assert "does not count" in (folder_of(ended.out) / "summary.md").read_text(encoding="utf-8")


def test_ctrl_c_ends_the_lanes_and_lets_teardowns_run(here: Checkout, site: str, tmp_path: Path) -> None:
    note, seconds = tmp_path / "note", f"1{os.getpid()}"
    (tmp_path / "slow.robot").write_text(SLOW.format(note=note, seconds=seconds))
    process = here.start("suites", "--site", site, str(tmp_path / "slow.robot"))
    wait_for("the test's start", note.exists)
    lanes = psutil.Process(process.pid).children(recursive=True)
    assert any(pabot_process.__name__ in one.cmdline() for one in lanes)
    ended = interrupt(process)
    assert ended.code == 253
    assert ended.sentence == "run.py: Stopped with Ctrl-C; everything that this command had started was ended."
    assert Path(f"{note}.teardown").exists()
    assert running(seconds) == []
    _, alive = psutil.wait_procs(lanes, timeout=10)
    assert alive == []


@pytest.mark.nightly
def test_after_ctrl_c_what_had_ended_keeps_its_verdict_and_the_rest_is_not_run(
    here: Checkout, site: str, tmp_path: Path
) -> None:
    (tmp_path / "half_way.robot").write_text(HALF_WAY.format(note=tmp_path / "note"))
    (tmp_path / "next.robot").write_text(GOOD)
    options = ("--processes", "1", "--chunk")
    process = here.start(
        "suites", "--site", site, *options, str(tmp_path / "half_way.robot"), str(tmp_path / "next.robot")
    )
    wait_for("the test's start", (tmp_path / "note").exists)
    ended = interrupt(process)
    assert ended.code == 253, ended.err
    folder = folder_of(ended.out)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert {test["name"]: test["verdict"] for test in metrics["tests"]} == {
        "Ended Well": "passed",
        "Ended Badly": "failed",
        "Slow": "not run",
        "Not Begun": "not run",
        "Good": "not run",
    }
    summary = (folder / "summary.md").read_text(encoding="utf-8")
    assert "**This run does not count.** The run was stopped with Ctrl-C." in summary
    assert "1 passed, 1 failed, 0 skipped, 3 not run in " in summary
    assert "1 passed, 1 failed, 0 skipped, 3 not run in " in ended.out


def test_when_run_py_is_killed_its_lanes_end_as_with_ctrl_c(here: Checkout, site: str, tmp_path: Path) -> None:
    note, seconds = tmp_path / "note", f"4{os.getpid()}"
    (tmp_path / "slow.robot").write_text(SLOW.format(note=note, seconds=seconds))
    process = here.start("suites", "--site", site, str(tmp_path / "slow.robot"))
    wait_for("the test's start", note.exists)
    started = psutil.Process(process.pid).children(recursive=True)
    scratch = next(one.environ()["TMPDIR"] for one in started if pabot_process.__name__ in one.cmdline())
    assert Path(scratch).is_dir()
    process.kill()
    process.communicate(timeout=WAIT_S)
    wait_for("the end of all that it had started", lambda: all(map(has_ended, started)))
    assert Path(f"{note}.teardown").exists()
    assert running(seconds) == []
    assert not Path(scratch).exists()


@pytest.mark.parametrize("later", [0.0, 0.3, 0.8])
def test_ctrl_c_before_the_lanes_start_is_one_sentence_too(here: Checkout, site: str, later: float) -> None:
    process = here.start("suites", "--site", site, "suites/api")
    # From here on it is ours; before, Python itself starts and nothing has begun.
    wait_for("the environment's Python", lambda: "pipeline" in psutil.Process(process.pid).cmdline())
    time.sleep(later)
    ended = interrupt(process)
    assert ended.code == 253
    assert "Traceback" not in ended.err
    assert ended.sentence.startswith("run.py: Stopped ")


@pytest.mark.nightly
def test_a_cancelled_job_ends_as_with_ctrl_c(here: Checkout, site: str, tmp_path: Path) -> None:
    note, seconds = tmp_path / "note", f"2{os.getpid()}"
    (tmp_path / "slow.robot").write_text(SLOW.format(note=note, seconds=seconds))
    process = here.start("suites", "--site", site, str(tmp_path / "slow.robot"))
    wait_for("the test's start", note.exists)
    process.terminate()
    _, err = process.communicate(timeout=WAIT_S)
    assert process.returncode == 253, err
    assert running(seconds) == []


@pytest.mark.nightly
def test_a_closed_terminal_ends_a_run_as_ctrl_c_does(here: Checkout, site: str, tmp_path: Path) -> None:
    note, seconds = tmp_path / "note", f"3{os.getpid()}"
    (tmp_path / "slow.robot").write_text(SLOW.format(note=note, seconds=seconds))
    with on_a_terminal([here.base, "run.py", "suites", "--site", site, str(tmp_path / "slow.robot")]) as process:
        wait_for("the test's start", note.exists)
        lanes = psutil.Process(process.pid).children(recursive=True)
    assert process.wait(WAIT_S) == 253
    assert Path(f"{note}.teardown").exists()
    assert running(seconds) == []
    _, alive = psutil.wait_procs(lanes, timeout=10)
    assert alive == []


@pytest.mark.parametrize("program", ["pabot", pytest.param("robot", marks=pytest.mark.nightly)])
def test_a_closed_terminal_ends_a_plain_run_too(tmp_path: Path, program: str) -> None:
    note = tmp_path / "note"
    (tmp_path / "slow.robot").write_text(WAITING.format(note=note))
    options = ["--outputdir", str(tmp_path / "out"), *(["--pabotlibport", "0"] if program == "pabot" else [])]
    with on_a_terminal([str(PROGRAMS / program), *options, str(tmp_path / "slow.robot")]) as process:
        wait_for("the test's start", note.exists)
        robots = [one for one in psutil.Process(process.pid).children() if "pabot.pabotlib" not in one.cmdline()]
        helpers = [one for one in psutil.Process(process.pid).children() if one not in robots]
    _, alive = psutil.wait_procs([psutil.Process(process.pid), *robots], timeout=30)
    for one in [*alive, *helpers]:
        one.kill()
    assert alive == []
    assert Path(f"{note}.teardown").exists()
    assert not Path(f"{note}.next").exists()


@contextmanager
def on_a_terminal(command: list[str]) -> Iterator[subprocess.Popen[bytes]]:
    """A program of the environment or run.py, started on a terminal of its own, which is closed at the end."""
    ours, theirs = os.openpty()
    environment = clean_environment()
    try:
        yield subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment | {"PATH": os.pathsep.join([str(PROGRAMS), environment["PATH"]])},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
    finally:
        os.close(theirs)
        os.close(ours)


@pytest.mark.nightly
def test_ctrl_c_while_another_run_goes_on_leaves_that_one_alone(here: Checkout, site: str, tmp_path: Path) -> None:
    processes = []
    for name, seconds in (("one", "3600"), ("two", "4")):
        (tmp_path / f"{name}.robot").write_text(SLOW.format(note=tmp_path / name, seconds=seconds))
        processes.append(here.start("suites", "--site", site, str(tmp_path / f"{name}.robot")))
    for name in ("one", "two"):
        wait_for(f"the start of {name}", (tmp_path / name).exists)
    stopped = interrupt(processes[0])
    out, err = processes[1].communicate(timeout=WAIT_S)
    assert stopped.code == 253
    assert processes[1].returncode == 0, err
    assert "1 passed, 0 failed" in out
    assert folder_of(stopped.out) != folder_of(out)


def plain_pabot(folder: Path, env: Mapping[str, str], *options: str) -> str:
    """What pabot prints of a run of one good suite; a foreign `robot` lies first on the machine's PATH."""
    (folder / "good.robot").write_text(GOOD)
    command = [str(PROGRAMS / "pabot"), "--pabotlibport", "0", "--outputdir", str(folder / "out"), *options]
    done = subprocess.run(
        [*command, str(folder / "good.robot")], cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    return f"{done.stdout}\nexit code {done.returncode}"


@pytest.fixture
def foreign_robot(tmp_path: Path) -> dict[str, str]:
    """A shell that never activated the environment, on a machine with a Robot Framework of its own."""
    robot = tmp_path / "bin" / "robot"
    robot.parent.mkdir()
    robot.write_text("#!/bin/sh\necho a foreign robot >&2\nexit 252\n")
    robot.chmod(0o755)
    environment = clean_environment()
    assert str(PROGRAMS) not in environment["PATH"]
    return environment | {"PATH": os.pathsep.join([str(robot.parent), environment["PATH"]])}


def test_pabot_in_an_activated_environment_finds_its_robot(tmp_path: Path, foreign_robot: dict[str, str]) -> None:
    activated = foreign_robot | {"PATH": os.pathsep.join([str(PROGRAMS), foreign_robot["PATH"]])}
    shown = plain_pabot(tmp_path, activated)
    assert "1 tests, 1 passed" in shown
    assert shown.endswith("exit code 0")


@pytest.mark.nightly
def test_pabot_without_activation_is_given_its_robot(tmp_path: Path, foreign_robot: dict[str, str]) -> None:
    """As docs/decisions/0013 and docs/troubleshooting.md have it."""
    robot = ("--command", str(PROGRAMS / "robot"), "--end-command")
    shown = plain_pabot(tmp_path, foreign_robot, *robot)
    assert "1 tests, 1 passed" in shown
    assert shown.endswith("exit code 0")
