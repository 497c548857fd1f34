"""GitHub's Markdown as MkDocs reads it: pages are written for the first, Python-Markdown wants more blanks.

GitHub lets a list begin right below a paragraph, and what belongs to an item stand below its text; the other wants
an empty line before the list, and four blanks a level.
"""

from __future__ import annotations

import re

_ITEM = re.compile(r" *(?:[-*]|\d+\.) +(?=\S)")
_FENCE = re.compile(r" *(?:```|~~~)")
_LEVEL = 4


def for_mkdocs(text: str) -> str:
    """The same page for Python-Markdown."""
    written: list[str] = []
    levels: list[int] = []  # where the text of each open item begins, the outermost first
    fenced = False
    for line in text.split("\n"):
        if not line.strip():
            written.append(line)
            continue
        indent = len(line) - len(line.lstrip())
        item = None if fenced else _ITEM.match(line)
        in_list = bool(levels)
        if not fenced:
            levels = [begin for begin in levels if begin <= indent]
        if item and not in_list and written and written[-1].strip():
            written.append("")
        cut = min(indent, levels[-1]) if levels else 0
        written.append(" " * (_LEVEL * len(levels)) + line[cut:])
        if item:
            levels.append(item.end())
        fenced ^= bool(_FENCE.match(line))
    return "\n".join(written)
