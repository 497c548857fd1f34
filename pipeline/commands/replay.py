"""`run.py replay BUNDLE`: a failed test again, from its bundle, without a site."""

from __future__ import annotations

import argparse
from pathlib import Path

from pipeline import console
from pipeline.replay import again, bundles


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("bundle", help="a file of the folder 'bundles' of a run, or of a bug report")


def main(options: argparse.Namespace) -> int:
    """0 where the test fails with the message of the recording, 1 where it ends otherwise."""
    bundle = bundles.read(Path(options.bundle))
    console.say(f"'{bundle.test}' of site {bundle.content['site']}, recorded {again.recorded_at(bundle)}")
    for sentence in bundle.left_out():
        console.say(sentence)
    replay = again.play(bundle)
    console.say(f"log:    {replay.log}")
    if replay.same:
        console.say(f"It fails with the same message:\n{replay.result.message}")
        return 0
    console.say(f"recorded: {bundle.message}")
    console.say(f"now {replay.result.verdict}: {replay.result.message or '(no message)'}")
    console.complain(f"The test ended otherwise than on the site; no recording holds {bundles.NOT_REPLAYED}.")
    return 1
