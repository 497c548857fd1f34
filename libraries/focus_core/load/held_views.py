"""Views that are open while a load lasts: every stream is read by gRPC, every frame counted, in one event loop."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from contextlib import suppress
from typing import Any

from focus_core.load.http1 import Pool, clock
from focus_core.load.open_jobs import OpenJobs
from focus_core.load.payloads import Payloads
from focus_core.load.plan import HeldViews
from focus_core.load.reading import NO_FRAME, STREAM_ENDED, channel, frames_of
from focus_core.load.recorder import Recorder
from focus_core.load.result import HeldView, ViewsOutcome
from focus_core.load.times import Times, TimesRecorder
from focus_core.load.users import Users
from focus_core.streams import client as streams
from focus_core.views.view import ViewAnswer, read_answer

_OK = 200
# A stream that ended is opened again after so long.
_AGAIN_S = 0.5


class _Reader:
    """One view and what its streams give."""

    def __init__(self, answer: ViewAnswer, user: str, recorder: Recorder, ages: TimesRecorder, *, live: bool) -> None:
        self.answer, self.user = answer, user
        self.first = asyncio.Event()
        self.opened, self.first_at = clock(), 0.0
        self.frames = self.rows = self.bytes = self.gaps = self.reconnects = self.frames_before = 0
        self.silence = 0.0
        self.problem = ""
        self._recorder, self._ages, self._live = recorder, ages, live

    async def read(self, reconnects: int) -> None:
        """Reads every stream until it is cancelled, or until the streams are over."""
        target = streams.address(self.answer.stream_url, self.answer.stream_port)
        async with channel(target) as opened:
            numbers = range(self.answer.stream_amount)
            await asyncio.gather(*(self._read_stream(opened, stream, reconnects) for stream in numbers))

    async def _read_stream(self, opened: Any, stream: int, reconnects: int) -> None:
        import grpc

        last = -1
        for attempt in range(reconnects + 1):
            if attempt:
                self.reconnects += 1
                await asyncio.sleep(_AGAIN_S)
            before = 0.0
            try:
                async for message in frames_of(opened, stream):
                    now = clock()
                    self.silence = max(self.silence, now - before if before else 0.0)
                    before, last = now, self._count(message, last, now)
                cause = STREAM_ENDED
            except grpc.RpcError as error:
                cause = error.code().name.lower().replace("_", " ")
            if not self._live and cause == STREAM_ENDED:
                # A recording has an end.
                return
            self.problem = cause

    def _count(self, message: Any, last: int, now: float) -> int:
        """Counts a frame; returns the index of its last row."""
        indexes, times = message.row_index, message.timestamp_in_milis
        if not self.frames:
            self.first_at = now
            self.first.set()
        self.frames += 1
        self._recorder.frames += 1
        self.rows += len(indexes)
        self.bytes += sum(map(len, message.main_data))
        if self._live and times:
            self._ages.add(max(0.0, time.time() - times[-1] / 1000))
        if not indexes:
            return last
        if last >= 0 and indexes[0] > last + 1:
            self.gaps += indexes[0] - last - 1
        return int(indexes[-1])

    def figures(self, begin: float, end: float) -> HeldView:
        """What it gave; its rate is that since ``begin``, a moment of the clock."""
        lasted = end - max(begin, self.first_at)
        counted = self.frames - self.frames_before
        return HeldView(
            self.answer.job_id,
            self.user,
            self.answer.stream_amount,
            self.frames,
            self.rows,
            self.bytes,
            self.gaps,
            self.reconnects,
            self.first_at - self.opened if self.frames else None,
            counted / lasted if self.frames and lasted > 0 else 0.0,
            self.silence,
            self.problem or ("" if self.frames else NO_FRAME),
        )


class Held:
    """The held views of a load."""

    def __init__(
        self,
        views: HeldViews,
        share: tuple[int, int],
        payloads: Payloads,
        pool: Pool,
        users: Users,
        jobs: OpenJobs,
        recorder: Recorder,
    ) -> None:
        self._views, self._payloads, self._pool = views, payloads, pool
        part, parts = share
        self._numbers = range(part - 1, views.number, parts)
        self._users, self._jobs, self._recorder = users, jobs, recorder
        self._readers: list[_Reader] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._refused: Counter[str] = Counter()
        self._configure, self._ages = TimesRecorder(), TimesRecorder()
        self._begin = clock()

    async def open(self) -> None:
        """Opens all of them; each has given a frame, or had its time to, when this returns."""
        limit = asyncio.Semaphore(self._views.at_once)

        async def one(number: int) -> None:
            async with limit:
                await self._open(number)

        await asyncio.gather(*map(one, self._numbers))

    def begin(self, moment: float) -> None:
        """Rates are counted from that moment of the clock."""
        self._begin = moment
        for reader in self._readers:
            reader.frames_before = reader.frames

    async def close(self) -> ViewsOutcome:
        """Stops reading; what the views gave."""
        end = clock()
        found = tuple(reader.figures(self._begin, end) for reader in self._readers)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        first = Times.of_seconds(view.first_frame for view in found if view.first_frame is not None)
        return ViewsOutcome(
            len(self._numbers),
            dict(self._refused),
            found,
            self._configure.times(),
            first,
            self._ages.times(),
        )

    async def _open(self, number: int) -> None:
        call, status, cause = await self._pool.ask(self._payloads.make(number), number, clock())
        self._configure.add(clock() - (call.sent or call.due))
        job_id = self._jobs.opened(number, call.body) if status else ""
        if status != _OK or not job_id:
            self._refused[cause or f"status {status}"] += 1
            return
        try:
            answer = read_answer(json.loads(call.body))
        except AssertionError:
            self._refused["no stream"] += 1
            return
        live = not _names_start(self._views.bodies[number % len(self._views.bodies)])
        reader = _Reader(answer, self._users.name(number), self._recorder, self._ages, live=live)
        self._readers.append(reader)
        self._tasks.append(asyncio.create_task(reader.read(self._views.reconnects)))
        try:
            await asyncio.wait_for(reader.first.wait(), self._views.first_frame_s)
        except TimeoutError:
            reader.problem = NO_FRAME


def _names_start(body: str) -> bool:
    """Whether a view is historic; a body that is no JSON before its values are filled in is taken for a live one."""
    with suppress(ValueError):
        return json.loads(body).get("start_time") is not None
    return False
