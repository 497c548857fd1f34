"""`run.py docs`: the site of the documentation, to be opened without a server and without a network."""

from __future__ import annotations

import argparse

from pipeline import console
from pipeline.paths import RESULTS

FOLDER = RESULTS / "docs"


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--walkthroughs", action="store_true", help="record the walkthroughs and pictures again, first")


def main(options: argparse.Namespace) -> int:
    # Both take their time to load.
    if options.walkthroughs:
        from pipeline.docs_site import walkthroughs

        walkthroughs.record_all()
    from pipeline.docs_site import building

    complaints = building.build(FOLDER)
    for text in complaints:
        console.complain(text)
    if complaints:
        return 1
    console.say(f"begin with {FOLDER / 'index.html'}")
    return 0
