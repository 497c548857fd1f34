"""`run.py smoke|regression|nightly`: one tier of the tests, in parallel lanes."""

from __future__ import annotations

import argparse

from pipeline import command_line
from pipeline.run import lanes, site


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.pass_on(parser, "pabot and robot", "--processes 2, --exclude slow, --test 'Some Name'")


def main(options: argparse.Namespace) -> int:
    """The tier's tag is the command's name."""
    args = ["--include", options.command, *options.passed_on]
    return lanes.run(lanes.Plan(options.command, site.chosen_name(options.site), args))
