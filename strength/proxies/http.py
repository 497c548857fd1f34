"""Proxy for HTTP: forwards everything unchanged and passes each answer through the worker's interceptor."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from strength.proxies.http_messages import BrokenMessageError, HttpAnswer, MessageReader, Request
from strength.proxies.interceptor import Interceptor

# Longer than any answer of a site; a connection that is ineffective for so long is given up.
IDLE_TIMEOUT_S = 120.0
_STREAMED = frozenset({"watch=true", "watch=True", "watch=1", "follow=true", "follow=True", "follow=1"})

# Called with every answer: operation, request, answer, upstream.
Observer = Callable[[str, Request, HttpAnswer, "Upstream"], None]


@dataclass(frozen=True)
class Upstream:
    """One server of the site behind a proxy. `context`: TLS of the proxy's own port; `trusted`: CA file of the server.

    `name_of` returns the operation of a method and a target.
    """

    url: str
    name_of: Callable[[str, str], str]
    context: ssl.SSLContext | None = None
    trusted: str | None = None


class Listener:
    """A port on loopback; each connection is served in a thread of its own until either side closes it."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            # Closing alone does not wake the thread that is blocked in accept.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._guarded, args=(client,), daemon=True).start()

    def _guarded(self, client: socket.socket) -> None:
        with suppress(OSError, BrokenMessageError, ValueError), client:
            client.settimeout(IDLE_TIMEOUT_S)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._serve(client)


class HttpProxy:
    """Listens on loopback in front of an upstream; `url` leads through it."""

    def __init__(self, upstream: Upstream, interceptor: Interceptor, observer: Observer | None = None) -> None:
        self._upstream = upstream
        self._interceptor = interceptor
        self._observer = observer or (lambda *_: None)
        self._listener = Listener(self._serve)
        self.url = urlsplit(upstream.url)._replace(netloc=f"127.0.0.1:{self._listener.port}").geturl()

    def close(self) -> None:
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        """Serve one connection of a client, with one connection of its own to the upstream."""
        ours = self._upstream.context.wrap_socket(client, server_side=True) if self._upstream.context else client
        with ours, _UpstreamConnection(self._upstream) as site:
            requests = MessageReader(ours)
            while request := _next_request(requests, site, ours):
                if _is_streamed(request):
                    site.stream(request.raw, ours)
                    return
                answer = self._exchange(request, site)
                ours.sendall(answer.raw)
                if request.closes or answer.closes:
                    return

    def _exchange(self, request: Request, site: _UpstreamConnection) -> HttpAnswer:
        operation = self._upstream.name_of(request.method, request.target)

        def ask() -> HttpAnswer:
            answer = site.ask(request)
            self._observer(operation, request, answer, self._upstream)
            return answer

        answer, changed = self._interceptor.apply(operation, ask(), ask)
        if changed:
            answer.raw = answer.built()
        return answer


def _next_request(requests: MessageReader, site: _UpstreamConnection, client: socket.socket) -> Request | None:
    """None at the end of the connection. A malformed request is for the site to refuse: it is relayed."""
    try:
        return requests.request()
    except BrokenMessageError as malformed:
        site.stream(malformed.raw, client)
        return None


def _is_streamed(request: Request) -> bool:
    """Whether the answer has no end: watches, followed logs and upgraded connections."""
    query = request.target.partition("?")[2].split("&")
    return bool(request.header("Upgrade")) or not _STREAMED.isdisjoint(query)


class _UpstreamConnection:
    """The connection to the upstream that belongs to one connection of a client."""

    def __init__(self, upstream: Upstream) -> None:
        self._upstream = upstream
        self._socket: socket.socket | None = None
        self._answers: MessageReader | None = None

    def __enter__(self) -> _UpstreamConnection:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def ask(self, request: Request) -> HttpAnswer:
        # A server closes idle connections, which the client behind the proxy cannot see.
        if self._socket and select.select([self._socket], [], [], 0)[0]:
            self._close()
        if self._socket is None or self._answers is None:
            self._socket = connect(self._upstream)
            self._answers = MessageReader(self._socket)
        # A server may answer and close before it has read a body that is too long.
        with suppress(OSError):
            self._socket.sendall(request.raw)
        answer = self._answers.answer(request.method)
        if answer.closes:
            self._close()
        return answer

    def stream(self, request: bytes, client: socket.socket) -> None:
        """Forward the request, then every byte of either side until one closes."""
        with connect(self._upstream) as site:
            site.sendall(request)
            relay(site, client)

    def _close(self) -> None:
        if self._socket:
            self._socket.close()
        self._socket = self._answers = None


def relay(one: socket.socket, other: socket.socket) -> None:
    """Forward every byte of either side to the other until one closes."""
    sides = {one: other, other: one}
    while ready := _readable(sides):
        for side in ready:
            data = side.recv(1 << 16)
            if not data:
                return
            sides[side].sendall(data)


def _readable(sides: Iterable[socket.socket]) -> list[socket.socket]:
    """The sockets with data to read; TLS may hold decrypted bytes that select does not see."""
    waiting: list[socket.socket] = [side for side in sides if isinstance(side, ssl.SSLSocket) and side.pending()]
    return waiting or select.select(list(sides), [], [], IDLE_TIMEOUT_S)[0]


def connect(upstream: Upstream) -> socket.socket:
    """A connection to the server itself; TLS is verified."""
    parts = urlsplit(upstream.url)
    host = parts.hostname or ""
    site = socket.create_connection((host, parts.port or (443 if parts.scheme == "https" else 80)), IDLE_TIMEOUT_S)
    site.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if parts.scheme != "https":
        return site
    return ssl.create_default_context(cafile=upstream.trusted).wrap_socket(site, server_hostname=host)
