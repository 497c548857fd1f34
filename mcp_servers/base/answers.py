"""An answer of a tool: JSON of at most so many bytes, which says what it left out."""

from __future__ import annotations

import json
from typing import Any

from mcp_servers.base.text import clean
from pipeline.bug.requests import shortened

BYTES_OF_KB = 1024
# What an assistant gets without asking for more, and the most that it may ask for.
USUAL_KB = 8
MOST_KB = 64
# A shorter text is left as it is; a list is cut instead.
_LONG_TEXT = 400
_CUT = 3 / 4


def answer(data: dict[str, Any], kb: int = USUAL_KB) -> str:
    """The data as JSON, cleaned, of at most `kb` kilobytes. `truncated` is true where something was left out."""
    whole = clean(data)
    text = _json(whole)
    while len(text.encode()) > kb * BYTES_OF_KB:
        if not _shorten(whole):
            return _json({"truncated": True, "error": f"The answer does not fit into {kb} kB: ask for less at once."})
        whole["truncated"] = True
        text = _json(whole)
    return text


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _shorten(data: dict[str, Any]) -> bool:
    """Makes what is largest smaller: the longest text, or else the end of the longest list. False: nothing is left."""
    places = list(_places(data))
    texts = [place for place in places if isinstance(place[2], str) and len(place[2]) > _LONG_TEXT]
    lists = [place for place in places if isinstance(place[2], list) and place[2]]
    if not texts and not lists:
        return False
    container, key, value = max(texts or lists, key=lambda place: len(_json(place[2])))
    size = int(len(value) * _CUT)
    container[key] = shortened(value, (size - 80) // 2) if isinstance(value, str) else value[:size]
    return True


def _places(container: Any) -> Any:
    """Each text and list in the data: (what holds it, key or index, value)."""
    pairs = container.items() if isinstance(container, dict) else enumerate(container)
    for key, value in list(pairs):
        if isinstance(value, str | list):
            yield container, key, value
        if isinstance(value, dict | list):
            yield from _places(value)
