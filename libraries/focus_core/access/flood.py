"""More requests than a client may send, on one connection: only the server decides how fast they are answered."""

from __future__ import annotations

import re
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


@dataclass(frozen=True)
class Flood:
    """Requests, the seconds that they took, the statuses of the answers, each different Retry-After of a 429."""

    sent: int
    seconds: float
    statuses: tuple[int, ...]
    waits: tuple[str, ...]


def flood(path: str, headers: Mapping[str, str], most: int) -> Flood:
    """Sends up to ``most`` requests for a path of the ingress, each batch as soon as it can be written; stops after the
    first batch with a 429. Raises ``BenchError`` when the connection fails.
    """
    site = site_data.site()
    place = urlsplit(site.focus.url)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    request = f"GET {path} HTTP/1.1\r\nHost: {place.netloc}\r\n{lines}\r\n".encode()
    received, sent, begun = b"", 0, time.monotonic()
    try:
        tls = ssl.create_default_context(cafile=str(site.tls.ca_file) if site.tls.ca_file else None)
        host, port = place.hostname or "", place.port or 443
        with http_session.connect(host, port, timeout=_TIMEOUT_S, proxy=site.proxy) as plain:
            stream = tls.wrap_socket(plain, server_hostname=host) if place.scheme == "https" else plain
            while sent < most and b" 429 " not in received:
                stream.sendall(request * _AT_ONCE)
                sent += _AT_ONCE
                while len(_STATUS.findall(received)) < sent and (part := stream.recv(65_536)):
                    received += part
    except OSError as error:
        raise BenchError(
            f"{site.focus.url} broke off after {len(_STATUS.findall(received))} of {sent} requests on one connection "
            f"({type(error).__name__}); check that nothing between this machine and the site closes it."
        ) from None
    statuses = tuple(int(status) for status in _STATUS.findall(received))
    refused = [part for part in re.split(rb"(?=HTTP/1\.1 \d{3} )", received) if part.startswith(b"HTTP/1.1 429")]
    waits = {(found[1].decode() if (found := _RETRY_AFTER.search(one)) else "") for one in refused}
    return Flood(sent, time.monotonic() - begun, statuses, tuple(sorted(waits)))
