"""WebSockets of the operator's page: news, and the rows of a view.

A socket is accepted before its login is looked at, since a browser shows its page nothing of a refused handshake;
then it is closed with a code of the page's own.
"""

from __future__ import annotations

import json
from contextlib import suppress

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from simulator.pods.webapp.errors import ApiError
from simulator.pods.webapp.focus_link import FocusLink, NoViewError
from simulator.pods.webapp.news import NewsRoom
from simulator.pods.webapp.sessions import Sessions
from simulator.pods.webapp.view_stream import JobGoneError, ViewStream

# 4000 and the HTTP status that says the same.
_BASE = 4000
JOB_GONE = 4410
_TRY_AGAIN = 1013
# A login that has ended is noticed this soon, and a dead connection too.
_QUIET_S = 5.0


def operator_sockets(sessions: Sessions, news: NewsRoom, focus: FocusLink) -> APIRouter:
    """Return the sockets below ``/{site}/api``."""
    routes = APIRouter(prefix="/{site}/api")

    @routes.websocket("/news")
    async def all_news(site: str, socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect, RuntimeError):  # the page has left
            try:
                sessions.reader(socket, site)
                await socket.send_text(json.dumps({"kind": "hello"}))
                async for one in news.listen(_QUIET_S):
                    sessions.reader(socket, site)
                    await socket.send_text(json.dumps(one or {"kind": "quiet"}))
            except ApiError as refused:
                await socket.close(_BASE + refused.status)

    @routes.websocket("/view-stream/{job_id}")
    async def view_stream(site: str, job_id: str, socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect, RuntimeError):
            try:
                user = sessions.reader(socket, site)
                view = await focus.view(job_id, sessions.access_token(socket)[0] or "")
                print(f"{user.name} watches job {job_id}", flush=True)
                await ViewStream(socket, view).run()
                await socket.close()
            except ApiError as refused:
                await socket.close(_BASE + refused.status)
            except NoViewError as refused:
                await socket.close(_TRY_AGAIN if refused.status == 503 else _BASE + refused.status)
            except JobGoneError as gone:
                print(f"job {job_id} broke off: {str(gone)[:200]}", flush=True)
                await socket.close(JOB_GONE)

    return routes
