"""Which test a line of a log belongs to: by what it names, and by the time at which it was written."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from focus_core.base.run_identity import NO_TEST
from focus_core.logs.entries import Entry

By = Literal["request id", "job", "name", "user", "line before", "time"]

# The clocks of test and node are known no better.
_TOLERANCE_S = 0.05
# Lines of one traceback are written at once.
_TOGETHER_S = 0.1

_REQUEST = re.compile(r"\.(?P<lane>\d+)\.(?P<token>[0-9a-f]{8}|0)\.\d+(?![\w.])")
_CONTINUES = re.compile(
    r"\s+\S|Traceback \(most recent|[\w.]+(?:Error|Exception)\b|During handling of|The above exception"
)


@dataclass
class TestTime:
    """One test as its lane noted it: ``lane`` is the run's id and the lane's number, times are ours, in epoch seconds.

    ``end`` is infinite while it runs. ``steps`` and ``calls`` are those of a failed test: name, begin, duration in
    seconds, and whether it went wrong.
    """

    token: str
    name: str
    begin: float
    lane: tuple[str, int]
    user: str = ""
    file: str = ""
    end: float = math.inf
    status: str = ""
    steps: list[tuple[str, float, float, bool]] = field(default_factory=list)
    calls: list[tuple[str, float, float, bool]] = field(default_factory=list)

    def covers(self, at: float) -> bool:
        """Whether it ran at that time."""
        return self.begin - _TOLERANCE_S <= at <= self.end + _TOLERANCE_S


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whose line it is: of one test, of one of several, of none; and what shows that."""

    tests: tuple[TestTime, ...]
    by: By

    @property
    def test(self) -> TestTime | None:
        """The one test; None where it may be several or is none."""
        return self.tests[0] if len(self.tests) == 1 else None

    def __str__(self) -> str:
        if not self.tests:
            return "no test"
        return "this test" if len(self.tests) == 1 else f"one of {len(self.tests)} tests"


