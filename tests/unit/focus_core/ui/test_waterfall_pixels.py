"""Pixels of a waterfall are compared with the rows of a job's streams."""

from __future__ import annotations

from array import array
from dataclasses import replace

import numpy as np
from focus_core.streams.client import Frame
from focus_core.ui import waterfall_pixels
from focus_core.ui.waterfall_pixels import Canvas

BINS = 4


def frame(first: int, last: int, rows: list[int]) -> Frame:
    """Amplitudes that depend on channel, row and bin."""
    values = [
        10.0 * channel + 40 * row + bin_number
        for row in rows
        for channel in range(first, last + 1)
        for bin_number in range(BINS)
    ]
    width = (last - first + 1) * BINS
    return Frame(first, last, tuple(rows), tuple(rows), width, len(rows), 0, 1, array("f", values).tobytes())


def canvas(newest: int, height: int, first: int, last: int) -> Canvas:
    """What a page draws of those rows."""
    table = waterfall_pixels.colours()
    pixels = np.zeros((height, last - first + 1, 4), dtype=np.uint8)
    for y in range(height):
        means = np.array([10.0 * channel + 40 * (newest - y) + (BINS - 1) / 2 for channel in range(first, last + 1)])
        pixels[y, :, :3] = table[waterfall_pixels.levels(means)]
        pixels[y, :, 3] = 255
    return Canvas(last - first + 1, height, newest, first, pixels.tobytes())


ROWS = waterfall_pixels.rows_of([frame(11, 13, [5, 6, 7]), frame(14, 16, [5, 6, 7])], one_channel=False)


def changed(shown: Canvas, change: object) -> Canvas:
    pixels = np.frombuffer(shown.pixels, dtype=np.uint8).reshape(shown.height, shown.width, 4).copy()
    change(pixels)  # type: ignore[operator]
    return replace(shown, pixels=pixels.tobytes())


def test_the_rows_of_both_streams_are_found_beside_each_other() -> None:
    assert waterfall_pixels.problems(canvas(8, 5, 11, 16), ROWS, at_least=3) == []


def test_swapped_channels_are_found() -> None:
    def swap(pixels: np.ndarray) -> None:  # type: ignore[type-arg]
        pixels[:, :3] = pixels[:, 2::-1].copy()

    found = waterfall_pixels.problems(changed(canvas(8, 5, 11, 16), swap), ROWS, at_least=3)
    assert found
    assert found[0].startswith("row 7, column 11: ")


def test_rows_that_moved_are_found() -> None:
    assert waterfall_pixels.problems(replace(canvas(8, 5, 11, 16), newest_row=9), ROWS, at_least=3)


def test_a_hole_shows_nothing_and_is_no_difference() -> None:
    def hole(pixels: np.ndarray) -> None:  # type: ignore[type-arg]
        pixels[1, 2] = 0

    assert waterfall_pixels.problems(changed(canvas(8, 5, 11, 16), hole), ROWS, at_least=3) == []


def test_a_waterfall_without_common_rows_shows_nothing() -> None:
    found = waterfall_pixels.problems(canvas(30, 5, 11, 16), ROWS, at_least=3)
    assert found == ["only 0 rows are on both sides, 3 are needed: the page shows 26 to 30, the streams gave 5 to 7"]


def test_levels_and_colours_are_those_of_the_contract() -> None:
    assert list(waterfall_pixels.levels(np.array([0.0, 9.0, 99.0, 1e6]))) == [0, 85, 170, 255]
    table = waterfall_pixels.colours()
    assert [tuple(map(int, table[level])) for level in (0, 64, 192, 255)] == [
        (8, 8, 48),
        (32, 64, 160),
        (248, 208, 64),
        (255, 248, 232),
    ]
