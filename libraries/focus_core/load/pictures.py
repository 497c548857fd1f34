"""A load as one picture: rates and errors, latencies and resources below each other, on one axis of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from focus_core.load.result import Result, Series
from focus_core.load.times import Times

_INCHES_WIDE, _INCHES_A_PART, _DPI = 9, 2.0, 90
_MIB = 1 << 20
_SHARES = (50, 95, 99)
_BANDS = (("p50", "tab:green"), ("p95", "tab:orange"), ("p99", "tab:red"), ("slowest", "tab:gray"))


def draw_load(path: Path, title: str, result: Result) -> None:
    """Writes the picture of a load as a PNG file."""
    parts: list[Callable[[Any], None]] = [lambda axes: _draw_rates(axes, result)]
    if any(one.p50 is not None for one in result.intervals):
        parts.append(lambda axes: _draw_latencies(axes, result))
    for unit in dict.fromkeys(series.unit for series in result.resources if _is_drawn(series)):
        parts.append(partial(_draw_resources, unit=unit, resources=result.resources))
    figure = _figure(title, len(parts))
    places = figure.subplots(len(parts), 1, sharex=True, squeeze=False)[:, 0]
    for axes, draw in zip(places, parts, strict=True):
        draw(axes)
        axes.grid(alpha=0.3)
        if axes.get_legend_handles_labels()[0]:
            axes.legend(fontsize=7, loc="upper left", bbox_to_anchor=(1.0, 1.0), frameon=False)
    places[-1].set_xlabel("seconds since the load began")
    figure.tight_layout()
    figure.savefig(path)


def draw_times(path: Path, title: str, times: Mapping[str, Times]) -> None:
    """Writes how times are distributed as a PNG file: within how many milliseconds which share of each was over."""
    figure = _figure(title, 2)
    axes = figure.subplots()
    for name, one in times.items():
        if one.count:
            axes.step([taken * 1000 for taken in one.shares.values()], one.shares.keys(), where="post", label=name)
    for percent in _SHARES:
        axes.axhline(percent, color="gray", linewidth=0.5, linestyle=":")
    axes.set_xscale("log")
    axes.set_xlabel("ms")
    axes.set_ylabel("% within")
    axes.grid(alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=7, loc="lower right")
    figure.tight_layout()
    figure.savefig(path)


def _figure(title: str, parts: int) -> Any:
    # Imported here, and not as pyplot: it is slow to load, and that one keeps state and looks for a display.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_INCHES_WIDE, _INCHES_A_PART * parts), dpi=_DPI)
    FigureCanvasAgg(figure)
    figure.suptitle(title, fontsize=10)
    return figure


def _draw_rates(axes: Any, result: Result) -> None:
    moments = [one.at for one in result.intervals]
    for name, colour in (("asked", "tab:blue"), ("succeeded", "tab:green"), ("failed", "tab:red")):
        values = [getattr(one, name) / one.seconds for one in result.intervals]
        if any(values):
            axes.step(moments, values, where="post", color=colour, label=name)
    if result.views:
        frames = [one.frames / one.seconds for one in result.intervals]
        axes.step(moments, frames, where="post", color="tab:purple", label="frames")
    axes.set_ylabel("a second")
    axes.set_ylim(bottom=0)


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
    scale, shown = (_MIB, "MiB") if unit == "bytes" else (1, unit)
    for series in resources:
        if series.unit == unit and _is_drawn(series):
            moments, values = zip(*series.points, strict=True)
            in_unit = [value / scale for value in values]
            axes.plot(moments, in_unit, linewidth=1, marker=".", markersize=3, label=series.name)
    axes.set_ylabel(shown)


def _is_drawn(series: Series) -> bool:
    """One point is no line, and zeros all the time show nothing."""
    return len(series.points) > 1 and series.highest > 0
