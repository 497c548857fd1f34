"""A tester's words as types: ``11-109``, ``0-1000 Hz``, a recording. Robot converts arguments with ``CONVERTERS``."""

import json
import re
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from enum import Enum
from typing import Any, NamedTuple, cast

from focus_core.base.errors import BenchError
from focus_core.base.quantities import QUANTITIES, Moment

Converters = dict[type, Callable[[Any], Any] | Callable[[Any, Any], Any]]

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
    def convert(cls, text: object) -> "ChannelRange":
        """Channels like ``11-109``, ``11 to 109`` or ``7``. One below 0 is allowed: the server has to refuse it."""
        match = re.fullmatch(rf"\s*(-?\d+)(?:{_BETWEEN}(-?\d+))?\s*", str(text))
        if not match:
            raise ValueError(f"channels are written like 11-109, 11 to 109 or 7, not '{text}'")
        return cls(int(match[1]), int(match[2] or match[1]))

    def __str__(self) -> str:
        return f"{self.first}-{self.last}" if self.first != self.last else f"{self.first}"

    def __repr__(self) -> str:
        return str(self)


class FrequencyRange(NamedTuple):
    """``0-1000 Hz`` or ``0 to 1000 Hz``."""

    low: float
    high: float

    @classmethod
    def convert(cls, text: object) -> "FrequencyRange":
        """Frequencies like ``0-1000 Hz`` or ``0 to 1000 Hz``. One below 0 is allowed: the server has to refuse it."""
        match = re.fullmatch(rf"\s*{_NUMBER}{_BETWEEN}{_NUMBER}\s*(?:Hz)?\s*", str(text), re.IGNORECASE)
        if not match:
            raise ValueError(f"frequencies are written like 0-1000 Hz or 0 to 1000 Hz, not '{text}'")
        return cls(float(match[1]), float(match[2]))

    def __str__(self) -> str:
        return f"{self.low:g}-{self.high:g} Hz"

    def __repr__(self) -> str:
        return str(self)


class Recording(NamedTuple):
    """A recorded time range that a view can play.

    - ``start``, ``end``: seconds since the epoch
    """

    start: int
    end: int

    @classmethod
    def convert(cls, value: object) -> "Recording":
        """A recording to play: what `Find A Recording` or `Get Recordings` has returned."""
        window = getattr(value, "window", None)
        if isinstance(window, cls):
            return window
        raise ValueError("it has to be what 'Find A Recording' has returned, or a finished one of 'Get Recordings'")

    def __str__(self) -> str:
        begin = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(self.start))
        return f"{self.end - self.start} s recorded from {begin} UTC"


class Hole(NamedTuple):
    """A window of time of which only parts are recorded.

    - ``window``: all of it, as a view plays it (seconds since the epoch)
    - ``recorded``: start and end of each recorded part (seconds since the epoch)
    - ``missing``: how much of it is not recorded (s)
    """

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
    def convert(cls, text: object) -> "Percentage":
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


def _duration(text: object) -> timedelta:
    """A time like ``10 s``, ``2 min``, ``1 hour`` or ``500 ms``."""
    from robot.utils import timestr_to_secs

    try:
        return timedelta(seconds=timestr_to_secs(text))
    except (ValueError, OverflowError):
        raise ValueError(f"a time is written like 10 seconds, 2 min or -1 hour, not '{text}'") from None


class Names(frozenset[str]):
    """Names of things that were there at some moment."""


class JsonObject(dict[str, Any]):
    """An object: a JSON text, or a dictionary of Robot Framework."""

    @classmethod
    def convert(cls, value: object) -> "JsonObject":
        """The object that a tester gave."""
        with suppress(ValueError):
            found = json.loads(value) if isinstance(value, str) else value
            if isinstance(found, Mapping):
                return cls(found)
        raise ValueError('an object is written like {"name": 1}, or made with Create Dictionary')


def returned_by(words: str, kind: type, item: type | None = None) -> Converters:
    """A converter for what only a keyword can make: anything else is refused, naming the keyword.

    With ``item``, ``kind`` is a collection of items, and any collection of them is taken for it.
    """

    def convert(value: object) -> Any:
        if (
            item is not None
            and isinstance(value, list | set | frozenset)
            and all(isinstance(one, item) for one in value)
        ):
            return kind(value)
        raise ValueError(f"it has to be what '{words}' has returned")

    return {kind: convert}


def either(kind: type, *taken: Converters) -> Converters:
    """A converter for ``kind``, which stands for a value of any of the types that these converters make.

    What none of them takes is refused in the words of each.
    """

    def convert(value: object) -> Any:
        reasons = []
        for one, make in (pair for converters in taken for pair in converters.items()):
            if isinstance(value, one):
                return value
            try:
                return cast(Callable[[Any], Any], make)(value)
            except ValueError as error:
                reasons.append(str(error))
        raise ValueError(", or ".join(reasons))

    return {kind: convert}


CONVERTERS: Converters = {
    ChannelRange: ChannelRange.convert,
    FrequencyRange: FrequencyRange.convert,
    Percentage: Percentage.convert,
    JsonObject: JsonObject.convert,
    Recording: Recording.convert,
    Moment: Moment.convert,
    **{kind: kind.convert for kind in QUANTITIES},
    timedelta: _duration,
}
