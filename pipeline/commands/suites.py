"""`run.py suites ARGS`: pabot with your own selection, in a run folder of its own."""

from __future__ import annotations

from pipeline.run import lanes, site


def main(command: str, args: list[str]) -> int:
    name, rest = site.take_option(args)
    return lanes.run(lanes.Plan(command, name, rest))
