"""Small servers on loopback for clients under test."""

from __future__ import annotations

import json
import os
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count, islice
from pathlib import Path
from threading import Thread
from typing import Any

from simulator.layout import certificates
from simulator.layout.ports import is_free

# Below the ports of simulated sites, and of what outgoing connections are given: one of those would take it meanwhile.
_PORTS = range(10000, 20000)
_next_ports = count(os.getpid() * 97)


def free_port() -> int:
    """A port that nobody has, and that no other test of this process is given."""
    for number in islice(_next_ports, len(_PORTS)):
        port = _PORTS[number % len(_PORTS)]
        if is_free(port):
            return port
    raise AssertionError(f"no port from {_PORTS.start} to {_PORTS.stop} of 127.0.0.1 is free")


@dataclass(frozen=True)
class Answer:
    """What the server answers to one kind of request; a body of bytes goes out as it is, any other as JSON."""

    status: int
    body: Any
    cookies: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Request:
    """What the server was asked; `target` is "METHOD /path"."""

    target: str
    query: str
    headers: dict[str, str]
    body: Any


@dataclass
class Server:
    """A running server: its address, the answers it gives by target, and what it was asked."""

    url: str
    answers: dict[str, Any]
    requests: list[Request]


@contextmanager
def http_server(answers: dict[str, Any]) -> Iterator[Server]:
    """Serves `answers` ("GET /path" -> Answer, or what makes one of the request); anything else is 404."""
    requests: list[Request] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            path, _, query = self.path.partition("?")
            target = f"{self.command} {path}"
            length = int(self.headers.get("Content-Length") or 0)
            text = self.rfile.read(length).decode()
            requests.append(Request(target, query, dict(self.headers), json.loads(text) if text else None))
            found = answers.get(target, Answer(404, {"detail": "Not Found"}))
            given = found if isinstance(found, Answer) else found(requests[-1])
            plain = isinstance(given.body, bytes)
            content = given.body if plain else json.dumps(given.body).encode()
            self.send_response(given.status)
            self.send_header("Content-Type", "text/plain" if plain else "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            for name, value in given.cookies.items():
                self.send_header("Set-Cookie", f"{name}={value}; Path=/; HttpOnly; Secure")
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - named by the standard library

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
            """Logs nothing: a test's output is for its failures."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{server.server_port}", answers, requests)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Quiet(BaseHTTPRequestHandler):
    """Answers 404 to everything."""

    def do_GET(self) -> None:
        self.send_error(404)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
        """Says nothing."""


@contextmanager
def https_server(folder: Path) -> Iterator[str]:
    """The URL of a server with a certificate of the authority below `folder`; answers 404 to everything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificates.issue(folder, "server"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Quiet)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@contextmanager
def connect_proxy() -> Iterator[tuple[str, list[str]]]:
    """An HTTP proxy that leads on by CONNECT: its URL, and the addresses ("host:port") that were asked of it."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(self.path)
            host, _, port = self.path.rpartition(":")
            with socket.create_connection((host, int(port)), 5) as server:
                self.send_response(200)
                self.end_headers()
                back = Thread(target=pass_on, args=(server, self.connection), daemon=True)
                back.start()
                pass_on(self.connection, server)
                back.join(5)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the standard library
            """Logs nothing."""

    def pass_on(source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while part := source.recv(65_536):
                target.sendall(part)
            target.shutdown(socket.SHUT_WR)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.socket.close()
        thread.join()


@contextmanager
def counting_listener() -> Iterator[tuple[int, list[str]]]:
    """A port that refuses nobody, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    connection, address = server.accept()
                except OSError:
                    return
                came.append(str(address))
                connection.close()

        Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1], came
        server.shutdown(socket.SHUT_RDWR)
