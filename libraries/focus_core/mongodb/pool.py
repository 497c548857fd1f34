"""One MongoDB client, and with it one pool of connections, for each server, login and timeout that a process uses.

Imported on first use only: it brings the driver.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

from pymongo import MongoClient, monitoring

# Tests ask one question after another; the few threads that watch a site do not need more.
MOST_CONNECTIONS = 10


@dataclass(frozen=True)
class PoolFacts:
    """Connections of a client: opened so far, of them open now, of them in use, and how many it may open."""

    opened: int
    open: int
    in_use: int
    most: int

    def __str__(self) -> str:
        return f"{self.open} of at most {self.most} connections open, {self.in_use} in use, {self.opened} opened so far"


class _Counter(monitoring.ConnectionPoolListener):
    """Counts what the driver reports of its pool; only what is needed is kept."""

    def __init__(self) -> None:
        self.opened = self.closed = self.taken = self.given_back = 0

    def connection_created(self, event: Any) -> None:  # noqa: ARG002 - the driver's signature, as all below
        self.opened += 1

    def connection_closed(self, event: Any) -> None:  # noqa: ARG002
        self.closed += 1

    def connection_checked_out(self, event: Any) -> None:  # noqa: ARG002
        self.taken += 1

    def connection_checked_in(self, event: Any) -> None:  # noqa: ARG002
        self.given_back += 1

    def connection_check_out_started(self, event: Any) -> None:
        """Not counted."""

    def connection_check_out_failed(self, event: Any) -> None:
        """Not counted."""

    def connection_ready(self, event: Any) -> None:
        """Not counted."""

    def pool_created(self, event: Any) -> None:
        """Not counted."""

    def pool_ready(self, event: Any) -> None:
        """Not counted."""

    def pool_cleared(self, event: Any) -> None:
        """Not counted."""

    def pool_closed(self, event: Any) -> None:
        """Not counted."""


class Pool:
    """A client and the count of its connections."""

    def __init__(self, host: str, port: int, timeout_ms: int, login: tuple[tuple[str, Any], ...]) -> None:
        self._counter = _Counter()
        self.client: MongoClient[dict[str, Any]] = MongoClient(
            host,
            port,
            directConnection=True,
            # A test that is played back from a recording asks nothing, and must not connect either.
            connect=False,
            maxPoolSize=MOST_CONNECTIONS,
            serverSelectionTimeoutMS=timeout_ms,
            # Shorter than the selection, so that the reason of a failed connection is known when that gives up.
            connectTimeoutMS=timeout_ms * 3 // 4,
            socketTimeoutMS=4 * timeout_ms,
            event_listeners=[self._counter],
            **dict(login),
        )

    @property
    def facts(self) -> PoolFacts:
        """The connections of this moment."""
        count = self._counter
        return PoolFacts(count.opened, count.opened - count.closed, count.taken - count.given_back, MOST_CONNECTIONS)


def shared(host: str, port: int, timeout_ms: int, login: tuple[tuple[str, Any], ...]) -> Pool:
    """The process's pool for that server; it stays open until the process ends."""
    # A fork must not use the sockets of its parent.
    return _shared(os.getpid(), host, port, timeout_ms, login)


@cache
def _shared(_process: int, host: str, port: int, timeout_ms: int, login: tuple[tuple[str, Any], ...]) -> Pool:
    return Pool(host, port, timeout_ms, login)
