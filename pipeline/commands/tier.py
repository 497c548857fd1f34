"""`run.py smoke|regression|nightly`: one tier of the tests, in parallel lanes."""

from __future__ import annotations

from pipeline.run import lanes, site


def main(command: str, args: list[str]) -> int:
    """The tier's tag is the command's name."""
    name, rest = site.take_option(args)
    return lanes.run(lanes.Plan(command, name, ["--include", command, *rest]))
