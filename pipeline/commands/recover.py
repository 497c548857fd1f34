"""`run.py recover [--site X]`: undo the faults that killed runs left on a site."""

from __future__ import annotations

import argparse

from focus_core.base.errors import BenchError
from focus_core.disruption import recovery
from focus_core.run import undo_records
from focus_core.site import loader as site_loader
from focus_core.site import simulator_process
from focus_core.site.model import Site, SiteToStart

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.run.site import chosen_name


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)


def main(options: argparse.Namespace) -> int:
    """Exit code 0 when nothing is left to undo; what could not be undone is reported, and stays for the next try."""
    try:
        site = running_site(chosen_name(options.site))
        if site is None:
            console.say("The simulated site is not up, so there is nothing to restore.")
            return 0
        report_who_has(site)
        sentences = recovery.recover(site)
    except BenchError as error:
        raise RunError(str(error)) from None
    for sentence in sentences or [f"No killed run left anything to undo on site {site.name}."]:
        console.say(sentence)
    if undo_records.something_left(site):
        console.say("A run that is still going on has faults of its own on the site; they were left alone.")
    return 0


def report_who_has(site: Site) -> None:
    """A run on another machine hears nothing of what is undone here; whoever undoes it must know of that run."""
    if site.reserve:
        from focus_core.run import reservation

        text = reservation.holder(site)
        if text and reservation.this_machine() not in text:
            console.say(f"Site {site.name} is {text}; what a killed run left here is undone all the same.")


def running_site(name: str) -> Site | None:
    """The chosen site; None for a simulated one that is not up. Nothing is started."""
    site = site_loader.read(name)
    if isinstance(site, SiteToStart):
        file = simulator_process.running_site(site.start.state_dir)
        return site_loader.load(str(file)) if file else None
    return site
