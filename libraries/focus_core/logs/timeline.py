"""The time line of one failed test: its steps, its requests, what happened to pods, and the errors that they logged."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from focus_core.logs.attribution import TestTime
from focus_core.logs.entries import Entry

_WIDTH, _ROW, _DPI = 12.0, 0.34, 100
# More rows would not fit on a screen: the last steps are those that failed.
_MOST_STEPS = 12
_LONGEST = 46
_COLOURS = {"critical": "tab:red", "error": "tab:red", "warning": "tab:orange", "": "tab:blue"}


def draw(path: Path, test: TestTime, entries: Sequence[Entry]) -> None:
    """A PNG with seconds since the test began on its axis. matplotlib is imported here: it is slow to load."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    end = test.end if test.end < math.inf else max([test.begin, *(entry.at for entry in entries)])
    length = max(0.1, end - test.begin)
    steps = test.steps[-_MOST_STEPS:]
    doors = list(dict.fromkeys(name for name, *_ in test.calls))
    services = list(dict.fromkeys(entry.source.service for entry in entries))
    rows = [f"step: {name}" for name, *_ in steps] + [f"requests: {name}" for name in doors] + services
    figure = Figure(figsize=(_WIDTH, 1.3 + _ROW * max(1, len(rows))), dpi=_DPI)
    FigureCanvasAgg(figure)
    figure.subplots_adjust(
        left=0.31,
        right=0.98,
        top=1 - 0.45 / (1.3 + _ROW * max(1, len(rows))),
        bottom=0.6 / (1.3 + _ROW * max(1, len(rows))),
    )
    axes = figure.add_subplot()
    top = len(rows) - 1
    for place, (_, begin, seconds, wrong) in enumerate(steps):
        _bar(axes, top - place, begin - test.begin, seconds, length, "tab:red" if wrong else "tab:green")
    for name, begin, seconds, wrong in test.calls:
        place = len(steps) + doors.index(name)
        _bar(axes, top - place, begin - test.begin, seconds, length, "tab:red" if wrong else "tab:blue")
    for entry in entries:
        place = top - len(steps) - len(doors) - services.index(entry.source.service)
        second = entry.at - test.begin
        if entry.kind in ("gap", "dropped"):
            axes.barh(place, entry.seconds, left=second, height=0.8, color="lightgrey", hatch="//")
        elif entry.kind == "line":
            mark, size = ("|", 8) if not entry.severity else ("x", 7)
            axes.plot([second], [place], mark, color=_COLOURS[entry.severity], markersize=size)
        else:
            axes.plot(
                [second], [place], "D" if entry.kind == "state" else "o", color=_COLOURS[entry.severity], markersize=4
            )
    axes.axvline(0, color="black", linewidth=0.6)
    axes.axvline(end - test.begin, color="tab:red", linewidth=0.8)
    axes.set_yticks(range(len(rows)), [_short(name) for name in reversed(rows)], fontsize=8)
    axes.set_ylim(-0.7, max(0.7, len(rows) - 0.3))
    axes.set_xlim(-0.03 * length, 1.03 * length)
    axes.set_xlabel(
        "seconds; bars: steps and requests (red: failed); | line, x error line, diamond container, dot event or sample",
        fontsize=8,
    )
    axes.set_title(_short(test.name, 110), fontsize=10)
    axes.grid(axis="x", alpha=0.3)
    figure.savefig(path)


def _bar(axes: object, place: int, begin: float, seconds: float, length: float, colour: str) -> None:
    # Narrower than a pixel it would not be seen.
    axes.barh(place, max(seconds, length / 400), left=begin, height=0.55, color=colour, alpha=0.7)  # type: ignore[attr-defined]


def _short(text: str, most: int = _LONGEST) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
