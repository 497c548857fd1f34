"""The options of robot and pabot: read by their own tables, and those that a run refuses, with the reason."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pabot.arguments import parse_args
from robot.errors import DataError, Information
from robot.rebot import USAGE as REBOT_USAGE
from robot.run import USAGE as ROBOT_USAGE
from robot.utils import ArgumentParser
from robot.utils.argumentparser import ArgFileParser

from pipeline.errors import RunError

# What run.py decides itself, in every command that runs suites.
REFUSED = {
    "output": "later commands look for output.xml in the run's folder",
    "outputdir": "every run has its own folder in results",
    "timestampoutputs": "the run's folder bears the time already",
    "runemptysuite": "a run without a test proves nothing",
}
_SCREEN = "run.py shows the progress of all lanes itself"
_LANES = "the lanes are this machine's, with the environment's robot"
_ONE_FOLDER = "the files of the lanes are not kept apart from each other"
# What cannot reach the lanes, or would take the result away.
REFUSED_IN_LANES = REFUSED | {
    "command": _LANES,
    "console": _SCREEN,
    "consolecolors": _SCREEN,
    "consolelinks": _SCREEN,
    "consolemarkers": _SCREEN,
    "consolewidth": _SCREEN,
    "debugfile": _ONE_FOLDER,
    "dotted": _SCREEN,
    "help": "the words of pabot would be lost in its log",
    "hive": _LANES,
    "no-rebot": "without a merged result nothing can be judged",
    "pabotconsole": _SCREEN,
    "pabotlibhost": _LANES,
    "parser": "pabot does not hand it to its search for suites",
    "quiet": _SCREEN,
}
# Of rebot's options those that choose tests or name the result: the first run has done so.
_NOT_OF_A_MERGE = {
    *("argumentfile", "doc", "endtime", "exclude", "help", "include", "merge", "metadata", "name", "output"),
    *("outputdir", "parseinclude", "processemptysuite", "rpa", "settag", "starttime", "statusrc", "suite", "task"),
    *("test", "timestampoutputs", "version"),
}


@dataclass(frozen=True)
class Options:
    """A command line: its options as they stand, and as robot and pabot read them; the files and folders to run."""

    args: list[str]
    sources: list[str]
    robot: dict[str, Any]
    pabot: dict[str, Any]

    @property
    def dry_run(self) -> bool:
        return bool(self.robot.get("dryrun"))


def for_pabot(args: list[str], scratch: Path) -> Options:
    """Read pabot's arguments as pabot does; argument files are replaced by what stands in them.

    Pabot itself lets an argument file win over later options. `scratch` keeps its temporary files away from other
    runs. Raises RunError for what cannot be run as written.
    """
    tempfile.tempdir = str(scratch)
    try:
        args = expanded(args)
        robot, sources, pabot, _ = parse_args(args)
        defaults = parse_args([])[2]
    except (DataError, Information) as error:
        raise RunError(refusal_of(error)) from None
    finally:
        tempfile.tempdir = None
    given = robot | {name: value for name, value in pabot.items() if value != defaults.get(name)}
    refuse(given, REFUSED_IN_LANES, "use pabot or robot itself")
    refuse_combinations(robot, pabot)
    refuse_values(robot, sources)
    return Options(without(args, sources), sources, robot, pabot)


def for_robot(args: list[str]) -> Options:
    """Read robot's arguments as robot does. Raises RunError for what cannot be run as written."""
    try:
        args = expanded(args)
        everything, sources = ArgumentParser(ROBOT_USAGE, env_options="ROBOT_OPTIONS").parse_args(args)
    except (DataError, Information) as error:
        raise RunError(refusal_of(error)) from None
    robot = {name: value for name, value in everything.items() if value is not None}
    refuse(robot, REFUSED, "use robot itself")
    refuse_values(robot, sources)
    return Options(without(args, sources), sources, robot, {})


def for_rebot(robot: Mapping[str, Any]) -> list[str]:
    """Of robot's options those that shape log and report, for the rebot that merges two attempts."""
    known = set(ArgumentParser(REBOT_USAGE).parse_args([])[0]) - _NOT_OF_A_MERGE
    args: list[str] = []
    for name in sorted(known & set(robot)):
        value = robot[name]
        if isinstance(value, bool):
            args.append(f"--{name}" if value else f"--no{name}")
        else:
            for one in value if isinstance(value, list) else [value]:
                args += [f"--{name}", str(one)]
    return args


def expanded(args: list[str]) -> list[str]:
    return list(ArgFileParser(["--argumentfile", "-A"]).process(list(args)))


def refusal_of(error: Exception) -> str:
    if isinstance(error, Information):
        return "--help and --version are robot's and pabot's own: start 'robot --help' or 'pabot --help'."
    return " ".join(str(error).split())


def refuse(given: Mapping[str, Any], refused: Mapping[str, str], instead: str) -> None:
    for name, reason in refused.items():
        if given.get(name):
            raise RunError(f"{reason[0].upper()}{reason[1:]}: leave --{name} out, or {instead}.")
    if given.get("statusrc") is False:
        raise RunError(f"Without it the exit code is 0 whatever fails: leave --nostatusrc out, or {instead}.")


def refuse_combinations(robot: Mapping[str, Any], pabot: Mapping[str, Any]) -> None:
    """Refuse numbers and pairs of options that pabot takes and then fails of."""
    if robot.get("dryrun") and pabot["chunk"]:
        raise RunError("Pabot finds no test in the chunks of a dry run: leave --chunk out.")
    processes, timeout = pabot["processes"], pabot["processtimeout"]
    if processes is not None and processes < 1:
        raise RunError(f"--processes is {processes}: give 1 or more, or 'all' for one lane a suite.")
    if timeout is not None and timeout < 1:
        raise RunError(f"--processtimeout is {timeout}: give the seconds that a suite may take, 1 or more.")


def refuse_values(robot: Mapping[str, Any], sources: list[str]) -> None:
    """Refuse an option that would be taken for a suite, since it stands behind one, and a value that was meant as a
    suite: `-v suites/api` is a variable of that name, and everything runs."""
    for source in sources:
        if source.startswith("-") and not Path(source).exists():
            raise RunError(f"{source} stands behind a suite: options come first, then suites.")
    for variable in robot.get("variable", []):
        if ":" not in variable:
            raise RunError(
                f"--variable (-v) takes NAME:VALUE, not '{variable}': add the value, or leave the option out."
            )
    for name in ("include", "exclude", "skip", "skiponfailure", "settag", "test", "task", "suite", "name", "loglevel"):
        value = robot.get(name, [])
        for one in value if isinstance(value, list) else [value]:
            if not sources and ("/" in one or one.endswith(".robot")) and Path(one).exists():
                raise RunError(
                    f"--{name} takes the next word as its value, here '{one}', so that no suite is named: "
                    "give the option its value, or leave it out."
                )


def without(args: list[str], sources: list[str]) -> list[str]:
    """The command line without its sources, which come last but for pabot's own options."""
    left = list(reversed(args))
    for source in reversed(sources):
        left.remove(source)
    return left[::-1]
