"""`run.py ci`: the steps of a CI pipeline, from the plan of the shards to the verdict."""

from __future__ import annotations

import argparse
import json
import os
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path

from filelock import Timeout

from pipeline import command_line, console, paths
from pipeline.ci import plan as plans
from pipeline.ci.packing import PlannedTest
from pipeline.errors import RunError
from pipeline.history import database, queries
from pipeline.results import stamp
from pipeline.run import folders, selection
from pipeline.run.selection import Selection

# Where GitHub reads what a step hands to later jobs.
OUTPUTS = "GITHUB_OUTPUT"


def add_options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="STEP", title="steps", required=True)
    planning = _step(steps, "plan", "cut the selected tests into shards of equal length", plan)
    planning.add_argument("--shards", type=_positive, required=True, metavar="N", help="shards that run at once")
    planning.add_argument("--tier", choices=("smoke", "regression", "nightly"), default="", help="only this tier")
    command_line.pass_on(planning, "pabot and robot", "--exclude slow suites/api")


def main(options: argparse.Namespace) -> int:
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def _step(
    steps: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    help_: str,
    step: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = steps.add_parser(name, help=help_, description=help_)
    parser.set_defaults(step=step)
    return parser


def plan(options: argparse.Namespace) -> int:
    """Write the plan, print it, and hand the matrix of both phases to a GitHub job."""
    tier = ["--exclude", f"NOT {options.tier}"] if options.tier else []
    with tempfile.TemporaryDirectory(prefix="focus-plan-", ignore_cleanup_errors=True) as scratch:
        selected = selection.select([*tier, *options.passed_on], Path(scratch))
    if not selected.tests:
        raise RunError("No test is selected: check the tags, names and folders that you gave.")
    if not selected.countable:
        raise RunError("Only pabot would know which tests run: leave --shard, --argumentfileN and --suitesfrom out.")
    made = plans.Plan(
        run_id=folders.new_id(),
        command=options.tier or "suites",
        commit=stamp.make("", "", "", simulated=False).commit,
        top=selected.top,
        options=tuple(selected.options.args),
        sources=tuple(_below_root(source) for source in selected.sources),
        shards=plans.cut(_planned(selected), _durations(), options.shards),
    )
    path = made.folder / plans.NAME
    plans.write(made, path)
    for shard in made.shards:
        phase = " (last: starts when every other shard is done)" if shard.last else ""
        console.say(f"{shard.name:<10}{len(shard.tests):>5} tests {shard.seconds:>8.0f} s{phase}")
    for sentence in filter(None, [plans.advice(made)]):
        console.say(sentence)
    console.say(f"run:    {made.run_id}\nplan:   {path}")
    outputs = {name: json.dumps(plans.matrix(made, last=last)) for name, last in (("shards", False), ("last", True))}
    for name, matrix in outputs.items():
        console.say(f"{name + ':':<8}{matrix}")
    _hand_over({"run_id": made.run_id, "has_last": str(made.shards[-1].last).lower(), **outputs})
    return 0


def _planned(selected: Selection) -> list[PlannedTest]:
    return [
        PlannedTest(_below_root(test.source), test.line, test.name, test.full_name, tags)
        for test, tags in zip(selected.tests, selected.tags, strict=True)
    ]


def _below_root(path: str) -> str:
    try:
        return Path(path).relative_to(paths.ROOT).as_posix()
    except ValueError:
        raise RunError(f"{path} is outside of this checkout, where a shard would not find it: move it in.") from None


def _durations() -> dict[str, float]:
    """How long each test lasts, by the earlier runs; nothing where they cannot be read."""
    try:
        with database.opened() as connection:
            return {one.test: one.seconds for one in queries.usual(connection)}
    except (sqlite3.Error, OSError, Timeout) as error:
        console.complain(f"The durations of earlier runs are not known ({error}), so every test counts the same.")
        return {}


def _hand_over(outputs: dict[str, str]) -> None:
    path = os.environ.get(OUTPUTS)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in outputs.items())


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is less than 1")
    return number
