"""Equivalent mutants: the rules of equivalent_mutants.yaml, which leave mutants out with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

import yaml

from strength.mutants import json_paths as properties
from strength.mutants.mutants import Mutant

_FILE = Path(__file__).parent / "equivalent_mutants.yaml"


@dataclass(frozen=True)
class Rule:
    """One entry of equivalent_mutants.yaml, where the patterns are explained."""

    reason: str
    operations: str = "*"
    statuses: str = "*"
    properties: str = "*"
    operators: str = "*"
    detail: str = "*"

    def matches(self, mutant: Mutant) -> bool:
        operation, status = mutant.kind
        place = "(answer)" if mutant.place is None else properties.text(mutant.place)
        pairs = (
            (operation, self.operations),
            (str(status), self.statuses),
            (place, self.properties),
            (mutant.operator, self.operators),
            (mutant.detail, self.detail),
        )
        # In a pattern [] are the brackets of a place, not a set of characters.
        return all(
            any(fnmatchcase(text, choice.replace("[", "[[]")) for choice in pattern.split("|"))
            for text, pattern in pairs
        )


def rules(path: Path = _FILE) -> list[Rule]:
    return [Rule(**entry) for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []]


def split(mutants: Iterable[Mutant], known: Iterable[Rule]) -> tuple[list[Mutant], dict[Mutant, str]]:
    """The mutants to test, and the equivalent ones with the reason of the first rule that matches."""
    known = list(known)
    tested, left_out = [], {}
    for mutant in mutants:
        rule = next((rule for rule in known if rule.matches(mutant)), None)
        if rule is None:
            tested.append(mutant)
        else:
            left_out[mutant] = rule.reason
    return tested, left_out
