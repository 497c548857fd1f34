"""The simulated site as a process. The only place where this side meets the simulator, and only by its command line."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, NamedTuple

from focus_core.base.errors import BenchError
from focus_core.site.model import StartOptions

# A cold start takes about ten seconds; unpacking a broker for the first time some more.
_TIMEOUT_S = 180


def command(*words: str, state_dir: Path | None = None) -> list[str]:
    """A command of the simulator, for whoever runs it in a way of its own; ``state_dir`` chooses the site."""
    state = ["--state-dir", str(state_dir)] if state_dir else []
    # -E, -P: neither PYTHONPATH nor the caller's folder puts another module in the place of one that it needs.
    return [sys.executable, "-E", "-P", "-X", "utf8", "-m", "simulator", *words, *state]


def up_command(options: StartOptions) -> list[str]:
    """The command that starts the site unless it is up; the last line that it prints is the path of the site file."""
    words = ["up", "--auto-stop", f"{options.auto_stop_minutes:g}"]
    if options.time_scale != 1.0:
        words += ["--time-scale", f"{options.time_scale:g}"]
    return command(*words, state_dir=options.state_dir)


def up(options: StartOptions) -> Path:
    """The site file of the simulated site, which is up afterwards.

    Raises ``BenchError`` with the reason that the simulator gave when it failed.
    """
    try:
        printed = run(up_command(options))
    except BenchError as error:
        raise BenchError(f"The simulated site did not start: {error}") from None
    if not printed:
        raise BenchError("The simulated site did not start: it printed no site file")
    return Path(printed[-1])


def running_site(state_dir: Path | None = None) -> Path | None:
    """The site file of the simulated site; None while it is not up."""
    printed = _finish(command("status", "--json", state_dir=state_dir)).printed
    status = json.loads("".join(printed) or "{}")
    return Path(status["site_file"]) if status.get("running") else None


def run(call: list[str]) -> list[str]:
    """The lines that a ``command`` prints. Raises ``BenchError`` with its last complaint when it fails."""
    done = _finish(call)
    if done.code != 0:
        raise BenchError((done.complaints or done.printed or [f"exit code {done.code} without a word"])[-1])
    return done.printed


class _Finished(NamedTuple):
    code: int
    printed: list[str]
    complaints: list[str]


def _finish(call: list[str]) -> _Finished:
    # Files, not pipes: whatever the site inherits by mistake cannot make us wait for the site's whole life.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        try:
            done = subprocess.run(
                call, stdin=subprocess.DEVNULL, stdout=out, stderr=errors, timeout=_TIMEOUT_S, check=False
            )
        except subprocess.TimeoutExpired:
            raise BenchError(
                f"'{' '.join(call[1:])}' took more than {_TIMEOUT_S} s; see 'python run.py site status'."
            ) from None
        return _Finished(done.returncode, _lines(out), _lines(errors))


def _lines(stream: IO[bytes]) -> list[str]:
    stream.seek(0)
    lines = stream.read().decode("utf-8", errors="replace").split("\n")
    return [line.strip() for line in lines if line.strip()]
