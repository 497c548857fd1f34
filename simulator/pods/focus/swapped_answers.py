"""A defect only: of two requests of one kind that are under way together, each is given the other's answer."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from simulator import defects

# How long the first of two requests waits for the second.
_TOGETHER_S = 0.3
_KINDS = ("configure", "metadata", "waterfall", "recordings_in_time_range")

Answer = list[Message]


class SwappedAnswers:
    """Holds an answer until the next one of its kind is ready, and swaps them; alone it is sent as it is."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._waiting: dict[str, tuple[Answer, asyncio.Future[Answer]]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; its answer may be another's."""
        kind = scope["path"].split("/")[2] if scope["type"] == "http" and scope["path"].count("/") > 1 else ""
        if kind not in _KINDS or not defects.active("answers-swapped"):
            await self._app(scope, receive, send)
            return
        own: Answer = []

        async def kept(message: Message) -> None:
            own.append(message)

        await self._app(scope, receive, kept)
        for message in await self._swapped(kind, own):
            await send(message)

    async def _swapped(self, kind: str, own: Answer) -> Answer:
        if kind in self._waiting:
            other, future = self._waiting.pop(kind)
            if not future.done():
                future.set_result(own)
                return other
        future = asyncio.get_running_loop().create_future()
        self._waiting[kind] = own, future
        try:
            return await asyncio.wait_for(future, _TOGETHER_S)
        except TimeoutError:
            self._waiting.pop(kind, None)
            return own
