"""JSON messages behind a ``Content-Length`` header: what language servers and debug adapters speak."""

from __future__ import annotations

import json
from typing import IO, Any


def write(stream: IO[bytes], message: dict[str, Any]) -> None:
    body = json.dumps(message).encode()
    stream.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    stream.flush()


def read(stream: IO[bytes]) -> dict[str, Any] | None:
    """The next message; None at the end of the stream."""
    length = 0
    while (line := stream.readline()).strip():
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    return json.loads(stream.read(length)) if line and length else None
