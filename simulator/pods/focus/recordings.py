"""Recordings in MongoDB: base path -> guid -> the collection of that name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pymongo
from pymongo.errors import ConnectionFailure, PyMongoError

from simulator import defects
from simulator.pods.analyzer.playback import Part
from simulator.pods.focus.errors import ApiError
from simulator.pods.focus.settings import Settings

STILL_RECORDING = -1
# The whole answer must be there within 5 s of a dead database.
_SELECT_MS = 2500
_ANSWER_S = 4.0
_PING_S = 0.7
_SLOW_OUTAGE_S = 15.4
_LATEST = 253_402_300_799  # the last second that a BSON date can be compared with here (year 9999)


@dataclass(frozen=True)
class Recording:
    """One recording: start and end in seconds since the epoch; the end of a running one is STILL_RECORDING."""

    start: int
    end: int


class Recordings:
    """Reads the recordings of the site's storage path."""

    def __init__(self, settings: Settings) -> None:
        self._uri = settings.mongodb_uri
        self._leaked: list[pymongo.AsyncMongoClient[dict[str, Any]]] = []
        self._path = settings.storage_path
        self._begun = time.time()
        self._client: pymongo.AsyncMongoClient[dict[str, Any]] = pymongo.AsyncMongoClient(
            settings.mongodb_uri,
            serverSelectionTimeoutMS=_SELECT_MS,
            connectTimeoutMS=_SELECT_MS,
            socketTimeoutMS=_SELECT_MS,
        )
        self._database = self._client[settings.mongodb_database]
        self._lost = False

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def ping(self) -> bool:
        """Return whether the database answers now (within 0.7 s)."""
        try:
            await asyncio.wait_for(self._client.admin.command("ping"), _PING_S)
        except (PyMongoError, TimeoutError):
            self._lost = True
            return False
        return not self._lost_for_good

    @property
    def _lost_for_good(self) -> bool:
        return self._lost and defects.active("mongo-never-again")

    async def overlapping(self, start: int, end: int) -> list[Recording]:
        """Return the recordings, deleted ones aside, that share time with start..end (epoch seconds), oldest first.

        Raises ApiError 503 within 5 s when the database does not answer.
        """
        return await self._answered(lambda: self._query_and_leak(start, end))

    async def _query_and_leak(self, start: int, end: int) -> list[Recording]:
        if defects.active("mongo-connection-leak"):
            self._leaked.append(pymongo.AsyncMongoClient(self._uri))
            await self._leaked[-1].admin.command("ping")
        while self._leaked and not defects.active("mongo-connection-leak"):
            await self._leaked.pop().close()
        return await self._query(start, end)

    async def _query(self, start: int, end: int) -> list[Recording]:
        path = f"{self._path}/segy" if defects.active("mapper-base-path-404") else self._path
        base = await self._database["base_paths"].find_one({"base_path": path, "is_archive": {"$ne": True}})
        if base is None:
            return []
        latest = min(end, self._begun) if defects.active("recordings-list-stale") else end
        overlap: dict[str, Any] = {
            "start_time": {"$lt": _naive_utc(latest)},
            "$or": [{"end_time": {"$gt": _naive_utc(start)}}, {"end_time": None}],
        }
        if not defects.active("recordings-include-deleted"):
            overlap["deleted"] = {"$ne": True}
        cursor = self._database[base["guid"]].find(overlap, {"start_time": 1, "end_time": 1}).sort("start_time", 1)
        return [_recording(document) async for document in cursor]

    async def _answered(self, query: Callable[[], Awaitable[list[Recording]]]) -> list[Recording]:
        try:
            if self._lost_for_good:
                raise ConnectionFailure("the connection was lost")
            return await asyncio.wait_for(query(), _ANSWER_S)
        except (PyMongoError, TimeoutError) as error:
            self._lost = True
            if defects.active("mongo-outage-slow"):
                await asyncio.sleep(_SLOW_OUTAGE_S - _SELECT_MS / 1000)
            raise ApiError(
                503, "MongoDB does not answer, so recordings cannot be read now: try again later.", retry_after=10
            ) from error


def recorded_parts(found: list[Recording], start: int, end: int) -> tuple[Part, ...]:
    """Return the parts of the window start..end that the recordings cover, as seconds from its start.

    They are in order and apart from each other; recordings that touch or overlap make one part.
    """
    parts: list[Part] = []
    for item in sorted(found, key=lambda one: one.start):
        first = float(max(item.start, start) - start)
        last = float((end if item.end == STILL_RECORDING else min(item.end, end)) - start)
        if parts and first <= parts[-1][1]:
            parts[-1] = (parts[-1][0], max(parts[-1][1], last))
        elif last > first:
            parts.append((first, last))
    return tuple(parts)


def _naive_utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(min(seconds, _LATEST), UTC).replace(tzinfo=None)


def _recording(document: dict[str, Any]) -> Recording:
    end = document.get("end_time")
    return Recording(_epoch(document["start_time"]), STILL_RECORDING if end is None else _epoch(end))


def _epoch(naive_utc: datetime) -> int:
    return int(naive_utc.replace(tzinfo=UTC).timestamp())


def timeline_page(recordings: list[Recording]) -> str:
    """Return a page that lists the recordings, newest first (times in UTC)."""
    rows = "".join(
        f"<tr><td>{_text(item.start)}</td><td>{'still recording' if item.end == STILL_RECORDING else _text(item.end)}"
        "</td></tr>"
        for item in reversed(recordings)
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Recordings timeline</title></head><body>'
        f"<h1>Recordings timeline</h1><p>{len(recordings)} recordings, times in UTC.</p>"
        f"<table><tr><th>start</th><th>end</th></tr>{rows}</table></body></html>"
    )


def _text(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
