"""One change of a contract: what it is, whom it hits, how bad it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """BREAKING: somebody who kept to the old contract fails. RISKY: nobody can tell from the contract alone. HARMLESS:
    nobody notices."""

    BREAKING = "breaking"
    RISKY = "risky"
    HARMLESS = "harmless"


class Direction(StrEnum):
    """Who is hit: REQUEST: what is sent is no longer taken; ANSWER: what comes is no longer what is expected."""

    REQUEST = "request"
    ANSWER = "answer"


ORDER = tuple(Severity)


@dataclass(frozen=True)
class Change:
    """``operation`` is "POST /configure", an exchange, a message of a stream or a collection; ``place`` is where in it:
    ``200 body channels.min``; ``rule`` names the kind of change; ``sentence`` is for a tester.
    """

    severity: Severity
    direction: Direction
    rule: str
    operation: str
    place: str
    sentence: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What an approval names: operation, place, rule."""
        return self.operation, self.place, self.rule

    def __str__(self) -> str:
        return f"{self.severity}: {self.operation}, {self.direction}, {self.place or 'as a whole'}: {self.sentence}"


def in_order(changes: Iterable[Change]) -> list[Change]:
    """The worst first, each once."""
    return sorted(
        dict.fromkeys(changes), key=lambda one: (ORDER.index(one.severity), one.operation, one.place, one.rule)
    )
