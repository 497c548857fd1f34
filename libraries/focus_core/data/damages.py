"""Recordings that cannot be true, one way for each rule of the data quality (site contract 5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from focus_core.data.profiles import Damage
from focus_core.data.recordings import Document, Source

_HOUR = timedelta(hours=1)
# From one damaged recording to the next: they touch neither each other nor sound ones.
_APART = 2 * _HOUR


def documents(source: Source, asked: Mapping[Damage, int]) -> Iterator[Document]:
    """So many recordings as are asked for of each kind; those with a time of their own lie before ``source.end``."""
    start = source.end
    for way, count in asked.items():
        for number in range(count):
            start -= _APART
            sound = source.recording(f"{way} {number}", start, start + _HOUR)
            yield WAYS[way](source, sound, number)


def _orphan(_source: Source, sound: Document, _number: int) -> Document:
    return {name: sound[name] for name in ("uuid", "fiber_metadata")}


def _no_start(_source: Source, sound: Document, _number: int) -> Document:
    return {**sound, "start_time": None}


def _stale(source: Source, sound: Document, number: int) -> Document:
    return {**sound, "start_time": source.now - 30 * _HOUR - number * _HOUR, "end_time": None}


def _in_future(source: Source, sound: Document, number: int) -> Document:
    start = source.now + (2 + number) * _APART
    return {**sound, "start_time": start, "end_time": start + _HOUR}


def _end_before_start(_source: Source, sound: Document, _number: int) -> Document:
    return {**sound, "end_time": sound["start_time"] - _HOUR / 2}


def _repeated_uuid(source: Source, sound: Document, _number: int) -> Document:
    return {**sound, "uuid": source.recording("0", source.now, None)["uuid"]}


def _malformed_uuid(source: Source, sound: Document, number: int) -> Document:
    return {**sound, "uuid": f"no uuid {number} of {source.name}"}


def _text_as_deleted(_source: Source, sound: Document, _number: int) -> Document:
    return {**sound, "deleted": "false"}


def _text_as_time(_source: Source, sound: Document, _number: int) -> Document:
    return {**sound, "start_time": sound["start_time"].isoformat()}


def _no_fibre(_source: Source, sound: Document, _number: int) -> Document:
    parent = {name: value for name, value in sound["fiber_metadata"]["parent"].items() if name not in ("prr", "dx")}
    return {**sound, "fiber_metadata": {**sound["fiber_metadata"], "parent": parent}}


WAYS: Mapping[Damage, Callable[[Source, Document, int], Document]] = {
    "orphan": _orphan,
    "no start": _no_start,
    "stale": _stale,
    "in future": _in_future,
    "end before start": _end_before_start,
    "repeated uuid": _repeated_uuid,
    "malformed uuid": _malformed_uuid,
    "text as deleted": _text_as_deleted,
    "text as time": _text_as_time,
    "no fibre": _no_fibre,
}
