"""How an address speaks TLS: with which version, with whose certificate, and what it answers without TLS."""

import socket
import ssl
import warnings
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from focus_core.base import http_session
from focus_core.base.errors import BenchError

_DEFAULT_PORT = 443
_MOST_READ = 65_536


@dataclass(frozen=True)
class Handshake:
    """A handshake that came about: the version (``TLSv1.3``), and until when the certificate is good."""

    version: str
    good_until: datetime


def handshake(url: str, *, ca_file: str | None, timeout: float, proxy: str | None) -> Handshake:
    """Speaks TLS with the host of ``url``: the certificate's chain, its dates and the host's name are verified.

    ``ca_file`` is the trust anchor, None for that of the system; ``proxy`` an HTTP proxy that leads there by CONNECT.
    Raises ``AssertionError`` with the reason when the certificate is not good or no handshake comes about,
    ``BenchError`` when nothing listens there.
    """
    context = ssl.create_default_context(cafile=ca_file)
    host, port = _address(url)
    try:
        with _connect(url, timeout, proxy) as plain, context.wrap_socket(plain, server_hostname=host) as wrapped:
            certificate = wrapped.getpeercert() or {}
            until = datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
            return Handshake(wrapped.version() or "none", until)
    except ssl.SSLCertVerificationError as error:
        raise AssertionError(
            f"The certificate of {host}:{port} is not good: {error.verify_message.rstrip('.')}."
        ) from None
    except (ssl.SSLError, OSError) as error:
        raise AssertionError(f"{host}:{port} speaks no TLS ({type(error).__name__}: {error}).") from None


def accepts(url: str, version: ssl.TLSVersion, *, timeout: float, proxy: str | None) -> bool:
    """Whether the host of ``url`` speaks this version of TLS and no other; whose certificate it is does not matter."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with warnings.catch_warnings():
        # Old versions are what is asked for.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = version
    # Or this side would refuse before the other one could.
    context.set_ciphers("ALL:@SECLEVEL=0")
    try:
        with _connect(url, timeout, proxy) as plain, context.wrap_socket(plain):
            return True
    except (ssl.SSLError, OSError):
        return False


def ciphers_agreed(url: str, ciphers: str, *, timeout: float, proxy: str | None) -> str | None:
    """The cipher that the host of ``url`` agrees to when it is offered only these, in OpenSSL's words, by TLS 1.2; None
    when it agrees to none. Raises ``BenchError`` where this machine's OpenSSL has none of them.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    except ssl.SSLError:
        raise BenchError(f"The OpenSSL of this machine has none of the ciphers {ciphers}; leave the row out.") from None
    try:
        with _connect(url, timeout, proxy) as plain, context.wrap_socket(plain) as wrapped:
            agreed = wrapped.cipher()
            return agreed[0] if agreed else None
    except (ssl.SSLError, OSError):
        return None


def plain_text_answer(url: str, path: str, *, timeout: float, proxy: str | None) -> str:
    """What the TLS port of ``url`` answers to a request without TLS: the raw text, empty when it hangs up."""
    host, port = _address(url)
    request = f"GET {urlsplit(url).path}{path} HTTP/1.1\r\nHost: {host}:{port}\r\nConnection: close\r\n\r\n"
    answer = b""
    try:
        with _connect(url, timeout, proxy) as plain:
            plain.sendall(request.encode())
            while len(answer) < _MOST_READ and (part := plain.recv(_MOST_READ)):
                answer += part
    except OSError:
        # Hanging up hard is an answer too.
        pass
    return answer.decode(errors="replace")


def _address(url: str) -> tuple[str, int]:
    place = urlsplit(url)
    return place.hostname or "", place.port or _DEFAULT_PORT


def _connect(url: str, timeout: float, proxy: str | None) -> socket.socket:
    host, port = _address(url)
    try:
        return http_session.connect(host, port, timeout=timeout, proxy=proxy)
    except OSError as error:
        way = f" through the proxy {proxy}" if proxy else ""
        raise BenchError(
            f"Nothing listens at {host}:{port}{way} ({type(error).__name__}); check the address in the site file."
        ) from None
