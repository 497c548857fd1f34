"""`run.py product`: a project for another product, and the shared parts that it installs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from pipeline import command_line, console
from pipeline.product import making, wheel
from pipeline.results import catalogue


def add_options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="STEP", title="steps", required=True)
    new = command_line.add_step(steps, "new", "a project from templates: schema, library, suite, simulated site", make)
    new.add_argument("name", nargs="+", metavar="NAME", help="the product, for example 'weather station'")
    built = command_line.add_step(steps, "wheel", "the shared parts as a wheel, which such a project installs", build)
    for step in (new, built):
        step.add_argument("--into", default=".", metavar="DIR", help="where it goes (default: this folder)")


def main(options: argparse.Namespace) -> int:
    """Exit code 0; wrong use is a RunError."""
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def make(options: argparse.Namespace) -> int:
    folder = making.make(" ".join(options.name), Path(options.into))
    console.say(f"made {folder}\nrun its tests: see {folder / 'README.md'}")
    return 0


def build(options: argparse.Namespace) -> int:
    console.say(f"made {wheel.build(Path(options.into), catalogue.product().version)}")
    return 0
