"""Rows of a stream, reduced to what a page draws: one byte a column."""

from __future__ import annotations

import os
import struct

# A library that starts its threads on import could not be used in a process that forks afterwards.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from simulator.pods.analyzer.calculations import SINGLECHANNEL

ROWS, SPECTRUM = 1, 2
# kind, first column (spectrum: channel), columns (bins), rows (1), index of the first row, 0, its time in ms
_HEADER = struct.Struct("<6Id")
_LEVELS_PER_DECADE = 85.0
_HIGHEST = 255

Values = NDArray[np.float32]


def values_of(main_data: list[bytes], channels: int) -> Values:
    """Return the rows of a frame as (rows, channels, bins)."""
    flat = np.frombuffer(b"".join(main_data), dtype="<f4")
    return flat.reshape(len(main_data), channels, -1)


def levels(values: Values, view_type: int) -> NDArray[np.uint8]:
    """Return (rows, columns) in 0..255: columns are bins in a single channel view, else channels (mean of the bins)."""
    shown = values[:, 0, :] if view_type == SINGLECHANNEL else values.mean(axis=2, dtype=np.float64)
    scaled = _LEVELS_PER_DECADE * np.log10(1.0 + np.maximum(shown, 0.0, dtype=np.float64))
    return np.minimum(np.floor(scaled + 0.5), _HIGHEST).astype(np.uint8)


def reduced(main_data: list[bytes], channels: int, view_type: int) -> tuple[Values, NDArray[np.uint8]]:
    """Return the values of a frame, and their levels."""
    values = values_of(main_data, channels)
    return values, levels(values, view_type)


def rows_message(shown: NDArray[np.uint8], first_column: int, row: int, time_ms: float) -> bytes:
    """Return rows as the page reads them; little-endian header of 32 bytes, then the levels row by row."""
    count, columns = shown.shape
    return _HEADER.pack(ROWS, first_column, columns, count, row, 0, time_ms) + shown.tobytes()


def spectrum_message(spectrum: Values, channel: int, row: int, time_ms: float) -> bytes:
    """Return the spectrum of one channel: the same header, then the values as float32."""
    return _HEADER.pack(SPECTRUM, channel, len(spectrum), 1, row, 0, time_ms) + spectrum.astype("<f4").tobytes()
