"""Starts or finds the simulated site. The only place where this side meets the simulator, and only as a process."""

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from focus_core.base.errors import BenchError
from focus_core.site.model import StartOptions

# A cold start takes about ten seconds; unpacking a broker for the first time some more.
_START_TIMEOUT = 180


def start(options: StartOptions) -> Path:
    """The site file of the simulated site, which is up afterwards.

    ``simulator up`` returns at once when the site is already up. Raises ``BenchError`` with the last sentence that it
    said when it failed.
    """
    # Files, not pipes: whatever the site inherits by mistake cannot make us wait for the site's whole life.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(
                _command(options),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=errors,
                timeout=_START_TIMEOUT,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise BenchError(
                f"The simulated site did not start within {_START_TIMEOUT} s; see 'python -m simulator status'."
            ) from None
        last_line, complaint = _last_line(out), _last_line(errors)
    if done.returncode != 0 or not last_line:
        reason = complaint or last_line or f"exit code {done.returncode} without a word"
        raise BenchError(f"The simulated site did not start: {reason}")
    return Path(last_line)


def _command(options: StartOptions) -> list[str]:
    command = [sys.executable, "-m", "simulator", "up", "--auto-stop", f"{options.auto_stop_minutes:g}"]
    if options.time_scale != 1.0:
        command += ["--time-scale", f"{options.time_scale:g}"]
    if options.state_dir:
        command += ["--state-dir", str(options.state_dir)]
    return command


def _last_line(stream: IO[bytes]) -> str:
    stream.seek(0)
    lines = stream.read().decode("utf-8", errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")
