"""The monitor as a process of its own: started once a run, whatever starts the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from focus_core.base import run_identity
from focus_core.base.errors import BenchError
from focus_core.logs import accounts, journal

if TYPE_CHECKING:
    from focus_core.site.model import Site

MODES = ("off", "on", "strict")
FOLDER = "pod_logs"
# Its last look at all pods, and the files of all tests.
_END_S = 60.0
_OWNER = "run.txt"

# The monitor of this process, where its robot has no parent that all lanes share: it ends with our end of its stdin.
_own: list[Monitor] = []


class Monitor:
    """One process, which ends when ``end`` is called or this process ends, or with the process ``until_pid``.

    It takes a second or two until it looks at the pods; what they log from now on is read then, and nobody waits.

    ``schema`` is MODULE:CLASS of the site file, where it is another product's."""

    def __init__(self, folder: Path, site_file: str, run: str, until_pid: int = 0, schema: str = "") -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        command = [
            sys.executable,
            "-P",
            "-X",
            "utf8",
            "-m",
            "focus_core.logs",
            str(folder),
            "--site",
            site_file,
            "--run",
            run,
            "--since",
            f"{time.time():.3f}",
        ]
        command += ["--schema", schema] if schema else []
        command += ["--until-pid", str(until_pid)] if until_pid else []
        with (folder / "monitor.log").open("ab") as words:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if until_pid else subprocess.PIPE,
                stdout=words,
                stderr=words,
                # Ctrl-C ends the tests first; what they log on their way out is still read.
                start_new_session=os.name != "nt",
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    def end(self) -> None:
        """Lets it take its last look and write its files; nobody waits for it yet."""
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()

    def stop(self, seconds: float = _END_S) -> None:
        """Ends it and waits for its files; one that does not end is killed, and its files are made here.

        Raises ``OSError`` when they cannot be written.
        """
        self.end()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if not (self.folder / accounts.SUMMARY).exists():
            accounts.make(self.folder)


def mode(chosen: str = "") -> str:
    """``chosen``, else what FOCUS_MONITOR says, else nothing. Raises ``BenchError`` for what is no mode."""
    found = chosen or os.environ.get(journal.MODE_VARIABLE, "").strip()
    if found and found not in MODES:
        raise BenchError(
            f"The pod monitor is to be '{found}' ({journal.MODE_VARIABLE}); write one of {', '.join(MODES)}."
        )
    return found


def begin_in_lane(site: Site, site_name: str, output_folder: Path) -> None:
    """Starts the monitor of a run that run.py has not started, where FOCUS_MONITOR asks for one; once for all lanes.

    Raises ``BenchError`` for a wrong mode. A monitor that cannot start costs no test.
    """
    if mode() not in MODES[1:] or journal.folder() or "kubernetes" not in site.capabilities:
        return
    lane = run_identity.is_lane_of_pabot()
    # Lanes of pabot write to OUTPUT/pabot_results/N; the merged log lies in OUTPUT.
    inside = output_folder.parents if lane else ()
    top = next((one.parent for one in (output_folder, *inside) if one.name == "pabot_results"), output_folder)
    folder, run = top / FOLDER, run_identity.run_of_lanes()
    with suppress(OSError):
        top.mkdir(parents=True, exist_ok=True)
        with FileLock(top / f".{FOLDER}.lock", timeout=10):
            if not _is_of(folder, run):
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                (folder / _OWNER).write_text(run, encoding="utf-8")
                _own.append(Monitor(folder, site_name, run, os.getppid() if lane else 0))
        os.environ[journal.FOLDER_VARIABLE] = str(folder)


def _is_of(folder: Path, run: str) -> bool:
    try:
        return (folder / _OWNER).read_text(encoding="utf-8") == run
    except OSError:
        return False
