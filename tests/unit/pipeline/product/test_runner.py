"""run.py of another product: what a person sees of a run that is stopped."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from focus_core.base.waiting import wait_until

# Robot Framework, while it is still being imported.
IMPORTING = """
import pathlib, time
pathlib.Path(r"{marker}").touch()
time.sleep(60)
"""
RUN = """
import sys
from pathlib import Path
from types import SimpleNamespace
from pipeline.__main__ import listen_for_the_end
from pipeline.product import runner
listen_for_the_end()
folder = Path(sys.argv[1])
run = SimpleNamespace(id="20261201-120000-aaaa", folder=folder)
try:
    marks = SimpleNamespace(robot_options=lambda: [])
    runner.robot(runner.Project(folder, "", ""), run, marks, [], {"PYTHONPATH": sys.argv[2]})
except KeyboardInterrupt:
    print("stopped")
"""


@pytest.mark.skipif(os.name == "nt", reason="a Windows console signals the child itself")
def test_a_run_that_is_stopped_at_its_start_prints_no_traceback(tmp_path: Path) -> None:
    marker = tmp_path / "importing"
    package = tmp_path / "libraries" / "robot"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(IMPORTING.format(marker=marker), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(tmp_path), str(tmp_path / "libraries")],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    wait_until("Robot Framework is imported", marker.exists, timeout=60)
    process.send_signal(signal.SIGTERM)
    assert process.communicate(timeout=60)[0] == "stopped\n"
