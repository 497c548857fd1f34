"""`run.py try FILE`: one file with robot, everything logged, the result in results/try."""

from __future__ import annotations

import os
from pathlib import Path

from pipeline import console, processes
from pipeline.errors import RunError
from pipeline.paths import PYTHON, RESULTS
from pipeline.results import stamp
from pipeline.run import folders as runs
from pipeline.run import site


def main(command: str, args: list[str]) -> int:
    name, rest = site.take_option(args)
    file = next((word for word in rest if word.endswith(".robot") or Path(word).is_dir()), None)
    if file is None or not Path(file).exists():
        raise RunError(f"There is no suite '{file or ' '.join(rest)}': give the path of a .robot file, for example "
                       "suites/sandbox/my_first_check.robot.")  # fmt: skip
    chosen = site.open_site(name)
    marks = stamp.make(runs.new_id(), command, chosen.name, chosen.simulated)
    folder = RESULTS / "try"
    options = [word for word in rest if word != file]
    robot = [PYTHON, "-m", "robot", "--outputdir", str(folder), "--loglevel", "DEBUG:INFO", "--exitonerror"]
    environment = os.environ | {"FOCUS_SITE": str(chosen.file), "FOCUS_RUN_ID": marks.run_id}
    code = processes.wait(processes.start([*robot, *marks.robot_options(), *options, file], env=environment))
    console.say(f"report: {folder / 'report.html'}\nlog:    {folder / 'log.html'}")
    return code
