"""How long an assistant waits for the answers of the MCP servers, asked over stdio as its client does."""

from __future__ import annotations

import time
from typing import Any

import anyio
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters

from pipeline import paths
from pipeline.errors import RunError
from pipeline.measure.figures import show

MOST_S = 1.0
# A person reads an answer before asking again, and the server prepares meanwhile.
PAUSE_S = 3.0
TEXT = "*** Settings ***\nResource    focus.resource\n*** Test Cases ***\nOne\n    Open Site    rest\n"
CALLS: dict[str, list[tuple[str, dict[str, Any]]]] = {
    "focus-tests": [
        ("find_keywords", {"words": "remove the pod"}),
        ("keyword", {"name": "Delete Pod"}),
        ("find_tests", {"words": "pod comes back"}),
        ("check_test", {"text": TEXT}),
        ("runs", {}),
    ],
    "xray": [("mapping_of_tests", {})],
}


def measure(runs: int) -> None:
    """Each tool as often as there are counted runs, and once before, uncounted."""
    for server, calls in CALLS.items():
        anyio.run(_measure, server, calls, runs)


async def _measure(server: str, calls: list[tuple[str, dict[str, Any]]], runs: int) -> None:
    command = StdioServerParameters(command=paths.PYTHON, args=["run.py", "mcp", server], cwd=str(paths.ROOT))
    async with Client(command) as client:
        for tool, arguments in calls:
            taken = [await _seconds(client, tool, arguments) for _ in range(runs + 1)]
            show(f"{tool} of {server}, answered over stdio", taken[1:], "s", most=MOST_S)


async def _seconds(client: Client, tool: str, arguments: dict[str, Any]) -> float:
    await anyio.sleep(PAUSE_S)
    before = time.monotonic()
    result = await client.call_tool(tool, arguments)
    lasted = time.monotonic() - before
    if result.is_error:
        raise RunError(f"The tool {tool} answered with an error: {result.content}")
    return lasted
