"""Starting the site's processes detached, recognising them later, and ending exactly those."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from simulator.layout.state import ProcessRecord

STATE_VARIABLE = "FOCUS_SIMULATOR_STATE"


def site_environment(state_dir: Path) -> dict[str, str]:
    """Return the environment of every process of the site: the caller's, plus the mark by which `down` finds it.

    What the caller asks of Python is left out: a PYTHONPATH may hold modules named as ours.
    """
    root = str(Path(__file__).resolve().parent.parent.parent)
    return {
        **{name: value for name, value in os.environ.items() if not re.fullmatch(r"PYTHON[A-Z0-9]+", name)},
        STATE_VARIABLE: str(state_dir),
        "PYTHONPATH": root,
        "PYTHONUNBUFFERED": "1",
        "PYTHONUTF8": "1",
        # A forking parent must not carry the threads of a numeric library.
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
    }


def start(name: str, arguments: list[str], *, state_dir: Path, log: Path) -> ProcessRecord:
    """Start ``python -m arguments`` in its own session with nothing inherited but its log file."""
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=site_environment(state_dir),
            cwd=state_dir,
            start_new_session=True,
        )
    _ours[process.pid] = process
    return ProcessRecord(name, process.pid, psutil.Process(process.pid).create_time())


# Children of this launcher: polled so that an ended one does not stay a zombie that looks alive.
_ours: dict[int, subprocess.Popen[bytes]] = {}


def alive(record: ProcessRecord) -> bool:
    """Return whether the recorded process still runs (the same one, not another that got its pid)."""
    if record.pid in _ours and _ours[record.pid].poll() is not None:
        return False
    try:
        process = psutil.Process(record.pid)
        return abs(process.create_time() - record.started) < 1.0 and _runs(process)
    except psutil.NoSuchProcess:
        return False


def of_site(state_dir: Path) -> list[psutil.Process]:
    """Return every process whose environment names this state directory, this one and its ancestors left out."""
    spared = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    found = []
    for process in psutil.process_iter():
        if process.pid in spared:
            continue
        try:
            if process.environ().get(STATE_VARIABLE) == str(state_dir) and _runs(process):
                found.append(process)
        except (psutil.Error, OSError):
            continue  # ended meanwhile, or belongs to another user: not ours
    return found


def end(processes: Iterable[psutil.Process], *, grace: float) -> list[psutil.Process]:
    """End processes by pid: SIGTERM, SIGKILL after ``grace`` seconds; return those that are still there."""
    waiting = list(processes)
    for process in waiting:
        _send(process, signal.SIGTERM)
    left = _wait(waiting, grace)
    for process in left:
        _send(process, signal.SIGKILL)
    return _wait(left, 1.0)


def kill_brokers(those: Iterable[psutil.Process]) -> None:
    """Kill the RabbitMQ servers among them: they take six seconds to end politely and lose nothing that is kept."""
    for process in those:
        try:
            broker = process.name().startswith("beam")
        except psutil.NoSuchProcess:
            continue
        if broker:
            _send(process, signal.SIGKILL)


def _wait(those: list[psutil.Process], timeout: float) -> list[psutil.Process]:
    """Return those that still run after the timeout. A zombie has ended; reaping it is its parent's business."""
    deadline = time.monotonic() + timeout
    while True:
        for child in _ours.values():
            child.poll()
        those = [process for process in those if _runs(process)]
        if not those or time.monotonic() > deadline:
            return those
        time.sleep(0.02)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _send(process: psutil.Process, number: signal.Signals) -> None:
    try:
        process.send_signal(number)
    except psutil.NoSuchProcess:
        return


@contextmanager
def stopped_on_signals() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into the same exception as Ctrl-C, so that one handler cleans up."""

    def interrupt(_number: int, _frame: object) -> None:
        raise KeyboardInterrupt

    names = [number for number in ("SIGTERM", "SIGHUP") if hasattr(signal, number)]
    before = {name: signal.signal(getattr(signal, name), interrupt) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log file, or a remark that there are none."""
    if not log.exists():
        return "(no log)"
    text = log.read_text(encoding="utf-8", errors="replace").rstrip().splitlines()
    return "\n".join(text[-lines:]) or "(the log is empty)"
