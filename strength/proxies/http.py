"""The proxy for HTTP: it passes everything on as it comes, and each answer through the worker's tap."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

from strength.proxies.http_messages import BrokenMessageError, Message, read_answer, read_request
from strength.proxies.interceptor import Tap

# Longer than any answer of a site; a connection that is silent for so long is given up.
PATIENCE_S = 120.0
_STREAMED = frozenset({"watch=true", "watch=True", "watch=1", "follow=true", "follow=True", "follow=1"})

# Told of every answer: operation, request, answer, door.
Watch = Callable[[str, Message, Message, "Door"], None]


@dataclass(frozen=True)
class Door:
    """One way into the site, and how to connect to it; `context` is for TLS on our side.

    `name_of` tells the operation of a method and a target.
    """

    url: str
    name_of: Callable[[str, str], str]
    context: ssl.SSLContext | None = None
    trusted: str | None = None


class Listener:
    """A port on loopback; each connection is served in a thread of its own, until either side closes it."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            # What only closes a socket does not wake the thread that waits for it.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return  # the proxy was closed
            threading.Thread(target=self._guarded, args=(client,), daemon=True).start()

    def _guarded(self, client: socket.socket) -> None:
        with suppress(OSError, BrokenMessageError, ValueError), client:
            client.settimeout(PATIENCE_S)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._serve(client)


class HttpProxy:
    """Listens on loopback in front of a door of a site; `url` leads through it."""

    def __init__(self, door: Door, tap: Tap, watch: Watch | None = None) -> None:
        self._door = door
        self._tap = tap
        self._watch = watch or (lambda *_: None)
        self._listener = Listener(self._serve)
        self.url = urlsplit(door.url)._replace(netloc=f"127.0.0.1:{self._listener.port}").geturl()

    def close(self) -> None:
        self._listener.close()

    def _serve(self, client: socket.socket) -> None:
        """One connection of a client, with one of its own to the site."""
        ours = self._door.context.wrap_socket(client, server_side=True) if self._door.context else client
        with ours, ours.makefile("rb") as requests, _SiteSide(self._door) as site:
            while request := read_request(requests):
                if _is_streamed(request):
                    site.stream(request, ours)
                    return
                answer = self._exchange(request, site)
                ours.sendall(answer.raw)
                if request.closes or answer.closes:
                    return

    def _exchange(self, request: Message, site: _SiteSide) -> Message:
        operation = self._door.name_of(request.method, request.target)

        def ask() -> Message:
            answer = site.ask(request)
            self._watch(operation, request, answer, self._door)
            return answer

        answer, changed = self._tap.through(operation, ask(), ask)
        if changed:
            answer.raw = answer.built()
        return answer


def _is_streamed(request: Message) -> bool:
    """Watches, followed logs and upgraded connections have no answer that ends."""
    query = request.target.partition("?")[2].split("&")
    return bool(request.header("Upgrade")) or not _STREAMED.isdisjoint(query)


class _SiteSide:
    """The connection to the site that belongs to one connection of a client."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._socket: socket.socket | None = None
        self._answers: BinaryIO | None = None

    def __enter__(self) -> _SiteSide:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def ask(self, request: Message) -> Message:
        # The site closes what is idle for long; a client of ours cannot see that, so we must.
        if self._socket and select.select([self._socket], [], [], 0)[0]:
            self._close()
        if self._socket is None or self._answers is None:
            self._socket = connect(self._door)
            self._answers = self._socket.makefile("rb")
        # A server may refuse a body that is too long before it has read it; its answer is there all the same.
        with suppress(OSError):
            self._socket.sendall(request.raw)
        answer = read_answer(self._answers, request.method)
        if answer.closes:
            self._close()
        return answer

    def stream(self, request: Message, client: socket.socket) -> None:
        """Pass on the request, then every byte of either side until one closes."""
        with connect(self._door) as site:
            site.sendall(request.raw)
            join(site, client)

    def _close(self) -> None:
        if self._answers:
            self._answers.close()
        if self._socket:
            self._socket.close()
        self._socket = self._answers = None


def join(one: socket.socket, other: socket.socket) -> None:
    """Pass every byte of either side to the other, until one closes."""
    sides = {one: other, other: one}
    while ready := _readable(sides):
        for side in ready:
            data = side.recv(1 << 16)
            if not data:
                return
            sides[side].sendall(data)


def _readable(sides: Iterable[socket.socket]) -> list[socket.socket]:
    """The sides that have sent something; TLS may have decrypted more than was read."""
    waiting: list[socket.socket] = [side for side in sides if isinstance(side, ssl.SSLSocket) and side.pending()]
    return waiting or select.select(list(sides), [], [], PATIENCE_S)[0]


def connect(door: Door) -> socket.socket:
    """A connection to the site itself, verified as its clients do."""
    parts = urlsplit(door.url)
    host = parts.hostname or ""
    site = socket.create_connection((host, parts.port or (443 if parts.scheme == "https" else 80)), PATIENCE_S)
    site.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if parts.scheme != "https":
        return site
    return ssl.create_default_context(cafile=door.trusted).wrap_socket(site, server_hostname=host)
