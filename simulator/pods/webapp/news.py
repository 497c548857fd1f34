"""News for pages that are open: what changed, sent at once to everybody who listens."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

News = dict[str, Any]

# A page that reads nothing for so long has missed news: it is asked to load everything again.
_KEPT = 200
MISSED: News = {"kind": "missed"}


class NewsRoom:
    """Takes news from any thread and gives them to the listeners of one event loop."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[asyncio.Queue[News], asyncio.AbstractEventLoop] = {}

    def announce(self, kind: str, alert_id: str = "") -> None:
        """Announce a change of a kind: ``alert``, ``note``, ``review`` (with the alert's id), ``lines``."""
        news = {"kind": kind, "alertId": alert_id}
        with self._lock:
            listeners = list(self._listeners.items())
        for queue, loop in listeners:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(_put, queue, news)

    async def listen(self, quiet_s: float) -> AsyncIterator[News | None]:
        """Yield news as they come, and None whenever there were none for a while."""
        queue: asyncio.Queue[News] = asyncio.Queue(_KEPT)
        with self._lock:
            self._listeners[queue] = asyncio.get_running_loop()
        try:
            while True:
                try:
                    yield await asyncio.wait_for(queue.get(), quiet_s)
                except TimeoutError:
                    yield None
        finally:
            with self._lock:
                del self._listeners[queue]


def _put(queue: asyncio.Queue[News], news: News) -> None:
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        news = MISSED
    queue.put_nowait(news)
