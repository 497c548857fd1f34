"""The proxy of a worker: it passes everything on as it comes, records it, and applies the armed mutants."""

from __future__ import annotations

import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

from pipeline.strength import mutants
from pipeline.strength.http_messages import BrokenMessageError, Message, read_answer, read_request
from pipeline.strength.mutants import Mutant
from pipeline.strength.traffic import Exchange, Kind

# Longer than any answer of a site; a connection that is silent for so long is given up.
_PATIENCE_S = 120.0


@dataclass(frozen=True)
class Door:
    """One way into the site, and how to connect to it; `context` is for TLS on our side."""

    url: str
    context: ssl.SSLContext | None
    trusted: str | None = None


class Proxy:
    """Listens on loopback in front of the doors of a site. `name_of` tells the operation of a method and a target."""

    def __init__(
        self, doors: Iterable[Door], name_of: Callable[[str, str], str], time_limits: Mapping[str, float]
    ) -> None:
        self._name_of = name_of
        self._time_limits = time_limits
        self._lock = threading.Lock()
        self._armed: tuple[Mutant, ...] = ()
        self._applied: dict[Mutant, float] = {}
        self._exchanges: list[Exchange] | None = None
        self._previous: dict[Kind, Message] = {}
        self.watch: Callable[[str, Message, Message, Door], None] | None = None
        self._listeners: list[socket.socket] = []
        self.urls = [self._open(door) for door in doors]

    def arm(self, armed: Iterable[Mutant]) -> None:
        """From now on apply these mutants, and forget what earlier ones did."""
        with self._lock:
            self._armed, self._applied = tuple(armed), {}

    def disarm(self) -> dict[Mutant, float]:
        """Pass everything on unchanged again; returns the mutants that changed an answer, and when first (epoch)."""
        with self._lock:
            self._armed = ()
            return self._applied

    def record(self) -> None:
        """Begin to keep every exchange."""
        self._exchanges = []

    def recorded(self) -> list[Exchange]:
        """The exchanges since `record`, which ends the recording."""
        kept, self._exchanges = self._exchanges or [], None
        return kept

    def close(self) -> None:
        for listener in self._listeners:
            listener.close()

    def _open(self, door: Door) -> str:
        """Listen for one door; returns the URL that leads through the proxy."""
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._listeners.append(listener)
        threading.Thread(target=self._accept, args=(listener, door), daemon=True).start()
        parts = urlsplit(door.url)
        return parts._replace(netloc=f"127.0.0.1:{listener.getsockname()[1]}").geturl()

    def _accept(self, listener: socket.socket, door: Door) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return  # the proxy was closed
            threading.Thread(target=self._serve, args=(client, door), daemon=True).start()

    def _serve(self, client: socket.socket, door: Door) -> None:
        """One connection of a client, with one of its own to the site, until either side closes."""
        with suppress(OSError, BrokenMessageError, ValueError), client:
            client.settimeout(_PATIENCE_S)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            ours = door.context.wrap_socket(client, server_side=True) if door.context else client
            with ours, ours.makefile("rb") as requests, _SiteSide(door) as site:
                while request := read_request(requests):
                    answer = self._exchange(request, site, door)
                    ours.sendall(answer.raw)
                    if request.closes or answer.closes:
                        return

    def _exchange(self, request: Message, site: _SiteSide, door: Door) -> Message:
        answer = site.ask(request)
        operation = self._name_of(request.method, request.target)
        kind = (operation, answer.status)
        if self.watch:
            self.watch(operation, request, answer, door)
        if self._exchanges is not None:
            self._exchanges.append(Exchange.of(operation, answer))
        armed = [mutant for mutant in self._armed if mutant.fits(kind)]
        previous = self._previous.get(kind)
        self._previous[kind] = deepcopy(answer) if armed else answer
        for mutant in armed:
            if mutant.operator == mutants.TWICE:
                answer, changed = site.ask(request), True
                if self.watch:
                    self.watch(operation, request, answer, door)
            elif mutant.operator == mutants.LATE:
                time.sleep(self._time_limits[operation])
                changed = True
            elif mutant.operator == mutants.STALE:
                changed = previous is not None and previous.body != answer.body
                answer.body = previous.body if previous else answer.body
            else:
                changed = mutant.apply(answer)
            if changed:
                with self._lock:
                    self._applied.setdefault(mutant, time.time())
                answer.raw = answer.built()
        return answer


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

    def _close(self) -> None:
        if self._answers:
            self._answers.close()
        if self._socket:
            self._socket.close()
        self._socket = self._answers = None


def connect(door: Door) -> socket.socket:
    """A connection to the site itself, verified as its clients do."""
    parts = urlsplit(door.url)
    host = parts.hostname or ""
    site = socket.create_connection((host, parts.port or (443 if parts.scheme == "https" else 80)), _PATIENCE_S)
    site.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if parts.scheme != "https":
        return site
    return ssl.create_default_context(cafile=door.trusted).wrap_socket(site, server_hostname=host)
