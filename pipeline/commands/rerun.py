"""`run.py rerun`: the failed tests of the last run again; the merged report shows both attempts."""

from __future__ import annotations

import argparse

from pipeline import command_line, console
from pipeline.run import folders as runs
from pipeline.run import lanes, site


def add_options(parser: argparse.ArgumentParser) -> None:
    command_line.add_site(parser)
    command_line.pass_on(parser, "pabot and robot", "--processes 1, --loglevel DEBUG")


def main(options: argparse.Namespace) -> int:
    """On the last run's site unless `--site` says otherwise. Nothing to do is success."""
    last = runs.latest()
    first = last.folder / "output.xml"
    failed = lanes.failed_tests(first)
    if not failed:
        console.say(f"The last run ({last.id}) has no failed test: nothing to run again.")
        return 0
    args = ["--rerunfailed", str(first), *options.passed_on, *last.sources]
    plan = lanes.Plan(options.command, site.chosen_name(options.site or last.site), args)
    return lanes.run(plan, merge_into=first)
