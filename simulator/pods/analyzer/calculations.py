"""The calculated fields of a view, as the server computes them at run time (pure functions, no I/O).

``PRR`` is the pulse repetition rate of the interrogator in Hz: every channel is sampled that often.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PRR = 2000.0
STREAM_GROUPS = 3
# A waterfall has no display time of its own: the client's default window is 30 s.
DEFAULT_DURATION_S = 30.0
MULTICHANNEL, SINGLECHANNEL, WATERFALL = 0, 1, 2


@dataclass(frozen=True)
class Calculated:
    """Fields of a configure answer that follow from the request.

    frequencies in Hz, ascending; lines_dt in seconds a row; streams maps each channel to the index of its stream.
    """

    frequencies: list[float]
    lines_dt: float
    streams: dict[int, int]

    @property
    def stream_amount(self) -> int:
        """Number of streams: one more than the highest index."""
        return max(self.streams.values()) + 1


def frequencies(nfft: int, low_hz: float, high_hz: float, prr: float = PRR) -> list[float]:
    """Return the bins of the view in Hz: the multiples of PRR / (NFFT + 1) of the range.

    From 0 Hz there are floor(high / step) of them; a higher low end leaves out those below it.
    A range narrower than a step still has the one bin at or below its lower end.
    """
    step = prr / (nfft + 1)
    first = math.ceil(low_hz / step)
    count = math.floor(high_hz / step)
    indices = range(first, count) if count > first else range(math.floor(low_hz / step), math.floor(low_hz / step) + 1)
    return [index * step for index in indices]


def line_seconds(duration_s: float, height: int) -> float:
    """Return the seconds that one row covers: the display time spread over the rows of the display."""
    return duration_s / height


def stream_groups(lowest: int, highest: int, groups: int = STREAM_GROUPS) -> dict[int, int]:
    """Spread the channels lowest..highest over contiguous groups of equal size; the last one may be smaller."""
    amount = highest - lowest + 1
    size = math.ceil(amount / groups)
    return {channel: (channel - lowest) // size for channel in range(lowest, highest + 1)}


def spec_frequencies(nfft: int, low_hz: float, high_hz: float, prr: float = PRR) -> list[float]:
    """Return the bins by the older specification: NFFT / 2 + 1 multiples of PRR / NFFT, cut to the range."""
    step = prr / nfft
    inside = [index * step for index in range(nfft // 2 + 1) if low_hz <= index * step <= high_hz]
    return inside or [math.floor(low_hz / step) * step]


def spec_line_seconds(nfft: int, prr: float = PRR) -> float:
    """Return the seconds of one row by the older specification: (NFFT - overlap) / PRR with half overlap."""
    return (nfft - nfft // 2) / prr


def calculate(
    *,
    view_type: int,
    channels: tuple[int, int],
    nfft: int,
    frequency_hz: tuple[float, float] | None,
    duration_s: float | None,
    height: int,
    spec_formulas: bool = False,
) -> Calculated:
    """Compute the calculated fields of a view whose request was accepted.

    A waterfall (frequency_hz None) has the one bin 0 Hz: its rows are energies without a spectrum.
    With ``spec_formulas`` the older specification is followed: its bins, its row time, one stream a channel.
    """
    lowest, highest = channels
    bins_of = spec_frequencies if spec_formulas else frequencies
    bins = [0.0] if frequency_hz is None else bins_of(nfft, *frequency_hz)
    if spec_formulas and frequency_hz is not None:
        lines_dt = spec_line_seconds(nfft)
    else:
        lines_dt = line_seconds(duration_s or DEFAULT_DURATION_S, height)
    return Calculated(bins, lines_dt, streams_of(view_type, lowest, highest, spec_formulas=spec_formulas))


def streams_of(view_type: int, lowest: int, highest: int, *, spec_formulas: bool) -> dict[int, int]:
    """Map each channel of a view to the index of its stream; the older specification has one stream a channel."""
    if view_type == SINGLECHANNEL:
        return stream_groups(lowest, highest, groups=1)
    return stream_groups(lowest, highest, groups=highest - lowest + 1 if spec_formulas else STREAM_GROUPS)
