"""`run.py try FILE`: one file with robot, everything logged, the result in results/try."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from pipeline import command_line, console, processes
from pipeline.errors import RunError
from pipeline.paths import PYTHON, RESULTS
from pipeline.results import stamp
from pipeline.run import folders as runs
from pipeline.run import site


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.pass_on(parser, "robot", "suites/sandbox/my_first_check.robot")


def main(options: argparse.Namespace) -> int:
    rest = options.passed_on
    file = next((word for word in rest if word.endswith(".robot") or Path(word).is_dir()), None)
    if file is None or not Path(file).exists():
        raise RunError(f"There is no suite '{file or ' '.join(rest)}': give the path of a .robot file, for example "
                       "suites/sandbox/my_first_check.robot.")  # fmt: skip
    chosen = site.open_site(site.chosen_name(options.site))
    marks = stamp.make(runs.new_id(), options.command, chosen.name, chosen.simulated)
    folder = RESULTS / "try"
    others = [word for word in rest if word != file]
    robot = [PYTHON, "-m", "robot", "--outputdir", str(folder), "--loglevel", "DEBUG:INFO", "--exitonerror"]
    environment = os.environ | {"FOCUS_SITE": str(chosen.file), "FOCUS_RUN_ID": marks.run_id}
    code = processes.wait(processes.start([*robot, *marks.robot_options(), *others, file], env=environment))
    console.say(f"report: {folder / 'report.html'}\nlog:    {folder / 'log.html'}")
    return code
