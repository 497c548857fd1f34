"""One lane of a run: Robot Framework as pabot starts it (`--command`), unless the run is being stopped."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from pipeline.errors import INTERRUPTED

# The file that is there once the run is being stopped: a lane that begins then runs no test any more.
STOPPED_VARIABLE = "FOCUS_RUN_STOPPED"
# Options of pabot; not for Windows, which looks for "python" beside the base Python first and cannot stop a lane in
# order anyway. Pabot cuts the command at spaces, so that no path may stand in it: the environment is first on PATH.
OF_PABOT = ("--command", "python", "-P", "-m", "pipeline.run.lane", "--end-command")
# With it pabot starts the dry run that writes a result for a lane which it had to kill.
MARKS_INTERRUPTED = "interrupt_listener.py"


def main(args: list[str]) -> int:
    stopped = Path(os.environ[STOPPED_VARIABLE]).exists()
    if stopped and not any(arg.endswith(MARKS_INTERRUPTED) for arg in args):
        return INTERRUPTED
    from robot.run import run_cli

    return int(run_cli(args, exit=False))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
