"""The words of docs/glossary.md, by those that people use instead."""

from __future__ import annotations

import re
from functools import cache

from pipeline.paths import ROOT

GLOSSARY = ROOT / "docs" / "glossary.md"
_ROW = re.compile(r"^\| (?P<word>[^|]+) \| [^|]+ \| (?P<avoid>[^|]+) \| (?P<hebrew>[^|]*) ?\|$", re.MULTILINE)


@cache
def glossary() -> dict[str, tuple[str, ...]]:
    """By a word to avoid, or one in Hebrew: the project's own words for it."""
    found: dict[str, tuple[str, ...]] = {}
    for row in _ROW.finditer(GLOSSARY.read_text(encoding="utf-8")):
        word = _plain(row["word"])
        for other in [*row["avoid"].split(","), *row["hebrew"].split(",")]:
            if (other := _plain(other)) and other != "-":
                found[other] = (*found.get(other, ()), word)
    return found


def _plain(cell: str) -> str:
    """Without what stands in brackets, which explains."""
    return re.sub(r"\(.*", "", cell).strip().casefold()
