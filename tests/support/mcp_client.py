"""A client of an MCP server, in memory or on stdio, with a person who answers its questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
from mcp.client import Client
from mcp_types import ElicitResult

# The protocol of today and the one before it: they ask the person in two different ways.
MODES = ("auto", "legacy")


@dataclass
class Person:
    """Answers every question in one way and remembers what was asked."""

    action: str = "accept"
    approve: bool = True
    asked: list[str] = field(default_factory=list)
    before_the_answer: Callable[[], None] = lambda: None

    async def __call__(self, _context: Any, question: Any) -> ElicitResult:
        self.asked.append(question.message)
        self.before_the_answer()
        content = {"approve": self.approve} if self.action == "accept" else None
        return ElicitResult(action=self.action, content=content)  # type: ignore[arg-type] # one of three words


@dataclass(frozen=True)
class Answer:
    """What a tool answered; `data` is empty for an error."""

    text: str
    is_error: bool
    data: dict[str, Any]


async def call(client: Client, tool: str, **arguments: Any) -> Answer:
    result = await client.call_tool(tool, arguments)
    text = "".join(part.text for part in result.content)
    failed = bool(result.is_error)
    return Answer(text, failed, {} if failed else json.loads(text))


def connected(server: Any, person: Person | None = None, mode: str = "auto") -> Client:
    """A client that is not connected yet; without a person it cannot be asked anything."""
    return Client(server, mode=mode, elicitation_callback=person)


def talk(
    server: Any, calls: Sequence[tuple[str, dict[str, Any]]], person: Person | None = None, mode: str = "auto"
) -> list[Answer]:
    """The answers to these calls, one after the other, over one connection."""

    async def talking() -> list[Answer]:
        async with connected(server, person, mode) as client:
            return [await call(client, tool, **arguments) for tool, arguments in calls]

    return anyio.run(talking)


def tools(server: Any) -> dict[str, Any]:
    """The tools that the server offers, by name."""

    async def asking() -> dict[str, Any]:
        async with connected(server) as client:
            return {tool.name: tool for tool in (await client.list_tools()).tools}

    return anyio.run(asking)
