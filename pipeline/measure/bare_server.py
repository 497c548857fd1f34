"""``python -m pipeline.measure.bare_server``: an HTTP server that does nothing but answer, to try load drivers.

Prints its port, and a line at the first request. Every request gets 200 with a small JSON body; ``/slow/N`` after N
milliseconds, ``/status/N`` with another status. Ends when standard input is closed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pipeline.errors import RunError

BODY = b'{"status":"ok"}'


class Connection(asyncio.Protocol):
    """One connection; requests may have a body with a length."""

    asked = False

    def connection_made(self, transport: Any) -> None:
        self._transport, self._received = transport, b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = self._received[:end]
            length = _length(head)
            if len(self._received) < end + 4 + length:
                return
            self._received = self._received[end + 4 + length :]
            self._answer(head)

    def _answer(self, head: bytes) -> None:
        if not Connection.asked:
            Connection.asked = True
            print("asked", flush=True)  # noqa: T201 - whoever started it may wait for that
        kind, _, number = head.split(b" ", 2)[1].strip(b"/").partition(b"/")
        status = int(number) if kind == b"status" else 200
        answer = b"HTTP/1.1 %d OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (status, len(BODY))
        if kind == b"slow":
            asyncio.get_running_loop().call_later(int(number) / 1000, self._transport.write, answer + BODY)
        else:
            self._transport.write(answer + BODY)
        if b"\r\nConnection: close" in head:
            self._transport.close()


def _length(head: bytes) -> int:
    at = head.lower().find(b"\r\ncontent-length:")
    return int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0


@dataclass(frozen=True)
class BareServer:
    """The address of a server that does nothing but answer, and its process; ``asked`` waits for the first request."""

    url: str
    pid: int
    asked: Callable[[], object]


@contextmanager
def bare_server() -> Iterator[BareServer]:
    """Runs one, as a process of its own."""
    command = [sys.executable, "-m", __name__]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        # Piped, both of them.
        assert server.stdin and server.stdout  # noqa: S101
        port = server.stdout.readline().strip()
        if not port:
            raise RunError("The server that the load driver is tried on did not start; see the lines above.")
        yield BareServer(f"http://127.0.0.1:{port}", server.pid, server.stdout.readline)
        server.stdin.close()


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Connection, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever starts it reads the port
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
