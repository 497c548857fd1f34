"""Spectrogram rows of the simulated fibre: a pure function of channel, bin and time, the same for every view of it.

The picture is plausible rather than physical: a noise floor that falls with frequency, a train of sources moving
along the fibre (slanted lines in a waterfall, broad at low frequencies), and a steady tone with its first harmonic.
Noise is cut from one table at a hashed place for every (row, channel), which costs little more than copying.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Sequence

# A library that starts its threads on import could not be used in a process that forks afterwards.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from numpy.typing import NDArray

from simulator import defects

FloatArray = NDArray[np.float32]

_PLACES = 1 << 16
_LONGEST_ROW = _PLACES + 2
_NOISE: FloatArray = np.random.default_rng(20).exponential(1.0, _PLACES + _LONGEST_ROW).astype(np.float32)

NOISE_LEVEL = 4.0
SOURCE_LEVEL = 120.0
SOURCE_SPACING_CHANNELS = 64
SOURCE_SPEED_CHANNELS_S = 6.0
SOURCE_WIDTH_CHANNELS = 2.5
TONE_LEVEL = 60.0
TONE_HZ = 120.0
TONE_PERIOD_S = 7.0


class RowSource:
    """The rows of one view: what the fibre shows at their times.

    Row k covers ``lines_dt`` seconds from ``origin_ms + k * lines_dt``. Intensities are non-negative (defects aside).
    """

    def __init__(self, job_id: str, frequencies_hz: Sequence[float], lines_dt: float, origin_ms: int) -> None:
        self.lines_dt = lines_dt
        self.origin_ms = origin_ms
        self.bins = len(frequencies_hz)
        # A defect only: what is recorded is recorded once.
        self._seed = zlib.crc32(job_id.encode()) if defects.active("playbacks-differ") else 0
        hertz = np.asarray(frequencies_hz, dtype=np.float64)
        step = float(hertz[1] - hertz[0]) if self.bins > 1 else 1.0
        self._floor: FloatArray = (NOISE_LEVEL * (0.25 + np.exp(-hertz / 300.0))).astype(np.float32)
        self._source: FloatArray = (SOURCE_LEVEL * np.exp(-hertz / 150.0)).astype(np.float32)
        width = max(step, 2.0)
        line = np.exp(-(((hertz - TONE_HZ) / width) ** 2)) + 0.4 * np.exp(-(((hertz - 2 * TONE_HZ) / width) ** 2))
        self._tone_bins = np.flatnonzero(line > 1e-3)
        self._tone: FloatArray = (TONE_LEVEL * line[self._tone_bins]).astype(np.float32)

    def start_ms(self, row: int) -> int:
        """Return when the row starts, in milliseconds since the epoch; it ends where the next one starts."""
        return self.origin_ms + round(row * self.lines_dt * 1000)

    def row_at(self, time_s: float) -> int:
        """Return how many rows are complete at a time (seconds since the epoch); never negative."""
        return max(0, int((time_s - self.origin_ms / 1000) / self.lines_dt))

    def block(self, first_row: int, count: int, lowest: int, highest: int) -> FloatArray:
        """Return ``count`` rows from ``first_row`` on, of the channels lowest..highest: (rows, channels, bins)."""
        rows = np.arange(first_row, first_row + count, dtype=np.int64)
        channels = np.arange(lowest, highest + 1, dtype=np.int64)
        windows = np.lib.stride_tricks.sliding_window_view(_NOISE, self.bins)
        values: FloatArray = windows[self._places(rows, channels)] * self._floor
        seconds = self.origin_ms / 1000 + rows * self.lines_dt
        swell = (1.0 + 0.5 * np.sin(2 * np.pi * seconds / TONE_PERIOD_S)).astype(np.float32)
        values[:, :, self._tone_bins] += swell[:, None, None] * self._tone
        phase = self._seed % SOURCE_SPACING_CHANNELS
        ahead = channels[None, :] - SOURCE_SPEED_CHANNELS_S * seconds[:, None] + phase
        distance = (ahead + SOURCE_SPACING_CHANNELS / 2) % SOURCE_SPACING_CHANNELS - SOURCE_SPACING_CHANNELS / 2
        near = np.abs(distance) < 4 * SOURCE_WIDTH_CHANNELS
        gain = np.exp(-0.5 * (distance[near] / SOURCE_WIDTH_CHANNELS) ** 2).astype(np.float32)
        values[near] += gain[:, None] * self._source
        if defects.active("negative-amplitudes"):
            values -= values.mean()
        return values

    def _places(self, rows: NDArray[np.int64], channels: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where in the noise table each (row, channel) reads: an integer hash of the row's time and of both."""
        starts = self.origin_ms + np.rint(rows * self.lines_dt * 1000).astype(np.int64)
        mixed = starts.astype(np.uint64)[:, None] * np.uint64(0x9E3779B97F4A7C15)
        mixed = mixed ^ (channels.astype(np.uint64)[None, :] * np.uint64(0xC2B2AE3D27D4EB4F)) ^ np.uint64(self._seed)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        places: NDArray[np.int64] = (mixed >> np.uint64(48)).astype(np.int64)
        return places
