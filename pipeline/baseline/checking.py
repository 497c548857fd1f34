"""The loads of a run against earlier ones, and the further runs that decide a suspicion."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from pipeline import paths
from pipeline.baseline import judging, measured, settings, store
from pipeline.baseline.judging import Judged
from pipeline.baseline.machine import this_machine
from pipeline.baseline.measured import Measured
from pipeline.baseline.rule import BAD, Verdict
from pipeline.errors import RunError
from pipeline.results import compared
from pipeline.results.compared import Compared
from pipeline.results.model import Run
from pipeline.results.output_xml import ResultsError
from pipeline.run import folders

# Above this exit code of a run the run itself is broken.
MOST_FAILURES = 250


def note(run: Run, folder: Path) -> list[str]:
    """Note what the run's loads came to, before anything is merged into its folder; returns what went wrong."""
    try:
        measured.note(run, folder)
    except (ResultsError, OSError) as error:
        return [f"The loads of this run are not compared: {error}"]
    return []


def after_run(folder: Path) -> list[str]:
    """Keep the figures of the run's loads and compare them; returns sentences for the summary.

    What fails here is one of them: a run counts without its comparison.
    """
    try:
        found = check(folder)
    except (RunError, ResultsError, OSError) as error:
        return [f"The loads of this run are not compared: {error}"]
    return [str(one) for one in map(in_short, found) if one.is_bad or one.is_open or one.verdict == Verdict.IMPROVED]


def check(folder: Path) -> list[Judged]:
    """Keep the figures of a run's loads, judge those that are to be judged, and leave the verdicts in its folder.

    Raises RunError, ResultsError or OSError.
    """
    found = []
    for part in measured.read(folder):
        store.keep(part.site, part.machine, part.entries)
        found += judged(part)
    if found:
        compared.write(map(in_short, found), folder)
    return found


def judged(part: Measured) -> list[Judged]:
    """The verdicts of a part's entries; of a run that confirms another one, those of that other one."""
    chosen, lines = settings.read(), store.read(store.file_of(part.site, part.machine))
    found = []
    for entry in part.entries:
        for figure in (figure for figure in chosen.judged if figure in entry.figures):
            runs = judging.replay(lines, entry.name, figure, chosen.rule)
            found += [one for one in runs if one.entry.run == (entry.confirms or entry.run)]
    return found


def in_short(one: Judged) -> Compared:
    return Compared(
        one.entry.name, one.figure, one.verdict, one.judgement.reason, one.verdict in BAD, one.judgement.is_open
    )


def repeat(run: folders.Run, extra: Sequence[str] = ()) -> list[Judged]:
    """Repeat the tests of those loads of a run that are suspicious, until all are decided; returns all verdicts.

    A repetition that does not count is not made up for: what stays open is reported so. Raises RunError.
    """
    elsewhere = [part.machine for part in measured.read(run.folder) if part.machine != this_machine()]
    if elsewhere:
        raise RunError(f"The loads of run {run.id} were made on another machine ({elsewhere[0]}): repeat them there.")
    found = check(run.folder)
    for _ in range(settings.read().rule.more_runs):
        commands = dict.fromkeys(one.entry.again for one in found if one.judgement.is_open and one.entry.again)
        if not commands:
            break
        for again in commands:
            run_again(run.id, [again[0], "--site", run.site, *extra, *again[1:]])
        found = check(run.folder)
    return found


def run_again(run_id: str, command: Sequence[str]) -> None:
    """One more run of this command of run.py, which keeps its own figures as a confirmation of that run."""
    environment = {name: value for name, value in os.environ.items() if name != "FOCUS_RUN_ID"}
    done = subprocess.run(
        [sys.executable, "run.py", *command],
        cwd=paths.ROOT,
        env=environment | {measured.CONFIRMS: run_id},
        check=False,
    )
    if done.returncode > MOST_FAILURES:
        raise RunError(
            f"'run.py {' '.join(command)}' ended with {done.returncode}: repair what it reports and check again."
        )
