"""What goes wrong with a Focus Server in the course of time and under load: defects only."""

from __future__ import annotations

import asyncio
import time
from collections import deque

import pika
from starlette.types import ASGIApp, Receive, Scope, Send

from simulator import defects

_LEAK_BYTES = 10 << 20
# Each second that the defect is on makes answers so much later, up to a limit.
_LATER_S_A_SECOND, _LATEST_S = 0.02, 3.0
# So many requests within a second are a load; it stops the server for a second, and again some seconds later.
_LOAD_REQUESTS, _FREEZE_S, _FREEZE_EVERY_S = 15, 1.0, 5.0

_memory: list[bytes] = []
_connections: list[pika.BlockingConnection] = []


class Wear:
    """Makes answers late: more and more from the moment on when the defect is on, or all of them under load."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._ageing_since: float | None = None
        self._recent: deque[float] = deque(maxlen=_LOAD_REQUESTS)
        self._frozen_at = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, later where a defect says so."""
        if scope["type"] == "http":
            await asyncio.sleep(self._delay(time.monotonic()))
            self._freeze(time.monotonic())
        await self._app(scope, receive, send)

    def _delay(self, now: float) -> float:
        if not defects.active("answers-later-and-later"):
            self._ageing_since = None
            return 0.0
        self._ageing_since = self._ageing_since or now
        return min(_LATEST_S, (now - self._ageing_since) * _LATER_S_A_SECOND)

    def _freeze(self, now: float) -> None:
        """Stop the whole process, as a garbage collection does: every request that is under way waits."""
        self._recent.append(now)
        loaded = len(self._recent) == _LOAD_REQUESTS and now - self._recent[0] < 1
        if loaded and now - self._frozen_at > _FREEZE_EVERY_S and defects.active("freezes-under-load"):
            time.sleep(_FREEZE_S)
            self._frozen_at = time.monotonic()


async def wear_out(rabbitmq_url: str) -> None:
    """Keep what the server never gives back of a view: memory, or a connection to the broker."""
    if defects.active("server-leaks"):
        _memory.append(b"\x01" * _LEAK_BYTES)
    if defects.active("broker-connection-leak"):
        parameters = pika.URLParameters(rabbitmq_url)
        parameters.heartbeat = 0  # nobody serves it, and it has to stay
        _connections.append(await asyncio.to_thread(pika.BlockingConnection, parameters))
    while _connections and not defects.active("broker-connection-leak"):
        await asyncio.to_thread(_connections.pop().close)
