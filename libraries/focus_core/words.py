"""A tester's words as types: ``11-109``, ``0-1000 Hz``, a recording. Robot converts arguments with ``CONVERTERS``."""

import re
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class ChannelRange(NamedTuple):
    """``11-109``, or ``7`` for one channel; both ends are included."""

    first: int
    last: int

    @classmethod
    def convert(cls, text: str | int) -> "ChannelRange":
        """Channels as a tester writes them. A number below 0 is allowed: the server has to refuse it."""
        match = re.fullmatch(r"\s*(-?\d+)\s*(?:-\s*(-?\d+))?\s*", str(text))
        if not match:
            raise ValueError(f"channels are written like 11-109 or 7, not '{text}'")
        return cls(int(match[1]), int(match[2] or match[1]))


class FrequencyRange(NamedTuple):
    """``0-1000 Hz``."""

    low: float
    high: float

    @classmethod
    def convert(cls, text: str) -> "FrequencyRange":
        """Frequencies in Hz as a tester writes them. A number below 0 is allowed: the server has to refuse it."""
        match = re.fullmatch(r"\s*(-?[\d.]+)\s*-\s*(-?[\d.]+)\s*(?:Hz)?\s*", text, re.IGNORECASE)
        if not match:
            raise ValueError(f"frequencies are written like 0-1000 Hz, not '{text}'")
        return cls(float(match[1]), float(match[2]))


class Recording(NamedTuple):
    """A recorded time range, in epoch seconds."""

    start: int
    end: int

    def __str__(self) -> str:
        begin = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.start))
        return f"{self.end - self.start} s recorded from {begin} UTC"


CONVERTERS: dict[type, Callable[[Any], Any] | Callable[[Any, Any], Any]] = {
    ChannelRange: ChannelRange.convert,
    FrequencyRange: FrequencyRange.convert,
}
