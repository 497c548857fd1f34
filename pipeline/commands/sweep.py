"""`run.py sweep`: removes from a site what killed runs left on it."""

from __future__ import annotations

import argparse

from focus_core.base.errors import BenchError
from focus_core.run import left_jobs, probes, sweep
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, StartOptions

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.run import site


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)


def main(options: argparse.Namespace) -> int:
    """Reports what was removed; the exit code is 1 when something could not be."""
    try:
        found = site_loader.read(site.chosen_name(options.site))
        chosen = found if isinstance(found, Site) else living(found.start)
        if chosen is None:
            console.say("The simulated site is not up: what killed runs left on it is gone with it.")
            return 0
        if not sweep.something_left(chosen):
            console.say(f"Killed runs left nothing on site {chosen.name}.")
            return 0
        probes.require_alive(chosen, "rest")
        sentences = sweep.sweep(chosen)
    except BenchError as error:
        raise RunError(str(error)) from None
    console.say("\n".join(sentences) or f"Killed runs left nothing on site {chosen.name}.")
    return int(any(not sentence.startswith(left_jobs.REMOVED) for sentence in sentences))


def living(options: StartOptions) -> Site | None:
    """The simulated site when it is up; a sweep starts none."""
    file = simulator_process.running_site(options.state_dir)
    found = site_loader.read(str(file)) if file else None
    return found if isinstance(found, Site) else None
