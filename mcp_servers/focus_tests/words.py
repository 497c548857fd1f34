"""The testers' words: found by a question, and shown one by one."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import Annotated, Any

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field

from mcp_servers.base import file_state
from mcp_servers.base.file_state import State
from pipeline import keyword_search
from pipeline.vocabulary import Found, documented, imports, normalized, read
from pipeline.word_search import Index

_MOST = 30
_lock = threading.Lock()


def _state() -> State:
    return file_state.of(documented())


@lru_cache(maxsize=1)
def _every(_state: State) -> list[Found]:
    return [keyword for path in documented() for keyword in read(path)]


@lru_cache(maxsize=1)
def _index(state: State) -> Index[Found]:
    return keyword_search.of_question(_every(state))


@lru_cache(maxsize=1)
def _imports(_state: State) -> dict[str, str]:
    return imports()


def every() -> list[Found]:
    """All keywords; read once until a file changes, also where several ask at the same time."""
    with _lock:
        return _every(_state())


def index() -> Index[Found]:
    """What ranks them."""
    every()
    with _lock:
        return _index(_state())


def import_of(one: Found) -> str:
    """The line that brings the keyword into a suite."""
    with _lock:
        return _imports(_state())[one.home]


def prepare() -> None:
    """Reads all of it, so that the first question does not wait for it."""
    index()
    with _lock:
        _imports(_state())


def find_keywords(words: str, limit: Annotated[int, Field(ge=1, le=_MOST)] = 8) -> dict[str, Any]:
    """Keywords for what a test is to do, best first. Ask in everyday words, in English or Hebrew: 'remove the pod'."""
    found = index().ranked(words, limit)
    return {
        "keywords": [
            {"name": one.name, "arguments": one.arguments, "does": one.sentence, "import": import_of(one)}
            for one in found
        ]
    }


def keyword(name: str) -> dict[str, Any]:
    """All of one keyword: arguments, allowed values, documentation, rows of examples, the import that it needs."""
    one = next((found for found in every() if normalized(found.name) == normalized(name)), None)
    if one is None:
        raise ToolError(f"There is no keyword of this name{nearest(name)}.")
    return {
        "name": one.name,
        "arguments": one.arguments,
        "values": one.values,
        "documentation": one.doc,
        "examples": one.examples,
        "import": import_of(one),
    }


def nearest(words: str) -> str:
    """The names of keywords that fit best, as an end of a sentence."""
    names = [one.name for one in index().ranked(words, 3)]
    return f"; nearest: {', '.join(names)}" if names else "; find_keywords finds one by what it does"
