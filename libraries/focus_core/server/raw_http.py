"""Requests as they are written: no path is tidied up, no header is refused before the server has seen it."""

import http.client
import ssl
import time
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from focus_core.base import tape
from focus_core.base.errors import BenchError
from focus_core.base.http_session import HTTP, Headers, HttpAnswer, new_connection
from focus_core.server.client import Exchange
from focus_core.site import secrets


def send(
    base_url: str,
    method: str,
    target: str,
    *,
    headers: Mapping[str, str],
    ca_file: str | None,
    timeout: float,
    proxy: str | None = None,
) -> Exchange:
    """One request whose target is sent exactly so behind the path of ``base_url``; what is not ASCII as UTF-8.

    ``ca_file`` is the site's trust anchor, None for that of the system. Raises ``BenchError`` when nothing answers.
    """
    url = f"{base_url}{target}"
    ask = lambda: _ask(base_url, method, target, headers, ca_file, timeout, proxy)  # noqa: E731 - used once
    answer = tape.through(HTTP, f"{method} {url}", ask, {"headers": headers, "body": b""})
    exchange = Exchange(method, url, "", answer.status, answer.headers, answer.text, answer.seconds)
    secrets.note_leaks(f"The answer to {exchange}", f"{answer.headers}\n{exchange.body}")
    return exchange


def _ask(
    base_url: str,
    method: str,
    target: str,
    headers: Mapping[str, str],
    ca_file: str | None,
    timeout: float,
    proxy: str | None,
) -> HttpAnswer:
    place = urlsplit(base_url)
    tls = ssl.create_default_context(cafile=ca_file) if place.scheme == "https" else None
    connection = new_connection(base_url, timeout=timeout, tls=tls, proxy=proxy)
    # Bytes that no client would send are the point; the check is for programs that build URLs from input.
    connection._validate_path = lambda url: None  # type: ignore[attr-defined]  # noqa: ARG005
    connection._encode_request = lambda request: request.encode()  # type: ignore[attr-defined]
    begun = time.monotonic()
    try:
        connection.connect()
        connection.putrequest(method, place.path + target)
        for name, value in headers.items():
            connection.putheader(name, value.encode())
        # A server may refuse a request line that is too long before it has read all of it, and hang up.
        with suppress(OSError):
            connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException) as error:
        raise BenchError(f"{base_url} does not answer {method} {target[:80]!r} ({type(error).__name__}).") from None
    finally:
        connection.close()
    seconds = time.monotonic() - begun
    return HttpAnswer(answer.status, Headers(answer.getheaders()), [], "utf-8", body, seconds)
