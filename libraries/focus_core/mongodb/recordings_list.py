"""The recordings as MongoDB holds them and as the Focus Server must list them for a window of time.

A recording is listed when it shares time with the window and is not deleted, the oldest first, as ``[start, end]`` in
whole seconds since the epoch; the end of one that still goes on is -1 (site contract 1.6).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from focus_core.mongodb.client import MongoSite

STILL_RECORDING = -1
_ROUNDING_S = 1
_CLOCK = "%Y-%m-%d %H:%M:%S"
_CLOCK_PATTERN = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d")
_RUNNING_TEXT = re.compile(r"still recording", re.IGNORECASE)


@dataclass(frozen=True, order=True)
class Stored:
    """One recording as MongoDB holds it: seconds since the epoch with their milliseconds; no end while it goes on."""

    start: float
    end: float | None
    deleted: bool

    @property
    def listed(self) -> list[int]:
        """How the Focus Server lists it."""
        return [int(self.start), STILL_RECORDING if self.end is None else int(self.end)]

    def shares_time_with(self, start: int, end: int) -> bool:
        """Whether any of it lies in the window; touching it is not enough."""
        return self.start < end and (self.end is None or self.end > start)


def stored(mongo: MongoSite) -> list[Stored]:
    """All recordings that are not archived and have times, the oldest first."""
    found: list[Stored] = []
    for place in mongo.base_paths():
        if not place.archive:
            found += [_stored(document) for document in mongo.recordings_of(place.guid) if _has_times(document)]
    return sorted(found, key=lambda one: one.start)


def expected(recordings: Iterable[Stored], start: int, end: int) -> list[list[int]]:
    """What the Focus Server must list for the window."""
    return [one.listed for one in recordings if not one.deleted and one.shares_time_with(start, end)]


def problems(listed: list[list[int]], wanted: list[list[int]]) -> list[str]:
    """Where a list differs from what it must be; empty when it is the same, in the same order."""
    if listed == wanted:
        return []
    found = [f"{_span(entry)} is missing" for entry in wanted if entry not in listed]
    found += [f"{_span(entry)} is no recording of this window" for entry in listed if entry not in wanted]
    return found or ["the same recordings are listed, but not each once and the oldest first"]


def holes(listed: Iterable[list[int]], start: int, end: int) -> list[tuple[int, int]]:
    """Parts of a window, longer than the list's whole seconds can show, in which nothing is listed as recorded."""
    found, until = [], start
    for first, last in [*sorted(listed), [end, end]]:
        if first - until > _ROUNDING_S:
            found.append((until, first))
        until = max(until, end if last == STILL_RECORDING else last)
    return found


def windows(recordings: list[Stored]) -> dict[str, tuple[int, int]]:
    """Windows that part right lists from wrong ones, by name. Raises ``AssertionError`` without recordings for them."""
    whole = [one for one in recordings if one.end is not None and not one.deleted and one.end - one.start > 3]
    if len(whole) < 2:
        raise AssertionError("MongoDB holds fewer than two finished recordings: no window can be tried.")
    one, newest = whole[len(whole) // 2], max(end for each in whole if (end := each.end))
    begin, end = int(one.start), int(one.end or 0)
    found = {
        "everything": (0, int(newest) + 10**6),
        "one recording": (begin, end + 1),
        "the middle of a recording": (begin + (end - begin) // 2, begin + (end - begin) // 2 + 1),
        "up to the start of a recording": (begin - 1, begin),
        "from the end of a recording": (end + 1, end + 2),
        "before all recordings": (0, 1),
        "the last day": (int(newest) - 86_400, int(newest)),
    }
    deleted = [each for each in recordings if each.deleted and each.end is not None]
    if deleted:
        found["a deleted recording"] = (int(deleted[-1].start), int(deleted[-1].end or 0) + 1)
    running = [each for each in recordings if each.end is None and not each.deleted]
    if running:
        found["a running recording"] = (int(running[-1].start), int(running[-1].start) + 2)
    return found


def page_problems(page: str, wanted: list[list[int]]) -> list[str]:
    """What a timeline page lacks of the recordings, or has too much. Times are in UTC, the rows in order of time."""
    shown = [text.replace("T", " ") for text in _CLOCK_PATTERN.findall(page)]
    times = _clocks(wanted)
    found = [f"{time} UTC is missing" for time in times if time not in shown]
    found += [f"{time} UTC is no start or end of a recording" for time in shown if time not in times]
    if not found and shown not in (times, _clocks(wanted[::-1])):
        found.append("its times are those of the recordings, but not in order or not each once")
    running = sum(entry[1] == STILL_RECORDING for entry in wanted)
    if len(_RUNNING_TEXT.findall(page)) != running:
        found.append(f"it says {len(_RUNNING_TEXT.findall(page))} times 'still recording', expected {running}")
    return found


def _clocks(entries: list[list[int]]) -> list[str]:
    return [_clock(at) for entry in entries for at in entry if at != STILL_RECORDING]


def _stored(document: Mapping[str, Any]) -> Stored:
    end = document.get("end_time")
    return Stored(_epoch(document["start_time"]), None if end is None else _epoch(end), document.get("deleted") is True)


def _has_times(document: Mapping[str, Any]) -> bool:
    return isinstance(document.get("start_time"), datetime) and isinstance(document.get("end_time"), datetime | None)


def _epoch(naive_utc: datetime) -> float:
    return naive_utc.replace(tzinfo=UTC).timestamp()


def _clock(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime(_CLOCK)


def _span(entry: list[int]) -> str:
    end = "still recording" if entry[1] == STILL_RECORDING else _clock(entry[1])
    return f"[{entry[0]}, {entry[1]}] ({_clock(entry[0])} to {end} UTC)"
