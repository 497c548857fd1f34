"""`run.py history`: what earlier runs show of the tests."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from pipeline import command_line, console
from pipeline.history import dashboard, database, queries, retention
from pipeline.results.model import Verdict

LIMIT = 20


def add_options(parser: argparse.ArgumentParser) -> None:
    """One subcommand a question; without one the runs are listed."""
    parser.set_defaults(step=show_list, limit=LIMIT, of_site="")
    questions = parser.add_subparsers(metavar="QUESTION", title="questions")
    listing = _question(questions, "list", "the newest runs (default)", show_list)
    listing.add_argument("--site", dest="of_site", default="", metavar="NAME", help="only runs on this site")
    for name, help_, ask in (
        ("show", "a run: its failures, alike ones together", show_run),
        ("pin", "keep a run for good", pin),
        ("unpin", "let a run be removed again", unpin),
    ):
        _question(questions, name, help_, ask).add_argument("run", help="a run's id, its beginning, or latest")
    compare = _question(questions, "compare", "the tests that ended otherwise in two runs", show_difference)
    compare.add_argument("run", help="a run's id, its beginning, or latest")
    compare.add_argument("other", help="another one")
    _question(questions, "flaky", "tests that passed and failed on one commit", show_flaky)
    _question(questions, "slow", "the slowest tests, by their last passes", show_slow)
    _question(questions, "dashboard", "a page with charts of all runs: results/dashboard.html", make_dashboard)
    _question(questions, "rebuild", "make results/history.db anew of the runs that are kept", rebuild)


def _question(
    questions: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    help_: str,
    step: Callable[[argparse.Namespace], int],
) -> argparse.ArgumentParser:
    parser = command_line.add_step(questions, name, help_, step)
    parser.add_argument(
        "--limit", type=command_line.count, default=LIMIT, metavar="N", help=f"rows at most (default {LIMIT})"
    )
    return parser


def main(options: argparse.Namespace) -> int:
    """Exit code 0; a run that is not there is a RunError."""
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def show_list(options: argparse.Namespace) -> int:
    with database.opened() as connection:
        rows = queries.runs(connection, options.limit, options.of_site)
    titles = "".join(f"{verdict:>11}" for verdict in Verdict)
    console.say(f"{'run':<27} {'start':<17} {'command':<11} {'site':<13} {'branch':<13} {titles}")
    for row in rows:
        counts = "".join(f"{row.counts[verdict]:>11}" for verdict in Verdict)
        start = row.start[:16].replace("T", " ")
        broken = "  does not count" if row.broken else ""
        # A longer name moves what follows it, but never runs into it.
        facts = f"{row.id:<27} {start:<17} {row.command:<11} {row.site:<13} {row.branch:<13} "
        console.say(f"{facts}{counts}{broken}")
    return 0


def show_run(options: argparse.Namespace) -> int:
    with database.opened() as connection:
        run_id = queries.find(connection, options.run)
        row = next(one for one in queries.runs(connection, -1) if one.id == run_id)
        clusters = queries.failed_clusters(connection, run_id)
    console.say(f"run {row.id}: {row.command} on {row.site}, branch {row.branch or '-'}, commit {row.commit}")
    if row.broken:
        console.say(f"does not count: {row.broken}")
    console.say(", ".join(f"{count} {verdict}" for verdict, count in row.counts.items()) + f" in {row.seconds:.1f} s")
    for keyword, line, tests in clusters:
        console.say(f"\n{len(tests)} x {keyword or '(no keyword)'}: {line}")
        for test in tests[: options.limit]:
            console.say(f"  {test}")
    return 0


def show_difference(options: argparse.Namespace) -> int:
    with database.opened() as connection:
        ids = [queries.find(connection, run) for run in (options.run, options.other)]
        one, other = (queries.verdicts(connection, run_id) for run_id in ids)
    changes = list(queries.changed(one, other))
    console.say(f"{len(changes)} tests ended otherwise in {ids[1]} than in {ids[0]}")
    for test, here, there in changes:
        console.say(f"  {here:>9} -> {there:<9}  {test}")
    return 0


def show_flaky(options: argparse.Namespace) -> int:
    with database.opened() as connection:
        found = queries.flaky(connection, options.limit)
    console.say(f"{len(found)} tests passed and failed on one commit")
    for one in found:
        console.say(f"  {one.passed} passed, {one.failed} failed on {one.site} at {one.commit}: {one.test}")
    return 0


def show_slow(options: argparse.Namespace) -> int:
    with database.opened() as connection:
        found = queries.slow(connection, options.limit)
    for one in found:
        console.say(f"{one.seconds:>8.1f} s  {one.area:<14}{one.test} (median of {one.passes})")
    return 0


def pin(options: argparse.Namespace) -> int:
    return _pin(options.run, True)


def unpin(options: argparse.Namespace) -> int:
    return _pin(options.run, False)


def _pin(run: str, pinned: bool) -> int:
    with database.opened() as connection:
        run_id = queries.find(connection, run)
    retention.pin(run_id, pinned)
    console.say(f"Run {run_id} is {'kept for good' if pinned else 'removed when it is old'}.")
    return 0


def make_dashboard(_options: argparse.Namespace) -> int:
    page, problems = dashboard.make()
    for problem in problems:
        console.complain(f"left out: {problem}")
    console.say(f"dashboard: {page}")
    return int(bool(problems))


def rebuild(_options: argparse.Namespace) -> int:
    count, refused = database.rebuild()
    for problem in refused:
        console.complain(problem)
    console.say(f"{count} runs are in {database.path()}")
    return int(bool(refused))
