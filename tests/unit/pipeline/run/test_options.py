"""Each option of robot and pabot: honoured, or refused in one sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pabot.pabot import read_args_from_readme
from robot.run import USAGE
from robot.utils import ArgumentParser

from pipeline.errors import RunError
from pipeline.run import options
from pipeline.run.selection import select

SUITE = "*** Test Cases ***\nOne\n    [Tags]    a\n    No Operation\n"
# An example of each option that a run honours.
HONOURED = {
    "argumentfile": ["--argumentfile", "arguments.txt"],
    "doc": ["--doc", "x"],
    "dryrun": ["--dryrun"],
    "exclude": ["--exclude", "b"],
    "exitonerror": ["--exitonerror"],
    "exitonfailure": ["-X"],
    "expandkeywords": ["--expandkeywords", "name:x"],
    "extension": ["-F", "robot"],
    "flattenkeywords": ["--flattenkeywords", "for"],
    "include": ["-i", "a"],
    "language": ["--language", "fi"],
    "legacyoutput": ["--legacyoutput"],
    "listener": ["--listener", "x"],
    "log": ["--log", "NONE"],
    "loglevel": ["-L", "DEBUG"],
    "logtitle": ["--logtitle", "x"],
    "maxassignlength": ["--maxassignlength", "10"],
    "maxerrorlines": ["--maxerrorlines", "10"],
    "metadata": ["-M", "a:b"],
    "name": ["--name", "x"],
    "parseinclude": ["-I", "*.robot"],
    "prerebotmodifier": ["--prerebotmodifier", "x"],
    "prerunmodifier": ["--prerunmodifier", "robot.model.SuiteVisitor"],
    "pythonpath": ["-P", "x"],
    "randomize": ["--randomize", "all"],
    "removekeywords": ["--removekeywords", "passed"],
    "report": ["--report", "NONE"],
    "reportbackground": ["--reportbackground", "blue:red"],
    "reporttitle": ["--reporttitle", "x"],
    "rerunfailed": ["--rerunfailed", "NONE"],
    "rerunfailedsuites": ["--rerunfailedsuites", "NONE"],
    "rpa": ["--rpa"],
    "settag": ["-G", "x"],
    "skip": ["--skip", "b"],
    "skiponfailure": ["--skiponfailure", "b"],
    "skipteardownonexit": ["--skipteardownonexit"],
    "splitlog": ["--splitlog"],
    "statusrc": ["--statusrc"],
    "suite": ["-s", "*"],
    "suitestatlevel": ["--suitestatlevel", "2"],
    "tagdoc": ["--tagdoc", "a:b"],
    "tagstatcombine": ["--tagstatcombine", "a AND b"],
    "tagstatexclude": ["--tagstatexclude", "b"],
    "tagstatinclude": ["--tagstatinclude", "a"],
    "tagstatlink": ["--tagstatlink", "a:b:c"],
    "task": ["--task", "One"],
    "test": ["--test", "One"],
    "variable": ["-v", "A:b"],
    "variablefile": ["-V", "x"],
    "xunit": ["--xunit", "x.xml"],
    "argumentfile1": ["--argumentfile1", "arguments.txt"],
    "artifacts": ["--artifacts", "txt"],
    "artifactsinsubfolders": ["--artifactsinsubfolders"],
    "chunk": ["--chunk"],
    "no-pabotlib": ["--no-pabotlib"],
    "ordering": ["--ordering", "x"],
    "pabotlibport": ["--pabotlibport", "0"],
    "pabotprerunmodifier": ["--pabotprerunmodifier", "x"],
    "processes": ["--processes", "all"],
    "processtimeout": ["--processtimeout", "60"],
    "resourcefile": ["--resourcefile", "x"],
    "shard": ["--shard", "1/1"],
    "suitesfrom": ["--suitesfrom", "x"],
    "testlevelsplit": ["--testlevelsplit"],
    "verbose": ["--verbose"],
}
REFUSED = {
    "command": ["--command", "x", "--end-command"],
    "console": ["--console", "dotted"],
    "consolecolors": ["-C", "on"],
    "consolelinks": ["--consolelinks", "off"],
    "consolemarkers": ["-K", "on"],
    "consolewidth": ["-W", "100"],
    "debugfile": ["-b", "x"],
    "dotted": ["-."],
    "help": ["--help"],
    "hive": ["--hive", "x"],
    "no-rebot": ["--no-rebot"],
    "statusrc": ["--nostatusrc"],
    "output": ["-o", "x.xml"],
    "outputdir": ["-d", "x"],
    "pabotconsole": ["--pabotconsole", "dotted"],
    "pabotlibhost": ["--pabotlibhost", "x"],
    "parser": ["--parser", "x"],
    "quiet": ["--quiet"],
    "runemptysuite": ["--runemptysuite"],
    "timestampoutputs": ["-T"],
    "version": ["--version"],
}


@pytest.fixture
def suite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "a.robot").write_text(SUITE)
    (tmp_path / "arguments.txt").write_text("--include a\n")
    monkeypatch.chdir(tmp_path)
    return "a.robot"


def test_every_option_of_robot_and_pabot_is_in_one_of_the_tables() -> None:
    robot = set(ArgumentParser(USAGE).parse_args([])[0])
    # 'prerunmodifiers' is a word of its documentation.
    pabot = set(re.findall(r"^\W*--([\w-]+)", read_args_from_readme(), re.MULTILINE)) - {"prerunmodifiers"}
    assert len(pabot) > 15
    assert robot | pabot <= set(HONOURED) | set(REFUSED)
    assert set(HONOURED) & set(REFUSED) == {"statusrc"}
    assert set(options.REFUSED_IN_LANES) <= set(REFUSED)


@pytest.mark.parametrize("name", REFUSED)
def test_refused_in_a_sentence_that_names_it(name: str, suite: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=rf"^[A-Z-].*--(no)?{name}\b.*\.$") as error:
        select([*REFUSED[name], suite], tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", HONOURED)
def test_honoured(name: str, suite: str, tmp_path: Path) -> None:
    chosen = select([*HONOURED[name], suite], tmp_path)
    assert [test.name for test in chosen.tests] == ["One"]
    assert chosen.sources == [str(tmp_path / suite)]


def test_what_stands_in_an_argument_file_loses_against_later_options(suite: str, tmp_path: Path) -> None:
    (tmp_path / "arguments.txt").write_text("--variable A:file\n--log NONE\n")
    chosen = select(["-A", "arguments.txt", "--variable", "A:line", suite], tmp_path)
    assert chosen.options.args == ["--variable", "A:file", "--log", "NONE", "--variable", "A:line"]


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (["-v", "a/a.robot"], "takes NAME:VALUE, not 'a/a.robot'"),
        (["--test", "a.robot"], "--test takes the next word as its value, here 'a.robot'"),
        (["a.robot", "--exclude", "slow"], "--exclude stands behind a suite: options come first"),
        (["--processes", "0", "a.robot"], "--processes is 0: give 1 or more"),
        (["--processtimeout", "0", "a.robot"], "--processtimeout is 0"),
        (["--dryrun", "--chunk", "a.robot"], "leave --chunk out"),
    ],
)
@pytest.mark.usefixtures("suite")
def test_a_value_that_means_something_else_is_refused(args: list[str], sentence: str, tmp_path: Path) -> None:
    with pytest.raises(RunError, match=re.escape(sentence)):
        select(args, tmp_path)


def test_a_source_may_look_like_a_value(tmp_path: Path, suite: str) -> None:
    assert options.for_pabot(["--include", "a", "--processes", "2", suite, "a"], tmp_path).sources == [suite, "a"]
    robot = options.for_robot(["-v", "A:x.robot", "--loglevel", "TRACE", suite])
    assert (robot.args, robot.sources) == (["-v", "A:x.robot", "--loglevel", "TRACE"], [suite])
    with pytest.raises(RunError, match="leave --outputdir out"):
        options.for_robot(["--outputdir", "out", suite])


def test_a_merge_keeps_what_shapes_the_log_and_nothing_that_selects() -> None:
    robot = {
        "log": "NONE",
        "include": ["a"],
        "name": "x",
        "splitlog": True,
        "tagstatlink": ["a:b:c"],
        "loglevel": "DEBUG",
    }
    args = options.for_rebot(robot)
    assert args == ["--log", "NONE", "--loglevel", "DEBUG", "--splitlog", "--tagstatlink", "a:b:c"]
