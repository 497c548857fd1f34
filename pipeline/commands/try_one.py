"""`run.py try FILE`: one file with robot, everything logged, the result in results/try."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from pathlib import Path

from pipeline import command_line, console, processes
from pipeline.errors import BROKEN, RunError
from pipeline.paths import PYTHON, RESULTS
from pipeline.results import reading, stamp
from pipeline.results.output_xml import ResultsError
from pipeline.run import folders as runs
from pipeline.run import lanes, selection, site
from pipeline.run import options as robot_options


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.add_yes(parser)
    command_line.pass_on(parser, "robot", "suites/sandbox/my_first_check.robot")


def main(options: argparse.Namespace) -> int:
    """Exit code of robot, or 252 where it proves nothing: a file whose tests were all skipped."""
    given = robot_options.for_robot(options.passed_on)
    missing = next((source for source in given.sources if not Path(source).exists()), None)
    if missing or not given.sources:
        raise RunError(f"There is no suite '{missing or ' '.join(given.args)}': give the path of a .robot file, for "
                       "example suites/sandbox/my_first_check.robot.")  # fmt: skip
    selected = selection.of(given)
    chosen = lanes.site_for(selected, site.chosen_name(options.site), options.yes)
    marks = stamp.make(runs.new_id(), options.command, chosen.name, chosen.simulated, given.dry_run)
    marks = replace(marks, approval=site.approved(chosen, selected.disruptive))
    folder = RESULTS / "try"
    output = folder / "output.xml"
    output.unlink(missing_ok=True)
    robot = [PYTHON, "-m", "robot", "--outputdir", str(folder), "--loglevel", "DEBUG:INFO", *marks.robot_options()]
    environment = os.environ | {"FOCUS_SITE": str(chosen.file), "FOCUS_RUN_ID": marks.run_id}
    code = processes.wait(processes.start([*robot, *selected.args], env=environment))
    for what, path in lanes.pages(selected, folder, folder).items():
        console.say(f"{what + ':':<8}{path}")
    return judged(code, output, marks)


def judged(code: int, output: Path, marks: stamp.Stamp) -> int:
    """The exit code of a run whose output.xml lies there."""
    try:
        broken = lanes.why_broken(code, reading.read_one(output, marks), ())
    except ResultsError:
        return code or BROKEN  # robot has reported why it wrote none
    if not broken or code > lanes.MOST_FAILURES:
        return code
    console.complain(broken)
    return BROKEN
