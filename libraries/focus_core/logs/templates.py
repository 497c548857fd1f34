"""Lines that differ only in numbers, ids, times and quoted texts: counted as one template."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

# So many templates of one run are told apart: a program that logs poems must not fill the memory.
MOST = 5_000
# So many are kept of all runs of a site; above, the oldest are forgotten.
MOST_KNOWN = 20_000
OTHERS = "(lines of other templates)"
_LONGEST = 300
_FILE = "log_templates.json"

_QUOTED = re.compile(r"\"[^\"]*\"|'[^'\s][^']*'")
# Times, ids, addresses, numbers with their units: from the first digit to the end of the word.
_FROM_DIGIT = re.compile(r"[0-9][0-9a-zA-Z.:_+-]*")

# The letters that a hexadecimal id begins with.
_BEFORE_DIGIT = re.compile(r"(?<![A-Za-z])[a-f]{1,8}\*")


def template(text: str) -> str:
    """The line with * for what differs from one line of its kind to the next."""
    return _BEFORE_DIGIT.sub("*", _FROM_DIGIT.sub("*", _QUOTED.sub("'*'", text[:_LONGEST])))


class TemplateCounter:
    """How many lines there are of each template."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, service: str, text: str) -> None:
        """Counts a line of a service."""
        key = f"{service}: {template(text)}"
        self.counts[key if key in self.counts or len(self.counts) < MOST else OTHERS] += 1


def new(counts: Iterable[str], known: Iterable[str] | None) -> list[str]:
    """The templates that no earlier run of the site had; none where there is no earlier run to compare with."""
    before = set(known or ())
    return [one for one in counts if one not in before and one != OTHERS] if before else []


def known(folder: Path) -> list[str]:
    """The templates of earlier runs of a site, oldest first; ``folder`` is where its state is kept."""
    try:
        content = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    return [str(one) for one in content] if isinstance(content, list) else []


def remember(folder: Path, counts: Iterable[str]) -> None:
    """Adds a run's templates to those of the site. Raises ``OSError``."""
    merged = [*dict.fromkeys([*known(folder), *(one for one in counts if one != OTHERS)])][-MOST_KNOWN:]
    scratch = folder / f".{_FILE}.{os.getpid()}"
    scratch.write_text(json.dumps(merged, ensure_ascii=False, indent=0), encoding="utf-8")
    scratch.replace(folder / _FILE)
