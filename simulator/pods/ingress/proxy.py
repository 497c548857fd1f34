"""Forwarding: a request that may pass goes to its service and the answer comes back, both as streams."""

from __future__ import annotations

import asyncio
import logging
import re
import time
import uuid
from collections.abc import AsyncIterator
from urllib.parse import quote

import aiohttp
from aiohttp import web
from multidict import CIMultiDict
from yarl import URL

from simulator import defects
from simulator.pods.ingress.answers import (
    FOCUS,
    PRISMA,
    RefusedError,
    below,
    common_headers,
    error_response,
    headers_beside,
    of_the_page,
)
from simulator.pods.ingress.guard import Caller, Guard
from simulator.pods.ingress.settings import Settings
from simulator.pods.ingress.sockets import check_origin, relay, wants_socket
from simulator.pods.webapp import tokens

log = logging.getLogger("ingress.access")

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
# What belongs to one connection, and what only the ingress may send to the services.
_HOP = frozenset(
    {
        *("connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te"),
        *("trailer", "transfer-encoding", "upgrade", "expect", "host", "forwarded", "x-real-ip", "x-request-id"),
    }
)
# What the ingress sets itself instead of the services.
_OWN = frozenset({*_HOP, "server", "date"})
# Shorter ones are taken twice, and whatever else stands in it goes into logs.
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{16,128}")
# Shorter than the services keep an idle connection.
_IDLE_S = 60.0
# A defect only.
_REPORTED_LATE_S = 10.0
# Longer than clients keep one.
KEEP_ALIVE_S = 75.0


class _TooLargeError(Exception):
    pass


