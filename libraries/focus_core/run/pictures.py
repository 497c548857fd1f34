"""Waterfall and frequency data as PNG files. matplotlib is imported on first use: it is slow to load."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_INCHES = (8, 3.5)
_DPI = 90
_MOMENTS = ("fault", "first error", "pod ready", "first success")


def draw_waterfall(path: Path, rows: Sequence[Sequence[float]], title: str, first_channel: int) -> None:
    """One line of pixels a row (time downwards), one column a channel; colour is the mean amplitude."""
    axes, save = _canvas(title)
    last_channel = first_channel + len(rows[0]) - 1
    image = axes.imshow(
        rows, aspect="auto", interpolation="nearest", extent=(first_channel - 0.5, last_channel + 0.5, len(rows), 0)
    )
    axes.set_xlabel("channel")
    axes.set_ylabel("row")
    axes.figure.colorbar(image, label="amplitude")
    save(path)


def draw_spectrum(path: Path, frequencies: Sequence[float], amplitudes: Sequence[float], title: str) -> None:
    """Mean amplitude over the frequency in Hz."""
    axes, save = _canvas(title)
    axes.plot(frequencies, amplitudes, linewidth=1)
    axes.set_xlabel("frequency [Hz]")
    axes.set_ylabel("mean amplitude")
    axes.grid(alpha=0.3)
    save(path)


def draw_series(path: Path, values: Sequence[float], title: str) -> None:
    """Numbers in their order."""
    axes, save = _canvas(title)
    axes.plot(range(len(values)), values, linewidth=1, marker=".", markersize=3)
    axes.set_xlabel("place in the list")
    axes.grid(alpha=0.3)
    save(path)


def draw_outage(path: Path, title: str, moments: Mapping[str, float], errors: tuple[float, float]) -> None:
    """What happened after a fault: each moment, by its name, at its second; the time in which clients saw errors."""
    names = list(reversed(list(moments)))
    axes, save = _canvas(title)
    axes.axvspan(*errors, color="tab:red", alpha=0.2)
    for place, name in enumerate(names):
        second = moments[name]
        axes.plot([second], [place], marker="o", color="tab:blue")
        axes.annotate(f"{second:.1f} s", (second, place), textcoords="offset points", xytext=(6, 6), fontsize=8)
        axes.axvline(second, linewidth=0.5, alpha=0.4)
    axes.set_yticks(range(len(names)), names)
    axes.set_ylim(-0.6, len(moments) - 0.4)
    axes.set_xlabel("seconds after the fault; red: clients see errors")
    axes.margins(x=0.12)
    save(path)


def draw_calls(
    path: Path, title: str, rows: Mapping[str, Sequence[tuple[float, float, bool]]], failed_at: float
) -> None:
    """What a test asked each interface: begin and duration in seconds of each call, and whether it went wrong."""
    axes, save = _canvas(title)
    axes.figure.subplots_adjust(left=0.14)
    for place, calls in enumerate(reversed(list(rows.values()))):
        for begin, seconds, wrong in calls:
            # Narrower than a pixel it would not be seen.
            width = max(seconds, failed_at / 400)
            axes.barh(place, width, left=begin, height=0.5, color="tab:red" if wrong else "tab:blue", alpha=0.6)
    axes.axvline(failed_at, color="tab:red", linewidth=1)
    axes.set_yticks(range(len(rows)), list(reversed(list(rows))), fontsize=8)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel("seconds since the test began; red: no answer or an error, and the end of the test")
    save(path)


@dataclass(frozen=True)
class RecoveryRow:
    """One recovery: its name, what happened at which second after the fault, the time in which clients saw errors."""

    name: str
    moments: Mapping[str, float]
    errors: tuple[float, float]


def draw_recoveries(path: Path, rows: Sequence[RecoveryRow]) -> None:
    """Several recoveries below each other on one axis of time: a bar of errors and a mark for each moment."""
    axes, save = _canvas("Recoveries")
    axes.figure.subplots_adjust(left=0.3)
    colours = {name: f"C{number}" for number, name in enumerate(_MOMENTS)}
    for place, row in enumerate(reversed(rows)):
        axes.barh(place, row.errors[1] - row.errors[0], left=row.errors[0], height=0.5, color="tab:red", alpha=0.25)
        for name, second in row.moments.items():
            axes.plot([second], [place], marker="o", linestyle="none", color=colours[name])
    for name, colour in colours.items():
        axes.plot([], [], marker="o", linestyle="none", color=colour, label=name)
    axes.set_yticks(range(len(rows)), [row.name.replace(", ", ",\n", 1) for row in reversed(rows)], fontsize=8)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel("seconds after the fault; red: clients see errors")
    axes.legend(fontsize=8, loc="best")
    axes.grid(axis="x", alpha=0.3)
    save(path)


def _canvas(title: str):  # type: ignore[no-untyped-def]
    # Not pyplot: it keeps state, and it looks for a display.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=_INCHES, dpi=_DPI)
    # Margins of its own: to have them computed takes longer than to draw.
    figure.subplots_adjust(left=0.09, right=0.97, bottom=0.14, top=0.91)
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    axes.set_title(title, fontsize=10)
    return axes, figure.savefig
