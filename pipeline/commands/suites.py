"""`run.py suites ARGS`: pabot with your own selection, in a run folder of its own."""

from __future__ import annotations

import argparse

from pipeline import command_line
from pipeline.run import lanes, site


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.add_yes(parser)
    command_line.pass_on(parser, "pabot and robot", "--include pz-15200 suites/live")


def main(options: argparse.Namespace) -> int:
    return lanes.run(lanes.Plan(options.command, site.chosen_name(options.site), options.passed_on, options.yes))
