"""The bytes of the requests of a load: made once where all are the same for a user."""

from __future__ import annotations

import time
from collections.abc import Mapping
from string import Template
from urllib.parse import quote

from focus_core.base import run_identity
from focus_core.base.http_session import KEPT_IN_PATHS
from focus_core.load.http1 import Address
from focus_core.load.plan import Request
from focus_core.load.users import Users


class Payloads:
    """The requests of one step. ``fixed`` are texts for ``$name`` that hold for the whole load."""

    def __init__(
        self, step: Request, address: Address, users: Users, fixed: Mapping[str, str], *, keep_alive: bool = True
    ) -> None:
        self._users = users
        self._method = step.method
        self._path = address.prefix + fill(step.path, fixed)
        self._bodies = [fill(body, fixed) for body in step.bodies] or [""]
        self._varies = "$" in self._path or any("$" in body for body in self._bodies)
        self._head = (
            f"Host: {address.authority}\r\n"
            f"User-Agent: focus-acceptance (run {run_identity.run_id()})\r\n"
            "Accept: application/json\r\n"
        )
        if not keep_alive:
            self._head += "Connection: close\r\n"
        self._made: dict[tuple[int, int], bytes] = {}
        self._version = users.version

    def make(self, number: int, kept: Mapping[str, str] | None = None) -> bytes:
        """The request of the action of that number; ``kept`` is what earlier steps of it were answered."""
        body = number % len(self._bodies)
        if self._varies:
            values = {"number": str(number), "begun": begun(), **(kept or {})}
            return self._bytes(number, fill(self._path, values), fill(self._bodies[body], values))
        if self._version != self._users.version:
            self._made, self._version = {}, self._users.version
        key = (number % len(self._users), body)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._bytes(number, self._path, self._bodies[body])
        return made

    def _bytes(self, number: int, path: str, body: str) -> bytes:
        content = body.encode()
        described = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
        line = f"{self._method} {quote(path, safe=KEPT_IN_PATHS)} HTTP/1.1\r\n"
        return f"{line}{self._head}{self._users.header(number)}{described}\r\n".encode() + content


def begun() -> str:
    """Now, in microseconds since the epoch."""
    return str(time.time_ns() // 1000)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with the values in the place of their ``$names``; other ``$`` stay."""
    return Template(text).safe_substitute(values) if "$" in text else text
