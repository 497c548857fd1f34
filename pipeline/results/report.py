"""What the report of Robot Framework cannot count by itself: tests that known bugs hide."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pipeline.results import messages
from pipeline.results.reading import KNOWN_BUG


class KnownBugs:
    """`--prerebotmodifier pipeline.results.report.KnownBugs`: a line of the report names the bugs that hide tests."""

    def visit_suite(self, suite: Any) -> None:
        hidden = [test for test in suite.all_tests if test.skipped and KNOWN_BUG in test.tags]
        if hidden:
            bugs = Counter(key for test in hidden for key in _bugs(test))
            named = ", ".join(f"{key} ({count})" for key, count in bugs.most_common())
            suite.metadata["Known bugs"] = f"{len(hidden)} tests are hidden, counted as skipped: {named}"


def _bugs(test: Any) -> tuple[str, ...]:
    """The bugs that hide a test, also where rebot merged its message with that of an earlier attempt."""
    attempts, own = messages.attempts(test.status, test.message)
    return messages.bugs(attempts[own][1])
