"""``python -m pipeline.measure.bare_server``: an HTTP server that does nothing but answer, to try load drivers.

Prints its port. Every request gets 200 with a small JSON body; ``/slow/N`` after N milliseconds, ``/status/N`` with
another status. Ends when standard input is closed.
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

BODY = b'{"status":"ok"}'


class BareServer(asyncio.Protocol):
    """One connection; requests may have a body with a length."""

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


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(BareServer, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201 - whoever starts it reads the port
    await asyncio.to_thread(sys.stdin.buffer.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(main())
