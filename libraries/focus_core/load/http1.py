"""HTTP/1.1 for a load: kept connections to one server, one request at a time on each, as little CPU as can be.

Bounded: what is due while all connections are busy waits in order, and its clock runs. That is what closed loops omit.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from typing import Any
from urllib.parse import urlsplit

import httptools

clock = time.perf_counter

# Servers end a connection that is idle for some seconds (uvicorn after 5); a request that meets the end gets no answer.
MOST_IDLE_S = 3.0
TIMEOUT, REFUSED, UNREACHABLE = "timeout", "connection refused", "no connection"
LOST, NO_HTTP, NOT_ENDED = "connection lost", "no HTTP", "not ended"


@dataclass(frozen=True)
class Address:
    """Where a server is, and what its paths begin with."""

    host: str
    port: int
    prefix: str
    tls: ssl.SSLContext | None = None

    @classmethod
    def of_url(cls, url: str, verify: bool | str = True) -> Address:
        """``verify`` is True for the system's trust or the path of a CA file."""
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        tls = ssl.create_default_context(cafile=verify if isinstance(verify, str) else None) if secure else None
        return cls(parts.hostname or "", parts.port or (443 if secure else 80), parts.path.rstrip("/"), tls)

    @property
    def authority(self) -> str:
        """The value of the Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == (443 if self.tls else 80) else f"{host}:{self.port}"


class Call:
    """One request under way. ``ended`` is called once with the call, the status (0 without an answer) and the cause."""

    __slots__ = ("body", "connection", "due", "ended", "first", "number", "payload", "sent", "wants_body")

    def __init__(
        self, payload: bytes, number: int, due: float, ended: Callable[[Call, int, str], None], wants_body: bool
    ) -> None:
        self.payload, self.number, self.due, self.ended, self.wants_body = payload, number, due, ended, wants_body
        self.sent = self.first = 0.0
        self.body = b""
        self.connection: Connection | None = None


class Connection(asyncio.Protocol):
    """One connection; the pool gives it a call when it has none."""

    __slots__ = ("_pool", "call", "idle_since", "parser", "transport")

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self.call: Call | None = None
        self.idle_since = 0.0

    def connection_made(self, transport: Any) -> None:
        self.transport, self.parser = transport, httptools.HttpResponseParser(self)
        self._pool.made(self)

    def send(self, call: Call) -> None:
        call.connection, self.call = self, call
        call.sent = clock()
        self.transport.write(call.payload)

    def data_received(self, data: bytes) -> None:
        call = self.call
        if call and not call.first:
            call.first = clock()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserError:
            self.transport.abort()
            self._over(0, NO_HTTP, keep=False)

    def on_body(self, body: bytes) -> None:
        call = self.call
        if call and call.wants_body:
            call.body += body

    def on_message_complete(self) -> None:
        parser = self.parser
        self.parser = httptools.HttpResponseParser(self)
        self._over(parser.get_status_code(), "", keep=parser.should_keep_alive())

    def connection_lost(self, error: Exception | None) -> None:  # noqa: ARG002 - asyncio's signature
        self._pool.closed(self)
        self._over(0, LOST, keep=False)

    def _over(self, status: int, cause: str, keep: bool) -> None:
        call, self.call = self.call, None
        if call:
            call.connection = None
            self._pool.over(self, call, status, cause, keep)


class Pool:
    """The connections to one server, at most ``most``. ``connecting`` is called with the seconds that each took."""

    def __init__(
        self,
        address: Address,
        *,
        most: int,
        timeout: float,
        keep_alive: bool = True,
        connecting: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.address = address
        self.opened = 0
        self._most, self._timeout, self._keep_alive, self._connecting = most, timeout, keep_alive, connecting
        self._idle: list[Connection] = []
        self._all: set[Connection] = set()
        self._waiting: deque[Call] = deque()
        # In the order in which they were sent: the first one is the first to time out.
        self._sent: dict[Call, None] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def waiting(self) -> int:
        """Calls that have no connection yet."""
        return len(self._waiting)

    async def warm(self, number: int) -> None:
        """Opens connections before they are needed."""
        wanted = min(number, self._most) if self._keep_alive else 0
        self.opened += wanted
        await asyncio.gather(*(self._connect() for _ in range(wanted)))

    def send(self, call: Call) -> None:
        """Sends it now when there is a connection; else it waits for one."""
        connection = self._free()
        if connection:
            self._sent[call] = None
            connection.send(call)
            return
        self._waiting.append(call)
        self._open_more()

    def expire(self) -> None:
        """Ends the calls whose time is over; to be called often."""
        now = clock()
        while self._waiting and now - self._waiting[0].due > self._timeout:
            call = self._waiting.popleft()
            call.ended(call, 0, TIMEOUT)
        self._end(list(takewhile(lambda call: now - call.sent > self._timeout, self._sent)), TIMEOUT)

    def end_all(self) -> None:
        """Ends the calls that are under way."""
        waiting, self._waiting = self._waiting, deque()
        for call in waiting:
            call.ended(call, 0, NOT_ENDED)
        self._end(list(self._sent), NOT_ENDED)

    def close(self) -> None:
        """Ends everything; for the end of a load."""
        self.end_all()
        for task in self._tasks:
            task.cancel()
        for connection in list(self._all):
            connection.transport.abort()

    def over(self, connection: Connection, call: Call, status: int, cause: str, keep: bool) -> None:
        """A call has ended on a connection, which serves the next one, waits for it, or is closed."""
        self._sent.pop(call, None)
        call.ended(call, status, cause)
        if not keep or not self._keep_alive:
            # Not closed: over TLS that would wait for the other side.
            connection.transport.abort()
        elif self._waiting:
            self._send_next(connection)
        else:
            connection.idle_since = clock()
            self._idle.append(connection)

    def made(self, connection: Connection) -> None:
        """A connection is open."""
        self._all.add(connection)

    def closed(self, connection: Connection) -> None:
        """A connection is no more."""
        self._all.discard(connection)
        self.opened -= 1
        if connection in self._idle:
            self._idle.remove(connection)
        self._open_more()

    def _end(self, calls: list[Call], cause: str) -> None:
        for call in calls:
            connection = call.connection
            if connection:
                connection.call = call.connection = None
                connection.transport.abort()
            self._sent.pop(call, None)
            call.ended(call, 0, cause)

    def _free(self) -> Connection | None:
        idle = self._idle
        while idle:
            connection = idle.pop()
            # A connection that is closing has not been reported as lost yet.
            if not connection.transport.is_closing() and clock() - connection.idle_since < MOST_IDLE_S:
                return connection
            connection.transport.abort()
        return None

    def _send_next(self, connection: Connection) -> None:
        call = self._waiting.popleft()
        self._sent[call] = None
        connection.send(call)

    def _open_more(self) -> None:
        while len(self._tasks) < len(self._waiting) and self.opened < self._most:
            task = asyncio.create_task(self._connect())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            self.opened += 1

    async def _connect(self) -> None:
        to, begun = self.address, clock()
        try:
            async with asyncio.timeout(self._timeout):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: Connection(self),
                    to.host,
                    to.port,
                    ssl=to.tls,
                    server_hostname=to.host if to.tls else None,
                )
        except OSError as error:
            self.opened -= 1
            if self._waiting:
                call = self._waiting.popleft()
                call.ended(call, 0, _cause(error))
            self._open_more()
            return
        self._connecting(clock() - begun)
        if connection not in self._all:
            self._open_more()
        elif self._waiting:
            self._send_next(connection)
        else:
            connection.idle_since = clock()
            self._idle.append(connection)

    async def ask(self, payload: bytes, number: int, due: float) -> tuple[Call, int, str]:
        """Sends a request and waits for its end: the call, the status (0 without an answer) and the cause."""
        future: asyncio.Future[tuple[Call, int, str]] = asyncio.get_running_loop().create_future()

        def ended(call: Call, status: int, cause: str) -> None:
            if not future.done():
                future.set_result((call, status, cause))

        self.send(Call(payload, number, due, ended, wants_body=True))
        return await future


def _cause(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return TIMEOUT
    if isinstance(error, ssl.SSLError):
        return f"TLS {getattr(error, 'verify_message', '') or error.reason or 'broken'}".rstrip(".")
    return REFUSED if isinstance(error, ConnectionRefusedError) else UNREACHABLE
