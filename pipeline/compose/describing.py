"""The documentation of words, as the shell shows it."""

from __future__ import annotations

from functools import cache

from pipeline.errors import RunError
from pipeline.vocabulary import Found, documented, read

MOST_LISTED = 15


@cache
def _all() -> list[Found]:
    return [keyword for path in documented() for keyword in read(path)]


def describe(text: str) -> str:
    """The whole documentation of the word of that name; else a line for each word that holds all of these parts."""
    named = [keyword for keyword in _all() if _plain(keyword.name) == _plain(text)]
    if named:
        return "\n\n".join(map(documentation, named))
    parts = text.casefold().split()
    found = [word for word in _all() if all(part in f"{word.name} {word.sentence}".casefold() for part in parts)]
    if not found:
        raise RunError(f"No word holds {' and '.join(map(repr, parts))}: try fewer or other parts.")
    found.sort(key=lambda word: (sum(part not in word.name.casefold() for part in parts), len(word.name), word.name))
    lines = [f"{word.name}    {word.arguments}".rstrip() for word in found[:MOST_LISTED]]
    more = len(found) - MOST_LISTED
    return "\n".join([*lines, *([f"... {more} more"] if more > 0 else [])])


def documentation(word: Found) -> str:
    """Name and arguments, the documentation as it is written, and what arguments allow."""
    values = [f"{name}: {allowed}" for name, allowed in word.values.items()]
    return "\n".join([f"{word.name}    {word.arguments}".rstrip(), "", word.doc, *([""] if values else []), *values])


def _plain(name: str) -> str:
    return name.casefold().replace(" ", "").replace("_", "")
