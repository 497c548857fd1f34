"""Serves a client on stdin and stdout, so that Ctrl-C ends the server also while it waits for the client."""

from __future__ import annotations

import sys
from typing import Any, cast

import anyio
import anyio.to_thread
from mcp.server import MCPServer
from mcp.server.stdio import stdio_server


class _Lines:
    """The lines of stdin. The SDK's own reader cannot be cancelled while it waits for one."""

    def __aiter__(self) -> _Lines:
        return self

    async def __anext__(self) -> str:
        line: bytes = await anyio.to_thread.run_sync(sys.stdin.buffer.readline, abandon_on_cancel=True)
        if not line:
            raise StopAsyncIteration
        return line.decode("utf-8", "replace")


def serve(server: MCPServer[Any]) -> None:
    """Until stdin ends. stdout is the protocol's alone: what else is printed, also by children, goes to stderr."""
    anyio.run(_serve, server)


async def _serve(server: MCPServer[Any]) -> None:
    lowlevel = server._lowlevel_server
    async with stdio_server(cast("anyio.AsyncFile[str]", _Lines())) as (reading, writing):
        await lowlevel.run(reading, writing, lowlevel.create_initialization_options())
