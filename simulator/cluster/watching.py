"""Watches: the changes of a kind as newline-delimited JSON."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web

from simulator.cluster import meta
from simulator.cluster.errors import ApiError
from simulator.cluster.resources import Kind, Object
from simulator.cluster.selectors import Match
from simulator.cluster.store import Change, Store

# A watch without a time limit ends after this many seconds, as on a real API server (30 to 60 minutes).
DEFAULT_TIMEOUT = 1800.0
BOOKMARK_PERIOD = 60.0
INITIAL_EVENTS_END = {"k8s.io/initial-events-end": "true"}


@dataclass(frozen=True)
class WatchRequest:
    """What a client wants to see."""

    kind: Kind
    namespace: str
    match: Match
    shape: Callable[[Object], Object]
    """How an object is shown: itself or a table of one row."""
    version: str
    """Empty or 0: begin with what there is; else: begin after this resource version."""
    send_initial: bool
    bookmarks: bool
    timeout: float


async def serve_watch(request: web.Request, store: Store, wanted: WatchRequest) -> web.StreamResponse:
    """Streams until the client goes or the time is over."""
    answer = web.StreamResponse(headers={"Content-Type": "application/json"})
    queue: asyncio.Queue[Change] = asyncio.Queue()
    stop_listening = store.listen(queue.put_nowait)
    # From here on nothing is awaited before the initial state is taken, so no change is lost or sent twice.
    try:
        first = _initial(store, wanted)
        await answer.prepare(request)
        for event in first:
            await answer.write(event)
        if not first or b'"ERROR"' not in first[-1][:20]:
            # A client that does not read any more is let go some time after the end.
            async with asyncio.timeout(wanted.timeout + 5):
                await _stream(answer, queue, store, wanted)
    except (TimeoutError, ConnectionError):
        # The time is over, or the client went: both are the normal end of a watch.
        pass
    finally:
        stop_listening()
    return answer


async def _stream(answer: web.StreamResponse, queue: asyncio.Queue[Change], store: Store, wanted: WatchRequest) -> None:
    """Sends changes until the time is over, and bookmarks from time to time and at the end."""
    clock = asyncio.get_running_loop().time
    end = clock() + wanted.timeout
    bookmark = min(end, clock() + BOOKMARK_PERIOD)
    while True:
        try:
            async with asyncio.timeout_at(bookmark):
                change = await queue.get()
        except TimeoutError:
            # A bookmark confirms that everything before it was sent.
            if wanted.bookmarks and queue.empty():
                await answer.write(_line("BOOKMARK", _bookmark(store, wanted)))
            if bookmark >= end:
                return
            bookmark = min(end, clock() + BOOKMARK_PERIOD)
        else:
            event = _event(change, wanted)
            if event is not None:
                await answer.write(event)


def _initial(store: Store, wanted: WatchRequest) -> list[bytes]:
    if wanted.send_initial or wanted.version in ("", "0"):
        objects = [obj for obj in store.objects(wanted.kind, wanted.namespace) if wanted.match(obj)]
        events = [_line("ADDED", wanted.shape(obj)) for obj in objects]
        if wanted.send_initial:
            events.append(_line("BOOKMARK", _bookmark(store, wanted, INITIAL_EVENTS_END)))
        return events
    changes = store.since(int(wanted.version)) if wanted.version.isdigit() else None
    if changes is None:
        gone = ApiError(410, "Expired", f"too old resource version: {wanted.version} ({store.revision})")
        return [_line("ERROR", gone.status())]
    return [event for change in changes if (event := _event(change, wanted)) is not None]


def _event(change: Change, wanted: WatchRequest) -> bytes | None:
    """The event of a change; an object that begins or stops to match is added or deleted for this watch."""
    if change.kind != wanted.kind or wanted.namespace not in ("", meta.namespace_of(change.object)):
        return None
    matches = wanted.match(change.object)
    if change.type != "MODIFIED":
        return _line(change.type, wanted.shape(change.object)) if matches else None
    before = change.previous is not None and wanted.match(change.previous)
    if matches:
        return _line("MODIFIED" if before else "ADDED", wanted.shape(change.object))
    return _line("DELETED", wanted.shape(change.object)) if before else None


def _bookmark(store: Store, wanted: WatchRequest, annotations: dict[str, str] | None = None) -> Object:
    """How far the watch has come: a client that resumes here misses nothing."""
    metadata: Object = {"resourceVersion": str(store.revision), "creationTimestamp": None}
    if annotations:
        metadata["annotations"] = annotations
    return {"kind": wanted.kind.name, "apiVersion": wanted.kind.api_version, "metadata": metadata}


def _line(type_: str, obj: Object) -> bytes:
    return json.dumps({"type": type_, "object": obj}).encode() + b"\n"
