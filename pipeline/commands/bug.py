"""`run.py bug [RUN] TEST`: a report of a failed test that a developer can use."""

from __future__ import annotations

import argparse

from pipeline import console
from pipeline.bug import folder, found
from pipeline.bug.found import Failure
from pipeline.bug.report import ALIKE, Past
from pipeline.history import database, queries
from pipeline.results import clusters


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "run", nargs="?", default="latest", metavar="RUN", help="a run's id, its beginning, or latest (the default)"
    )
    parser.add_argument("test", metavar="TEST", help="a failed test: its name, or a part of it that no other one has")


def main(options: argparse.Namespace) -> int:
    """0 when the report was written; no such test is a RunError."""
    failure = found.failure(options.run, options.test)
    written = folder.write(failure, past_of(failure))
    console.say((written / "report.md").read_text(encoding="utf-8"))
    console.say(f"report:  {written / 'report.md'}")
    console.say(f"jira:    {written / 'jira.txt'} (wiki markup), {written / 'jira.adf.json'} (Cloud)")
    if failure.bundle:
        console.say(f"replay:  python run.py replay {written / 'bundle.zip'}")
    return 0


def past_of(failure: Failure) -> Past:
    """What the history has of the test and of failures alike."""
    keyword, line = clusters.key(failure.test.keywords, failure.test.reason)
    own = failure.run.stamp.run_id
    with database.opened() as connection:
        since = queries.failing_since(connection, failure.test.id, failure.run.site, failure.run.start)
        # Those of this run stand first among the newest, and are listed by the report itself.
        alike = [row for row in queries.alike(connection, keyword, line, 10 * ALIKE) if row[1] != own]
    return Past(since, tuple(alike[:ALIKE]))
