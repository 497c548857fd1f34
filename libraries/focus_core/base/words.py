"""A tester's words as types: ``11-109``, ``0-1000 Hz``, a recording. Robot converts arguments with ``CONVERTERS``."""

import re
import time
from collections.abc import Callable
from enum import Enum
from typing import Any, NamedTuple

from focus_core.base.errors import BenchError

_BETWEEN = r"\s*(?:-|\bto\b)\s*"
_NUMBER = r"(-?\d+(?:\.\d+)?)"


class TimeStatus(Enum):
    """Whether a view shows the present or plays what was recorded; the words of the specification."""

    Live = "Live"
    Historic = "Historic"


class ChannelRange(NamedTuple):
    """``11-109`` or ``11 to 109``, or ``7`` for one channel; both ends are included."""

    first: int
    last: int

    @classmethod
    def convert(cls, text: str | int) -> "ChannelRange":
        """Channels like ``11-109``, ``11 to 109`` or ``7``. One below 0 is allowed: the server has to refuse it."""
        match = re.fullmatch(rf"\s*(-?\d+)(?:{_BETWEEN}(-?\d+))?\s*", str(text))
        if not match:
            raise ValueError(f"channels are written like 11-109, 11 to 109 or 7, not '{text}'")
        return cls(int(match[1]), int(match[2] or match[1]))


class FrequencyRange(NamedTuple):
    """``0-1000 Hz`` or ``0 to 1000 Hz``."""

    low: float
    high: float

    @classmethod
    def convert(cls, text: str) -> "FrequencyRange":
        """Frequencies like ``0-1000 Hz`` or ``0 to 1000 Hz``. One below 0 is allowed: the server has to refuse it."""
        match = re.fullmatch(rf"\s*{_NUMBER}{_BETWEEN}{_NUMBER}\s*(?:Hz)?\s*", str(text), re.IGNORECASE)
        if not match:
            raise ValueError(f"frequencies are written like 0-1000 Hz or 0 to 1000 Hz, not '{text}'")
        return cls(float(match[1]), float(match[2]))


class Recording(NamedTuple):
    """A recorded time range, in epoch seconds."""

    start: int
    end: int

    def __str__(self) -> str:
        begin = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.start))
        return f"{self.end - self.start} s recorded from {begin} UTC"


class Hole(NamedTuple):
    """A window of time, in epoch seconds, of which only the ``recorded`` parts (start, end) are recorded."""

    window: Recording
    recorded: tuple[tuple[int, int], ...]

    @property
    def missing(self) -> int:
        """Seconds of the window that are not recorded."""
        return self.window.end - self.window.start - sum(end - start for start, end in self.recorded)

    def __str__(self) -> str:
        return f"a hole of {self.missing} s between {self.recorded[0][1]} and {self.recorded[-1][0]}"


class Percentage(NamedTuple):
    """``1 %``, or ``1%``."""

    percent: float

    @classmethod
    def convert(cls, text: str) -> "Percentage":
        """A percentage like ``1 %``."""
        match = re.fullmatch(rf"\s*{_NUMBER}\s*%\s*", str(text))
        if not match:
            raise ValueError(f"a percentage is written like 1 %, not '{text}'")
        return cls(float(match[1]))

    def of(self, whole: float) -> float:
        """So much of ``whole``, in its unit."""
        return whole * self.percent / 100


def number_in(text: str) -> int | float:
    """The number that a tester wrote. Raises ``BenchError`` when it is none."""
    try:
        return int(text) if text.strip().lstrip("+-").isdecimal() else float(text)
    except ValueError:
        raise BenchError(f"'{text}' is expected of a number; correct the table.") from None


def names_job(text: str, job_id: str) -> bool:
    """Whether a job's id stands in a text, and not only as a part of a longer one."""
    return re.search(rf"(?<!\d){re.escape(job_id)}(?!\d)", text) is not None


def json_number(number: float) -> int | float:
    """Whole numbers as integers: the server takes no 1000.0 for 1000."""
    return int(number) if float(number).is_integer() else number


CONVERTERS: dict[type, Callable[[Any], Any] | Callable[[Any, Any], Any]] = {
    ChannelRange: ChannelRange.convert,
    FrequencyRange: FrequencyRange.convert,
    Percentage: Percentage.convert,
}
