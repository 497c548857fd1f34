"""The history of a figure as a PNG file. matplotlib is imported on first use: it is slow to load."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from pipeline.baseline.judging import Judged
from pipeline.baseline.rule import Rule, Verdict

_INCHES, _DPI = (9, 4), 90
_COLOURS = {
    Verdict.OK: "tab:blue",
    Verdict.IMPROVED: "tab:green",
    Verdict.REGRESSED: "tab:red",
    Verdict.OVER_LIMIT: "black",
    Verdict.INCONCLUSIVE: "tab:gray",
}
# Where the fixed limit is further away than this many times the highest value, it would press the runs flat.
_LIMIT_IN_SIGHT = 1.5


def draw(path: Path, history: Sequence[Judged], rule: Rule) -> None:
    """A point a run, coloured by its verdict, repetitions small beside it; the usual value with the gates around it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    newest = history[-1]
    figure = Figure(figsize=_INCHES, dpi=_DPI)
    figure.subplots_adjust(left=0.09, right=0.97, bottom=0.2, top=0.91)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(f"{newest.entry.name}: {newest.figure}", fontsize=10)
    axes.set_ylabel(f"{newest.figure} [{newest.shown.unit}]")
    _usual(axes, history, rule)
    _points(axes, history)
    _acceptances(axes, history)
    _limit(axes, history)
    step = max(1, len(history) // 8)
    places = range(0, len(history), step)
    labels = [history[place].entry.time[:16].replace("T", "\n") for place in places]
    axes.set_xticks(places, labels, fontsize=7)
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.3)
    axes.legend(fontsize=8, loc="best")
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path)


def _points(axes: Any, history: Sequence[Judged]) -> None:
    for verdict, colour in _COLOURS.items():
        of_verdict = [(place, one) for place, one in enumerate(history) if one.verdict == verdict]
        if of_verdict:
            places, values = zip(*((place, one.shown.value) for place, one in of_verdict), strict=True)
            axes.plot(places, values, "o", color=colour, markersize=5, label=str(verdict))
        for place, one in of_verdict:
            more = one.values[1:]
            axes.plot([place + 0.2] * len(more), more, "_", color=colour, markersize=6)


def _usual(axes: Any, history: Sequence[Judged], rule: Rule) -> None:
    judged = [(place, median(one.good[-rule.window :])) for place, one in enumerate(history) if one.good]
    if judged:
        places = [place for place, _ in judged]
        usual = [value for _, value in judged]
        axes.step(places, usual, where="mid", color="tab:blue", linewidth=1, label="median of good runs")
        lower, upper = ([value * (1 + sign * rule.change) for value in usual] for sign in (-1, 1))
        axes.fill_between(places, lower, upper, step="mid", color="tab:blue", alpha=0.12)


def _acceptances(axes: Any, history: Sequence[Judged]) -> None:
    for place, one in enumerate(history):
        if one.accepted:
            axes.axvline(place, linewidth=1, linestyle=":", color="black")
            axes.annotate(
                f"accepted by {one.accepted.by}: {one.accepted.reason}",
                (place, 0.02),
                xycoords=("data", "axes fraction"),
                xytext=(3, 0),
                textcoords="offset points",
                fontsize=7,
            )


def _limit(axes: Any, history: Sequence[Judged]) -> None:
    limit = history[-1].shown.limit
    if limit is not None and limit < _LIMIT_IN_SIGHT * max(one.shown.value for one in history):
        axes.axhline(limit, linewidth=1, color="black", label="fixed limit")
