"""results/history.db: runs, tests, results with all attempts, clusters of failures.

It holds nothing that is not in the metrics.json of the runs, so that it can be thrown away and made again.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from pipeline import paths
from pipeline.errors import RunError
from pipeline.results import clusters, run_json
from pipeline.results.model import Run, TestResult, Verdict
from pipeline.results.output_xml import ResultsError

VERSION = 1
WAIT_S = 30
_SCHEMA = """
CREATE TABLE run (
    id TEXT PRIMARY KEY, start TEXT, seconds REAL, command TEXT, site TEXT, branch TEXT, commit_id TEXT, version TEXT,
    local_changes INTEGER, broken TEXT, passed INTEGER, failed INTEGER, known_bug INTEGER, skipped INTEGER,
    not_run INTEGER
);
CREATE INDEX run_start ON run (start);
CREATE TABLE test (number INTEGER PRIMARY KEY, id TEXT UNIQUE, name TEXT, area TEXT);
CREATE TABLE cluster (number INTEGER PRIMARY KEY, keyword TEXT, line TEXT, UNIQUE (keyword, line));
-- own: the attempt was made in this run and not taken over from the run whose failed tests it repeats.
CREATE TABLE result (
    run TEXT REFERENCES run, test INTEGER REFERENCES test, attempt INTEGER, decides INTEGER, own INTEGER, verdict TEXT,
    seconds REAL, cluster INTEGER REFERENCES cluster, PRIMARY KEY (run, test, attempt)
) WITHOUT ROWID;
CREATE INDEX result_test ON result (test, verdict);
"""


class HistoryError(RunError):
    """The database cannot be used; the text is one sentence with cause and repair."""


def path() -> Path:
    return paths.RESULTS / "history.db"


def kept() -> list[Path]:
    """The metrics.json of every run that is still known, also of runs whose folder was removed."""
    return [*(paths.RESULTS / "runs").glob(f"*/{run_json.NAME}"), *(paths.RESULTS / "history").glob("*.json")]


@contextmanager
def opened() -> Iterator[sqlite3.Connection]:
    """The database, made anew where it is missing, damaged or of another version. Raises HistoryError, or OSError."""
    with _alone():
        connection = _usable() or _rebuilt()[0]
        try:
            yield connection
            connection.commit()
        finally:
            connection.close()


def rebuild() -> tuple[int, list[str]]:
    """Make the database anew; returns how many runs are in it, and a sentence for each file that is no run's."""
    with _alone():
        connection, refused = _rebuilt()
        count = connection.execute("SELECT count(*) FROM run").fetchone()[0]
        connection.close()
    return count, refused


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time uses the database."""
    paths.RESULTS.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(paths.RESULTS / ".history.lock", timeout=WAIT_S):
            yield
    except Timeout:
        raise HistoryError(f"Another process has had {path()} for {WAIT_S} s: wait for its end.") from None
    except sqlite3.Error as error:
        raise HistoryError(f"{path()} cannot be used ({error}): remove it, it is made anew.") from None


def add(connection: sqlite3.Connection, run: Run) -> None:
    """Put a run in; one of the same id is replaced. A dry run is no run."""
    stamp = run.stamp
    if stamp.dry_run:
        return
    connection.execute("DELETE FROM result WHERE run = ?", (stamp.run_id,))
    counts = [run.count(verdict) for verdict in Verdict]
    facts = (stamp.run_id, run.start, run.seconds, stamp.command, stamp.site, stamp.branch, stamp.commit, stamp.version)
    row = (*facts, stamp.local_changes, run.broken, *counts)
    connection.execute(f"REPLACE INTO run VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - no value in it
    seen: Counter[str] = Counter()
    for test in run.tests:
        seen[test.id] += 1
        # Two tests of one name in one file are told apart by their order.
        name = test.id if seen[test.id] == 1 else f"{test.id} ({seen[test.id]})"
        connection.executemany(
            "INSERT INTO result VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            _results(connection, run, test, _test_number(connection, name, test)),
        )


def _results(connection: sqlite3.Connection, run: Run, test: TestResult, number: int) -> Iterator[tuple[object, ...]]:
    deciding = test.deciding
    for count, attempt in enumerate(test.attempts, 1):
        cluster = None
        if attempt.verdict == Verdict.FAILED:
            cluster = _cluster_number(connection, *clusters.key(attempt.keywords, attempt.reason))
        own = not attempt.start or attempt.start >= run.start
        yield run.stamp.run_id, number, count, attempt is deciding, own, attempt.verdict, attempt.seconds, cluster


def _test_number(connection: sqlite3.Connection, name: str, test: TestResult) -> int:
    found = connection.execute(
        "INSERT INTO test (id, name, area) VALUES (?, ?, ?) "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, area = excluded.area RETURNING number",
        (name, test.long_name, test.area),
    )
    number: int = found.fetchone()[0]
    return number


def _cluster_number(connection: sqlite3.Connection, keyword: str, line: str) -> int:
    found = connection.execute(
        "INSERT INTO cluster (keyword, line) VALUES (?, ?) "
        "ON CONFLICT (keyword, line) DO UPDATE SET line = excluded.line RETURNING number",
        (keyword, line),
    )
    number: int = found.fetchone()[0]
    return number


def _usable() -> sqlite3.Connection | None:
    if not path().exists():
        return None
    connection = sqlite3.connect(path())
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        sound = connection.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok"
    except sqlite3.DatabaseError:
        version, sound = 0, False
    if sound and version == VERSION:
        return connection
    connection.close()
    return None


def _rebuilt() -> tuple[sqlite3.Connection, list[str]]:
    with suppress(FileNotFoundError):
        path().unlink()
    connection = sqlite3.connect(path())
    connection.executescript(_SCHEMA)
    refused = _add_all(connection, kept())
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.commit()
    return connection, refused


def _add_all(connection: sqlite3.Connection, files: Iterable[Path]) -> list[str]:
    refused = []
    for file in files:
        try:
            add(connection, run_json.read(file))
        except ResultsError as error:
            refused.append(str(error))
    return refused
