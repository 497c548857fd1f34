"""The tests that are there: found by words, tag and key."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from mcp.server.mcpserver.exceptions import ToolError
from pydantic import Field
from robot.api import TestSuite

from mcp_servers.base import file_state
from pipeline.coverage import catalogue
from pipeline.paths import ROOT, SUITES
from pipeline.word_search import Entry, Index

_MOST = 50
_lock = threading.Lock()


@cache
def _index(_state: file_state.State) -> Index[dict[str, Any]]:
    return Index(_entries())


def index() -> Index[dict[str, Any]]:
    """What ranks the tests; read again when a file has changed."""
    with _lock:
        return _index(file_state.of(SUITES.rglob("*.robot")))


def _entries() -> Iterator[Entry[dict[str, Any]]]:
    for suite in _with_tests(TestSuite.from_file_system(SUITES, allow_empty_suite=True)):
        file = Path(str(suite.source)).relative_to(ROOT).as_posix()
        for test in suite.tests:
            shown = {"test": test.name, "file": file, "line": test.lineno, "tags": list(test.tags)}
            titles = [catalogue.entries()[tag].title for tag in test.tags if tag in catalogue.entries()]
            called = [str(step.name) for step in test.body if getattr(step, "name", None)]
            yield Entry(shown, test.name, " ".join(titles), " ".join([file, suite.doc, *test.tags, *called]))


def _with_tests(suite: Any) -> Iterator[Any]:
    if suite.tests:
        yield suite
    for child in suite.suites:
        yield from _with_tests(child)


def find_tests(
    words: str = "", tag: str = "", key: str = "", limit: Annotated[int, Field(ge=1, le=_MOST)] = 15
) -> dict[str, Any]:
    """Tests that are there: by everyday words, tag and key of a scenario (PZ-14715), which must all fit."""
    if not (words or tag or key):
        raise ToolError("Give words, a tag or a key: there are too many tests to list all.")
    found = index().ranked(words, 10_000) if words else index().every()
    wanted = {one.casefold() for one in (tag, key) if one}
    fitting = [one for one in found if wanted <= {own.casefold() for own in one["tags"]}]
    return {"found": len(fitting), "tests": fitting[:limit]}
