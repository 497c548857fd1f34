"""Whose terminal is closed, or whose SSH connection is lost, has ended the run: as with Ctrl-C, teardowns still run.

Robot Framework would die of the SIGHUP without them. A lane gets none, since pabot starts each in a session of its own:
it would go on when pabot has died of it, unseen, and hold the site.
"""

import os
import signal
import stat
import sys
import threading
import time
from functools import cache

from focus_core.base import run_identity

_LOOK_EVERY_S = 0.5


@cache
def ends_the_run() -> None:
    """From now on, for this process. Not under nohup; a system without SIGHUP ends the processes itself."""
    if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
        return
    if signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:
        signal.signal(signal.SIGHUP, _hang_up)
    if run_identity.is_lane_of_pabot():
        threading.Thread(target=_wait_for_the_end_of, args=(os.getppid(),), daemon=True).start()


def _hang_up(number: int, _frame: object) -> None:
    signal.signal(number, signal.SIG_IGN)  # system and shell both send it; a second one would cut teardowns off
    _stop()


def _wait_for_the_end_of(pabot: int) -> None:
    while os.getppid() == pabot:
        time.sleep(_LOOK_EVERY_S)
    _stop()


def _stop() -> None:
    """Stop Robot Framework as Ctrl-C does, which needs somewhere to write to: nobody reads what it prints."""
    with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - os.devnull is no path of ours
        for printed in (1, 2):
            if not stat.S_ISREG(os.fstat(printed).st_mode):
                os.dup2(nowhere.fileno(), printed)
    os.kill(os.getpid(), signal.SIGINT)
