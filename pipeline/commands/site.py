"""`run.py site ...`: the simulator's own command line."""

from __future__ import annotations

import argparse
import subprocess

from focus_core.site import simulator_process

from pipeline import command_line


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.pass_on(parser, "the simulator", "up, --help")


def main(options: argparse.Namespace) -> int:
    process = subprocess.Popen(simulator_process.command(*options.passed_on))
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C reached the simulator too, which ends what it started
