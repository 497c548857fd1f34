"""The options of each command, the help, and what is passed on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline import __main__ as entry
from pipeline import command_line
from pipeline.errors import RunError
from pipeline.paths import ROOT


def test_unknown_options_go_to_pabot_in_their_order() -> None:
    args = ["--include", "pz-1", "--si", "x", "-t", "Some Name", "--site", "staging", "suites/live", "--name=A"]
    options = command_line.parse(["suites", *args])
    assert options.site == "staging"
    assert options.passed_on == ["--include", "pz-1", "--si", "x", "-t", "Some Name", "suites/live", "--name=A"]


@pytest.mark.parametrize("command", ["smoke", "regression", "nightly", "suites", "rerun", "try"])
def test_runs_pass_options_on(command: str) -> None:
    assert command_line.parse([command, "--dryrun", "x"]).passed_on == ["--dryrun", "x"]


@pytest.mark.parametrize("command", ["test", "recover", "new", "keywords", "doctor", "sweep", "strength", "docs"])
def test_other_commands_refuse_unknown_options_with_their_usage(command: str) -> None:
    with pytest.raises(
        RunError, match=rf"'{command}' has no option '--nosuch'; usage: python run.py {command} "
    ) as error:
        command_line.parse([command, "--nosuch"])
    assert "\n" not in str(error.value)


def test_an_option_without_its_value_is_refused() -> None:
    with pytest.raises(RunError, match="--site needs a value; usage: "):
        command_line.parse(["smoke", "--site"])


@pytest.mark.parametrize(
    "args",
    [
        ["ci", "plan", "--shards", "many"],
        ["ci", "plan", "--shards", "0"],
        ["ci", "comment", "--pull", "-7"],
        ["history", "list", "--limit", "all"],
        ["history", "slow", "--limit", "-1"],
        ["history", "slow", "--limit", "99999999999999999999"],
        ["record", "a view", "--stop-after", "0"],
        ["measure", "jobs", "--jobs", "1.5"],
    ],
)
def test_what_is_no_number_is_refused_in_words(args: list[str]) -> None:
    with pytest.raises(RunError, match=rf"^argument --[a-z-]+: '{args[-1]}' is no whole number") as error:
        command_line.parse(args)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("command", sorted(command_line.COMMANDS.keys() - {"site"}))
def test_each_command_has_a_help_of_its_own(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert entry.main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: python run.py {command} ")
    assert command_line.COMMANDS[command].summary in shown


def test_the_simulator_shows_its_own_help() -> None:
    assert command_line.parse(["site", "up", "--help"]).passed_on == ["up", "--help"]


def test_the_list_of_commands_needs_nothing_installed() -> None:
    code = "import sys; from pipeline import __main__ as m; m.main(['--help']); print(sys.modules.keys() & {'robot'})"
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.endswith("set()\n")


@pytest.mark.parametrize(
    "args",
    [
        *(["pipeline", *args] for args in (["--help"], ["keywords"], ["keywords", "--help"])),
        *(["simulator", *args] for args in (["--help"], ["defects"])),
    ],
    ids=" ".join,
)
def test_a_reader_that_has_seen_enough_is_no_trouble(args: list[str]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", *args], cwd=ROOT, stdout=writing, stderr=subprocess.PIPE, check=False
        )
    finally:
        os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_a_relative_folder_of_a_site_counts_from_where_the_command_is_given(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, ROOT / "run.py", "site", "status", "--json", "--state-dir", "mine"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    # Where the lock has changed, the environment is made anew, and that is shown first.
    report = ended.stdout[ended.stdout.index(b"{") :]
    assert json.loads(report)["state_dir"] == str(tmp_path / "mine"), ended.stderr


@pytest.mark.parametrize(
    ("step", "codes"),
    [
        (["ci", "plan"], "exit code: 0 the plan is written"),
        (["ci", "run"], "exit code: 0 the results are whole, whatever failed in them"),
        (["k8s", "run"], "exit code: 0 all gates are green, 1 one is red"),
        (["smoke"], "exit code: 0 all passed, 1-250 failed tests"),
    ],
)
def test_the_help_of_a_step_has_its_own_exit_codes(
    step: list[str], codes: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        command_line.parse([*step, "--help"])
    shown = capsys.readouterr().out
    assert codes in shown
    assert shown.count("exit code:") == 1
