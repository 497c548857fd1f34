"""Ctrl-C ends a command wherever it comes."""

from __future__ import annotations

import subprocess
import sys

# `__del__` is one of the places where Python drops an exception.
DROPPED = """
import signal, time
from pipeline.__main__ import listen_for_the_end

class Dying:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)
        time.sleep(0)

listen_for_the_end()
one = Dying()
del one
try:
    time.sleep(300)
except KeyboardInterrupt:
    print("stopped")
"""


def test_a_ctrl_c_that_python_drops_comes_again() -> None:
    ended = subprocess.run([sys.executable, "-c", DROPPED], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "stopped\n", "")
