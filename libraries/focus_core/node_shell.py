"""Commands on the node of a site, over SSH."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from focus_core import secrets
from focus_core.errors import BenchError

if TYPE_CHECKING:
    from focus_core.site_model import Site

TIMEOUT_S = 20.0


@contextmanager
def connection(site: Site, timeout: float = TIMEOUT_S) -> Iterator[Any]:
    """A logged-in ``paramiko.SSHClient``; a node that does not let the site's user in raises ``BenchError``."""
    import paramiko  # type: ignore[import-untyped]

    place = site.node
    # Its reader thread logs tracebacks; what matters comes as an error.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    with paramiko.SSHClient() as client:
        # As SSHLibrary does in the tests.
        client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
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
            )
        except (paramiko.SSHException, OSError) as error:
            raise BenchError(
                f"The node {place.host}:{place.port} does not let '{place.username}' in ({type(error).__name__}); "
                "check that it runs and that node.* of the site file is right."
            ) from None
        yield client


def run(site: Site, command: str) -> str:
    """What the command printed. Raises ``BenchError`` with what it complained about when it ended with an error."""
    with connection(site) as client:
        _, out, complaints = client.exec_command(command, timeout=TIMEOUT_S)
        printed: str = out.read().decode(errors="replace")
        complaint = complaints.read().decode(errors="replace").strip()
        code = out.channel.recv_exit_status()
    if code:
        raise BenchError(
            f"The node {site.node.host} ended '{command}' with {code}: {complaint or 'it said nothing'}; check what "
            f"'{site.node.username}' may do there."
        )
    return printed
