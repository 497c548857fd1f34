"""Commands on the node of a site, over SSH."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from focus_core.base import http_session, tape
from focus_core.base.errors import BenchError
from focus_core.base.threads import Threads
from focus_core.site import secrets

if TYPE_CHECKING:
    from focus_core.site.model import Site

TIMEOUT_S = 20.0
_PIECE = 65_536


@dataclass(frozen=True)
class Ended:
    """How a command ended: its exit code and what it printed and complained about."""

    code: int
    output: str
    errors: str


# How ended commands are recorded and played back.
SSH: tape.Door[Ended] = tape.Door(
    "ssh", asdict, lambda kept: Ended(**kept), lambda ended: len(ended.output) + len(ended.errors)
)


@contextmanager
def connection(site: Site, timeout: float = TIMEOUT_S) -> Iterator[Any]:
    """A logged-in ``paramiko.SSHClient``; a node that does not let the site's user in raises ``BenchError``."""
    client = _connect(site, timeout)
    try:
        yield client
    finally:
        client.close()


def run(site: Site, command: str) -> str:
    """What the command printed. Raises ``BenchError`` with what it complained about when it ended with an error."""

    def ask() -> Ended:
        with connection(site) as client:
            return execute(site, client, command)

    ended = tape.through(SSH, f"{site.node.host}: {command}", ask)
    if ended.code:
        raise BenchError(
            f"The node {site.node.host} ended '{command}' with {ended.code}: {ended.errors or 'it printed nothing'}; "
            f"check what '{site.node.username}' may do there."
        )
    return ended.output


class NodeShell:
    """Commands over one connection to the node of a site, made at the first command and again when it broke.

    Several threads may use it at the same time.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._client: Any = None
        self._changing = Lock()

    def execute(self, command: str, *, stdin: str = "", timeout: float = TIMEOUT_S) -> Ended:
        """How the command ended, whatever its exit code; ``stdin`` is what it reads.

        Raises ``BenchError`` when the node does not let the site's user in or the command takes longer than
        ``timeout`` seconds.
        """
        return tape.through(
            SSH,
            f"{self._site.node.host}: {command}",
            lambda: execute(self._site, self._connected(timeout), command, stdin, timeout),
            {"stdin": stdin},
        )

    def _connected(self, timeout: float) -> Any:
        with self._changing:
            transport = self._client and self._client.get_transport()
            if not (transport and transport.is_active()):
                self._client = _connect(self._site, timeout)
            return self._client


@lru_cache(maxsize=4)
def shell_of(site: Site) -> NodeShell:
    """The one shell of a site: who asks often shares its connection."""
    return NodeShell(site)


def _connect(site: Site, timeout: float) -> Any:
    import paramiko  # type: ignore[import-untyped]

    place = site.node
    # Its reader thread logs tracebacks; what matters comes as an error.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # noqa: S507 - as SSHLibrary does in the tests
    try:
        client.connect(
            place.host,
            place.port,
            place.username,
            secrets.reveal(place.password),
            timeout=timeout,
            banner_timeout=timeout,
            auth_timeout=timeout,
            allow_agent=False,
            look_for_keys=False,
            sock=http_session.connect(place.host, place.port, timeout=timeout, proxy=site.proxy),
        )
    except (paramiko.SSHException, OSError) as error:
        client.close()
        raise BenchError(
            f"The node {place.host}:{place.port} does not let '{place.username}' in ({type(error).__name__}); "
            "check that it runs and that node.* of the site file is right."
        ) from None
    return client


def execute(site: Site, client: Any, command: str, stdin: str = "", timeout: float = TIMEOUT_S) -> Ended:
    """How a command ended on the connection of a ``paramiko.SSHClient``; bytes that are no text are shown as ``\\xff``.

    Raises ``BenchError`` when the connection breaks or the command takes longer than ``timeout`` seconds.
    """
    import paramiko

    deadline = time.monotonic() + timeout
    try:
        to_command, _, _ = client.exec_command(command, timeout=timeout)
        # Closing ends a command that takes too long.
        with closing(to_command.channel) as channel, Threads(1) as beside:
            # A command that complains at length waits until that is read.
            complaints = beside.submit(_read, channel.recv_stderr, deadline)
            to_command.write(stdin)
            channel.shutdown_write()
            printed = _read(channel.recv, deadline)
            return Ended(channel.recv_exit_status(), printed, complaints.result().strip())
    except (paramiko.SSHException, OSError) as error:
        raise BenchError(
            f"The node {site.node.host} broke off '{command}' or did not end it within {timeout:g} s "
            f"({type(error).__name__}); check that it is not overloaded."
        ) from None


def _read(receive: Callable[[int], bytes], deadline: float) -> str:
    """All that comes. Raises ``TimeoutError`` after the deadline, also when it never stops coming."""
    parts = []
    while part := receive(_PIECE):
        parts.append(part)
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(parts).decode(errors="backslashreplace")
