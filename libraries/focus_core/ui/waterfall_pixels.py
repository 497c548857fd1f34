"""Do the pixels of a waterfall show the rows of the job's streams?

One pixel a column and row, the newest row at the top. Level and colour of a pixel follow from its amplitude as the page
promises it (docs/operators-page.md): level = min(255, floor(85 log10(1 + v) + 0.5)), v the mean of the bins of a
channel, or the value of a bin in a view of one channel.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from focus_core.streams.client import Frame

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Level: red, green, blue; straight lines between them.
_COLOURS = {0: (8, 8, 48), 64: (32, 64, 160), 128: (32, 176, 160), 192: (248, 208, 64), 255: (255, 248, 232)}
_MOST_NAMED = 3


@dataclass(frozen=True)
class Canvas:
    """What a waterfall shows: RGBA bytes row after row, the newest first, and which row and column they begin with."""

    width: int
    height: int
    newest_row: int
    first_column: int
    pixels: bytes


@dataclass(frozen=True)
class Row:
    """A row of a job: amplitude of each column by its number (a channel, or a bin of one channel)."""

    first_column: int
    values: NDArray[np.float64]


def rows_of(frames: Iterable[Frame], one_channel: bool) -> dict[int, dict[int, Row]]:
    """The amplitudes of frames, by row index and first column; streams have their channels beside each other."""
    import numpy as np

    found: dict[int, dict[int, Row]] = {}
    for frame in frames:
        channels = frame.last_channel - frame.first_channel + 1
        for index, _, data in frame.rows():
            amplitudes = np.frombuffer(data, dtype="<f4").astype(np.float64)
            values = amplitudes if one_channel else amplitudes.reshape(channels, -1).mean(axis=1)
            first = 0 if one_channel else frame.first_channel
            found.setdefault(index, {})[first] = Row(first, values)
    return found


def problems(canvas: Canvas, rows: Mapping[int, Mapping[int, Row]], at_least: int) -> list[str]:
    """What the canvas shows otherwise than the rows; ``at_least`` rows must be on both.

    A transparent pixel is a hole and shows nothing. A level may be one off: means are rounded differently.
    """
    import numpy as np

    shown = np.frombuffer(canvas.pixels, dtype=np.uint8).reshape(canvas.height, canvas.width, 4)
    compared, holes, found = 0, 0, []
    for y in range(canvas.height):
        parts = rows.get(canvas.newest_row - y)
        if parts is None:
            continue
        seen = 0
        for part in parts.values():
            left = part.first_column - canvas.first_column
            pixels = shown[y, max(left, 0) : left + len(part.values)]
            values = part.values[max(-left, 0) :][: len(pixels)]
            drawn = pixels[:, 3] > 0
            holes += int((~drawn).sum())
            seen += int(drawn.sum())
            wrong = drawn & ~_is_shown(pixels[:, :3], levels(values))
            found += [
                f"row {canvas.newest_row - y}, column {part.first_column + max(-left, 0) + int(column)}: "
                f"{tuple(map(int, pixels[column, :3]))} instead of "
                f"{tuple(map(int, colours()[levels(values)[column]]))}"
                for column in np.flatnonzero(wrong)[:_MOST_NAMED]
            ]
        compared += seen > 0
    if compared < at_least:
        lines = range(canvas.newest_row - canvas.height + 1, canvas.newest_row + 1)
        mine = f"{min(rows)} to {max(rows)}" if rows else "none"
        found.append(
            f"only {compared} rows are on both sides, {at_least} are needed: the page shows {lines[0]} to {lines[-1]}, "
            f"the streams gave {mine}"
        )
    return found


def levels(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """The levels (0 to 255) of amplitudes."""
    import numpy as np

    found: NDArray[np.float64] = np.floor(85 * np.log10(1 + np.maximum(values, 0)) + 0.5)
    return np.minimum(255, found).astype(np.int64)


def colours() -> NDArray[np.int64]:
    """Red, green and blue of each of the 256 levels."""
    import numpy as np

    at = list(_COLOURS)
    channels = [np.interp(range(256), at, [_COLOURS[level][one] for level in at]) for one in range(3)]
    return np.floor(np.stack(channels, axis=1) + 0.5).astype(np.int64)


def _is_shown(pixels: NDArray[np.uint8], wanted: NDArray[np.int64]) -> NDArray[np.bool_]:
    """For each pixel whether it has the colour of the level that is wanted, or of the one beside it."""
    import numpy as np

    table = colours()
    beside = [table[np.clip(wanted + step, 0, 255)] for step in (-1, 0, 1)]
    found: NDArray[np.bool_] = np.any([(pixels == one).all(axis=1) for one in beside], axis=0)
    return found
