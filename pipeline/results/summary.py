"""What a run reports about itself: on the screen, in summary.md and in metrics.json."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from html import unescape
from pathlib import Path

import yaml

from pipeline.paths import ROOT
from pipeline.results import output_xml
from pipeline.results.stamp import Stamp
from pipeline.run.selection import without_root

FAILURES_ON_SCREEN = 12
ERRORS_ON_SCREEN = 4
NO_AREA = "other"
# Robot's own lines above a reason: headings, and what it adds where it skips a failure or merges results.
HEADING = re.compile(
    r"(\d+\) ?)?("
    r"(Several|Also) failures? occurred:|Also failures occurred:|"
    r"(Also )?((parent )?suite |keyword )?(setup|teardown) failed:|Skipped in ((parent )?suite )?(setup|teardown):|"
    r"(Earlier|Original) (message|failure):|Failed (test|task) skipped using .* tag\.|"
    r"(Test|Task|Suite) added from merged output\.|.* has been re-executed and results merged\..*"
    r")?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Test:
    """One test's result; `message` is the first line of Robot's message."""

    name: str
    area: str
    status: str
    seconds: float
    message: str
    tags: list[str]


@dataclass(frozen=True)
class Summary:
    stamp: Stamp
    start: str
    seconds: float
    tests: list[Test]
    errors: list[str]
    places: frozenset[output_xml.Place] = frozenset()

    def count(self, status: str, area: str | None = None) -> int:
        return sum(test.status == status and area in (None, test.area) for test in self.tests)

    @property
    def passed(self) -> int:
        return self.count("PASS")

    @property
    def failed(self) -> int:
        return self.count("FAIL")

    @property
    def skipped(self) -> int:
        return self.count("SKIP")

    @property
    def areas(self) -> list[str]:
        return sorted({test.area for test in self.tests})

    @property
    def counts(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def read(output: Path, stamp: Stamp) -> Summary:
    """The results of one output.xml. Raises robot.errors.DataError when there is none."""
    result = output_xml.read(output)
    tests = [
        Test(
            without_root(test.full_name),
            area(test.tags),
            test.status,
            round(test.elapsed_time.total_seconds(), 3),
            first_line(test.message),
            list(test.tags),
        )
        for test in result.suite.all_tests
    ]
    # An import that fails is named once here, while each test only reports a keyword that is not there.
    errors = [first_line(error) for error in output_xml.reading_errors(result.errors)]
    start, end = result.suite.start_time, result.suite.end_time
    seconds = (end - start).total_seconds() if start and end else result.suite.elapsed_time.total_seconds()
    places = frozenset(output_xml.places(result))
    return Summary(stamp, start.isoformat() if start else "", round(seconds, 1), tests, errors, places)


def area(tags: Iterable[str]) -> str:
    """The area tag of a test, by the tag dictionary."""
    return next((str(tag) for tag in tags if str(tag) in areas()), NO_AREA)


@cache
def areas() -> frozenset[str]:
    dictionary = yaml.safe_load((ROOT / "variables" / "tags.yaml").read_text(encoding="utf-8"))
    return frozenset(dictionary["areas"])


def first_line(message: str) -> str:
    """The first line of a message that gives a reason, as text. Of a test that ran again: of its second attempt."""
    if 'class="merge"' in message:
        message = message.partition('class="new-message">New message:</span>')[2].partition("<hr>")[0]
    if message.startswith("*HTML*") or "<br>" in message:
        message = message.removeprefix("*HTML*").replace("<br>", "\n").replace("<hr>", "\n")
        message = unescape(re.sub("<[^>]*>", "", message))
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return next((line for line in lines if not HEADING.fullmatch(line)), lines[0] if lines else "")


def write(result: Summary, folder: Path, broken: str) -> None:
    """summary.md for people and CI pages, metrics.json for programs."""
    (folder / "summary.md").write_text(markdown(result, broken), encoding="utf-8")
    metrics = {
        **asdict(result.stamp),
        "start": result.start,
        "seconds": result.seconds,
        "passed": result.passed,
        "failed": result.failed,
        "skipped": result.skipped,
        "broken": broken,
        "tests": [asdict(test) for test in result.tests],
    }
    (folder / "metrics.json").write_text(json.dumps(metrics, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def screen(result: Summary, pages: Mapping[str, Path]) -> str:
    """The summary that fits one screen; `pages` are the pages to name, by what they are."""
    lines = ["", result.stamp.title, f"{'area':<18}{'passed':>8}{'failed':>8}{'skipped':>9}"]
    for name in result.areas:
        lines.append(
            f"{name:<18}{result.count('PASS', name):>8}{result.count('FAIL', name):>8}{result.count('SKIP', name):>9}"
        )
    bad = [test for test in result.tests if test.status == "FAIL"]
    if bad:
        lines += ["", "failed:"]
    for test in bad[:FAILURES_ON_SCREEN]:
        lines += [f"  {test.name}", f"      {test.message}"]
    if len(bad) > FAILURES_ON_SCREEN:
        lines.append(f"  ... and {len(bad) - FAILURES_ON_SCREEN} more: see the report")
    if result.errors:
        lines += ["", "errors while reading the suites:", *(f"  {error}" for error in result.errors[:ERRORS_ON_SCREEN])]
    slowest = max(result.tests, key=lambda test: test.seconds, default=None)
    lines.append("")
    lines.append(f"{result.counts} in {result.seconds:.1f} s")
    if slowest:
        lines.append(f"slowest: {slowest.seconds:.1f} s {slowest.name}")
    lines += [f"{what + ':':<8}{path}" for what, path in pages.items()]
    return "\n".join(lines)


def markdown(result: Summary, broken: str) -> str:
    """summary.md: counts per area, then the failed and skipped tests with their first line."""
    stamp = result.stamp
    lines = [f"# {stamp.title}", ""]
    if broken:
        lines += [f"**This run does not count.** {broken}", ""]
    lines += [
        f"{result.counts} in {result.seconds:.1f} s",
        "",
        f"Run {stamp.run_id}, version {stamp.version}, commit {stamp.commit}.",
        "",
        "| area | passed | failed | skipped |",
        "|---|---:|---:|---:|",
    ]
    for name in result.areas:
        counts = (result.count(status, name) for status in ("PASS", "FAIL", "SKIP"))
        lines.append(f"| {name} | " + " | ".join(map(str, counts)) + " |")
    if result.errors:
        lines += ["", "## Errors while reading the suites", "", *(f"- {cell(error)}" for error in result.errors)]
    for status, heading in (("FAIL", "Failed"), ("SKIP", "Skipped")):
        chosen = [test for test in result.tests if test.status == status]
        if chosen:
            lines += ["", f"## {heading}", ""]
            lines += [f"- **{cell(test.name)}**: {cell(test.message)}" for test in chosen]
    return "\n".join(lines) + "\n"


def cell(text: str) -> str:
    """Text that Markdown leaves as it is."""
    return "".join(f"\\{character}" if character in "\\`*_[]<>|#" else character for character in text)
