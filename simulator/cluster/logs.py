"""Container logs: the lines that a program wrote, and when it wrote each.

`NAME.log` holds exactly what the program wrote, `NAME.times` one time per line. After a restart the previous run's
pair is kept as `NAME.previous.*`. The program writes to the named pipe `NAME.pipe`, which it holds open for reading
too: when the cluster is killed, the program neither notices nor loses a line, and the next cluster reads on.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from simulator.cluster.meta import now_precise, parse_time

log = logging.getLogger(__name__)

# A program that never writes a newline must not fill the memory.
LONGEST_LINE = 1 << 20


@dataclass(frozen=True)
class Line:
    """One line with its newline, and when it was read."""

    time: str
    text: bytes


class ContainerLog(asyncio.Protocol):
    """Reads the pipe of one container run, writes its files and notifies followers.

    goes_on: the run began under a cluster that was killed, so its log is continued.
    """

    def __init__(self, directory: Path, container: str, *, goes_on: bool = False) -> None:
        self._text_path = directory / f"{container}.log"
        self._times_path = directory / f"{container}.times"
        self._pipe_path = directory / f"{container}.pipe"
        if not goes_on:
            for path in (self._text_path, self._times_path):
                if path.exists():
                    path.replace(path.with_name(path.name.replace(container, f"{container}.previous", 1)))
        self._text = self._text_path.open("ab", buffering=0)
        self._times = self._times_path.open("ab", buffering=0)
        self._rest = b""
        self._followers: set[asyncio.Queue[Line | None]] = set()
        self._transport: asyncio.ReadTransport | None = None
        self._ended = asyncio.get_running_loop().create_future()
        self.closed = False

    async def open_pipe(self) -> int:
        """Starts reading; returns the descriptor that the program writes to (the caller closes its copy)."""
        # Each run has a pipe of its own: a stray child of the run before may still hold the old one.
        self._pipe_path.unlink(missing_ok=True)
        os.mkfifo(self._pipe_path, 0o600)
        write = os.open(self._pipe_path, os.O_RDWR)
        await self.reopen_pipe()
        return write

    async def reopen_pipe(self) -> None:
        """Reads on what a living program of an earlier cluster writes."""
        descriptor, loop = os.open(self._pipe_path, os.O_RDONLY | os.O_NONBLOCK), asyncio.get_running_loop()
        self._transport, _ = await loop.connect_read_pipe(lambda: self, os.fdopen(descriptor, "rb", buffering=0))

    def data_received(self, data: bytes) -> None:
        """Splits what was written into lines."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST_LINE:
            lines.append(self._rest)
            self._rest = b""
        self._keep([line + b"\n" for line in lines])

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - the protocol's signature
        """Everybody who could write has ended."""
        if not self._ended.done():
            self._ended.set_result(None)

    async def finish(self) -> None:
        """Reads what is left after the program ended. A stray child that keeps the pipe open is not waited for."""
        await asyncio.wait([self._ended], timeout=0.2)
        if self._transport is not None:
            self._transport.close()
        if self._rest:
            self._keep([self._rest + b"\n"])
            self._rest = b""
        self.closed = True
        self._text.close()
        self._times.close()
        for follower in self._followers:
            follower.put_nowait(None)

    def _keep(self, lines: list[bytes]) -> None:
        if self.closed or not lines:
            return
        time = now_precise()
        try:
            self._text.write(b"".join(lines))
            self._times.write((time + "\n").encode() * len(lines))
        except OSError as error:
            # A full disk costs log lines, not the program that writes them.
            log.warning("lines of %s are lost: %s", self._text_path, error)
        for follower in self._followers:
            for line in lines:
                follower.put_nowait(Line(time, line))

    async def follow(self, first: Callable[[list[Line]], list[Line]]) -> AsyncIterator[Line]:
        """Lines so far that `first` selects, then every new line until the program ends."""
        queue: asyncio.Queue[Line | None] = asyncio.Queue()
        for line in first(read_lines(self._text_path, self._times_path)):
            queue.put_nowait(line)
        if self.closed:
            queue.put_nowait(None)
        self._followers.add(queue)
        try:
            while (line_or_end := await queue.get()) is not None:
                yield line_or_end
        finally:
            self._followers.discard(queue)


def stored_lines(directory: Path, container: str, *, previous: bool = False) -> list[Line] | None:
    """The lines of a container's present or previous run; None when there was none."""
    name = f"{container}.previous" if previous else container
    path = directory / f"{name}.log"
    return read_lines(path, directory / f"{name}.times") if path.exists() else None


def read_lines(text: Path, times: Path) -> list[Line]:
    """Pairs the lines of a log with their times."""
    stamps = times.read_text(encoding="ascii").splitlines()
    return [Line(stamp, line) for stamp, line in zip(stamps, text.read_bytes().splitlines(keepends=True), strict=False)]


def selected(lines: list[Line], *, since: datetime | None, tail: int | None) -> list[Line]:
    """The lines not older than `since`, of these the last `tail`."""
    if since is not None:
        lines = [line for line in lines if parse_time(line.time) >= since]
    if tail is not None:
        lines = lines[len(lines) - min(tail, len(lines)) :]
    return lines