class Attribution:
    """Made of the records of all lanes; ``skew`` is how far the clock of each node is behind ours, in seconds."""

    def __init__(self, records: Iterable[Mapping[str, Any]], skew: Mapping[str, float] | None = None) -> None:
        self.tests: dict[str, TestTime] = {}
        self._skew = skew or {}
        self._jobs: dict[str, list[tuple[float, str, tuple[str, int]]]] = defaultdict(list)
        prefixes: set[str] = set()
        for record in records:
            self._take(record, prefixes)
        self._lanes: dict[tuple[str, int], list[TestTime]] = defaultdict(list)
        self._users: dict[str, list[TestTime]] = defaultdict(list)
        for test in sorted(self.tests.values(), key=lambda one: one.begin):
            self._lanes[test.lane].append(test)
            if test.user:
                self._users[test.user].append(test)
        self._in_order = sorted(self.tests.values(), key=lambda one: one.begin)
        self._begins = [test.begin for test in self._in_order]
        # A test that began earlier than this before a line is over, whatever the line.
        self._longest = max((test.end - test.begin for test in self._in_order if test.end < math.inf), default=0.0)
        self._running = [test for test in self._in_order if test.end == math.inf]
        self._before: dict[tuple[str, str], tuple[float, Verdict]] = {}
        jobs = "|".join(map(re.escape, sorted(prefixes | {"cleanup-job-", "grpc-service-"})))
        self._job = re.compile(
            rf"(?:\bjob(?:[ =:_-]|_id\W{{1,3}})|/(?:ack|metadata|waterfall|config|job)/|{jobs}|-job-)"
            r"(?P<job>\d+-\d+)(?!\w|-\d)"
        )
        runs = "|".join(map(re.escape, sorted({lane[0] for lane in self._lanes})))
        self._name = re.compile(rf"(?P<run>{runs})-(?P<lane>\d+)-[0-9a-f]{{8}}(?!\w)") if runs else None
        users = "|".join(map(re.escape, sorted(self._users, key=len, reverse=True)))
        self._user = re.compile(rf"(?<![\w.-])(?P<user>{users})(?![\w.-])") if users else None

    def at(self, entry: Entry) -> float:
        """When the entry was written, by our clock."""
        return entry.at + self._skew.get(entry.source.node, 0.0)

    def of(self, entry: Entry) -> Verdict:
        """Whose entry it is. Entries are asked for in the order in which they were written."""
        at, place = self.at(entry), (entry.source.pod, entry.source.container)
        verdict = self._by_identity(entry, at)
        if verdict is None and entry.kind == "line" and _CONTINUES.match(entry.text):
            written, before = self._before.get(place, (-math.inf, None))
            if before is not None and at - written <= _TOGETHER_S:
                verdict = Verdict(before.tests, "line before")
        if verdict is None:
            verdict = Verdict(tuple(self._at(at, entry.seconds)), "time")
        if entry.kind == "line":
            self._before[place] = at, verdict
        return verdict

    def _by_identity(self, entry: Entry, at: float) -> Verdict | None:
        text = entry.text
        found = _REQUEST.search(text)
        if found:
            if found["token"] == NO_TEST:
                return Verdict((), "request id")
            test = self.tests.get(found["token"])
            if test:
                return Verdict((test,), "request id")
        if entry.source.job:
            return Verdict(self._of_job(entry.source.job, at), "job")
        for match in self._job.finditer(text):
            if match["job"] in self._jobs:
                return Verdict(self._of_job(match["job"], at), "job")
        named = self._name.search(text) if self._name else None
        if named:
            lane = self._lanes.get((named["run"], int(named["lane"])), [])
            return Verdict(tuple(test for test in lane if test.covers(at))[-1:], "name")
        used = self._user.search(text) if self._user else None
        if used:
            return Verdict(tuple(test for test in self._users[used["user"]] if test.covers(at)), "user")
        return None

    def _of_job(self, job: str, at: float) -> tuple[TestTime, ...]:
        """The test that made a job; of one that a suite has made, the test of its lane at that time."""
        noted = self._jobs.get(job)
        if not noted:
            return ()
        earlier = [one for one in noted if one[0] <= at + 60.0]
        _, token, lane = (earlier or noted)[-1]
        if token in self.tests:
            return (self.tests[token],)
        return tuple(test for test in self._lanes.get(lane, ()) if test.covers(at))[-1:]

    def _at(self, at: float, seconds: float) -> list[TestTime]:
        """The tests that ran at that time, or during so many seconds from then on."""
        until = at + seconds
        first = bisect_right(self._begins, at - self._longest - 2 * _TOLERANCE_S)
        last = bisect_right(self._begins, until + _TOLERANCE_S)
        found = [test for test in self._in_order[first:last] if test.end + _TOLERANCE_S >= at]
        return found + [test for test in self._running if test.begin <= until and test not in found]

    def _take(self, record: Mapping[str, Any], prefixes: set[str]) -> None:
        what = record.get("what")
        if what == "test":
            lane = str(record["run"]), int(record["lane"])
            token = str(record["token"])
            self.tests[token] = TestTime(
                token, str(record["name"]), float(record["at"]), lane, str(record.get("user", "")), str(record["file"])
            )
            if record.get("job_prefix"):
                prefixes.add(str(record["job_prefix"]))
        elif what == "end" and record["token"] in self.tests:
            test = self.tests[record["token"]]
            test.end, test.status = float(record["at"]), str(record.get("status", ""))
            test.steps = [tuple(one) for one in record.get("steps", ())]
            test.calls = [tuple(one) for one in record.get("calls", ())]
        elif what == "user" and record["token"] in self.tests:
            self.tests[record["token"]].user = str(record["user"])
        elif what == "job":
            lane = str(record["run"]), int(record["lane"])
            self._jobs[str(record["job"])].append((float(record["at"]), str(record["token"]), lane))
