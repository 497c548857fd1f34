"""What is asked of the history."""

from __future__ import annotations

import sqlite3
import statistics
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.errors import RunError
from pipeline.results import comparison
from pipeline.results.comparison import Comparison
from pipeline.results.model import LastResult, Run, Verdict
from pipeline.run import folders

# Passed attempts of a test from which its usual duration is taken.
PASSES = 10
# Earlier runs among which one with the same tests is looked for.
LOOKED_AT = 50


@dataclass(frozen=True)
class RunRow:
    """A run as the list shows it; counts are of tests by verdict."""

    id: str
    start: str
    seconds: float
    command: str
    site: str
    branch: str
    commit: str
    broken: str
    passed: int
    failed: int
    known_bug: int
    skipped: int
    not_run: int

    @property
    def counts(self) -> dict[Verdict, int]:
        numbers = (self.passed, self.failed, self.known_bug, self.skipped, self.not_run)
        return dict(zip(Verdict, numbers, strict=True))


@dataclass(frozen=True)
class Flaky:
    """A test that passed and failed on one commit of one site, in how many attempts of each."""

    test: str
    site: str
    commit: str
    passed: int
    failed: int
    last: str


@dataclass(frozen=True)
class Slow:
    """The median duration of a test's last passes, in seconds."""

    test: str
    area: str
    seconds: float
    passes: int


def runs(connection: sqlite3.Connection, limit: int, site: str = "") -> list[RunRow]:
    """The newest runs first."""
    rows = connection.execute(
        "SELECT id, start, seconds, command, site, branch, commit_id, broken, passed, failed, known_bug, skipped, "
        "not_run FROM run WHERE ? IN ('', site) ORDER BY start DESC, id DESC LIMIT ?",
        (site, limit),
    )
    return [RunRow(*row) for row in rows]


def find(connection: sqlite3.Connection, run_id: str) -> str:
    """The id of a run: itself, the only one that begins so, or what `results/latest` leads to for `latest`.

    Raises RunError otherwise, also where that one, stopped or a dry run, is not in the history.
    """
    newest = folders.latest().id if run_id == "latest" else ""
    wanted = newest or run_id
    rows = connection.execute("SELECT id FROM run WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id", (wanted,))
    found = [str(row[0]) for row in rows]
    if wanted in found:
        return wanted
    if newest:
        raise RunError(
            f"The newest run, {newest}, was stopped or only a dry run, so it is not in the history: "
            "'python run.py history list' shows those that are."
        )
    if len(found) != 1:
        known = "several runs begin so" if found else "no run has this id"
        raise RunError(f"There is no one run '{run_id}', {known}: 'python run.py history list' shows them.")
    return found[0]


def verdicts(connection: sqlite3.Connection, run_id: str) -> dict[str, Verdict]:
    """What each test of a run was worth, by the tests' ids."""
    rows = connection.execute(
        "SELECT test.id, verdict FROM result JOIN test ON test = number WHERE run = ? AND decides", (run_id,)
    )
    return {test: Verdict(verdict) for test, verdict in rows}


def last_results(connection: sqlite3.Connection, site: str = "") -> dict[str, LastResult]:
    """What each test was worth in the last run that counted and reached it, by the tests' ids; on any site, or one."""
    rows = connection.execute(
        "SELECT test.id, verdict, site, run.start, run.id FROM result JOIN run ON run = run.id "
        "JOIN test ON test = number WHERE decides AND broken = '' AND verdict != ? AND ? IN ('', site) "
        "ORDER BY run.start, run.id",
        (Verdict.NOT_RUN, site),
    )
    return {test: LastResult(Verdict(verdict), *where) for test, verdict, *where in rows}


def against_the_last(connection: sqlite3.Connection, run: Run) -> Comparison | None:
    """Against the last run of the same site and branch that had one of these tests and counted."""
    tests = {test.id for test in run.tests}
    before = connection.execute(
        "SELECT id FROM run WHERE site = ? AND branch = ? AND start < ? AND id != ? AND broken = '' "
        "ORDER BY start DESC LIMIT ?",
        (run.site, run.stamp.branch, run.start, run.stamp.run_id, LOOKED_AT),
    )
    for (run_id,) in before:
        earlier = verdicts(connection, run_id)
        if not tests.isdisjoint(earlier):
            return comparison.compare(run_id, earlier, run)
    return None


