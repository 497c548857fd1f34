"""`run.py baseline`: how fast a site usually is, whether a run differs from that, and who accepted a new level."""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from pipeline import command_line, console
from pipeline.baseline import checking, finding, picture, settings, store
from pipeline.baseline.entries import Acceptance
from pipeline.baseline.judging import Judged
from pipeline.baseline.rule import BAD, Verdict
from pipeline.errors import RunError
from pipeline.run import folders

LIMIT = 20
FIGURE = "p95"
NOTHING = "No run has left figures yet: 'python run.py suites --include load suites' makes loads."


def add_options(parser: argparse.ArgumentParser) -> None:
    """One subcommand a question; without one every baseline is shown."""
    parser.set_defaults(step=show, of_site="")
    questions = parser.add_subparsers(metavar="QUESTION", title="questions")
    showing = command_line.add_step(
        questions, "show", "what is usual, and what the last run of each load was worth (default)", show
    )
    _of_site(showing)
    checked = command_line.add_step(
        questions, "check", "compare a run's loads with earlier runs; ends with 1 if one is worse", check
    )
    checked.add_argument("run", nargs="?", default="latest", help="a run's id, its beginning, or latest (default)")
    checked.add_argument("--repeat", action="store_true", help="run suspicious loads again until they are decided")
    command_line.add_yes(checked)
    accepted = command_line.add_step(
        questions, "accept", "from its newest regression on, a load is usual as it is", accept
    )
    _which(accepted)
    accepted.add_argument("--reason", required=True, help="why it may be so")
    accepted.add_argument("--by", required=True, metavar="NAME", help="who answers for it")
    past = command_line.add_step(questions, "history", "the runs of a load with their verdicts, and a picture", history)
    _which(past)
    past.add_argument("--limit", type=command_line.count, default=LIMIT, metavar="N", help=f"rows (default {LIMIT})")
    past.add_argument("--csv", type=Path, metavar="FILE", help="all its runs as a table for other programs")


def _of_site(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--site", dest="of_site", default="", metavar="NAME", help="a site, or the beginning of a file in the store"
    )


def _which(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="the load, or a part of its name that no other one has")
    parser.add_argument("--figure", help=f"which figure of it (default {FIGURE}, or the only one)")
    _of_site(parser)


def main(options: argparse.Namespace) -> int:
    """Exit code 1 when a check finds something worse; what is not there is a RunError."""
    step: Callable[[argparse.Namespace], int] = options.step
    return step(options)


def show(options: argparse.Namespace) -> int:
    chosen = settings.read()
    found = list(finding.every(options.of_site))
    if not found:
        console.say(NOTHING)
    for path in dict.fromkeys(series.path for series in found):
        console.say(f"{path.stem}:")
        for series in (series for series in found if series.path == path):
            # What is no load has one figure only.
            judged = [figure for figure in series.figures if figure in chosen.judged or len(series.figures) == 1]
            for figure in judged:
                console.say(_row(series.name, series.judged(figure, chosen.rule), chosen.rule.window))
    return 0


def _row(name: str, runs: Sequence[Judged], window: int) -> str:
    last = runs[-1]
    good = last.good[-window:]
    usual = last.shown.kind.shown(median(good)) if good else "-"
    return f"  {f'{name}, {last.figure}':<60} {usual:>12} in {len(good):>2} runs   last: {last.verdict}"


def check(options: argparse.Namespace) -> int:
    """1 when a figure is regressed or over its fixed limit."""
    run = folders.find(options.run)
    found = checking.repeat(run, ["--yes"] if options.yes else []) if options.repeat else checking.check(run.folder)
    if not found:
        console.say(f"Run {run.id} made no load, so nothing is compared.")
    for one in found:
        console.say(f"{one.verdict:<13} {one.entry.name}, {one.figure}: {one.judgement.reason}")
    if any(one.judgement.is_open for one in found):
        console.say(f"'python run.py baseline check {run.id} --repeat' decides what is suspicious.")
    return int(any(one.verdict in BAD for one in found))


def accept(options: argparse.Namespace) -> int:
    """Write down who accepted the newest regression, from which the baseline begins anew."""
    series = finding.one(options.name, options.of_site)
    figure = options.figure or _usual_figure(series)
    runs = series.judged(figure, settings.read().rule)
    where = next((one for one in reversed(runs) if one.verdict == Verdict.REGRESSED and len(one.values) > 1), None)
    if where is None or where.accepted or runs[-1].verdict != Verdict.REGRESSED:
        raise RunError(
            f"'{series.name}' is not regressed in {figure}, so there is nothing to accept; a fixed limit is "
            "changed in the site's file."
        )
    for name in ("reason", "by"):
        if not getattr(options, name).strip():
            raise RunError(f"--{name} is empty: give it in words that others understand.")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    store.append(series.path, [Acceptance(series.name, figure, where.entry.run, options.reason, options.by, now)])
    console.say(f"Since run {where.entry.run} '{series.name}' is usual as it is: {where.judgement.reason}")
    return 0


def history(options: argparse.Namespace) -> int:
    series, numbers = finding.one(options.name, options.of_site), settings.read().rule
    figure = options.figure or _usual_figure(series)
    runs = series.judged(figure, numbers)
    console.say(f"{series.name}, {figure} in {runs[-1].shown.unit}")
    for one in runs[-options.limit :]:
        accepted = f" (accepted by {one.accepted.by}: {one.accepted.reason})" if one.accepted else ""
        values = ", ".join(f"{value:.4g}" for value in one.values) or "-"
        console.say(
            f"{one.entry.time[:16].replace('T', ' ')}  {one.entry.run:<25} {one.verdict:<13} {values}{accepted}"
        )
    if options.csv:
        _write_table(options.csv, series)
        console.say(f"table: {options.csv}")
    path = store.folder() / "pictures" / f"{re.sub(r'[^A-Za-z0-9_.-]+', '_', f'{series.name}-{figure}')}.png"
    picture.draw(path, runs, numbers)
    console.say(f"picture: {path}")
    return 0


def _usual_figure(series: finding.Series) -> str:
    return FIGURE if FIGURE in series.figures else series.figures[0]


def _write_table(path: Path, series: finding.Series) -> None:
    """A row a run with every figure, as Apache Otava reads it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["time", "run", "commit", *series.figures])
        for run in series.runs:
            values = [run.figures[name].value if name in run.figures else "" for name in series.figures]
            table.writerow([run.time, run.run, run.version, *values])
