"""A report for Jira: wiki markup (Server, Data Center) and the Atlassian document format (Cloud)."""

from __future__ import annotations

import re
from typing import Any

from pipeline.bug.document import Block, Code, Document, Facts, Heading, Items, Picture, Text

_SPECIAL = re.compile(r"([\\{}\[\]|!*_\-+^~?@#])")
# Jira refuses a longer description; the files beside it have the rest.
LONGEST = 32_000
CUT = "... the rest is in the attached report.md"


def wiki(document: Document) -> str:
    """Wiki markup of at most `LONGEST` characters; the title goes into the issue's summary."""
    return "\n\n".join(_within(list(map(_wiki, document.blocks))))


def _within(blocks: list[str]) -> list[str]:
    size = 0
    kept: list[str] = []
    for block in blocks:
        size += len(block) + 2
        if size + len(CUT) > LONGEST:
            return [*kept, CUT]
        kept.append(block)
    return kept


def _wiki(block: Block) -> str:
    match block:
        case Heading(text):
            return f"h2. {_escaped(text)}"
        case Text(text):
            return _escaped(text)
        case Items(items):
            return "\n".join(f"* {_escaped(item)}" for item in items)
        case Code(text, language):
            # Nothing can be escaped in there, so its end must not stand in it.
            body = re.sub(r"\{(code|noformat)", r"{ \1", text)
            return f"{{code:{language}}}\n{body}\n{{code}}" if language else f"{{noformat}}\n{body}\n{{noformat}}"
        case Facts(rows):
            return "\n".join(f"||{_escaped(name)}|{_escaped(value) or ' '}|" for name, value in rows)
        case Picture(file, _):
            return f"!{file}|width=800!"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def adf(document: Document) -> dict[str, Any]:
    """The description of an issue. A picture is named: its file has to be attached first."""
    size, content = 0, []
    for block in document.blocks:
        node = _node(block)
        size += len(str(node))
        if size > LONGEST:
            content.append(_paragraph(CUT))
            break
        content.append(node)
    return {"version": 1, "type": "doc", "content": content}


def _node(block: Block) -> dict[str, Any]:
    match block:
        case Heading(text):
            return {"type": "heading", "attrs": {"level": 2}, "content": _texts(text)}
        case Text(text):
            return _paragraph(text)
        case Items(items):
            entries = [{"type": "listItem", "content": [_paragraph(item)]} for item in items]
            return {"type": "bulletList", "content": entries}
        case Code(text, language):
            attributes = {"attrs": {"language": language}} if language else {}
            return {"type": "codeBlock", **attributes, "content": _texts(text)}
        case Facts(rows):
            return {"type": "table", "content": [_row(name, value) for name, value in rows]}
        case Picture(file, alt):
            return _paragraph(f"{alt}: {file} (attached)")


def _row(name: str, value: str) -> dict[str, Any]:
    cells = [
        {"type": "tableHeader", "content": [_paragraph(name)]},
        {"type": "tableCell", "content": [_paragraph(value)]},
    ]
    return {"type": "tableRow", "content": cells}


def _paragraph(text: str) -> dict[str, Any]:
    return {"type": "paragraph", "content": _texts(text)}


def _texts(text: str) -> list[dict[str, Any]]:
    # A text node must not be empty.
    return [{"type": "text", "text": text}] if text else []
