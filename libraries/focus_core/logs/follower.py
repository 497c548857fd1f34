"""Follows the log of one container from its first line, or from a time, to its last one."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from focus_core.logs.api import Api, LostError, RefusedError
from focus_core.logs.clocks import Clocks
from focus_core.logs.entries import Source
from focus_core.logs.recorder import Recorder
from focus_core.logs.stamped import LogPosition, epoch

# Between an answer that ended and the next one: at first, and while nothing new comes.
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.1, 2.0
# How long a follow may go on after its container has ended.
_LATE_S = 3.0
# So long after it was opened, a follow brings what is logged at that moment.
_SETTLED_S = 1.0
# A follow that is so late after so many bytes will not catch up: it goes on with what is logged now.
_HOPELESS_S, _HOPELESS_BYTES = 10.0, 8 << 20


class Follower:
    """One container run; ``since`` is the stamp to begin at, nothing for the first line."""

    def __init__(self, api: Api, recorder: Recorder, clocks: Clocks, source: Source, path: str, since: str) -> None:
        self._api, self._recorder, self._clocks, self.source = api, recorder, clocks, source
        self._path, self._since, self._started = path, since, time.time()
        self._position = LogPosition()
        self._over = asyncio.Event()
        self._previous = False
        self._late = _LATE_S
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to follow."""
        self._recorder.figures.streams += 1
        self._task = asyncio.create_task(self._run())

    def end(self, *, previous: bool = False) -> None:
        """The container has ended; ``previous``: the next one of its name runs already."""
        self._previous = self._previous or previous
        self._over.set()

    async def finish(self, seconds: float) -> None:
        """Reads what is there by now, and no more; what cannot be read in so many seconds is a gap."""
        # Most containers live on, and their follows do not end by themselves.
        self._late = 0.0
        self._over.set()
        if self._task:
            try:
                await asyncio.wait_for(self._task, seconds)
            except TimeoutError:
                why = "the log was not read to its end when the run ended"
                self._recorder.gap(self.source, self._seen(), time.time(), why)

    @property
    def is_done(self) -> bool:
        return self._task is not None and self._task.done()

    async def _run(self) -> None:
        pause, whole = _FIRST_PAUSE_S, False
        while True:
            last = self._over.is_set()
            before = self._position.last
            try:
                await self._read_last() if last else await self._follow()
            except RefusedError as refused:
                if refused.status in (401, 403):
                    self._recorder.figures.refused += 1
                    self._recorder.gap(
                        self.source, self._seen(), time.time(), f"the cluster refused the log ({refused})"
                    )
                    return
                if refused.status == 404 or (last and refused.status == 400):
                    # What a follow has read to its end needs no last look.
                    if not whole:
                        why = "the pod is gone, and its log was not read to its end"
                        self._recorder.gap(self.source, self._seen(), time.time(), why)
                    return
                whole = False
            except LostError:
                self._recorder.figures.reconnects += 1
                whole = False
            else:
                whole = True
                if last:
                    return
            pause = _FIRST_PAUSE_S if self._position.last != before else min(2 * pause, _LONGEST_PAUSE_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), pause)
            if last:
                # The API is away at the end of a container: it is asked on, and not in a hurry.
                await asyncio.sleep(pause)

    async def _follow(self) -> None:
        """Reads until the answer ends; a follow that goes on after its container has ended is broken off."""
        reading = asyncio.create_task(self._read({"follow": "true"}))
        over = asyncio.create_task(self._over.wait())
        try:
            await asyncio.wait({reading, over}, return_when=asyncio.FIRST_COMPLETED)
            if not reading.done():
                await asyncio.wait({reading}, timeout=self._late)
            if reading.done():
                reading.result()
        finally:
            for task in (reading, over):
                task.cancel()
            await asyncio.gather(reading, over, return_exceptions=True)

    async def _read_last(self) -> None:
        await self._read({"previous": "true"} if self._previous else {})
        if self._position.is_missing_last():
            why = "the log was rotated away before it was read to its end"
            self._recorder.gap(self.source, self._seen(), time.time(), why)

    async def _read(self, query: dict[str, str]) -> None:
        query = {"container": self.source.container, "timestamps": "true"} | query
        since = self._position.since() or self._since
        if since:
            query["sinceTime"] = since
        self._position.begin()
        opened, read = time.time(), 0
        async for chunk in self._api.stream(self._path, query):
            lines = self._position.feed(chunk)
            read += len(chunk)
            gap = self._position.take_gap()
            if gap:
                why = "the log was rotated away meanwhile; lines in it may be lost"
                self._recorder.gap(self.source, _epoch(gap[0]), _epoch(gap[1]), why)
            if not lines:
                continue
            self._recorder.lines(self.source, lines)
            now = time.time()
            self._clocks.note(self.source.node, now - lines[-1].at, now - lines[0].at, live=now - opened > _SETTLED_S)
            late = now - lines[-1].at - self._clocks.skew(self.source.node)
            if "follow" in query and read > _HOPELESS_BYTES and late > _HOPELESS_S:
                self._skip_to_now(lines[-1].at, late)
                return

    def _skip_to_now(self, last: float, lag: float) -> None:
        self._recorder.gap(
            self.source, last, last + lag, "the pod logs more than can be read; going on with the newest"
        )
        self._position = LogPosition()
        self._since = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(last + lag))

    def _seen(self) -> float:
        """Until when the log is known to be read."""
        if self._position.last:
            return _epoch(self._position.last)
        return epoch(self._since) if self._since else self._started


def _epoch(sortable: str) -> float:
    return epoch(f"{sortable}Z")
