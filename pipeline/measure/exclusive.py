"""The exclusive suites many times in a row, while another run uses the same site: nothing may run beside them.

What ran when is read from the runs' own results: a suite has the site from its first test to its last one, a fault
lasts from its entry in the journal of faults to its last one.
"""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline import console
from pipeline.measure.figures import seconds, show
from pipeline.measure.runs import Verdicts
from pipeline.paths import RESULTS, ROOT
from pipeline.results import reading
from pipeline.results.model import TestResult
from pipeline.run import folders as runs
from pipeline.run import site

EXCLUSIVE = ("--include", "exclusive", "--exclude", "slow", "suites")
BESIDE = ("--include", "regression", "--exclude", "exclusive", "suites/api", "suites/live", "suites/alerts")


@dataclass(frozen=True)
class Span:
    """A suite, or a fault of it, had the site from ``begin`` to ``end``; ``exclusive``: for itself."""

    suite: str
    run: str
    begin: datetime
    end: datetime
    exclusive: bool
    what: str = "suite"

    def __str__(self) -> str:
        times = f"{self.begin:%H:%M:%S.%f} to {self.end:%H:%M:%S.%f} UTC"
        return f"the {self.what} {self.suite} of run {self.run} ({times})"

    def disturbs(self, other: Span) -> bool:
        """Whether both had the site at the same time, although one of them should have had it for itself."""
        same = (self.suite, self.run) == (other.suite, other.run)
        return not same and (self.exclusive or other.exclusive) and self.begin < other.end and other.begin < self.end


def measure(count: int, site_name: str, args: list[str]) -> int:
    """Exclusive suites (or the selection in ``args``) ``count`` times, other suites beside them again and again.

    Returns 1 when an exclusive suite did not have the site for itself, or a test failed or was flaky.
    """
    file = str(site.open_site(site_name).file)
    verdicts, walls, meetings = Verdicts(), [], []
    for number in range(1, count + 1):
        ids = [runs.new_id()]
        with others(file, ids):
            walls.append(seconds(lambda: start(ids[0], file, args or EXCLUSIVE).wait()))  # noqa: B023
        spans = [span for one in ids for span in spans_of_run(RESULTS / "runs" / one, one)]
        found = overlaps(spans)
        for one in ids:
            verdicts.read(number, RESULTS / "runs" / one / "output.xml")
        failed = sum(number in where for where in verdicts.failed.values())
        alone = sum(span.exclusive for span in spans)
        console.say(
            f"run {number}: {walls[-1]:.0f} s, {alone} exclusive suites and faults beside {len(spans) - alone} other "
            f"suites, {len(found)} overlaps, {failed} failed"
        )
        meetings += found
    show(f"exclusive suites {count} times in a row beside another run", walls, "s")
    for sentence in meetings:
        console.say(sentence)
    for name, where in verdicts.failed.items():
        kind = "flaky" if name in verdicts.passed else "always failed"
        console.say(f"{kind}: {name} (failed in run {', '.join(map(str, where))})")
    console.say(f"{len(meetings)} overlaps, {len(verdicts.flaky)} flaky tests, {len(verdicts.failed)} with a failure")
    return int(bool(meetings or verdicts.failed))


def overlaps(spans: Iterable[Span]) -> list[str]:
    """A sentence for each pair that met although one of them had to be alone."""
    pairs = itertools.combinations(spans, 2)
    return [f"{one} and {other} overlap" for one, other in pairs if one.disturbs(other)]


def spans_of_run(folder: Path, run: str) -> list[Span]:
    """The suites of a run, and the faults that it made."""
    tests = reading.read_one(folder / "output.xml").tests
    entries = [json.loads(line) for path in sorted(folder.rglob("*.jsonl")) for line in path.read_text().splitlines()]
    owners = {test.name: test.file for test in tests if "disruptive" in test.tags}
    return [*spans_of_suites(tests, run), *spans_of_faults(entries, run, owners)]


def spans_of_suites(tests: Iterable[TestResult], run: str) -> Iterator[Span]:
    """From the first test of each file to its last one."""
    by_file = itertools.groupby(sorted(tests, key=lambda test: test.file), key=lambda test: test.file)
    for file, group in by_file:
        members = list(group)
        # Robot writes local time.
        begins = [(datetime.fromisoformat(test.start).astimezone(UTC), test.seconds) for test in members if test.start]
        if begins:
            end = max(begin + timedelta(seconds=lasted) for begin, lasted in begins)
            exclusive = any("exclusive" in test.tags for test in members)
            yield Span(file, run, min(begin for begin, _ in begins), end, exclusive=exclusive)


def spans_of_faults(entries: Iterable[dict[str, str]], run: str, owners: Mapping[str, str]) -> Iterator[Span]:
    """The faults of each test, from the first one made to the last one undone; ``owners``: the suites of the tests."""
    times: dict[str, list[datetime]] = {}
    for entry in entries:
        if entry["event"] != "steady before":
            times.setdefault(entry["test"], []).append(datetime.fromisoformat(entry["time"]))
    for test, seen in times.items():
        yield Span(owners.get(test, test), run, min(seen), max(seen), exclusive=True, what="fault in")


class others:  # noqa: N801 - it is used as a word: with others(...)
    """Runs that go on beside, one after the other, until the end; the last one is waited for."""

    def __init__(self, file: str, ids: list[str]) -> None:
        self._file, self._ids = file, ids
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._repeat)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _repeat(self) -> None:
        while not self._over.is_set():
            self._ids.append(runs.new_id())
            start(self._ids[-1], self._file, BESIDE).wait()


def start(run: str, file: str, args: Iterable[str]) -> subprocess.Popen[bytes]:
    """`run.py suites` with an id that shows where its results will be."""
    command = [sys.executable, "run.py", "suites", "--site", file, *args]
    environment = os.environ | {"FOCUS_RUN_ID": run}
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=quiet, stdout=quiet, stderr=quiet)
