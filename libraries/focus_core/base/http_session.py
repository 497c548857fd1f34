"""HTTP as a tester needs it: one call is one request, and what comes back is the answer, whatever it is.

No retry, no redirection, no proxy or .netrc of the environment, no cookie, no compression. Made of the standard
library's client, which Robot Framework has loaded anyway: requests alone would cost a REST suite a fifth of its cold
start.
"""

import base64
import http.client
import json
import selectors
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

from focus_core.base import run_identity, tape

# What RFC 3986 allows in a path with its query; the % of what is quoted already stays too.
KEPT_IN_PATHS = "!#$%&'()*+,/:;=?@[]~"

# Servers end a connection that is idle for some seconds (uvicorn after 5), and a request that meets the end on its way
# gets no answer.
_MOST_IDLE_S = 3.0


# Services log it, so that their lines can be tied to the test that asked.
_REQUEST_ID = "X-Request-ID"


class NoAnswerError(Exception):
    """No answer came, or none that is HTTP; the text is the kind of error, for example ``TimeoutError``."""


class Headers(Mapping[str, str]):
    """Headers by name, in upper or lower case; those that came several times are joined with commas."""

    def __init__(self, lines: Iterable[tuple[str, str]]) -> None:
        self._found: dict[str, tuple[str, str]] = {}
        for name, value in lines:
            before = self._found.get(name.lower())
            self._found[name.lower()] = (name, f"{before[1]}, {value}" if before else value)

    def __getitem__(self, name: str) -> str:
        return self._found[name.lower()][1]

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self._found.values())

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True)
class HttpAnswer:
    """Status, headers, the cookies that are set, the body as it came, and the seconds that all of it took."""

    status: int
    headers: Headers
    set_cookies: list[str]
    charset: str
    content: bytes
    seconds: float

    @property
    def text(self) -> str:
        """The body in the character set that its content type names, else UTF-8."""
        with suppress(LookupError):
            return self.content.decode(self.charset, "replace")
        return self.content.decode("utf-8", "replace")

    @property
    def body(self) -> Any:
        """The body as JSON; as text when it is none."""
        try:
            return json.loads(self.content)
        except ValueError:
            return self.text

    @property
    def content_type(self) -> str:
        """The media type without parameters, e.g. ``application/json``."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()


class HttpSession:
    """Calls to one server, over connections that are kept. May be used by several threads at once.

    ``timeout`` is seconds for each step (connecting, each piece of the answer); ``verify`` is True for the system's
    trust or the path of a CA file. ``liveness_check`` is called before the first call and before one that
    follows a call without an answer, and may raise what it finds: a server that is gone must not cost every further
    test the whole timeout. ``proxy`` is the URL of an HTTP proxy that leads to the server by CONNECT.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float,
        verify: bool | str = True,
        liveness_check: Callable[[], object] | None = None,
        proxy: str | None = None,
    ) -> None:
        address = urlsplit(url)
        self._tls = _trust(verify) if address.scheme == "https" else None
        self._url, self._proxy = url, proxy
        self._prefix = address.path.rstrip("/")
        self._timeout = timeout
        self._liveness_check = liveness_check
        self._unverified = True
        # Each with the time of its last answer.
        self._idle: list[tuple[http.client.HTTPConnection, float]] = []

    def send(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> HttpAnswer:
        """One request; ``path`` follows the session's URL. Raises ``NoAnswerError``; any status is an answer."""
        detail = {"headers": headers or {}, "body": body or b""}
        return tape.through(
            HTTP, f"{method} {self._url}{path}", lambda: self._send(method, path, body, headers), detail
        )

    def _send(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str] | None) -> HttpAnswer:
        if self._unverified and self._liveness_check:
            self._liveness_check()
        self._unverified = False
        connection = self._connection()
        # What is not ASCII goes out as UTF-8.
        sent = {name: value if value.isascii() else value.encode() for name, value in (headers or {}).items()}
        if not any(name.lower() == _REQUEST_ID.lower() for name in sent):
            sent[_REQUEST_ID] = run_identity.request_id()
        begun = time.monotonic()
        try:
            # A server may answer before it has read a body that it refuses, and then not read on.
            with suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, quote(self._prefix + path, safe=KEPT_IN_PATHS), body=body, headers=sent)
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._unverified = True
            why = f": {error.verify_message.rstrip('.')}" if isinstance(error, ssl.SSLCertVerificationError) else ""
            raise NoAnswerError(f"{type(error).__name__}{why}") from error
        if connection.sock:
            self._idle.append((connection, time.monotonic()))
        return HttpAnswer(
            answer.status,
            Headers(answer.headers.items()),
            answer.headers.get_all("Set-Cookie", []),
            answer.headers.get_content_charset() or "utf-8",
            content,
            time.monotonic() - begun,
        )

    def _connection(self) -> http.client.HTTPConnection:
        with suppress(IndexError):
            while True:
                kept, since = self._idle.pop()
                if time.monotonic() - since < _MOST_IDLE_S and not _closed_by_server(kept):
                    return kept
                kept.close()
        return new_connection(self._url, timeout=self._timeout, tls=self._tls, proxy=self._proxy)


def new_connection(
    url: str, *, timeout: float, tls: ssl.SSLContext | None, proxy: str | None
) -> http.client.HTTPConnection:
    """A connection, not yet open, to the server of ``url``, with TLS where ``tls`` is given."""
    server = urlsplit(url)
    first = urlsplit(proxy) if proxy else server
    host, port = first.hostname or "", first.port
    connection: http.client.HTTPConnection
    if tls:
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=tls)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    if proxy:
        connection.set_tunnel(server.hostname or "", server.port or (443 if tls else 80))
    return connection


def connect(host: str, port: int, *, timeout: float, proxy: str | None) -> socket.socket:
    """An open connection for any protocol, through the proxy where there is one. Raises ``OSError``."""
    if proxy is None:
        return socket.create_connection((host, port), timeout)
    connection = new_connection(f"//{host}:{port}", timeout=timeout, tls=None, proxy=proxy)
    connection.connect()
    return connection.sock


def _closed_by_server(connection: http.client.HTTPConnection) -> bool:
    """Whether something came on a connection where no answer is awaited: that can only be its end."""
    with selectors.DefaultSelector() as selector:
        selector.register(connection.sock, selectors.EVENT_READ)
        return bool(selector.select(0))


def _error(name: str, text: str) -> Exception:
    return NoAnswerError(text) if name == NoAnswerError.__name__ else tape.own_error(name, text)


def _kept(answer: HttpAnswer) -> dict[str, Any]:
    try:
        content = {"text": answer.content.decode("utf-8")}
    except UnicodeDecodeError:
        content = {"base64": base64.b64encode(answer.content).decode()}
    return {
        "status": answer.status,
        "headers": list(answer.headers.items()),
        "set_cookies": answer.set_cookies,
        "charset": answer.charset,
        "seconds": answer.seconds,
        **content,
    }


def _answer(kept: dict[str, Any]) -> HttpAnswer:
    content = kept["text"].encode() if "text" in kept else base64.b64decode(kept["base64"])
    headers = Headers((name, value) for name, value in kept["headers"])
    return HttpAnswer(kept["status"], headers, kept["set_cookies"], kept["charset"], content, kept["seconds"])


# How answers are recorded and played back.
HTTP: tape.Door[HttpAnswer] = tape.Door("http", _kept, _answer, lambda answer: len(answer.content), error=_error)


@cache
def _trust(verify: bool | str) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=verify if isinstance(verify, str) else None)
