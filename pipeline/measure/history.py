"""The history of many made runs: how long the database and the dashboard take."""

from __future__ import annotations

import sqlite3
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import console, paths
from pipeline.history import dashboard, database, queries
from pipeline.measure.figures import cpu_seconds, show
from pipeline.results import reading, run_json
from pipeline.results.stamp import Stamp

RUNS, SUITES, TESTS = 200, 10, 50
MOST_S = 30.0
# Every so many tests one fails, and a different one in each run.
FAILS = 47
_START = datetime(2026, 1, 1, tzinfo=UTC).replace(tzinfo=None)


def measure() -> None:
    """200 runs of 500 tests, each with an output.xml; the dashboard has a budget."""
    results = paths.RESULTS
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        paths.RESULTS = Path(folder)
        try:
            _measure()
        finally:
            paths.RESULTS = results


def _measure() -> None:
    for number in range(RUNS):
        make_run(number)
    show(f"history.db of {RUNS} runs of {SUITES * TESTS} tests, CPU time", [cpu_seconds(database.rebuild)], "s")
    with database.opened() as connection:
        show("flaky and slow tests of it, CPU time", [cpu_seconds(lambda: ask(connection))], "s")
    console.say(f"history.db: {database.path().stat().st_size / 1e6:.1f} MB")
    lasted = cpu_seconds(dashboard.make)
    show("all of them into the dashboard, and its page, CPU time", [lasted], "s", most=MOST_S)
    console.say(f"dashboard.html: {dashboard.page().stat().st_size / 1e6:.1f} MB")


def ask(connection: sqlite3.Connection) -> None:
    queries.flaky(connection, 100)
    queries.slow(connection, 100)


def make_run(number: int) -> Path:
    """A run's folder with an output.xml that was not run but written, and what is made of it."""
    start = _START + timedelta(hours=number)
    stamp = Stamp(
        f"made-{number:03}",
        "regression",
        "simulated",
        True,
        "0.1.0",
        f"{number // 5:012x}",
        False,
        f"branch-{number % 2}",
    )
    folder = paths.RESULTS / "runs" / stamp.run_id
    folder.mkdir(parents=True)
    (folder / "output.xml").write_text(output_xml(number, start), encoding="utf-8")
    run_json.write(reading.read_one(folder / "output.xml", stamp), folder / run_json.NAME)
    return folder


def output_xml(number: int, start: datetime) -> str:
    """Some tests fail, each with figures of its own in the message."""
    suites = "".join(_suite(number, suite, start) for suite in range(SUITES))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<robot generator="Robot" generated="{start.isoformat()}" rpa="false" schemaversion="5">\n'
        f'<suite id="s1" name="Suites" source="/suites">\n{suites}'
        f'<status status="FAIL" start="{start.isoformat()}" elapsed="100"/>\n</suite>\n'
        "<statistics>\n</statistics>\n<errors>\n</errors>\n</robot>\n"
    )


def _suite(number: int, suite: int, start: datetime) -> str:
    tests = "".join(_test(number, suite, test, start) for test in range(TESTS))
    return (
        f'<suite id="s1-s{suite + 1}" name="Suite {suite}" source="/suites/suite_{suite}.robot">\n{tests}'
        f'<status status="FAIL" start="{start.isoformat()}" elapsed="10"/>\n</suite>\n'
    )


def _test(number: int, suite: int, test: int, start: datetime) -> str:
    fails = (number * 13 + suite * TESTS + test) % FAILS == 0
    message = f"View {number}-{test} delivered {suite * test} frames" if fails else ""
    status = (
        f'<status status="{"FAIL" if fails else "PASS"}" start="{start.isoformat()}" elapsed="{0.1 + test / 100}">'
        f"{message}</status>"
    )
    return (
        f'<test id="s1-s{suite + 1}-t{test + 1}" name="Test {test} שלום" line="{test + 2}">\n'
        f'<kw name="Check View" owner="View">\n{status}\n</kw>\n<tag>api</tag>\n<tag>PZ-{13000 + test}</tag>\n'
        f"{status}\n"
        "</test>\n"
    )
