"""`run.py site ...`: the simulator's own command line."""

from __future__ import annotations

import argparse
import subprocess

from focus_core.site import simulator_process

from pipeline import command_line, console
from pipeline.compose.naming import quoted


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.pass_on(parser, "the simulator", "up, --help")


def main(options: argparse.Namespace) -> int:
    process = subprocess.Popen(simulator_process.command(*options.passed_on))
    while True:
        try:
            code = process.wait()
            break
        except KeyboardInterrupt:
            continue  # Ctrl-C reached the simulator too, which ends what it started
    if options.passed_on == ["status"]:
        _say_training_site()
    return code


def _say_training_site() -> None:
    """The exercises have a site in a folder of its own, of which the simulator knows nothing."""
    from pipeline.learn import site

    place = site.state_dir()
    if place.is_dir() and simulator_process.running_site(place):
        console.say(f"The site of the exercises is up too: python run.py site status --state-dir {quoted(str(place))}")
