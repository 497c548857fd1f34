"""Times of a load as a histogram that travels as text: microseconds up to an hour, three significant digits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

LOWEST_US, HIGHEST_US, DIGITS = 1, 3_600_000_000, 3
_US = 1e-6
# The histogram keeps so many bits of a value.
_BITS = 11


class TimesRecorder:
    """Takes times one by one, at a tenth of what it costs to record each in the histogram."""

    def __init__(self) -> None:
        self._counts: defaultdict[int, int] = defaultdict(int)

    def add(self, seconds: float) -> None:
        value = int(seconds * 1e6)
        if value >> _BITS:
            rounded = value.bit_length() - _BITS
            value = value >> rounded << rounded
        self._counts[value] += 1

    def times(self) -> Times:
        """All that were added."""
        recorded = _histogram()
        for value, count in self._counts.items():
            recorded.record_value(min(max(LOWEST_US, value), HIGHEST_US), count)
        return Times(recorded.encode().decode() if self._counts else "")


@dataclass(frozen=True)
class Times:
    """How long something took each time, in seconds.

    - ``encoded``: the histogram (HdrHistogram, compressed, base64); empty for no time at all
    """

    encoded: str = ""

    @classmethod
    def of_seconds(cls, seconds: Iterable[float]) -> Times:
        """Times that are known one by one."""
        recorder = TimesRecorder()
        for value in seconds:
            recorder.add(value)
        return recorder.times()

    @classmethod
    def merged(cls, parts: Iterable[Times]) -> Times:
        """All times of all parts."""
        recorded = _histogram()
        for part in parts:
            if part.encoded:
                recorded.decode_and_add(part.encoded)
        return cls(recorded.encode().decode() if recorded.get_total_count() else "")

    @property
    def count(self) -> int:
        """How many times there are."""
        return int(self._histogram.get_total_count())

    @property
    def mean(self) -> float:
        return float(self._histogram.get_mean_value()) * _US if self.encoded else 0.0

    @property
    def slowest(self) -> float:
        return float(self._histogram.get_max_value()) * _US if self.encoded else 0.0

    @property
    def fastest(self) -> float:
        return float(self._histogram.get_min_value()) * _US if self.encoded else 0.0

    def percentile(self, percent: float) -> float:
        """The time within which so many percent of all were over; 0 where there is none."""
        return float(self._histogram.get_value_at_percentile(percent)) * _US if self.encoded else 0.0

    @property
    def shares(self) -> dict[float, float]:
        """The time within which each percent of all were over, from 0 to 100 in half percents."""
        return {half / 2: self.percentile(half / 2) for half in range(201)}

    def above(self, seconds: float) -> int:
        """How many took longer."""
        steps = self._histogram.get_recorded_iterator()
        return sum(int(step.count_at_value_iterated_to) for step in steps if step.value_iterated_to * _US > seconds)

    def __str__(self) -> str:
        if not self.encoded:
            return "no times"
        shares = ", ".join(f"p{percent} {self.percentile(percent):.3f} s" for percent in (50, 95, 99))
        return f"{self.count} times, mean {self.mean:.3f} s, {shares}, slowest {self.slowest:.3f} s"

    @cached_property
    def _histogram(self) -> Any:
        found = _histogram()
        if self.encoded:
            found.decode_and_add(self.encoded)
        return found


def _histogram() -> Any:
    # Imported here: a suite that loads nothing must not pay for it.
    from hdrh.histogram import HdrHistogram

    return HdrHistogram(LOWEST_US, HIGHEST_US, DIGITS)
