"""Failures of one cause together: the keyword that failed, and its message without what differs from run to run."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.results.model import Run, TestResult, Verdict

# In this order: what is longer and more precise comes first. An HTTP status is a cause, so it stays as it is.
VARYING = [
    (re.compile(pattern, re.IGNORECASE), name)
    for pattern, name in (
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uuid>"),
        (r"\b\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?", "<time>"),
        (r"\b\d{1,2}:\d\d(:\d\d(\.\d+)?)?\b", "<time>"),
        (r"\b\d{1,3}(\.\d{1,3}){3}(:\d+)?\b|\blocalhost:\d+\b", "<address>"),
        (r"(?<![0-9a-z])(?=[a-f]*\d)[0-9a-f]{6,}(?![0-9a-z])", "<hex>"),
        # The end of a pod's name, in Kubernetes' own alphabet, and of its replica set before it.
        (r"(?<=[a-z0-9>])-[bcdfghjklmnpqrstvwxz2456789]{5}(?![a-z0-9-])", "-<pod>"),
    )
]
# A status is known by the word before it, as long as the line is about an answer at all.
STATUS = re.compile(
    r"(?:\b(?:HTTP|status|code|answered|answers|with|expected|got|of|is|was|not|or|and) |\()([1-5]\d\d)(?![\w.]*\d)",
    re.I,
)
ANSWER = re.compile(r"\b(HTTP|status|answer(ed|s)?|refused|accepted)\b", re.IGNORECASE)
NUMBER = re.compile(r"(?:(?<![\w>])-)?(?<![a-z<])\d+(\.\d+)?(e[+-]?\d+)?", re.IGNORECASE)
Key = tuple[str, str]


@dataclass(frozen=True)
class Cluster:
    """Tests that failed alike; `line` is the normalised reason, the reason of the first test is an example."""

    keyword: str
    line: str
    tests: tuple[TestResult, ...]

    @property
    def example(self) -> str:
        return self.tests[0].reason


def of(run: Run) -> list[Cluster]:
    """The clusters of a run's failures, the largest first."""
    found: dict[Key, list[TestResult]] = {}
    for test in run.of(Verdict.FAILED):
        found.setdefault(key(test.keywords, test.reason), []).append(test)
    clusters = [Cluster(keyword, line, tuple(tests)) for (keyword, line), tests in found.items()]
    return sorted(clusters, key=lambda one: (-len(one.tests), one.keyword, one.line))


def key(keywords: Iterable[str], reason: str) -> Key:
    """What failures of one cause have in common: the last keyword that failed and the normalised reason."""
    return next(reversed(list(keywords)), ""), normalised(reason)


def normalised(line: str) -> str:
    """The line with a name in the place of each id, time, address, pod's ending and number."""
    for pattern, name in VARYING:
        line = pattern.sub(name, line)
    if not ANSWER.search(line):
        return NUMBER.sub("<n>", line)
    statuses = {found.start(1) for found in STATUS.finditer(line)}
    return NUMBER.sub(lambda found: found[0] if found.start() in statuses else "<n>", line)
