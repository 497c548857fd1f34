"""Orders tests and defects by how likely they match: named by a known bug, then by shared operations and words."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from focus_core.run import known_bugs

from strength.results.results import Record
from strength.workers.site import Defect
from strength.workers.tests import Test

_WORD = re.compile(r"[a-z]{3,}")
_STOP_WORDS = frozenset(("all", "and", "are", "for", "has", "its", "not", "one", "that", "the"))
_BUG, _OPERATION, _WORDS, _STEPS = 8.0, 2.0, 3.0, 1.0
# Least shared points that make a test and a defect related.
_ENOUGH = 1.0


@dataclass(frozen=True)
class DefectOrder:
    """Orders by likelihood; `records` are all tests with what is known of them.

    `cost_weight`: how much the duration of a test counts, 1 where tests are short, less where all take long.
    """

    records: Mapping[Test, Record]
    cost_weight: float = 1.0

    def of_tests(self, defect: Defect, tests: Iterable[Test]) -> list[Test]:
        """The tests, the most likely and cheapest first."""

        def key(test: Test) -> tuple[bool, float, str]:
            certain, points = self._likelihood(defect, test)
            cost = (0.5 + self.records[test].seconds) * (3.0 if test.exclusive else 1.0)
            return not certain, -points / cost**self.cost_weight, test.full_name

        return sorted(tests, key=key)

    def of_defects(self, defects: Iterable[Defect], test: Test) -> list[Defect]:
        """The defects, those that the test most likely detects first."""

        def key(defect: Defect) -> tuple[bool, float, str]:
            certain, points = self._likelihood(defect, test)
            return not certain, -points, defect.name

        return sorted(defects, key=key)

    def is_related(self, defect: Defect, test: Test) -> bool:
        return self._likelihood(defect, test)[1] >= 1.0 + _ENOUGH

    def _likelihood(self, defect: Defect, test: Test) -> tuple[bool, float]:
        keys = self._keys_of_bugs.get(defect.bug_key, frozenset()) | {defect.bug_key}
        words = _stems(f"{defect.name} {defect.sentence}")
        operations = {operation for operation, _ in self.records[test].traffic}
        touched = any(_path(operation) and _path(operation) in defect.changes for operation in operations)
        name = _stems(test.name)
        common = _WORDS * sum(map(self._rarity, words & name))
        steps = _STEPS * sum(map(self._rarity, words & _stems(test.steps) - name))
        named = bool(keys & test.tags)
        points = 1.0 + _BUG * named + _OPERATION * touched + common + steps
        # First at any cost: tests that a known bug names, or that use the changed operation and share its words.
        return named or (touched and common >= _ENOUGH), points

    @cached_property
    def _keys_of_bugs(self) -> dict[str, frozenset[str]]:
        """The keys of the tests that each known bug fails. Read once: this is asked for each test and each defect."""
        return {bug.key: frozenset(key.partition(" ")[0] for key in bug.fails) for bug in known_bugs.read()}

    def _rarity(self, word: str) -> float:
        """1 for a word of one test, 0 for a word of every test."""
        return 1.0 - math.log(max(1, self._uses[word])) / math.log(len(self.records) + 1)

    @cached_property
    def _uses(self) -> Counter[str]:
        return Counter(word for test in self.records for word in _stems(test.name) | _stems(test.steps))


def _path(operation: str) -> str:
    """`GET /waterfall/{id}/{rows}` becomes `/waterfall`: the registry has other names of parameters."""
    path = operation.partition(" ")[2]
    return path.partition("/{")[0] if path.startswith("/") else ""


@lru_cache(maxsize=4096)
def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:4] for word in _WORD.findall(text.lower()) if word not in _STOP_WORDS)
