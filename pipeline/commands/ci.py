"""`run.py ci`: the steps of a CI pipeline, from the plan of the shards to the verdict."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path

from pipeline import command_line
from pipeline.ci import asked, commit_status
from pipeline.commands import ci_shards, ci_verdict

_PLAN_CODES = "exit code: 0 the plan is written, 252 wrong options"
_RUN_CODES = """\
exit code: 0 the results are whole, whatever failed in them,
252 broken run or wrong options, 253 stopped with Ctrl-C"""


def add_options(parser: argparse.ArgumentParser) -> None:
    steps = parser.add_subparsers(metavar="STEP", title="steps", required=True)
    planning = command_line.add_step(
        steps, "plan", "cut the selected tests into shards of equal length", ci_shards.plan
    )
    add_selection(planning)
    command_line.pass_on(planning, "pabot and robot", "--exclude slow suites/api", _PLAN_CODES)

    running = command_line.add_step(steps, "run", "run one shard of a plan", ci_shards.run)
    _add_plan(running)
    _add_number(running, "--shard", asked.SHARD, "its number in the plan")
    running.add_argument(
        "--attempt",
        type=command_line.count,
        default=asked.number(asked.ATTEMPT),
        metavar="A",
        help=f"its attempt (default: ${asked.ATTEMPT}, else the next one)",
    )
    command_line.add_site(running)
    command_line.add_yes(running)
    running.add_argument(
        "--no-stop-on-critical",
        dest="stop_on_critical",
        action="store_false",
        help="go on when a critical test has failed",
    )
    command_line.pass_on(running, "pabot and robot", "--processes 2", _RUN_CODES)
    collecting_ = command_line.add_step(steps, "collect", "put the results of all shards together", ci_shards.collect)
    _add_plan(collecting_)
    collecting_.add_argument("--from", dest="folder", type=Path, metavar="FOLDER", help="where the shards' folders are")
    gating = command_line.add_step(steps, "gate", "judge a run; 1 when a gate is red", ci_verdict.gate)
    _add_run(gating)
    summing = command_line.add_step(
        steps, "summary", "the verdict as Markdown, for a GitHub step or the screen", ci_verdict.sum_up
    )
    _add_run(summing)
    _add_links(summing)
    commenting = command_line.add_step(
        steps, "comment", "the verdict as the one comment on a pull request", ci_verdict.comment
    )
    _add_run(commenting)
    _add_links(commenting)
    commenting.add_argument("--post", action="store_true", help="write it to GitHub, with GITHUB_TOKEN")
    commenting.add_argument(
        "--pull", type=command_line.count, metavar="NUMBER", help="the pull request, if not of GITHUB_REF"
    )
    notifying = command_line.add_step(
        steps, "notify", "send a message when the verdict is another than before", ci_verdict.notify
    )
    _add_run(notifying)
    _add_links(notifying)
    reporting = command_line.add_step(steps, "status", "the verdict on the product's own commit", ci_verdict.status)
    reporting.add_argument("--result", choices=commit_status.STATES, required=True, help="of the job with the tests")


def main(options: argparse.Namespace) -> int:
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def add_selection(parser: argparse.ArgumentParser) -> None:
    """Into how many shards which tier is cut."""
    _add_number(parser, "--shards", asked.SHARDS, "shards that run at once")
    tiers = ("smoke", "regression", "nightly")
    parser.add_argument("--tier", choices=tiers, default=asked.tier(), help=f"only this tier (default: ${asked.TIER})")


def _add_plan(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--plan", type=Path, metavar="FILE", help="the plan (default: the newest in results/ci)")


def _add_run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run", nargs="?", default="latest", metavar="RUN", help="a run's id, its beginning, or latest (the default)"
    )


def _add_links(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--link",
        action="append",
        default=[],
        type=_link,
        metavar="NAME=URL",
        help="an address to show",
    )


def _link(text: str) -> str:
    if not re.fullmatch(r"[^=]+=https?://.+", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no NAME=URL")
    return text


def _add_number(parser: argparse.ArgumentParser, option: str, variable: str, what: str) -> None:
    """An option that has to be given unless its variable is set."""
    given = asked.number(variable)
    parser.add_argument(
        option,
        type=command_line.count,
        default=given,
        required=given is None,
        metavar="N",
        help=f"{what} (default: ${variable})",
    )
