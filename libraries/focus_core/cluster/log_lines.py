"""Which lines of a log are meant."""

from __future__ import annotations

import re
from collections.abc import Sequence

from focus_core.cluster.objects import LEVELS, LogLine


def lines_with(lines: Sequence[LogLine], level: str | None = None, containing: str | None = None) -> list[LogLine]:
    """Those lines that are of this level (one of ``LEVELS``) or above and hold this text, whatever its capitals.

    A number at an end of the text is a whole number: 7-1 is not found in 7-17.
    """
    wanted = LEVELS[LEVELS.index(level) :] if level else None
    part = (
        re.compile(rf"{_before(containing)}{re.escape(containing)}{_after(containing)}", re.I) if containing else None
    )
    return [
        line for line in lines if (wanted is None or line.level in wanted) and (part is None or part.search(line.text))
    ]


def _before(text: str) -> str:
    return r"(?<!\d)" if text[0].isdigit() else ""


def _after(text: str) -> str:
    return r"(?!\d)" if text[-1].isdigit() else ""
