"""Children that end when we get a signal to end."""

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pipeline import processes

# A child with a grandchild; both ignore what asks politely.
STUBBORN = """
import signal, subprocess, sys, time
from pathlib import Path
for name in ("SIGINT", "SIGTERM"):
    signal.signal(getattr(signal, name), signal.SIG_IGN)
code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
child = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
child.stdout.readline()
Path(sys.argv[1]).write_text(str(child.pid))
time.sleep(60)
"""


def test_what_a_child_started_is_ended_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "KILL_S", 0.3)
    note = tmp_path / "pid"
    child = processes.start([sys.executable, "-c", STUBBORN, str(note)])
    deadline = time.monotonic() + 60
    while not (note.exists() and note.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    grandchild = psutil.Process(int(note.read_text()))
    processes.stop(child, grace=0.3)
    assert child.poll() is not None
    _, alive = psutil.wait_procs([grandchild], timeout=60)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_ctrl_c_while_waiting_ends_the_child_and_goes_on() -> None:
    child = processes.start([sys.executable, "-c", "import time; time.sleep(60)"], stderr=subprocess.DEVNULL)

    def interrupt() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        processes.wait(child, interrupt, interval=0.1)
    assert child.poll() is not None
