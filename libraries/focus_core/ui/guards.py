"""What a page did that no test looks at: errors in its console, requests that failed, scripts that broke."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_ERRORS = ("error", "assert")
_MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Expected:
    """Errors that a test announces: those whose text, with the address behind it, holds ``text``.

    ``must_come``: whether the test fails when there is none.
    """

    text: str
    must_come: bool = True

    def covers(self, problem: str) -> bool:
        return self.text.casefold() in problem.casefold()


def problems(
    console: Iterable[Mapping[str, Any]], errors: Iterable[Any], expected: Sequence[Expected] = ()
) -> list[str]:
    """Every error of the console (failed requests are among them) and of a script, but those that were expected.

    ``console`` are entries of Browser's `Get Console Log`, ``errors`` those of `Get Page Errors`.
    """
    found = [f"console: {_console_line(entry)}" for entry in console if entry.get("type") in _ERRORS]
    found += [f"script: {_error_line(entry)}" for entry in errors]
    return [line for line in found if not any(one.covers(line) for one in expected)]


def unseen(console: Iterable[Mapping[str, Any]], errors: Iterable[Any], expected: Sequence[Expected]) -> list[str]:
    """The texts that were announced and never came: such a test shows less than it says."""
    everything = problems(console, errors)
    return [one.text for one in expected if one.must_come and not any(one.covers(line) for line in everything)]


def console_lines(console: Iterable[Mapping[str, Any]]) -> list[str]:
    """The whole console as lines, for the report of a failed test."""
    return [f"{entry.get('type', '')}: {_console_line(entry)}" for entry in console]


def _console_line(entry: Mapping[str, Any]) -> str:
    place = entry.get("location") or {}
    address = str(place.get("url", "")) if isinstance(place, Mapping) else ""
    text = _short(str(entry.get("text", "")))
    return f"{text} ({address})" if address else text


def _error_line(entry: Any) -> str:
    if isinstance(entry, Mapping):
        return _short(f"{entry.get('name', 'Error')}: {entry.get('message', '')}")
    return _short(str(entry))


def _short(text: str) -> str:
    line = re.sub(r"\s+", " ", text).strip()
    return line if len(line) <= _MOST_CHARACTERS else f"{line[:_MOST_CHARACTERS]} ..."
