"""`run.py sweep`: removes from a site what killed runs left on it."""

from __future__ import annotations

import argparse

from focus_core.base.errors import BenchError
from focus_core.data import sets
from focus_core.data.names import RECORD_KIND
from focus_core.disruption import recovery
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
        data = _remove_data(chosen)
        sentences = []
        if sweep.something_left(chosen):
            probes.require_alive(chosen, "rest")
            sentences = sweep.sweep(chosen)
    except BenchError as error:
        raise RunError(str(error)) from None
    console.say("\n".join([*data, *sentences]) or f"Killed runs left nothing on site {chosen.name}.")
    return int(any(not sentence.startswith(left_jobs.REMOVED) for sentence in sentences))


def _remove_data(site: Site) -> list[str]:
    """Test data that killed runs wrote down, and those on the site whose lease is over; a sentence for each set."""
    sentences = recovery.recover(site, kind=RECORD_KIND)
    for data in sets.expired(sets.found(site)) if site.policy.test_data else []:
        sets.remove(site, data.name)
        sentences.append(f"Removed {data}, whose lease is over.")
    return sentences


def living(options: StartOptions) -> Site | None:
    """The simulated site when it is up; a sweep starts none."""
    file = simulator_process.running_site(options.state_dir)
    found = site_loader.read(str(file)) if file else None
    return found if isinstance(found, Site) else None
