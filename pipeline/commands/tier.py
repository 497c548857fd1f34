"""`run.py smoke|regression|nightly`: one tier of the tests, in parallel lanes."""

from __future__ import annotations

import argparse

from pipeline import command_line
from pipeline.run import lanes, site


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.add_yes(parser)
    command_line.add_stop_on_critical(parser)
    command_line.add_monitor(parser)
    command_line.pass_on(parser, "pabot and robot", "--processes 2, --include alerts, --exclude slow")


def main(options: argparse.Namespace) -> int:
    """The tier's tag is the command's name; Robot would take one more --include as 'or'."""
    args = ["--exclude", f"NOT {options.command}", *options.passed_on]
    name = site.chosen_name(options.site)
    plan = lanes.Plan(
        options.command,
        name,
        args,
        options.yes,
        stop_on_critical=options.stop_on_critical,
        monitor=options.monitor,
    )
    return lanes.run(plan)
