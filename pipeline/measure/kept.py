"""What was measured is kept as the loads of runs are, and judged by the same rule: the sample is one of commands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import UTC, datetime

from pipeline import console
from pipeline.baseline import checking, finding, settings, store
from pipeline.baseline.entries import Entry
from pipeline.baseline.judging import Judged
from pipeline.baseline.machine import this_machine
from pipeline.baseline.measured import CONFIRMS
from pipeline.baseline.rule import BAD
from pipeline.measure.figures import Measured
from pipeline.results import stamp

# In place of a site: the project itself is measured.
BENCH = "bench"
FIGURE = "median"


def keep(shown: Sequence[Measured], command: Sequence[str], selection: Sequence[str]) -> None:
    """Add the figures of a command, which are those of one run; another selection is another plan."""
    now = datetime.now(UTC)
    commit = stamp.git("rev-parse", "--short=12", "HEAD")
    entries = [
        Entry(
            name=one.name,
            run=f"{now:%Y%m%d-%H%M%S}-{command[1]}",
            time=now.isoformat(timespec="seconds"),
            figures={FIGURE: one.figure},
            version=commit,
            plan=" ".join(selection),
            confirms=os.environ.get(CONFIRMS, ""),
            again=tuple(command),
        )
        for one in shown
    ]
    store.keep(BENCH, this_machine(), entries)


def check(repeat: bool) -> int:
    """The last run of every figure of this machine; 1 when one is regressed or misses its budget."""
    newest = _newest()
    for _ in range(settings.read().rule.more_runs if repeat else 0):
        undecided = dict.fromkeys((one.entry.run, one.entry.again) for one in newest if one.judgement.is_open)
        if not undecided:
            break
        for run, command in undecided:
            checking.run_again(run, command)
        newest = _newest()
    for one in newest:
        console.say(f"{one.verdict:<13} {one.entry.name}: {one.judgement.reason}")
    if not newest:
        console.say("Nothing was measured on this machine yet: 'python run.py measure --help' shows what can be.")
    return int(any(one.verdict in BAD for one in newest))


def _newest() -> list[Judged]:
    rule = settings.read().rule
    name = store.file_of(BENCH, this_machine()).name
    return [series.judged(FIGURE, rule)[-1] for series in finding.every(name)]
