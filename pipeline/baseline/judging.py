"""What each run of a figure was worth, in the order in which they were made.

Nothing of it is kept: it follows from the kept runs, so that a better rule judges all of them anew.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pipeline.baseline import rule
from pipeline.baseline.entries import Acceptance, Entry, Figure, Line
from pipeline.baseline.rule import Judgement, Kind, Rule, Verdict


@dataclass(frozen=True)
class Judged:
    """A run and what one figure of it was worth.

    `values` are of the run and its repetitions, as far as they count; `good` those of the good runs before it.
    """

    entry: Entry
    figure: str
    values: tuple[float, ...]
    judgement: Judgement
    good: tuple[float, ...]
    accepted: Acceptance | None = None

    @property
    def verdict(self) -> Verdict:
        return self.judgement.verdict

    @property
    def shown(self) -> Figure:
        return self.entry.figures[self.figure]


def series(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """The names with the newest plan of each, in the order of their first runs."""
    return list({line.name: line.plan for line in lines if isinstance(line, Entry)}.items())


def replay(lines: Sequence[Line], name: str, figure: str, numbers: Rule) -> list[Judged]:
    """All runs of a name that have this figure, judged one after the other as when they were made."""
    runs = [line for line in lines if isinstance(line, Entry) and line.name == name and figure in line.figures]
    accepted = {
        line.run: line for line in lines if isinstance(line, Acceptance) and (line.name, line.figure) == (name, figure)
    }
    runs = [run for run in runs if run.plan == runs[-1].plan]
    good: tuple[float, ...] = ()
    since = ""
    found = []
    for first in (run for run in runs if not run.confirms):
        group = [first, *(run for run in runs if run.confirms == first.run)]
        values = tuple(run.figures[figure].value for run in group if not _unusable(run, numbers))
        judgement = _judgement(first, first.figures[figure], good, values, since, numbers)
        if judgement.is_open:
            judgement = _with_lost_ones(judgement, group, numbers)
        judged = Judged(first, figure, values, judgement, good, accepted.get(first.run))
        good, since = _after(judged, since)
        found.append(judged)
    return found


def _judgement(
    first: Entry, figure: Figure, good: Sequence[float], values: Sequence[float], since: str, numbers: Rule
) -> Judgement:
    why = _unusable(first, numbers)
    if why:
        return Judgement(Verdict.INCONCLUSIVE, why)
    window = good[-numbers.window :]
    if since and _is_still_worse(values, window, figure.kind, numbers):
        still = f"{rule.compared(window, values[:1], figure.kind)}, as since run {since}."
        return rule.over_limit(values, figure.kind) or Judgement(Verdict.REGRESSED, still)
    return rule.judge(good, values, figure.kind, numbers)


def _with_lost_ones(judgement: Judgement, group: Sequence[Entry], numbers: Rule) -> Judgement:
    """Repetitions that were made and do not count are named: to make more of them would not help."""
    lost = [why for why in (_unusable(run, numbers) for run in group) if why]
    if not lost:
        return judgement
    return replace(judgement, reason=f"{judgement.reason} {len(lost)} repetitions did not count: {lost[-1]}")


def _unusable(run: Entry, numbers: Rule) -> str:
    """Why the figures of a run are not comparable, or nothing."""
    if run.invalid:
        return run.invalid
    if run.errors > numbers.most_errors:
        return f"{100 * run.errors:.1f} % of the requests failed, so that its times are those of another load."
    return ""


def _is_still_worse(values: Sequence[float], good: Sequence[float], kind: Kind, numbers: Rule) -> bool:
    return rule.is_change(good, values[:1], kind, numbers) and kind.is_worse(values[0], statistics.median(good))


def _after(judged: Judged, since: str) -> tuple[tuple[float, ...], str]:
    """The good runs after this one, and the run since which the figure is regressed, or nothing.

    An accepted change and an improvement are a new level: what was before is no longer compared with.
    """
    if judged.accepted or judged.verdict == Verdict.IMPROVED:
        return judged.values, ""
    if judged.verdict == Verdict.REGRESSED:
        return judged.good, since or judged.entry.run
    if judged.verdict == Verdict.OVER_LIMIT or judged.judgement.is_open or not judged.values:
        return judged.good, since
    return (*judged.good, *judged.values), ""
