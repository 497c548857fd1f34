"""`run.py site ...`: the simulator's own command line."""

from __future__ import annotations

import subprocess

from focus_core.site import simulator_process

from pipeline.paths import ROOT


def main(_command: str, args: list[str]) -> int:
    process = subprocess.Popen(simulator_process.command(*args), cwd=ROOT)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reached the simulator too, which ends what it started
