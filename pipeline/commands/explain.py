"""`run.py explain [RUN] TEST`: why a test of a run failed, by the evidence that the run left."""

from __future__ import annotations

import argparse

from pipeline import console
from pipeline.bug import found
from pipeline.explain import evidence, rules, shown


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run", nargs="?", default="latest", metavar="RUN", help="a run's id, its beginning, or latest (the default)"
    )
    parser.add_argument("test", metavar="TEST", help="a failed test: its name, or a part of it that no other one has")


def main(options: argparse.Namespace) -> int:
    """0 when a cause was named; no such run or test is a RunError."""
    known = evidence.of(found.failure(options.run, options.test))
    console.say(shown.text(known, rules.causes(known)))
    return 0
