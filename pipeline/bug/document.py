"""A report as blocks, and as Markdown."""

from __future__ import annotations

import re
from dataclasses import dataclass

# What Markdown takes for its own; a mention of a person is none.
_SPECIAL = re.compile(r"([\\`*_<>\[\]|#~])")


@dataclass(frozen=True)
class Heading:
    text: str


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Items:
    items: tuple[str, ...]


@dataclass(frozen=True)
class Code:
    """Text as it is; `language` is one that Jira and GitHub know, or empty."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Facts:
    """A table of names and values."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A file beside the report."""

    file: str
    alt: str


Block = Heading | Text | Items | Code | Facts | Picture


@dataclass(frozen=True)
class Document:
    title: str
    blocks: tuple[Block, ...]


def markdown(document: Document) -> str:
    """For GitHub, and for people who read the file."""
    return "\n\n".join([f"# {_escaped(document.title)}", *map(_block, document.blocks)]) + "\n"


def _block(block: Block) -> str:
    match block:
        case Heading(text):
            return f"## {_escaped(text)}"
        case Text(text):
            return _escaped(text)
        case Items(items):
            return "\n".join(f"- {_escaped(item)}" for item in items)
        case Code(text, language):
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
            return f"{fence}{language}\n{text}\n{fence}"
        case Facts(rows):
            lines = [f"| {_escaped(name)} | {_escaped(value)} |" for name, value in rows]
            return "\n".join(["| | |", "|---|---|", *lines])
        case Picture(file, alt):
            return f"![{_escaped(alt)}]({file})"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split())).replace("@", "@\u200b")
