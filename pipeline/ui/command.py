"""`run.py ui`: the browser that the tests of the page use, and the pictures that they compare."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from focus_core.base.errors import BenchError
from focus_core.ui import approved, browser_files, locators, pictures

from pipeline import command_line, console
from pipeline.errors import RunError
from pipeline.paths import ROOT

RESULTS = ROOT / "results"


def add_options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="STEP", title="steps", required=True)
    command_line.add_step(steps, "doctor", "which browser the tests use, and whether it starts", doctor)
    command_line.add_step(steps, "fetch", "fetch a browser into your own folder (Debian-like systems, no root)", fetch)
    command_line.add_step(steps, "show", "which pictures wait for approval, and where they are", show)
    approving = command_line.add_step(steps, "approve", "make pictures of the newest run the approved ones", approve)
    approving.add_argument("names", nargs="+", metavar="NAME", help="a picture that 'show' names")


def main(options: argparse.Namespace) -> int:
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def doctor(_options: argparse.Namespace) -> int:
    """Exit code 1 when tests of the page would be skipped or could not run."""
    try:
        browser = browser_files.require()
        console.say(f"browser   {browser}, version {browser.version}")
        if browser.kind == "full":
            console.say("pictures  skipped: they need chromium-headless-shell, 'python run.py ui fetch' gets it")
        tables = locators.load()
    except BenchError as error:
        console.complain(str(error))
        return 1
    console.say(f"locators  {sum(map(len, tables.values()))} elements in {len(tables)} tables of variables/ui")
    console.say(f"approved  {len(list(approved.FOLDER.glob('*.png')))} pictures in {_shown(approved.FOLDER)}")
    return 0


def fetch(_options: argparse.Namespace) -> int:
    """Fetch the browser unless it is there."""
    try:
        browser = browser_files.fetch(console.say)
        console.say(f"{browser}, version {browser.version}")
    except BenchError as error:
        raise RunError(str(error)) from None
    return 0


def show(_options: argparse.Namespace) -> int:
    """Print each picture that differs, or that nobody has approved."""
    found = approved.waiting(RESULTS)
    for name, path in found.items():
        kept = approved.baseline(name)
        what = _difference(kept, path) if kept.exists() else "nobody has approved it yet"
        console.say(f"{name:<24}{_shown(path)}: {what}")
    console.say("look at them, then 'python run.py ui approve NAME'" if found else "no picture waits for approval")
    return 0


def approve(options: argparse.Namespace) -> int:
    """Copy the newest picture of each name to those that are approved; git shows what changed."""
    for name in options.names:
        try:
            console.say(f"approved: {_shown(approved.approve(name, RESULTS))}")
        except BenchError as error:
            raise RunError(str(error)) from None
    return 0


def _difference(kept: Path, actual: Path) -> str:
    try:
        return str(pictures.compare(kept, actual) or "no difference any more")
    except BenchError as error:
        return str(error)


def _shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
