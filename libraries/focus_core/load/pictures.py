"""A load as one picture: rates and errors, latencies and resources below each other, on one axis of time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from focus_core.load.result import Result, Series

_INCHES_WIDE, _INCHES_A_PART, _DPI = 9, 2.0, 90
_BANDS = (("p50", "tab:green"), ("p95", "tab:orange"), ("p99", "tab:red"), ("slowest", "tab:gray"))


def draw_load(path: Path, title: str, result: Result) -> None:
    """Writes the picture of a load as a PNG file."""
    # Imported here, and not as pyplot: it is slow to load, and that one keeps state and looks for a display.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    units = list(dict.fromkeys(series.unit for series in result.resources if series.points))
    parts = 2 + len(units)
    figure = Figure(figsize=(_INCHES_WIDE, _INCHES_A_PART * parts), dpi=_DPI)
    FigureCanvasAgg(figure)
    axes = figure.subplots(parts, 1, sharex=True)
    figure.suptitle(title, fontsize=10)
    _draw_rates(axes[0], result)
    _draw_latencies(axes[1], result)
    for place, unit in zip(axes[2:], units, strict=True):
        _draw_resources(place, unit, [series for series in result.resources if series.unit == unit])
    for place in axes:
        place.grid(alpha=0.3)
        if place.get_legend_handles_labels()[0]:
            place.legend(fontsize=7, loc="upper left", ncols=4)
    axes[-1].set_xlabel("seconds since the load began")
    figure.tight_layout()
    figure.savefig(path)


def _draw_rates(axes: Any, result: Result) -> None:
    moments = [one.at for one in result.intervals]
    axes.step(moments, [one.asked / one.seconds for one in result.intervals], where="post", label="asked")
    axes.step(moments, [one.succeeded / one.seconds for one in result.intervals], where="post", label="succeeded")
    axes.step(
        moments, [one.failed / one.seconds for one in result.intervals], where="post", color="tab:red", label="failed"
    )
    if result.views:
        frames = [one.frames / one.seconds for one in result.intervals]
        axes.step(moments, frames, where="post", color="tab:purple", label="frames")
    axes.set_ylabel("a second")


def _draw_latencies(axes: Any, result: Result) -> None:
    for name, colour in _BANDS:
        seen = [(one.at, value * 1000) for one in result.intervals if (value := getattr(one, name)) is not None]
        if seen:
            axes.plot(*zip(*seen, strict=True), color=colour, linewidth=1, marker=".", markersize=3, label=name)
    late = [(one.at, one.late * 1000) for one in result.intervals if one.asked]
    if late:
        axes.plot(*zip(*late, strict=True), color="black", linewidth=0.5, linestyle=":", label="own lateness")
    axes.set_yscale("log")
    axes.set_ylabel("ms")


def _draw_resources(axes: Any, unit: str, resources: Sequence[Series]) -> None:
    for series in resources:
        if series.points:
            axes.plot(*zip(*series.points, strict=True), linewidth=1, marker=".", markersize=3, label=series.name)
    axes.set_ylabel(unit)
