"""The monitor as a process of its own: started once a run, whatever starts the run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from focus_core.base import run_identity
from focus_core.base.errors import BenchError
from focus_core.base.waiting import WaitTimeout, wait_until
from focus_core.logs import accounts, journal, monitor

if TYPE_CHECKING:
    from focus_core.site.model import Site

MODES = ("off", "on", "strict")
FOLDER = "pod_logs"
# Its last look at all pods, and the files of all tests.
_END_S = 60.0
_OWNER = "run.txt"
# Where the cluster is away, the tests begin without it.
_FIRST_LOOK_S = 5.0

# The monitor of this process, where its robot has no parent that all lanes share: it ends with our end of its stdin.
_own: list[Monitor] = []


class Monitor:
    """One process, which ends when ``stop`` is called or this process ends, or with the process ``until_pid``.

    ``schema`` is MODULE:CLASS of the site file, where it is another product's."""

    def __init__(self, folder: Path, site_file: str, run: str, until_pid: int = 0, schema: str = "") -> None:
        self._folder = folder
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

    def wait_for_first_look(self, seconds: float = _FIRST_LOOK_S) -> None:
        """Returns when it watches the cluster, has ended or takes too long: pods that went before would not be seen."""

        def looks() -> bool:
            state = monitor.state_of(self._folder)
            return self._process.poll() is not None or bool(state.get("begun") and not state.get("trouble"))

        with suppress(WaitTimeout):
            wait_until("The pod monitor", looks, timeout=seconds, interval=0.05)

    def stop(self, seconds: float = _END_S) -> None:
        """Lets it take its last look and write its files; one that does not end is killed, and its files are made here.

        Raises ``OSError`` when they cannot be written.
        """
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.close()
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if not (self._folder / accounts.SUMMARY).exists():
            accounts.make(self._folder)


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
                started = Monitor(folder, site_name, run, os.getppid() if lane else 0)
                _own.append(started)
                started.wait_for_first_look()
        os.environ[journal.FOLDER_VARIABLE] = str(folder)


def _is_of(folder: Path, run: str) -> bool:
    try:
        return (folder / _OWNER).read_text(encoding="utf-8") == run
    except OSError:
        return False
