"""`run.py ci gate`, `summary`, `comment` and `notify`: what a finished run is worth, and who is shown it."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

from pipeline import console, paths
from pipeline.ci import commit_status, gates, github, markdown, owners
from pipeline.ci import notify as notifying
from pipeline.contract import base as contract_base
from pipeline.history import database, queries
from pipeline.history.database import HistoryError
from pipeline.results import limits, quarantine, run_json
from pipeline.results.comparison import Comparison
from pipeline.results.model import Run, Verdict
from pipeline.run import folders

# What GitHub shows on the page of a job.
SUMMARY = "GITHUB_STEP_SUMMARY"
# Earlier runs of the site among which the last verdict is looked for.
LOOKED_AT = 50


def gate(options: argparse.Namespace) -> int:
    """Print each gate with its sentence; 1 when one is red."""
    return judge(options.run)


def judge(name: str) -> int:
    """As `gate`, of the run of this id."""
    folder, judged_run = _finished(name)
    seen = gates.Evidence(
        run=judged_run,
        folder=folder,
        restarted=folders.read(folder).restarted,
        limits=limits.limits(),
        gate=limits.gate(),
        entries=quarantine.read(quarantine.FILE),
        today=datetime.now(UTC).date(),
        breaking=list(map(str, contract_base.unapproved())),
    )
    judged = gates.judge(seen)
    gates.write(judged, folder)
    for one in judged:
        console.say(f"{'green' if one.green else 'RED':<7}{one.gate:<12}{one.sentence}")
    return int(not all(one.green for one in judged))


def sum_up(options: argparse.Namespace) -> int:
    """Add to the summary of the GitHub step, else print."""
    text = markdown.render(_shown(options)[1], markdown.SUMMARY_BYTES)
    path = os.environ.get(SUMMARY)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    else:
        console.say(text)
    return 0


def comment(options: argparse.Namespace) -> int:
    """Write comment.md beside the report, and post it where that is asked for."""
    folder, shown = _shown(options)
    marker = markdown.marker(shown.run)
    text = markdown.render(shown, markdown.COMMENT_BYTES, marker)
    (folder / "comment.md").write_text(text, encoding="utf-8")
    where = str(folder / "comment.md")
    if options.post:
        where = github.of_environment(os.environ, options.pull).upsert(marker, text)
    console.say(f"comment: {where}")
    return 0


def status(options: argparse.Namespace) -> int:
    """Put the result of the tests on the product's commit."""
    console.say(commit_status.put(options.result))
    return 0


def notify(options: argparse.Namespace) -> int:
    """Send what has changed; 1 when somebody did not get it."""
    _, shown = _shown(options)
    before = _verdict_before(shown.run)
    new = shown.against.new if shown.against else shown.run.of(Verdict.FAILED)
    message = notifying.message(shown.run, shown.judged, before, new, owners.read(owners.FILE), shown.links)
    if message is None:
        console.say(f"The verdict is {notifying.verdict(shown.judged)} as before: nobody is notified.")
        return 0
    sent, failed = notifying.send(message, os.environ)
    console.say(f"{message.subject}; sent by {', '.join(sent) or 'nothing'}")
    for sentence in failed:
        console.complain(sentence)
    return int(bool(failed))


def _verdict_before(finished: Run) -> str:
    """The verdict of the last run of this command, site and branch that the gates have judged, or nothing."""
    with database.opened() as connection:
        rows = queries.runs(connection, LOOKED_AT, finished.site)
    for row in rows:
        alike = (row.command, row.branch) == (finished.stamp.command, finished.stamp.branch)
        if alike and row.id != finished.stamp.run_id and row.start < finished.start:
            folder = paths.RESULTS / "runs" / row.id
            if (folder / gates.NAME).exists():
                return notifying.verdict(gates.read(folder))
    return ""


def _shown(options: argparse.Namespace) -> tuple[Path, markdown.Shown]:
    folder, finished = _finished(options.run)
    links = dict(link.split("=", 1) for link in options.link)
    return folder, markdown.Shown(finished, gates.read(folder), _against(finished), links, contract_base.table())


def _against(finished: Run) -> Comparison | None:
    """The comparison with the last run like it; none where the history cannot be read."""
    try:
        with database.opened() as connection:
            return queries.against_the_last(connection, finished)
    except (HistoryError, OSError) as error:
        console.complain(f"The history cannot be read ({error}), so nothing is compared.")
        return None


def _finished(name: str) -> tuple[Path, Run]:
    """The folder of the chosen run, and the run. Raises RunError where it is not there or has not ended."""
    folder = folders.find(name).folder
    return folder, run_json.read(folder / run_json.NAME)
