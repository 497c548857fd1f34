"""`python -m pipeline.run.pabot_process ARGS`: pabot, which ends its run in order when run.py asks it to or is gone.

On Ctrl-C pabot itself kills a lane after 5 s, and writes the result of a dry run over what the lane had written, so
that tests that had ended count as failed. Here the lanes are asked first: each fails its running test, plays its
teardowns and writes its own result. Pabot gets its Ctrl-C when they have ended, and merges what is there.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
from pabot import pabot

from pipeline import processes
from pipeline.run import lane

# The process id of run.py.
OWNER_VARIABLE = "FOCUS_RUN_OWNER"
# What the lanes get for their teardowns; whoever cannot wait presses Ctrl-C again.
LANES_S = 25.0
_LOOK_EVERY_S = 0.5
_LANE = lane.__name__


def main(args: list[str]) -> int:
    if sys.platform != "win32":  # a console of Windows signals pabot itself, and its processes outlive their parents
        asked = threading.Event()
        # Pabot puts its own in this one's place, and this one back before it takes its processes down.
        signal.signal(signal.SIGINT, _too_late)
        signal.signal(signal.SIGTERM, lambda _number, _frame: asked.set())
        threading.Thread(target=_end_when, args=(asked, int(os.environ[OWNER_VARIABLE])), daemon=True).start()
    code = int(pabot.main_program(args))
    if sys.platform != "win32" and os.getppid() != int(os.environ[OWNER_VARIABLE]):
        # run.py, which would have removed them, is gone.
        shutil.rmtree(Path(os.environ[lane.STOPPED_VARIABLE]).parent, ignore_errors=True)
    return code


def _end_when(asked: threading.Event, owner: int) -> None:
    """Stop the run once run.py has asked for it, or has died, be it by kill -9."""
    while os.getppid() == owner and not asked.wait(_LOOK_EVERY_S):
        pass
    stop_lanes(Path(os.environ[lane.STOPPED_VARIABLE]))
    while signal.getsignal(signal.SIGINT) is _too_late:  # pabot has not begun yet, or is about to end
        time.sleep(_LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGINT)


def _too_late(_number: int, _frame: object) -> None:
    """Ctrl-C while pabot ends anyway: raised there, it would leave what pabot has started, and pabot itself."""


def stop_lanes(mark: Path) -> None:
    """Let no lane begin, wait until those that run have ended as on Ctrl-C, and end what they left running."""
    try:
        mark.touch()
    except OSError:
        return  # no room for it: pabot's own way is left
    lanes = [process for process in psutil.Process().children() if _is_lane(process)]
    family = {process for one in lanes for process in processes.descendants(one.pid)}
    for process in lanes:
        with suppress(psutil.NoSuchProcess):  # it ended by itself meanwhile
            process.send_signal(signal.SIGINT)
    deadline = time.monotonic() + LANES_S
    # Not psutil's own wait, which would take their exit codes from pabot.
    while any(process.is_running() for process in lanes):
        if time.monotonic() > deadline:
            return
        time.sleep(0.1)
    processes.end(family)


def _is_lane(process: psutil.Process) -> bool:
    try:
        return _LANE in process.cmdline()
    except psutil.Error:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
