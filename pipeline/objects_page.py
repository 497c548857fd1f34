"""docs/objects.md: what the objects consist of that keywords return, as their docstrings list it."""

from __future__ import annotations

import re

from focus_keywords.objects import OBJECTS

_HEAD = """# What keywords return

A keyword like `Get Recordings` returns objects. A test reads what they consist of with a dot, as in
`${recording.length}`, or asks for it by its name, as in `Get Recording Field    length`. Times without a zone are UTC;
quantities show their unit and count as numbers. Made of the docstrings by `python run.py keywords --page`.
"""


def markdown() -> str:
    """The page."""
    return "\n".join([_HEAD, *(section(kind) for kind in sorted(OBJECTS, key=lambda kind: kind.__name__))])


def section(kind: type) -> str:
    """An object: what it is, and a row for each line of its list."""
    sentence, rows = described(kind)
    lines = [f"## {kind.__name__}", "", sentence, "", "| attribute | what it is |", "|---|---|"]
    lines += [f"| {', '.join(f'`{name}`' for name in names)} | {text} |" for names, text in rows]
    return "\n".join([*lines, ""])


def described(kind: type) -> tuple[str, list[tuple[list[str], str]]]:
    """The first paragraph of a docstring, and of each item of its list the attributes and the text."""
    paragraphs = re.sub(r"\n {4,}", "\n", kind.__doc__ or "").split("\n\n")
    items = re.findall(r"^- (.+?): (.+?)(?=^- |\Z)", "\n".join(paragraphs[1:]), re.MULTILINE | re.DOTALL)
    return _line(paragraphs[0]), [(re.findall(r"``(\w+)``", names), _line(text)) for names, text in items]


def _line(text: str) -> str:
    return " ".join(text.split()).replace("``", "`").replace("|", "\\|")
