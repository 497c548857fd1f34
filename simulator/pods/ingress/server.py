"""The TLS server: aiohttp's low-level one, with its own words replaced wherever a request cannot even be read."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import uuid
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiohttp import web

from simulator.defects import active
from simulator.pods.ingress.answers import RefusedError, common_headers, error_response
from simulator.pods.ingress.proxy import KEEP_ALIVE_S, Ingress
from simulator.pods.ingress.settings import Settings

log = logging.getLogger("ingress")

_PLAIN_TOO = "ingress-without-tls"
_LOOK_S = 0.5
_FIRST_BYTE_S = 1.0
# What TLS begins with.
_HANDSHAKE = b"\x16"


class _Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002
    ) -> web.StreamResponse:
        """Answer in the uniform shape. The reason goes to the log only: it repeats what the client sent."""
        if status >= 500:
            log.error("a request failed", exc_info=exc)
            refused = RefusedError(500, "The site could not answer this request.")
        else:
            log.warning("not HTTP: %s", type(exc).__name__)
            refused = RefusedError(status, "This is not an HTTP request that the site can read.")
        if request.writer.output_size > 0:
            raise ConnectionError("the answer has begun, it cannot be changed into an error")
        response = error_response("/", refused)
        response.headers.update(common_headers(uuid.uuid4().hex))
        response.force_close()
        return response


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class _Tls(ssl.SSLContext):
    """The site's TLS, or that of a defect: chosen anew for each connection."""

    of_defects: Mapping[str, ssl.SSLContext]

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """Return the TLS of one connection."""
        for defect, context in self.of_defects.items():
            if active(defect):
                return context.wrap_bio(*args, **kwargs)
        return super().wrap_bio(*args, **kwargs)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return the server's TLS: the site's certificate and nothing older than TLS 1.2, unless a defect is on."""
    tls = _Tls(ssl.PROTOCOL_TLS_SERVER)
    _set_up(tls, settings.certificate, settings.key)
    bad = {
        "certificate-expired": (settings.expired_certificate, None),
        "certificate-other-host": (settings.other_host_certificate, None),
        "ingress-old-tls": (settings.certificate, settings.key),
        "ingress-weak-ciphers": (settings.certificate, settings.key),
    }
    tls.of_defects = {defect: ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) for defect in bad}
    for defect, (certificate, key) in bad.items():
        _set_up(tls.of_defects[defect], certificate, key)
    _speak_old_versions(tls.of_defects["ingress-old-tls"])
    tls.of_defects["ingress-weak-ciphers"].set_ciphers("ALL:eNULL:aNULL:@SECLEVEL=0")
    return tls


def _set_up(context: ssl.SSLContext, certificate: Path, key: Path | None) -> None:
    """``key`` None: it stands in the file of the certificate."""
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key)


def _speak_old_versions(context: ssl.SSLContext) -> None:
    with warnings.catch_warnings():
        # That they are out of date is what the defect is about.
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
    context.set_ciphers("ALL:@SECLEVEL=0")


async def serve(ingress: Ingress, port: int, tls: ssl.SSLContext, stop: asyncio.Event) -> None:
    """Listen on 127.0.0.1 until ``stop`` is set; what is being answered then gets a second to end."""
    await ingress.start()
    server = _Server(ingress.handle, auto_decompress=False, keepalive_timeout=KEEP_ALIVE_S, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=1.0)
    await runner.setup()
    try:
        while not stop.is_set():
            await (_listen_for_both if active(_PLAIN_TOO) else _listen)(runner, port, tls, stop)
    finally:
        await runner.cleanup()
        await ingress.close()


async def _listen(runner: web.ServerRunner, port: int, tls: ssl.SSLContext, stop: asyncio.Event) -> None:
    """Listen until ``stop`` is set or the defect that serves without TLS is switched on."""
    site = web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls)
    await site.start()
    log.info("listens on 127.0.0.1:%d (TLS)", port)
    while not stop.is_set() and not active(_PLAIN_TOO):
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _LOOK_S)
    await site.stop()


async def _listen_for_both(runner: web.ServerRunner, port: int, tls: ssl.SSLContext, stop: asyncio.Event) -> None:
    """Listen while that defect is on: each connection is served as it begins."""
    loop, server = asyncio.get_running_loop(), runner.server
    assert server is not None  # noqa: S101 - the runner is set up
    with socket.create_server(("127.0.0.1", port), backlog=128) as listener:
        listener.setblocking(False)
        log.warning("listens on 127.0.0.1:%d (TLS, and without)", port)
        while not stop.is_set() and active(_PLAIN_TOO):
            with suppress(TimeoutError):
                connection, _ = await asyncio.wait_for(loop.sock_accept(listener), _LOOK_S)
                first = await loop.run_in_executor(None, _first_byte, connection)
                with suppress(OSError):
                    await loop.connect_accepted_socket(server, connection, ssl=tls if first == _HANDSHAKE else None)


def _first_byte(connection: socket.socket) -> bytes:
    """Return the first byte that arrives, and leave it to be read; nothing where none arrives."""
    connection.settimeout(_FIRST_BYTE_S)
    try:
        return connection.recv(1, socket.MSG_PEEK)
    except OSError:
        return b""
    finally:
        connection.setblocking(False)
