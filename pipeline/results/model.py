"""The typed model of a finished run: what everything that looks at results works with, and knows of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import PurePosixPath

from pipeline.results.stamp import Stamp

# A test's file and its line there: what Robot reports of a test before and after a run alike. Its name may be made at
# run time. A test without a line, of a parser of one's own, is known by its name.
Place = tuple[str, int | str]
SUITES = "suites"


class Verdict(StrEnum):
    """What an attempt was worth. `NOT_RUN`: the run ended before the test began, whatever status Robot wrote."""

    PASSED = "passed"
    FAILED = "failed"
    KNOWN_BUG = "known bug"
    SKIPPED = "skipped"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One execution of a test. Of an attempt that a merged output.xml only quotes, times, keywords and evidence are
    unknown: `start` is "", the rest empty.

    `start` is local time in ISO form, `message` plain text and `reason` its first line that gives one. `keywords` lead
    from the test down to the keyword that failed. `evidence` are paths beside the log: pictures and pods' logs. `bugs`
    are the keys of the known bugs and open questions that explain the failure.
    """

    verdict: Verdict
    start: str = ""
    seconds: float = 0.0
    message: str = ""
    reason: str = ""
    keywords: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    bugs: tuple[str, ...] = ()


@cache
def from_suites(source: str) -> str:
    """The path of a file from the innermost folder `suites` on; its name alone where it is in none."""
    parts = PurePosixPath(source.replace("\\", "/")).parts
    at = len(parts) - 1 - parts[::-1].index(SUITES) if SUITES in parts else len(parts) - 1
    return "/".join(parts[at:]) if parts else ""


NEVER = Attempt(Verdict.NOT_RUN, reason="the run ended before this test began")


@dataclass(frozen=True, slots=True)
class TestResult:
    """A test of a run with all its attempts, the first one first.

    `long_name` and `suite` are below the top suite, whose name depends on the command line. `source` is as Robot wrote
    it. `key` is the primary key of the scenario, `covers` further keys that get its result too.
    """

    __test__ = False  # for pytest

    name: str
    long_name: str
    suite: str
    source: str
    line: int | None
    tags: tuple[str, ...]
    key: str
    covers: tuple[str, ...]
    area: str
    attempts: tuple[Attempt, ...] = (NEVER,)

    @property
    def place(self) -> Place:
        return self.source, self.line or self.name

    @property
    def file(self) -> str:
        """The source from `suites` on, with slashes: the same on every machine and in every checkout."""
        return from_suites(self.source)

    @property
    def id(self) -> str:
        """What names this test in every run, whichever folder was given: `suites/api/x.robot::Name`."""
        return f"{self.file}::{self.name}"

    @property
    def deciding(self) -> Attempt:
        """The last attempt that passed or failed: one that was skipped takes no earlier result away, as in rebot."""
        decided = [one for one in self.attempts if one.verdict in (Verdict.PASSED, Verdict.FAILED)]
        return (decided or list(self.attempts))[-1]

    @property
    def verdict(self) -> Verdict:
        return self.deciding.verdict

    @property
    def start(self) -> str:
        return self.deciding.start

    @property
    def seconds(self) -> float:
        return self.deciding.seconds

    @property
    def message(self) -> str:
        return self.deciding.message

    @property
    def reason(self) -> str:
        return self.deciding.reason

    @property
    def keywords(self) -> tuple[str, ...]:
        return self.deciding.keywords

    @property
    def evidence(self) -> tuple[str, ...]:
        return self.deciding.evidence

    @property
    def bugs(self) -> tuple[str, ...]:
        return self.deciding.bugs

    @property
    def critical(self) -> bool:
        return "critical" in self.tags


@dataclass(frozen=True)
class Run:
    """A finished run. `start` is local time in ISO form, `seconds` the wall time of all pieces together.

    `errors` is what Robot could not read or import, a line each. `broken` is empty, or says in a sentence why the run
    must not count.
    """

    stamp: Stamp
    start: str
    seconds: float
    tests: tuple[TestResult, ...]
    errors: tuple[str, ...] = ()
    broken: str = ""

    @property
    def site(self) -> str:
        return self.stamp.site

    @property
    def commit(self) -> str:
        return self.stamp.commit

    @property
    def areas(self) -> list[str]:
        return sorted({test.area for test in self.tests})

    @property
    def places(self) -> set[Place]:
        return {test.place for test in self.tests}

    @property
    def passed(self) -> int:
        return self.count(Verdict.PASSED)

    @property
    def failed(self) -> int:
        return self.count(Verdict.FAILED)

    def of(self, verdict: Verdict) -> list[TestResult]:
        return [test for test in self.tests if test.verdict == verdict]

    def count(self, verdict: Verdict, area: str | None = None) -> int:
        return sum(test.verdict == verdict and area in (None, test.area) for test in self.tests)

    def broken_by(self, sentences: Sequence[str]) -> Run:
        """The same run, broken by these sentences beside what broke it before."""
        return replace(self, broken=" ".join(filter(None, [self.broken, *sentences])))


@dataclass(frozen=True, slots=True)
class LastResult:
    """What a test was worth when it ran last; `start` of that run is local time in ISO form."""

    verdict: Verdict
    site: str
    start: str
    run: str
