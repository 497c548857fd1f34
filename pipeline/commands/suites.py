"""`run.py suites ARGS`: pabot with your own selection, in a run folder of its own."""

from __future__ import annotations

import argparse

from pipeline import command_line
from pipeline.run import lanes, site


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.add_yes(parser)
    command_line.add_stop_on_critical(parser)
    command_line.add_monitor(parser)
    command_line.pass_on(parser, "pabot and robot", "--include pz-15200 suites/live")


def main(options: argparse.Namespace) -> int:
    name = site.chosen_name(options.site)
    plan = lanes.Plan(
        options.command,
        name,
        options.passed_on,
        options.yes,
        stop_on_critical=options.stop_on_critical,
        monitor=options.monitor,
    )
    return lanes.run(plan)
