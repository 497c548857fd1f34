"""Child processes that end when we get a signal to end."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import IO

import psutil

GRACE_S = 25.0
KILL_S = 3.0


def start(
    command: list[str],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    stdout: int | IO[bytes] | None = None,
    stderr: int | IO[bytes] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, so that Ctrl-C reaches it once: from us."""
    return subprocess.Popen(
        command,
        env=None if env is None else dict(env),
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        start_new_session=os.name != "nt",
    )


def wait(
    process: subprocess.Popen[bytes],
    each: Callable[[], None] = lambda: None,
    interval: float = 0.3,
    *,
    by: signal.Signals = signal.SIGINT,
    grace: float = GRACE_S,
) -> int:
    """Wait for the child, calling `each` meanwhile; Ctrl-C stops it as `stop` does and is raised again."""
    try:
        while True:
            try:
                code = process.wait(interval)
            except subprocess.TimeoutExpired:
                each()
            else:
                each()
                return code
    except BaseException:
        stop(process, grace, by)
        raise


def stop(process: subprocess.Popen[bytes], grace: float = GRACE_S, by: signal.Signals = signal.SIGINT) -> None:
    """Signal the child, and end what is left of it and its descendants after `grace` seconds, or Ctrl-C, by force."""
    family = descendants(process.pid)
    try:
        if os.name != "nt":  # a Windows console signals the child itself
            process.send_signal(by)
        process.wait(grace)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        family |= descendants(process.pid)
        process.kill()
        process.wait()
    end(family)


def end(family: Collection[psutil.Process]) -> None:
    """End those that still run, after KILL_S seconds by force."""
    alive = [member for member in family if member.is_running()]
    for member in alive:
        _end(member.terminate)
    _, stubborn = psutil.wait_procs(alive, timeout=KILL_S)
    for member in stubborn:
        _end(member.kill)


def descendants(pid: int) -> set[psutil.Process]:
    try:
        return set(psutil.Process(pid).children(recursive=True))
    except psutil.NoSuchProcess:
        return set()


def _end(how: Callable[[], None]) -> None:
    try:
        how()
    except psutil.NoSuchProcess:
        return  # it ended by itself meanwhile