def failing_since(connection: sqlite3.Connection, test_id: str, site: str, until: str) -> tuple[str, str] | None:
    """Id and start of the first of the runs up to a start that all failed in this test; None where the last did not."""
    rows = connection.execute(
        "SELECT run.id, run.start, verdict FROM result JOIN run ON run = run.id JOIN test ON test = test.number "
        "WHERE test.id = ? AND site = ? AND run.start <= ? AND decides AND verdict IN ('passed', 'failed') "
        "ORDER BY run.start DESC",
        (test_id, site, until),
    )
    first = None
    for run_id, start, verdict in rows:
        if verdict != Verdict.FAILED:
            break
        first = (run_id, start)
    return first


def alike(connection: sqlite3.Connection, keyword: str, line: str, limit: int) -> list[tuple[str, str, str]]:
    """Test, run and site of failures of one cluster, the newest first."""
    return connection.execute(
        "SELECT test.id, run.id, site FROM result JOIN run ON run = run.id JOIN test ON test = test.number "
        "JOIN cluster ON cluster = cluster.number WHERE keyword = ? AND line = ? "
        "ORDER BY run.start DESC, test.id LIMIT ?",
        (keyword, line, limit),
    ).fetchall()


def failed_clusters(connection: sqlite3.Connection, run_id: str) -> list[tuple[str, str, list[str]]]:
    """Keyword, normalised reason and tests of a run's failures, the largest cluster first."""
    rows = connection.execute(
        "SELECT keyword, line, test.id FROM result JOIN test ON test = test.number "
        "JOIN cluster ON cluster = cluster.number WHERE run = ? AND decides ORDER BY test.id",
        (run_id,),
    )
    found: dict[tuple[str, str], list[str]] = {}
    for keyword, line, test in rows:
        found.setdefault((keyword, line), []).append(test)
    clusters = [(keyword, line, tests) for (keyword, line), tests in found.items()]
    return sorted(clusters, key=lambda one: (-len(one[2]), one[0], one[1]))


def flaky(connection: sqlite3.Connection, limit: int) -> list[Flaky]:
    """Tests with both results on one commit, the last one first.

    A checkout with local changes is no commit; attempts taken over from an earlier run count where they were made.
    """
    rows = connection.execute(
        "SELECT test.id, site, commit_id, sum(verdict = 'passed') AS passes, sum(verdict = 'failed') AS failures, "
        "max(start) AS last FROM result JOIN run ON run = run.id JOIN test ON test = number "
        "WHERE own AND NOT local_changes AND commit_id != '' AND commit_id NOT LIKE 'unknown%' "
        "GROUP BY test.id, site, commit_id HAVING passes AND failures ORDER BY last DESC, test.id LIMIT ?",
        (limit,),
    )
    return [Flaky(*row) for row in rows]


def slow(connection: sqlite3.Connection, limit: int) -> list[Slow]:
    """The slowest tests first."""
    return sorted(usual(connection), key=lambda one: -one.seconds)[:limit]


def usual(connection: sqlite3.Connection) -> list[Slow]:
    """How long each test usually lasts, by its last passes on whichever site."""
    rows = connection.execute(
        "SELECT id, area, seconds FROM (SELECT test.id, area, result.seconds, row_number() OVER "
        "(PARTITION BY test ORDER BY start DESC) AS age FROM result JOIN run ON run = run.id "
        "JOIN test ON test = number WHERE own AND verdict = 'passed') WHERE age <= ?",
        (PASSES,),
    )
    times: dict[tuple[str, str], list[float]] = {}
    for test, area, seconds in rows:
        times.setdefault((test, area), []).append(seconds)
    return [Slow(test, area, statistics.median(passes), len(passes)) for (test, area), passes in times.items()]


def changed(one: dict[str, Verdict], other: dict[str, Verdict]) -> Iterable[tuple[str, str, str]]:
    """The tests whose verdict differs between two runs: id, verdict here, verdict there; `-` where a run lacks it."""
    for test in sorted({*one, *other}):
        here, there = str(one.get(test, "-")), str(other.get(test, "-"))
        if here != there:
            yield test, here, there
