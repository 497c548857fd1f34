"""WebSockets of the operator's page, relayed message by message to the web app."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from yarl import URL

from simulator.pods.ingress.answers import RefusedError

# What a handshake carries for one connection; the ingress makes its own with the service.
_HANDSHAKE = "sec-websocket-"
_CLOSE_S = 2.0
# What the closing of a connection that broke off is reported as, since 1006 itself may not be sent.
_BROKEN_OFF, _SERVICE_LEFT = aiohttp.WSCloseCode.ABNORMAL_CLOSURE, aiohttp.WSCloseCode.SERVICE_RESTART


def wants_socket(request: web.BaseRequest) -> bool:
    """Return whether the request opens a WebSocket."""
    return request.method == "GET" and request.headers.get("Upgrade", "").lower() == "websocket"


def check_origin(request: web.BaseRequest) -> None:
    """Refuse (403) a socket that the page of another site opens: a browser sends the cookies of this one with it."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        raise RefusedError(403, "A page of another site may not open this connection.")


async def relay(
    request: web.BaseRequest, session: aiohttp.ClientSession, service: str, headers: Mapping[str, str]
) -> web.StreamResponse:
    """Connect to the service, then pass on what either side sends, until one of them closes.

    Raises aiohttp.ClientError when the service does not take the socket; the client has no answer then.
    """
    kept = {name: value for name, value in headers.items() if not name.lower().startswith(_HANDSHAKE)}
    url = URL(service + request.rel_url.raw_path_qs, encoded=True)
    endless = aiohttp.ClientWSTimeout(ws_receive=None, ws_close=_CLOSE_S)
    async with session.ws_connect(url, headers=kept, max_msg_size=0, timeout=endless) as behind:
        before = web.WebSocketResponse(timeout=_CLOSE_S, max_msg_size=0, compress=False)
        await before.prepare(request)
        ways = [asyncio.create_task(_pass_on(before, behind)), asyncio.create_task(_pass_on(behind, before))]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            with suppress(ConnectionError):
                code = behind.close_code if behind.closed else None
                await before.close(code=_told_as(code))
        return before


def _told_as(code: int | None) -> int:
    if code is None:
        return aiohttp.WSCloseCode.OK
    return _SERVICE_LEFT if code == _BROKEN_OFF else code


async def _pass_on(
    source: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
    target: web.WebSocketResponse | aiohttp.ClientWebSocketResponse,
) -> None:
    async for message in source:
        if message.type is aiohttp.WSMsgType.BINARY:
            await target.send_bytes(message.data)
        elif message.type is aiohttp.WSMsgType.TEXT:
            await target.send_str(message.data)
