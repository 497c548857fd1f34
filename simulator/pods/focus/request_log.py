"""Around every request: the limit of the body, and the line in the pod's log."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator import defects
from simulator.pods.log import request_id

log = logging.getLogger("focus.access")

BODY_MAX_BYTES = 1 << 20
_BODY_READ_BYTES = 16 << 20
_PATH_SHOWN = 120
# What the defect answers-late adds to each answer.
_LATE_S = 2.0
_TOO_LARGE = "The request body is too large: send at most 1 MiB."


class BodyLimit:
    """Refuses bodies above 1 MiB with 413, by their declared or their real length."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting what comes in."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _declared_length(scope) > BODY_MAX_BYTES:
            await _take_in(receive)
            await _refuse(send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > BODY_MAX_BYTES:
                raise HTTPException(413, _TOO_LARGE)
            return message

        await self._app(scope, counted, send)


class RequestLog:
    """Writes one line for every request: method, path, status, duration, job, client, and why it was refused."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and write its line when it is answered. Tokens and bodies are never written."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})
        begun = time.monotonic()
        status = 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                if defects.active("answers-late"):
                    await asyncio.sleep(_LATE_S)
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            # The node asks for the liveness every second: those lines would bury the others.
            if status != 200 or not scope["path"].endswith("/ack"):
                _write_line(scope, status, time.monotonic() - begun)


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    if defects.active("requests-unlogged"):
        return
    state = scope["state"]
    parts = [
        scope["method"],
        quote(scope["path"], safe="/{}-_.~")[:_PATH_SHOWN],
        str(status),
        f"{seconds * 1000:.0f}ms",
        f"client={state.get('client', '-')}",
    ]
    number = request_id(scope["headers"])
    if number:
        parts.append(f"id={number}")
    if "job_id" in state:
        parts.append(f"job={state['job_id']}")
    if status == 503 and defects.active("outage-not-logged"):
        log.info("%s", " ".join(parts))
        return
    if "reason" in state:
        parts.append(f"refused: {state['reason']}")
    level = logging.ERROR if status >= 500 else logging.WARNING if status >= 400 else logging.INFO
    log.log(level, "%s", " ".join(parts))


def _declared_length(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0


async def _take_in(receive: Receive) -> None:
    """Read what is still sent, up to a limit: a client that is cut off while it sends may never see the answer."""
    taken = 0
    while taken < _BODY_READ_BYTES:
        message = await receive()
        taken += len(message.get("body", b""))
        if not message.get("more_body"):
            return


async def _refuse(send: Send) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": json.dumps({"detail": _TOO_LARGE}).encode()})