class Ingress:
    """The handler of all requests. ``start`` and ``close`` surround its life: it keeps connections to the services."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._guard = Guard(settings.token_key, settings.rate_per_s, settings.burst)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Make the client; inside the event loop."""
        settings = self._settings
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_S),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=settings.connect_s, sock_read=settings.answer_s),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        )

    async def close(self) -> None:
        """Close the connections to the services."""
        if self._session:
            await self._session.close()

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one request."""
        began = time.monotonic()
        request_id = _request_id(request.headers.get("X-Request-ID", ""))
        response: web.StreamResponse
        reason = user = ""
        try:
            caller = self._guard.admit(request)
            user = caller.claims.user if caller.claims else ""
            service = self._service(request)
            response = await self._forward(request, service, caller, request_id)
            self._guard.note_answer(request, caller, response.status)
        except RefusedError as refused:
            response = error_response(request.path, refused)
            response.headers.update(common_headers(request_id))
            if refused.status == 413:
                response.force_close()
            reason = f" refused: {refused.message} {refused.internals}".rstrip()
        path = quote(request.path, safe="/-_.~!")[:120]
        took = (time.monotonic() - began) * 1000
        log.log(
            logging.INFO if response.status < 400 else logging.WARNING,
            *("%s %s %d %.0fms id=%s client=%s%s", request.method, path, response.status, took, request_id),
            *(user or "-", reason),
        )
        return response

    def _service(self, request: web.BaseRequest) -> str:
        if request.method not in _METHODS:
            raise RefusedError(405, "The site does not know this method.")
        if defects.active("ingress-502"):
            raise RefusedError(502, "The service behind the site cannot be reached.")
        if below(request.path, FOCUS):
            return self._settings.focus_url
        if below(request.path, PRISMA) or of_the_page(request.path):
            return self._settings.webapp_url
        raise RefusedError(404, "There is nothing at this path.")

    async def _forward(
        self, request: web.BaseRequest, service: str, caller: Caller, request_id: str
    ) -> web.StreamResponse:
        assert self._session is not None  # noqa: S101 - the server starts after start()
        headers = self._headers(request, caller, request_id)
        if wants_socket(request) and below(request.path, PRISMA):
            check_origin(request)
            try:
                return await relay(request, self._session, service, headers)
            except (aiohttp.ClientError, TimeoutError, OSError) as failed:
                raise _trouble(failed) from failed
        body = _Body(request, self._settings.max_body)
        if request.headers.get("Expect", "").lower() == "100-continue":
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0
        response: web.StreamResponse | None = None
        url = URL(service + request.rel_url.raw_path_qs, encoded=True)
        try:
            async with self._session.request(
                _method(request), url, headers=headers, data=body.stream(), allow_redirects=False
            ) as answer:
                response = web.StreamResponse(status=answer.status, reason=answer.reason)
                for name, value in answer.headers.items():
                    if name.lower() not in _OWN:
                        response.headers.add(name, value)
                response.headers.update(headers_beside(request.path, request_id, response.headers))
                response.headers.update(_open_to(request))
                await response.prepare(request)
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
                await response.write_eof()
                return response
        except (aiohttp.ClientError, TimeoutError, OSError) as failed:
            if response is not None and response.prepared:
                # Half an answer is out: the client sees the connection break, and nothing that looks whole.
                log.warning("id=%s broken off: %s", request_id, type(failed).__name__)
                if request.transport:
                    request.transport.abort()
                return response
            if body.too_large:
                raise RefusedError(
                    413, f"The body is too large: send at most {self._settings.max_body} bytes."
                ) from None
            if defects.active("outage-reported-late"):
                await asyncio.sleep(_REPORTED_LATE_S)
            raise _trouble(failed) from failed

    def _headers(self, request: web.BaseRequest, caller: Caller, request_id: str) -> CIMultiDict[str]:
        """Return the headers for the service. What a client claims about proxies before it is dropped."""
        headers: CIMultiDict[str] = CIMultiDict()
        listed = {name.strip().lower() for name in request.headers.get("Connection", "").split(",")}
        for name, value in request.headers.items():
            lower = name.lower()
            if lower in _HOP or lower in listed or lower.startswith("x-forwarded-"):
                continue
            if not value.isprintable():
                raise RefusedError(400, "A header holds signs that no header may hold.")
            headers.add(name, value)
        if below(request.path, FOCUS):
            # Focus Server trusts the ingress; a defect of the ingress lets bad tokens pass without a name.
            headers.popall("Cookie", None)
            headers.popall("Authorization", None)
            if caller.claims:
                headers[tokens.FORWARDED] = caller.token or ""
        headers["Host"] = f"127.0.0.1:{self._settings.port}"
        headers["X-Request-ID"] = request_id
        headers["X-Forwarded-For"] = request.remote or ""
        headers["X-Forwarded-Proto"] = "https"
        return headers


class _Body:
    """The body of a request, counted while it streams."""

    def __init__(self, request: web.BaseRequest, limit: int) -> None:
        self._request = request
        self._limit = limit
        self.too_large = False
        if (request.content_length or 0) > limit:
            raise RefusedError(413, f"The body is too large: send at most {limit} bytes.")

    def stream(self) -> AsyncIterator[bytes] | None:
        """Return the chunks, or None when the request has no body."""
        return self._chunks() if self._request.can_read_body else None

    async def _chunks(self) -> AsyncIterator[bytes]:
        received = 0
        async for chunk in self._request.content.iter_any():
            received += len(chunk)
            if received > self._limit:
                self.too_large = True
                raise _TooLargeError
            yield chunk


def _request_id(asked: str) -> str:
    """Return the id of a request: the client's, as real ingresses do, where it is long and plain enough for one."""
    return asked if _REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex


def _method(request: web.BaseRequest) -> str:
    """Return the method of the request; with a defect that which its header names."""
    override = request.headers.get("X-HTTP-Method-Override", "")
    return override if override in _METHODS and defects.active("method-override-followed") else request.method


def _open_to(request: web.BaseRequest) -> dict[str, str]:
    """Return what lets the page of another site read the answer: nothing, unless the defect is on."""
    origin = request.headers.get("Origin")
    if origin is None or not defects.active("cors-open"):
        return {}
    return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Credentials": "true"}


def _trouble(failed: BaseException) -> RefusedError:
    """Name what went wrong with a service: not there (503), too slow (504), broke off (502)."""
    internals = f"{type(failed).__name__}: {failed}"
    if isinstance(failed, TimeoutError):
        return RefusedError(504, "The service behind this path did not answer in time.", internals=internals)
    if isinstance(failed, aiohttp.ClientConnectorError):
        return RefusedError(
            503, "The service behind this path is not running; try again later.", retry_after=5, internals=internals
        )
    return RefusedError(502, "The service behind this path broke off without an answer.", internals=internals)
