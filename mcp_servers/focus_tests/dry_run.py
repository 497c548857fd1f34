"""Dry runs of texts, each in a process of its own, of which one is always ahead: it has read the words and waits.

Reading the words takes three quarters of a dry run. A process is used once, so no text finds what another left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from itertools import chain
from pathlib import Path

from robot.run import run as run_robot
from robot.running import TestSuite

from mcp_servers.base import file_state
from mcp_servers.base.file_state import State
from pipeline.paths import LIBRARIES, PYTHON, RESOURCES

PATIENCE_S = 60
SUITE, OUTPUT = "checked.robot", "output.xml"
# What a program needs to start at all; nothing by which a text could learn who runs it.
_KEPT = ("PATH", "PYTHONPATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "VIRTUAL_ENV", "HOME", "USERPROFILE")
_ALL_WORDS = "*** Settings ***\nResource    focus.resource\n*** Test Cases ***\nRead The Words\n    No Operation\n"

_lock = threading.Lock()
# With the words as they were before it began to read them.
_ahead: list[tuple[subprocess.Popen[str], State]] = []


def dry_run(folder: Path) -> bool:
    """Runs SUITE of the folder and writes OUTPUT there; False when it did not end within PATIENCE_S."""
    process = _taken()
    try:
        _tell(process, folder)
        process.wait(PATIENCE_S)
    except subprocess.TimeoutExpired:
        return False
    finally:
        process.kill()
        process.communicate()
        prepare()
    return True


def prepare() -> None:
    """Starts the process that the next dry run takes, unless one waits already. It ends with this process."""
    with _lock:
        if not _ahead:
            _ahead.append(_started())


def _tell(process: subprocess.Popen[str], folder: Path) -> None:
    """Its stdin stays open, since it ends at once with that."""
    if process.stdin is None:
        raise AssertionError("it was started with a pipe")
    with suppress(BrokenPipeError):
        process.stdin.write(f"{folder}\n")
        process.stdin.flush()


def _taken() -> subprocess.Popen[str]:
    """The process that waits; a new one when none does, or when it has read words that have changed since."""
    with _lock:
        process, read = _ahead.pop() if _ahead else _started()
    if process.poll() is None and _words() == read:
        return process
    process.kill()
    process.communicate()
    return _started()[0]


def _words() -> State:
    return file_state.of(chain(RESOURCES.rglob("*.resource"), LIBRARIES.rglob("*.py")))


def _started() -> tuple[subprocess.Popen[str], State]:
    read = _words()
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    process = subprocess.Popen(
        [PYTHON, "-P", "-m", __name__],
        env=environment | {"PYTHONUTF8": "1", "FOCUS_SITE": "simulated"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    return process, read


def _serve_one() -> None:
    """Reads the words, waits for a folder on stdin, and runs its suite; ends without one when stdin ends."""
    quiet = {"dryrun": True, "console": "none", "log": None, "report": None}
    TestSuite.from_string(_ALL_WORDS).run(output=None, **quiet)
    if folder := sys.stdin.readline().strip():
        threading.Thread(target=_end_with_stdin, daemon=True).start()
        run_robot(str(Path(folder) / SUITE), outputdir=folder, output=OUTPUT, **quiet)


def _end_with_stdin() -> None:
    """Of a server that was killed nothing goes on. Not read by sys.stdin, whose lock would be held at the end."""
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    _serve_one()
