"""HTTP/1.1 messages: read whole with h11, forwarded as received, or built anew when a mutant changed something."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import h11

from strength.mutants import operators
from strength.mutants.json_paths import NO_JSON

_HEAD_LIMIT = 1 << 20
_CHUNK = 1 << 16
Headers = list[tuple[str, str]]


class BrokenMessageError(Exception):
    """The connection ended within a message, or the message is malformed; `raw` is what was received."""

    def __init__(self, reason: str, raw: bytes = b"") -> None:
        super().__init__(reason)
        self.raw = raw


@dataclass
class Request:
    """`raw`: the bytes received; `body`: without the framing of chunks; `closes`: the connection ends after it."""

    method: str
    target: str
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    raw: bytes = b""
    closes: bool = False

    def header(self, name: str) -> str:
        return _header(self.headers, name)

    def built(self) -> bytes:
        """The request as bytes, with the length of its body."""
        return _built(f"{self.method} {self.target} HTTP/1.1", self.headers, self.body)


@dataclass
class HttpAnswer:
    """`raw`: the bytes received; `body`: without the framing of chunks; `closes`: the connection ends after it."""

    status: int
    reason: str
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    raw: bytes = b""
    closes: bool = False

    @property
    def content_type(self) -> str:
        return _header(self.headers, "Content-Type").partition(";")[0].strip().lower()

    def content(self) -> Any:
        """The body as JSON, or NO_JSON."""
        if self.content_type != "application/json" or _header(self.headers, "Content-Encoding"):
            return NO_JSON
        try:
            return json.loads(self.body)
        except ValueError:
            return NO_JSON

    def replace(self, content: Any) -> None:
        """Another content, as JSON."""
        self.body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()

    def change_whole(self, operator: str, detail: str) -> bool:
        """Apply an operator of the whole answer; False when nothing changed."""
        before = (self.status, self.headers, self.body)
        if operator == operators.STATUS:
            self.status = int(detail)
            self.reason = HTTPStatus(self.status).phrase
        elif operator == operators.HEADER:
            self.headers = _without(self.headers, detail)
        elif operator == operators.CONTENT_TYPE:
            other = "text/plain; charset=utf-8" if self.content_type != "text/plain" else "application/json"
            self.headers = _with(self.headers, "Content-Type", other)
        elif operator == operators.EMPTIED:
            self.body = b""
        elif operator == operators.CUT:
            self.body = self.body[: len(self.body) // 2]
        elif operator == operators.FILLED:
            self.body = self.body or b'{"filled":1}'
        return before != (self.status, self.headers, self.body)

    def built(self) -> bytes:
        """The answer as bytes, with the length of its body."""
        return _built(f"HTTP/1.1 {self.status} {self.reason}", self.headers, self.body)


class MessageReader:
    """Reads messages from a socket; what was received beyond one message is kept for the next."""

    def __init__(self, source: socket.socket) -> None:
        self._source = source
        self._received = b""

    def request(self) -> Request | None:
        """The next request; None when the client has closed the connection. Raises BrokenMessageError."""
        connection = h11.Connection(h11.SERVER, _HEAD_LIMIT)
        head, body, raw = self._read(connection)
        if not isinstance(head, h11.Request):
            return None
        closes = connection.their_state is h11.MUST_CLOSE
        return Request(head.method.decode(), head.target.decode(), _headers(head), body, raw, closes)

    def answer(self, method: str) -> HttpAnswer:
        """The answer to a request with this method. Raises BrokenMessageError."""
        connection = h11.Connection(h11.CLIENT, _HEAD_LIMIT)
        # The method decides whether the answer has a body.
        connection.send(h11.Request(method=method, target="/", headers=[("Host", "upstream")]))
        connection.send(h11.EndOfMessage())
        head, body, raw = self._read(connection)
        if not isinstance(head, h11.Response):
            raise BrokenMessageError("the server closed the connection instead of answering")
        closes = connection.their_state is not h11.DONE or connection.trailing_data[1]
        return HttpAnswer(head.status_code, head.reason.decode("latin-1"), _headers(head), body, raw, closes)

    def _read(self, connection: h11.Connection) -> tuple[h11.Event | None, bytes, bytes]:
        """Head, body and raw bytes of the next message; no head when the connection ended before it."""
        raw, body = [self._received], list[bytes]()
        head: h11.Event | None = None
        if self._received:
            connection.receive_data(self._received)
        try:
            while not isinstance(event := connection.next_event(), h11.EndOfMessage | h11.ConnectionClosed):
                if event is h11.NEED_DATA:
                    raw.append(self._source.recv(_CHUNK))
                    connection.receive_data(raw[-1])
                elif isinstance(event, h11.Data):
                    body.append(bytes(event.data))
                elif isinstance(event, h11.Request | h11.Response):
                    head = event
        except h11.RemoteProtocolError as error:
            raise BrokenMessageError(str(error), b"".join(raw)) from None
        self._received = connection.trailing_data[0]
        whole = b"".join(raw)
        return head, b"".join(body), whole[: len(whole) - len(self._received)]


def _headers(head: h11.Request | h11.Response) -> Headers:
    """In their original case."""
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()]


def _header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name.lower()), "")


def _without(headers: Headers, name: str) -> Headers:
    return [(key, value) for key, value in headers if key.lower() != name.lower()]


def _with(headers: Headers, name: str, value: str) -> Headers:
    """In the place of the old one, else at the end."""
    if not _header(headers, name):
        return [*headers, (name, value)]
    return [(key, value if key.lower() == name.lower() else old) for key, old in headers]


def _built(start: str, headers: Headers, body: bytes) -> bytes:
    # A body that a mutant changed has a length of its own, and no chunks.
    headers = _with(_without(headers, "Transfer-Encoding"), "Content-Length", str(len(body)))
    lines = [start, *(f"{key}: {value}" for key, value in headers)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
