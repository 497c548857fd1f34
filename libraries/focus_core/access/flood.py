"""More requests than a client may send, on one connection: only the server decides how fast they are answered."""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from focus_core.base import http_session
from focus_core.base.errors import BenchError
from focus_core.site import data as site_data

_TIMEOUT_S = 30.0
_AT_ONCE = 100
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
_RETRY_AFTER = re.compile(rb"^retry-after: *([^\r\n]*)", re.MULTILINE | re.IGNORECASE)
_TOO_MANY = 429


@dataclass(frozen=True)
class Flood:
    """Requests, the seconds that they took, how many were answered 429, the Retry-After of each 429 once, and the
    statuses that the other client got in the last batch.
    """

    sent: int
    seconds: float
    refused: int
    waits: tuple[str, ...]
    of_other: tuple[int, ...]


def flood(path: str, headers: Mapping[str, str], other: Mapping[str, str], most: int) -> Flood:
    """Sends up to ``most`` requests for a path of the ingress, each batch as soon as it can be written; stops after the
    first batch of which a tenth was answered 429. The last request of each batch is one of another client.

    Raises ``BenchError`` when the connection fails.
    """
    site = site_data.site()
    place = urlsplit(site.focus.url)
    batch = _request(path, place.netloc, headers) * (_AT_ONCE - 1) + _request(path, place.netloc, other)
    answers: list[bytes] = []
    refused, sent, begun = 0, 0, time.monotonic()
    try:
        tls = ssl.create_default_context(cafile=str(site.tls.ca_file) if site.tls.ca_file else None)
        host, port = place.hostname or "", place.port or 443
        with http_session.connect(host, port, timeout=_TIMEOUT_S, proxy=site.proxy) as plain:
            stream = tls.wrap_socket(plain, server_hostname=host) if place.scheme == "https" else plain
            while sent < most and refused < _AT_ONCE // 10:
                stream.sendall(batch)
                sent += _AT_ONCE
                answers = _answers(stream)
                refused = sum(_status(answer) == _TOO_MANY for answer in answers[:-1])
    except OSError as error:
        raise BenchError(
            f"{site.focus.url} broke off after {sent} requests on one connection ({type(error).__name__}); check that "
            "nothing between this machine and the site closes it."
        ) from None
    found = [_RETRY_AFTER.search(answer) for answer in answers if _status(answer) == _TOO_MANY]
    waits = {match[1].decode() if match else "" for match in found}
    of_other = tuple(map(_status, answers[-1:]))
    return Flood(sent, time.monotonic() - begun, refused, tuple(sorted(waits)), of_other)


def _request(path: str, host: str, headers: Mapping[str, str]) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{lines}\r\n".encode()


def _answers(stream: socket.socket) -> list[bytes]:
    """The answers to one batch, in its order."""
    received = b""
    while len(_STATUS.findall(received)) < _AT_ONCE:
        part = stream.recv(65_536)
        if not part:
            raise ConnectionResetError
        received += part
    return [part for part in re.split(rb"(?=HTTP/1\.1 \d{3} )", received) if part]


def _status(answer: bytes) -> int:
    match = _STATUS.match(answer)
    return int(match[1]) if match else 0
