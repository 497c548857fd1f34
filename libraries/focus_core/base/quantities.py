"""Quantities and moments as testers write them: ``30 s``, ``512 MiB``, ``1250 m``, ``80 %``, ``10 minutes ago``."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from typing import ClassVar, Self

_NUMBER = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?"
_TIME_OF_DAY = ("%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f")


def number(text: str) -> int | float:
    """The finite number that a tester wrote: ``5``, ``-1.5``, ``1e-3``. Raises ``ValueError`` when it is none."""
    if not re.fullmatch(_NUMBER, text.strip()):
        raise ValueError(f"a number is written like 5 or 0.5, not '{text}'")
    found = float(text)
    if not math.isfinite(found):
        raise ValueError(f"{text} is larger than any number that can be compared")
    return int(text) if re.fullmatch(r"[-+]?\d+", text.strip()) else found


class Quantity(float):
    """A number in the base unit of its kind, which shows itself with a unit; compares and counts as a number."""

    # Unit -> how many base units it is; the first is the base unit.
    UNITS: ClassVar[dict[str, float]] = {}
    EXAMPLE: ClassVar[str] = "5"

    @classmethod
    def convert(cls, text: object) -> Self:
        """What a tester wrote; a number without a unit is in the base unit."""
        match = re.fullmatch(rf"\s*({_NUMBER})\s*([^\d\s].*?)?\s*", str(text))
        unit = (match[2] if match else "") or next(iter(cls.UNITS))
        factor = cls.UNITS.get(unit, cls.UNITS.get(unit.casefold()))
        if not match or factor is None:
            raise ValueError(
                f"{cls.kind()} is written like {cls.EXAMPLE} (units: {', '.join(cls.UNITS)}), not '{text}'"
            )
        return cls(number(match[1]) * factor)

    @classmethod
    def kind(cls) -> str:
        """What it is, for a sentence: "a length"."""
        return (cls.__doc__ or cls.__name__).partition(",")[0].rstrip(".").lower()

    def __str__(self) -> str:
        return f"{float(self):g} {next(iter(self.UNITS))}"

    __repr__ = __str__


class Seconds(Quantity):
    """A time, in seconds."""

    UNITS: ClassVar[dict[str, float]] = {
        **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
        **dict.fromkeys(("ms", "millisecond", "milliseconds"), 0.001),
        **dict.fromkeys(("min", "minute", "minutes"), 60),
        **dict.fromkeys(("h", "hour", "hours"), 3600),
        **dict.fromkeys(("day", "days"), 86_400),
        **dict.fromkeys(("week", "weeks"), 604_800),
    }
    EXAMPLE = "30 s or 500 ms"


class Bytes(Quantity):
    """A size, in bytes."""

    UNITS: ClassVar[dict[str, float]] = {
        **dict.fromkeys(("B", "bytes"), 1),
        **{f"{letter}iB": 1024**power for power, letter in enumerate("KMGT", 1)},
        **{f"{letter}B": 1000**power for power, letter in enumerate("kMGT", 1)},
    }
    EXAMPLE = "512 MiB"

    def __str__(self) -> str:
        for unit in ("TiB", "GiB", "MiB", "KiB"):
            if abs(self) >= self.UNITS[unit]:
                return f"{self / self.UNITS[unit]:.4g} {unit}"
        return f"{float(self):g} B"

    __repr__ = __str__


class Metres(Quantity):
    """A length, in metres."""

    UNITS: ClassVar[dict[str, float]] = {"m": 1, "km": 1000, "mm": 0.001}
    EXAMPLE = "1250 m"


class Hertz(Quantity):
    """A frequency, in Hz."""

    UNITS: ClassVar[dict[str, float]] = {"Hz": 1, "kHz": 1000, "MHz": 1e6}
    EXAMPLE = "1000 Hz"


class Percent(Quantity):
    """A share, in percent of a whole."""

    UNITS: ClassVar[dict[str, float]] = {"%": 1, "percent": 1}
    EXAMPLE = "80 %"


QUANTITIES: tuple[type[Quantity], ...] = (Seconds, Bytes, Metres, Hertz, Percent)


def amount(text: str) -> float:
    """A number, or a quantity of any kind in its base unit (s, bytes, m, Hz, %). Raises ``ValueError``."""
    if re.fullmatch(_NUMBER, text.strip()):
        return number(text)
    for kind in QUANTITIES:
        try:
            return kind.convert(text)
        except ValueError:
            continue
    raise ValueError(f"a number is written like 5, or with a unit like {' or '.join(k.EXAMPLE for k in QUANTITIES)}")


class Moment(datetime):
    """A moment, always with a time zone; what a tester writes without one is UTC."""

    @classmethod
    def convert(cls, text: object) -> Moment:
        """``now``, ``10 minutes ago``, ``in 10 minutes``, ``last hour`` (its beginning), ``today``, ``yesterday``,
        ``2026-11-30 12:00``, seconds since the epoch, or a date and time of Python. Raises ``ValueError``.
        """
        if isinstance(text, datetime):
            return cls._at(text)
        words = " ".join(str(text).casefold().removeprefix("the ").split())
        now = datetime.now(UTC)
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        plain = {"now": now, "today": midnight, "yesterday": midnight - timedelta(days=1)}
        if words in plain:
            return cls._at(plain[words])
        if re.fullmatch(_NUMBER, words):
            return cls._at(datetime.fromtimestamp(number(words), UTC))
        if match := re.fullmatch(r"(.+) ago|(?:last|past) (.+)|in (.+)", words):
            before = _duration(match[1] or match[2] or match[3], str(text))
            return cls._at(now + before if match[3] else now - before)
        for pattern in _TIME_OF_DAY:
            try:
                return cls._at(datetime.strptime(words.replace("t", " ").removesuffix("z"), pattern))
            except ValueError:
                continue
        raise ValueError(_no_moment(str(text)))

    @classmethod
    def _at(cls, moment: datetime) -> Moment:
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
        return cls.fromtimestamp(aware.timestamp(), UTC)

    def __str__(self) -> str:
        return f"{self:%Y-%m-%d %H:%M:%S} UTC"


def _duration(words: str, text: str) -> timedelta:
    # "last hour" is "last 1 hour".
    match = re.fullmatch(r"(?:an? )?([a-z]+)", words)
    try:
        return timedelta(seconds=Seconds.convert(f"1 {match[1]}" if match else words))
    except (ValueError, OverflowError):
        raise ValueError(_no_moment(text)) from None


def _no_moment(text: str) -> str:
    return (
        f"a moment is written like now, 10 minutes ago, in 1 hour, last hour, yesterday or 2026-11-30 12:00 (UTC), "
        f"not '{text}'"
    )
