"""What the operator's page does, without a browser: its files, its login by cookies, its sockets."""

from __future__ import annotations

import json
import ssl
import struct
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import requests
from support.site_commands import PATIENCE_S, Site, login, web
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

SECONDS = 20.0
_HEADER = struct.Struct("<6Id")
ROWS, SPECTRUM = 1, 2


@dataclass
class Rows:
    """One message of rows or of a spectrum: ``cells`` is (rows, columns) of levels, or (1, bins) of values."""

    kind: int
    first: int
    row: int
    time_ms: float
    cells: Any


class Page:
    """A user of the page, by cookies."""

    def __init__(self, site: Site, user: str = "lane1") -> None:
        self.site = site
        self.origin = "https://" + urlsplit(site["webapp"]["url"]).netloc
        self.http = web(site)
        answer = login(site, user)
        assert answer.status_code == 201, answer.text
        self.http.cookies = answer.cookies
        self.http.headers["X-CSRF-Token"] = answer.cookies["csrf-token"]
        self.api = f"/prisma/api/{site['webapp']['site_id']}/api"

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call the API, or another path that begins with a slash."""
        url = self.origin + (path if path.startswith("/") else f"{self.api}/{path}")
        return self.http.request(method, url, timeout=SECONDS, **options)

    def socket(self, path: str, *, origin: str | None = None, cookies: bool = True) -> ClientConnection:
        """Open a WebSocket below the API, as a page of ``origin`` does (by default the site's own)."""
        cookie = "; ".join(f"{one.name}={one.value}" for one in self.http.cookies) if cookies else ""
        return connect(
            self.origin.replace("https", "wss") + f"{self.api}/{path}",
            ssl=ssl.create_default_context(cafile=self.site["tls"]["ca_file"]),
            origin=origin or self.origin,  # type: ignore[arg-type]
            additional_headers={"Cookie": cookie},
            open_timeout=SECONDS,
            max_size=None,
            proxy=None,
        )


def said(socket: ClientConnection) -> dict[str, Any]:
    """Return the next text message."""
    message: dict[str, Any] = json.loads(socket.recv(SECONDS))
    return message


def rows_of(socket: ClientConnection) -> Rows:
    """Return the next message of rows or of a spectrum."""
    while isinstance(message := socket.recv(SECONDS), str):
        pass
    kind, first, columns, count, row, _, time_ms = _HEADER.unpack_from(message)
    cells = np.frombuffer(message, np.uint8 if kind == ROWS else "<f4", offset=_HEADER.size)
    return Rows(kind, first, row, time_ms, cells.reshape(count, columns))


def closing_code(socket: ClientConnection) -> int:
    """Read until the socket closes, and return its code; fail when it goes on and on."""
    deadline = time.monotonic() + PATIENCE_S
    try:
        while time.monotonic() < deadline:
            socket.recv(SECONDS)
    except ConnectionClosed as closed:
        assert closed.rcvd is not None
        return closed.rcvd.code
    raise AssertionError(f"The socket was still open after {PATIENCE_S:g} s.")
