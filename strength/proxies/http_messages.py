"""HTTP/1.1 messages as bytes: read whole, passed on as they came, or built anew when something was changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, BinaryIO

from strength.mutants import operators
from strength.mutants.json_paths import NO_JSON

HEAD_LIMIT = 1 << 20
_NO_BODY = frozenset({HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED})


class BrokenMessageError(Exception):
    """The other side closed the connection in the middle of a message, or sent what is none."""


@dataclass
class Message:
    """A request or an answer. `raw` is what came; `body` is without the framing of chunks."""

    start: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    raw: bytes = b""
    until_close: bool = False

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    def drop_header(self, name: str) -> None:
        self.headers = [(key, value) for key, value in self.headers if key.lower() != name.lower()]

    def set_header(self, name: str, value: str) -> None:
        """In the place of the old one, else at the end."""
        if self.header(name):
            self.headers = [(key, value if key.lower() == name.lower() else old) for key, old in self.headers]
        else:
            self.headers.append((name, value))

    @property
    def method(self) -> str:
        return self.start.partition(" ")[0]

    @property
    def target(self) -> str:
        return _second_word(self.start)

    @property
    def status(self) -> int:
        word = _second_word(self.start)
        return int(word) if word.isdigit() else 0

    @status.setter
    def status(self, status: int) -> None:
        self.start = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"

    @property
    def content_type(self) -> str:
        return self.header("Content-Type").partition(";")[0].strip().lower()

    @property
    def closes(self) -> bool:
        """Whether the connection ends after this message."""
        return self.until_close or self.header("Connection").lower() == "close" or " HTTP/1.0" in f" {self.start} "

    def content(self) -> Any:
        """The body as JSON, or NO_JSON."""
        if self.content_type != "application/json" or self.header("Content-Encoding"):
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
        before = (self.start, self.headers, self.body)
        if operator == operators.STATUS:
            self.status = int(detail)
        elif operator == operators.HEADER:
            self.drop_header(detail)
        elif operator == operators.CONTENT_TYPE:
            other = "text/plain; charset=utf-8" if self.content_type != "text/plain" else "application/json"
            self.set_header("Content-Type", other)
        elif operator == operators.EMPTIED:
            self.body = b""
        elif operator == operators.CUT:
            self.body = self.body[: len(self.body) // 2]
        elif operator == operators.FILLED:
            self.body = self.body or b'{"filled":1}'
        return before != (self.start, self.headers, self.body)

    def built(self) -> bytes:
        """The message from its parts, with a length that fits the body."""
        self.drop_header("Transfer-Encoding")
        self.set_header("Content-Length", str(len(self.body)))
        lines = [self.start, *(f"{key}: {value}" for key, value in self.headers)]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + self.body


def read_request(stream: BinaryIO) -> Message | None:
    """The next request of a connection; None when the client has closed it."""
    message = _read_head(stream)
    if message is not None:
        _read_body(stream, message, to_the_end=False)
    return message


def read_answer(stream: BinaryIO, method: str) -> Message:
    """The answer to a request with this method."""
    message = _read_head(stream)
    if message is None:
        raise BrokenMessageError("the server closed the connection instead of answering")
    if method != "HEAD" and message.status not in _NO_BODY:
        _read_body(stream, message, to_the_end=True)
    return message


def _read_head(stream: BinaryIO) -> Message | None:
    raw = stream.readline(HEAD_LIMIT)
    if not raw:
        return None
    message = Message(raw.decode("latin-1").rstrip("\r\n"))
    while True:
        line = stream.readline(HEAD_LIMIT)
        if not line.endswith(b"\n"):
            raise BrokenMessageError("the connection was closed within a head")
        raw += line
        text = line.decode("latin-1").rstrip("\r\n")
        if not text:
            message.raw = raw
            return message
        key, _, value = text.partition(":")
        message.headers.append((key, value.strip()))


def _read_body(stream: BinaryIO, message: Message, *, to_the_end: bool) -> None:
    length = message.header("Content-Length")
    if "chunked" in message.header("Transfer-Encoding").lower():
        framed = _read_chunks(stream, message)
        message.raw += framed
    elif length.isdigit():
        message.body = _exactly(stream, int(length))
        message.raw += message.body
    elif to_the_end:
        message.body = stream.read()
        message.raw += message.body
        message.until_close = True


def _read_chunks(stream: BinaryIO, message: Message) -> bytes:
    framed = b""
    while True:
        line = stream.readline(HEAD_LIMIT)
        framed += line
        try:
            size = int(line.split(b";")[0], 16)
        except ValueError:
            raise BrokenMessageError(f"{line[:20]!r} is no length of a chunk") from None
        chunk = _exactly(stream, size)
        message.body += chunk
        end = stream.readline(HEAD_LIMIT)
        framed += chunk + end
        if size == 0:
            return framed


def _second_word(line: str) -> str:
    return line.partition(" ")[2].partition(" ")[0]


def _exactly(stream: BinaryIO, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise BrokenMessageError(f"the connection was closed after {len(data)} of {size} bytes")
    return data
