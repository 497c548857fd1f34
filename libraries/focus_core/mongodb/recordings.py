"""What recordings are, and whether they can be true: classes, times, identities (site contract 5.3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any, Literal

RecordingClass = Literal["historic", "live", "deleted", "stale", "invalid", "orphan"]

# A recording without an end is live; longer than this means that nobody closed it.
STALE_AFTER = timedelta(hours=24)
# The fields of which an orphan lacks at least two.
IDENTITY_FIELDS = ("uuid", "start_time", "end_time", "deleted")

Recording = Mapping[str, Any]


def classify(recording: Recording, now: datetime) -> RecordingClass:
    """What a recording is: historic, live, deleted, stale, invalid or orphan.

    `now` is aware; times of a recording are naive UTC, as pymongo returns them.
    """
    missing = [name for name in IDENTITY_FIELDS if recording.get(name) is None]
    start, end = recording.get("start_time"), recording.get("end_time")
    if len(missing) >= 2:
        return "orphan"
    if recording.get("deleted") is True:
        return "deleted"
    if not isinstance(start, datetime):
        return "invalid"
    if end is not None:
        return "historic"
    return "stale" if now - start.replace(tzinfo=UTC) > STALE_AFTER else "live"


def classes_of(recordings: Iterable[Recording], now: datetime) -> Counter[str]:
    """How many recordings there are of each class."""
    return Counter(classify(recording, now) for recording in recordings)


def name_of(recording: Recording) -> str:
    """How a failure names a recording."""
    return str(recording.get("uuid") or recording.get("_id"))


def overlaps(recordings: Iterable[Recording]) -> list[str]:
    """Finished recordings of one base path, deleted ones aside, that begin before an earlier one has ended."""
    finished = [one for one in recordings if _has_both(one) and one.get("deleted") is not True]
    found: list[str] = []
    last: Recording | None = None
    for one in sorted(finished, key=lambda entry: entry["start_time"]):
        if last is not None and one["start_time"] < last["end_time"]:
            found.append(f"{name_of(one)} begins at {one['start_time']}, {name_of(last)} ends at {last['end_time']}")
        if last is None or one["end_time"] > last["end_time"]:
            last = one
    return found


def in_future(recordings: Iterable[Recording], now: datetime) -> list[str]:
    """Recordings that begin or end after `now` (aware), each as one phrase."""
    limit = now.astimezone(UTC).replace(tzinfo=None)
    found = []
    for one in recordings:
        times = {name: one.get(name) for name in ("start_time", "end_time")}
        later = [f"{name} {value}" for name, value in times.items() if isinstance(value, datetime) and value > limit]
        found += [f"{name_of(one)} has {' and '.join(later)}"] if later else []
    return found


def gaps(recordings: Sequence[Recording]) -> list[float]:
    """Seconds between the end of each and the start of the next, of recordings in order of time."""
    return [float((after["start_time"] - before["end_time"]).total_seconds()) for before, after in pairwise(recordings)]


def _has_both(recording: Recording) -> bool:
    return isinstance(recording.get("start_time"), datetime) and isinstance(recording.get("end_time"), datetime)
