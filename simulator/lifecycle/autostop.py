"""Ends an automatically started site some minutes after its last user.

Users touch the file ``used`` and hold the reader side of ``users.lock`` while a suite runs. The site ends only when
the file is old and the writer side of the lock can be had at once.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from filelock import FileLock, ReadWriteLock, Timeout

from simulator.layout.state import StateDir
from simulator.lifecycle import processes
from simulator.lifecycle.site import stop_everything

LONGEST_PAUSE = 10.0


def main() -> int:
    """Watch until the site ended, or is to stay."""
    parser = argparse.ArgumentParser(prog="simulator.lifecycle.autostop")
    parser.add_argument("--state-dir", type=Path, required=True)
    state = StateDir(parser.parse_args().state_dir)
    while True:
        if not state.root.is_dir():
            _end_without_folder(state)
            return 0
        recorded = state.read()
        minutes, phase = recorded.auto_stop_minutes, recorded.phase
        if phase == "stopped" or (phase == "running" and minutes is None):
            return 0
        if phase == "running" and minutes is not None and _idle(state, minutes) and _stop(state, minutes):
            return 0
        time.sleep(min(LONGEST_PAUSE, (minutes or 1.0) * 60 / 4))


def _end_without_folder(state: StateDir) -> None:
    """End what still runs of a site whose folder somebody deleted: no 'down' would find it any more."""
    for _attempt in range(2):  # the second time for what was born while the others were dying
        processes.end(processes.of_site(state.root), grace=1)


def _idle(state: StateDir, minutes: float) -> bool:
    return time.time() - state.used.stat().st_mtime > minutes * 60


def _stop(state: StateDir, minutes: float) -> bool:
    """End the site unless somebody uses it or is about to; return whether it was ended."""
    try:
        with FileLock(state.lock, timeout=0), ReadWriteLock(state.users_lock).write_lock(timeout=0):
            if not _idle(state, minutes) or state.read().auto_stop_minutes is None:
                return False
            print(f"{time.strftime('%Y-%m-%dT%H:%M:%S')} nobody used the site for {minutes:g} min: ending it")
            stop_everything(state)
            return True
    except Timeout:
        return False


if __name__ == "__main__":
    sys.exit(main())
