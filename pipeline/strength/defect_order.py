"""Which tests are likely to notice a defect: those that a known bug names, then those that speak of the same things."""

from __future__ import annotations

import re
from collections.abc import Mapping

from focus_core import known_bugs

from pipeline.strength.outcome import Record
from pipeline.strength.site import Defect
from pipeline.strength.tests import Test

_WORD = re.compile(r"[a-z]{4,}")
_BUG, _OPERATION, _WORDS = 8.0, 2.0, 1.5


def by_promise(defect: Defect, records: Mapping[Test, Record], tests: list[Test]) -> list[Test]:
    """The tests, the most promising and cheapest first."""
    fails = {key for bug in known_bugs.read() if bug.key == defect.bug_key for key in bug.fails}
    keys = {key.partition(" ")[0] for key in fails} | {defect.bug_key}
    words = _stems(f"{defect.name} {defect.sentence}")

    def promise(test: Test) -> tuple[bool, float]:
        operations = {operation for operation, _ in records[test].traffic}
        touched = any(_path(operation) and _path(operation) in defect.changes for operation in operations)
        common = len(words & _stems(test.name))
        points = 1.0 + _BUG * bool(keys & test.tags) + _OPERATION * touched + _WORDS * common
        # Who asks the operation and speaks of the same things comes first, whatever it costs.
        return touched and common > 0, points / (0.5 + records[test].seconds) / (3.0 if test.exclusive else 1.0)

    return sorted(tests, key=lambda test: (*(-part for part in promise(test)), test.full_name))


def _path(operation: str) -> str:
    """`GET /waterfall/{id}/{rows}` becomes `/waterfall`: the registry names parameters in its own way."""
    path = operation.partition(" ")[2]
    return path.partition("/{")[0] if path.startswith("/") else ""


def _stems(text: str) -> frozenset[str]:
    return frozenset(word[:4] for word in _WORD.findall(text.lower()))
