"""As much of SPDY/3.1 as `kubectl port-forward` speaks inside a WebSocket: streams with headers, data and an end.

Flow control and priorities are left out: the Go client of Kubernetes ignores them too.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

# The header names and values that both sides know before they begin (SPDY/3, section 2.6.10.1).
_NAMES = (
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow "
    "authorization cache-control connection content-base content-encoding content-language content-length "
    "content-location content-md5 content-range content-type date etag expect expires from host if-match "
    "if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma "
    "proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade "
    "user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie "
    "keep-alive origin"
)
_DICTIONARY = b"".join(struct.pack(">I", len(name)) + name.replace("_", " ").encode() for name in _NAMES.split()) + (
    b"100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505"
    b"203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden"
    b"404 Not Found500 Internal Server Error501 Not Implemented503 Service Unavailable"
    b"Jan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMT"
    b"chunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,"
    b"publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0."
)
_VERSION = 0x8003
_SYN_STREAM, _SYN_REPLY, _RST_STREAM, _PING, _GOAWAY = 1, 2, 3, 6, 7
_FIN = 1


@dataclass(frozen=True)
class Frame:
    """What the client sent on a stream: its headers when it is new, data, and whether its side ends or breaks off."""

    stream: int
    headers: dict[str, str] = field(default_factory=dict)
    data: bytes = b""
    ends: bool = False


class Connection:
    """The server's side of one connection; `received` takes bytes as they come, `reply` and `data` make bytes."""

    def __init__(self) -> None:
        self._inflate = zlib.decompressobj(zdict=_DICTIONARY)
        self._deflate = zlib.compressobj(zdict=_DICTIONARY)
        self._buffer = b""
        self.answers: list[bytes] = []
        """What must be sent although nobody asked for it: answers to pings."""

    def received(self, data: bytes) -> Iterator[Frame]:
        """The frames that are complete now; raises ValueError or zlib.error for what is no SPDY."""
        self._buffer += data
        while len(self._buffer) >= 8:
            first, last = struct.unpack(">II", self._buffer[:8])
            size = last & 0xFFFFFF
            if len(self._buffer) < 8 + size:
                return
            body, self._buffer = self._buffer[8 : 8 + size], self._buffer[8 + size :]
            frame = self._frame(first, last >> 24, body)
            if frame is not None:
                yield frame

    def reply(self, stream: int) -> bytes:
        """The answer to a new stream: it is accepted."""
        headers = self._deflate.compress(struct.pack(">I", 0)) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return _control(_SYN_REPLY, struct.pack(">I", stream) + headers)

    def data(self, stream: int, data: bytes = b"", *, ends: bool = False) -> bytes:
        """Data of a stream; `ends`: the server's side has no more."""
        return struct.pack(">II", stream, (_FIN if ends else 0) << 24 | len(data)) + data

    def _frame(self, first: int, flags: int, body: bytes) -> Frame | None:
        if not first >> 31:
            return Frame(first, data=body, ends=bool(flags & _FIN))
        if first >> 16 != _VERSION:
            raise ValueError(f"version {first >> 16:#x}")
        kind = first & 0xFFFF
        if kind == _SYN_STREAM:
            return Frame(_number(body), self._headers(body[10:]), ends=bool(flags & _FIN))
        if kind == _RST_STREAM:
            return Frame(_number(body), ends=True)
        if kind == _PING:
            self.answers.append(_control(_PING, body))
        return None

    def _headers(self, block: bytes) -> dict[str, str]:
        plain = self._inflate.decompress(block)
        texts, position = [], 4
        while position < len(plain):
            size = _number(plain[position:])
            texts.append(plain[position + 4 : position + 4 + size].decode())
            position += 4 + size
        return {name.lower(): value for name, value in zip(texts[::2], texts[1::2], strict=True)}


def _number(data: bytes) -> int:
    return int.from_bytes(data[:4], "big") & 0x7FFFFFFF


def _control(kind: int, body: bytes) -> bytes:
    return struct.pack(">HHI", _VERSION, kind, len(body)) + body
