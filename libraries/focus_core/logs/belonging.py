"""What belongs to one test of all that the pods logged."""

from __future__ import annotations

from dataclasses import dataclass, field

from focus_core.logs.attribution import TestTime, Verdict
from focus_core.logs.entries import Entry

# Entries of one test that are kept: so many of its beginning, and of all that are errors.
MOST_LINES, MOST_ERRORS = 4_000, 1_000


@dataclass
class TestLog:
    """What belongs to one test: ``own`` is its own, ``shared`` what it may share with tests that ran beside it."""

    test: TestTime
    own: list[Entry] = field(default_factory=list)
    shared: list[tuple[Entry, int]] = field(default_factory=list)
    errors: list[Entry] = field(default_factory=list)
    left_out: int = 0
    shared_errors: int = 0

    def add(self, entry: Entry, verdict: Verdict) -> None:
        """Adds an entry that is, or may be, the test's."""
        is_own = len(verdict.tests) == 1
        if entry.severity:
            if not is_own:
                self.shared_errors += 1
            elif len(self.errors) < MOST_ERRORS:
                self.errors.append(entry)
        if len(self.own) + len(self.shared) >= MOST_LINES:
            self.left_out += 1
        elif is_own:
            self.own.append(entry)
        else:
            self.shared.append((entry, len(verdict.tests)))
