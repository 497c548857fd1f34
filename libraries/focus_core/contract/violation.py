"""One place where something that the site sent breaks the contract."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

MOST_SHOWN = 80


@dataclass(frozen=True)
class Violation:
    """``path`` is the place in the JSON (``rows[0].sensors``; empty: the whole), ``rule`` the rule that is broken: a
    keyword of JSON Schema or a name of ``x-rule``; ``sentence`` says both and the value, for a tester.
    """

    path: str
    rule: str
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def short(value: Any) -> str:
    """A value as it stands in a failure."""
    text = repr(value)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."


def wrong_type(value: Any, name: str, wanted: str) -> str:
    """The sentence for a value of the wrong type."""
    return f"{name} is {short(value)} ({type(value).__name__}) instead of {wanted}"
