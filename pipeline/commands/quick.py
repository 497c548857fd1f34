"""`run.py quick --seconds 60`: the tests that find most in the seconds that there are."""

from __future__ import annotations

import argparse
import os
import time

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.quick import choosing, sentences
from pipeline.run import lanes, site

SECONDS = 60
# What a change is compared with, where a CI service names it.
SINCE = "FOCUS_SINCE"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--seconds",
        type=command_line.count,
        default=SECONDS,
        metavar="N",
        help=f"from the site being up to the verdict (default {SECONDS})",
    )
    parser.add_argument(
        "--since",
        default=os.environ.get(SINCE, "").strip(),
        metavar="REF",
        help=f"first the tests that the change since this commit or branch touches (default: ${SINCE}, if set)",
    )
    parser.add_argument("--list", action="store_true", help="only list the tests and what they leave unseen")
    command_line.add_site(parser)
    command_line.add_stop_on_critical(parser)
    command_line.add_monitor(parser)
    command_line.pass_on(parser, "pabot and robot", "--exclude load, suites/api")


def main(options: argparse.Namespace) -> int:
    name = site.chosen_name(options.site)
    site.look_up(name)
    choice = choose(options)
    if options.list:
        for one in choice.chosen:
            console.say(f"{one.seconds:>6.1f} s  {one.name}")
        say(sentences.looked_at(choice) + sentences.unseen(choice))
        return 0
    site.open_site(name)
    began = time.monotonic()
    say(sentences.looked_at(choice))
    quick = lanes.Quick(choice.tests, choice.lanes)
    plan = lanes.Plan(
        options.command,
        name,
        options.passed_on,
        quick=quick,
        stop_on_critical=options.stop_on_critical,
        monitor=options.monitor,
    )
    code = lanes.run(plan)
    say([*sentences.unseen(choice), sentences.took(time.monotonic() - began, options.seconds)])
    return code


def choose(options: argparse.Namespace) -> choosing.Choice:
    choice = choosing.choose(options.seconds, options.passed_on, options.since)
    if not choice.chosen:
        raise RunError(f"No selected test fits into {options.seconds} s: give more --seconds, or select others.")
    return choice


def say(lines: list[str]) -> None:
    for line in lines:
        console.say(line)
