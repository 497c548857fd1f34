"""The TLS server: aiohttp's low-level one, with its own words replaced wherever a request cannot even be read."""

from __future__ import annotations

import asyncio
import logging
import ssl
import uuid
from pathlib import Path

from aiohttp import web

from simulator.defects import active
from simulator.ingress.answers import RefusedError, common_headers, error_response
from simulator.ingress.proxy import KEEP_ALIVE_S, Ingress
from simulator.ingress.settings import Settings

log = logging.getLogger("ingress")


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


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Return the server's TLS: the site's certificate, or the bad one of a defect; nothing older than TLS 1.2."""
    good = _context(settings.certificate, settings.key)
    bad = {
        "certificate-expired": _context(settings.expired_certificate, settings.key),
        "certificate-other-host": _context(settings.other_host_certificate, settings.key),
    }

    def choose(connection: ssl.SSLObject | ssl.SSLSocket, _name: str | None, _context: ssl.SSLContext) -> None:
        for defect, context in bad.items():
            if active(defect):
                connection.context = context

    # Called for each handshake, whether the client names a host or not.
    good.sni_callback = choose
    return good


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["http/1.1"])
    context.load_cert_chain(certificate, key)
    return context


async def serve(ingress: Ingress, port: int, tls: ssl.SSLContext, stop: asyncio.Event) -> None:
    """Listen on 127.0.0.1 until ``stop`` is set; what is being answered then gets a second to end."""
    await ingress.start()
    server = _Server(ingress.handle, auto_decompress=False, keepalive_timeout=KEEP_ALIVE_S, access_log=None)
    runner = web.ServerRunner(server, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
        log.info("listens on 127.0.0.1:%d (TLS)", port)
        await stop.wait()
    finally:
        await runner.cleanup()
        await ingress.close()
