"""The way to the Focus Server: TLS, and what a client is told when there is nobody at the other end."""

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from focus_core import site_data, tls
from focus_core.errors import BenchError
from focus_core.focus_client import FocusClient
from robot.api import SkipExecution, logger
from robot.api.deco import keyword, library

_GOOD_VERSIONS = ("TLSv1.2", "TLSv1.3")
_OLD_VERSIONS = {"TLS 1.0": ssl.TLSVersion.TLSv1, "TLS 1.1": ssl.TLSVersion.TLSv1_1}
_TIMEOUT_S = 5.0
# A client that gives up may need this much longer than it was told to wait.
_GRACE_S = 1.0


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class ConnectionLibrary:
    """TLS of the site's entrance, and clients of servers that are not there (on this machine, never on the site)."""

    @keyword("TLS Should Be Sound", tags=("Connection", "Assertion"))
    def tls_should_be_sound(self) -> None:
        """Speaks TLS with the entrance of the site: 1.2 or newer, a certificate that the site's CA signed, for this
        host, and not expired. Skips where the site has no TLS by design.

        | TLS Should Be Sound
        """
        url = _tls_url()
        tls_site = site_data.site().tls
        done = tls.handshake(url, ca_file=str(tls_site.ca_file) if tls_site.ca_file else None, timeout=_TIMEOUT_S)
        logger.info(f"{url} speaks {done.version}; its certificate is good until {done.good_until:%Y-%m-%d}.")
        if done.version not in _GOOD_VERSIONS:
            raise AssertionError(f"{url} speaks {done.version}; allowed is {' and '.join(_GOOD_VERSIONS)}.")
        if done.good_until <= datetime.now(UTC):
            raise AssertionError(f"The certificate of {url} ran out at {done.good_until:%Y-%m-%d %H:%M} UTC.")

    @keyword("Old TLS Should Be Refused", tags=("Connection", "Assertion"))
    def old_tls_should_be_refused(self) -> None:
        """The entrance of the site speaks neither TLS 1.0 nor TLS 1.1, even when the client knows nothing else.

        | Old TLS Should Be Refused
        """
        url = _tls_url()
        accepted = [name for name, version in _OLD_VERSIONS.items() if tls.accepts(url, version, timeout=_TIMEOUT_S)]
        if accepted:
            raise AssertionError(f"{url} speaks {' and '.join(accepted)}; TLS 1.2 is the oldest allowed.")

    @keyword(tags=("Connection", "Assertion"))
    def plain_text_should_not_be_served(self, path: str) -> None:
        """Sends a request without TLS to the entrance of the site: it hangs up or refuses, and serves nothing.

        | Plain Text Should Not Be Served    /ack
        """
        answer = tls.plain_text_answer(_tls_url(), path, timeout=_TIMEOUT_S)
        status = answer.partition(" ")[2][:3]
        if answer.startswith("HTTP/") and not status.startswith("4"):
            raise AssertionError(f"A request for {path} without TLS was answered {status}: {answer[:200]!r}")

    @keyword(tags=("Connection", "Assertion"))
    def refused_connection_should_be_reported(self, within: float) -> None:
        """A client of a server whose port is closed is told so, with the address, within so many seconds.

        | Refused Connection Should Be Reported    within=2
        """
        with _closed_port() as port:
            _check_report(port, within, timeout=within)

    @keyword(tags=("Connection", "Assertion"))
    def silent_server_should_be_reported(self, timeout: float) -> None:
        """A client of a server that takes the connection and never answers gives up after its ``timeout`` and says so,
        with the address.

        | Silent Server Should Be Reported    timeout=1
        """
        with socket.create_server(("127.0.0.1", 0)) as silent:
            waited = _check_report(silent.getsockname()[1], timeout + _GRACE_S, timeout=timeout)
        if waited < timeout:
            raise AssertionError(f"The client gave up after {waited:.2f} s, before its {timeout:g} s were over.")


def _tls_url() -> str:
    url = site_data.site().focus.url
    if not url.startswith("https://"):
        raise SkipExecution(f"Site {site_data.site().name} has no TLS by design.")
    return url


@contextmanager
def _closed_port() -> Iterator[int]:
    # Bound, so that nobody else takes it, but not listening.
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield bound.getsockname()[1]


def _check_report(port: int, within: float, *, timeout: float) -> float:
    """Asks there; returns after how many seconds the client said that nobody answers."""
    url = f"http://127.0.0.1:{port}/focus-server"
    begun = time.monotonic()
    try:
        answer = FocusClient(url, timeout=timeout).send("GET", "/ack")
    except BenchError as report:
        waited = time.monotonic() - begun
        logger.info(f"After {waited:.2f} s: {report}")
        if f"{url}/ack" not in str(report) or "does not answer" not in str(report):
            raise AssertionError(f"The client does not say who did not answer: {report}") from None
        if waited > within:
            raise AssertionError(
                f"The client needed {waited:.2f} s to say that nobody answers, allowed are {within:g} s."
            ) from None
        return waited
    raise AssertionError(f"{answer}, although nobody is there.")
