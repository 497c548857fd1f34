"""What is known of a failed test, as the blocks of a report."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.bug import requests
from pipeline.bug.document import Block, Code, Document, Facts, Heading, Items, Picture, Text
from pipeline.bug.found import Failure
from pipeline.results import clusters
from pipeline.results.model import Verdict
from pipeline.results.steps import Step

TIMELINE = "timeline.png"
BUNDLE = "bundle.zip"
SIMULATED = "simulated"
# The last requests and lines of a pod: those before the failure. The files beside the report have them all.
REQUESTS = 8
POD_LINES = 30
ALIKE = 10
_LONGEST_STEP = 300
_API_VERSION = re.compile(r'"version"\s*:\s*"([^"]+)"')
_MARKS = {"PASS": "ok     ", "FAIL": "FAILED ", "SKIP": "skipped"}


@dataclass(frozen=True)
class Past:
    """What earlier runs show. `since`: id and start of the first run since which the test fails; `alike`: test, run
    and site of failures of the same cluster in other runs."""

    since: tuple[str, str] | None = None
    alike: tuple[tuple[str, str, str], ...] = ()


def document(failure: Failure, steps: Sequence[Step], past: Past, *, picture: bool) -> Document:
    """The whole report."""
    test = failure.test
    title = f"[{test.area}] {test.name}: {test.reason or 'failed'}"
    calls = failure.bundle.calls if failure.bundle else []
    blocks: list[Block] = [
        *_where(failure, calls),
        Heading("What was expected and seen"),
        *([Text(f"'{test.keywords[-1]}' did not hold:")] if test.keywords else []),
        Code(requests.shortened(test.message, 3000)),
        *_words(steps),
        *_traffic(failure, calls, picture),
        *_pods(failure),
        Heading("Since when, and what fails alike"),
        Items(tuple(_history(failure, past))),
        Heading("To repeat it"),
        *_repeat(failure),
    ]
    return Document(title, tuple(blocks))


def _where(failure: Failure, calls: list[dict[str, Any]]) -> list[Block]:
    stamp, test = failure.run.stamp, failure.test
    changes = " with local changes" if stamp.local_changes else ""
    rows = {
        "Site": f"{stamp.site}{' (simulated)' if stamp.simulated else ''}",
        "Version": version(failure, calls),
        "Test": test.id,
        "Scenario": ", ".join([test.key, *test.covers]),
        "Known bugs": ", ".join(test.bugs),
        "Run": f"{stamp.run_id}, commit {stamp.commit}{changes}" if stamp.run_id else "",
        "When": f"{test.start[:19].replace('T', ' ')}, {test.seconds:.1f} s",
    }
    return [Facts(tuple((name, value) for name, value in rows.items() if value))]


def version(failure: Failure, calls: list[dict[str, Any]]) -> str:
    """The images of the pods concerned and what the server's description calls itself, where the bundle has them."""
    pods = failure.bundle.content["pods"] if failure.bundle else []
    found = [image for pod in pods for image in pod["images"]]
    for call in calls:
        text = call.get("answer", {}).get("text", "") if call["door"] == "http" else ""
        named = _API_VERSION.search(text) if call["request"].endswith("/openapi.json") else None
        if named:
            found.append(f"API {named[1]}")
    return ", ".join(dict.fromkeys(found)) or "not recorded"


def _words(steps: Sequence[Step]) -> list[Block]:
    if not steps:
        return []
    lines = [f"{_MARKS.get(step.status, '       ')} {'    ' * step.depth}{_short(step.text)}" for step in steps]
    return [Heading("The test in words"), Code("\n".join(lines))]


def _short(text: str) -> str:
    line = " ".join(text.splitlines())
    return line if len(line) <= _LONGEST_STEP else f"{line[:_LONGEST_STEP]} ..."


def _traffic(failure: Failure, calls: list[dict[str, Any]], picture: bool) -> list[Block]:
    if failure.bundle is None:
        return [Heading("Requests"), Text("The test left no bundle, so its requests are only in the log of the run.")]
    known = requests.of(calls)
    shown = known[-REQUESTS:]
    blocks: list[Block] = [Heading("Requests"), Items((*requests.counted(calls), *failure.bundle.left_out()))]
    if len(known) > len(shown):
        blocks.append(Text(f"The last {len(shown)} of {len(known)} different requests; requests.sh has all."))
    for request in shown:
        blocks += [Code(request.command, "bash"), Code(request.answer)]
    return [*blocks, Picture(TIMELINE, "calls of the test in the order of time")] if picture else blocks


def _pods(failure: Failure) -> list[Block]:
    pods = failure.bundle.content["pods"] if failure.bundle else []
    if not pods:
        return []
    blocks: list[Block] = [Heading("What the pods logged meanwhile")]
    for pod in pods:
        lines = pod["text"].splitlines()
        cut = [f"... {len(lines) - POD_LINES} lines before are in pods.log"] if len(lines) > POD_LINES else []
        blocks += [Text(pod["pod"]), Code(requests.shortened("\n".join([*cut, *lines[-POD_LINES:]]), 1500))]
    return blocks


def _history(failure: Failure, past: Past) -> Iterator[str]:
    if past.since:
        run, start = past.since
        yield f"It has failed on this site since run {run} ({start[:16].replace('T', ' ')})."
    else:
        yield "No earlier run of this site is known in which it failed."
    own = clusters.key(failure.test.keywords, failure.test.reason)
    beside = [
        test.id
        for test in failure.run.of(Verdict.FAILED)
        if test.id != failure.test.id and clusters.key(test.keywords, test.reason) == own
    ]
    for test in beside[:ALIKE]:
        yield f"In this run {test} fails alike."
    if len(beside) > ALIKE:
        yield f"So do {len(beside) - ALIKE} more tests of this run."
    for name, run, site in past.alike[:ALIKE]:
        yield f"{name} failed alike in run {run} on {site}."


def _repeat(failure: Failure) -> list[Block]:
    test, site = failure.test, failure.run.site
    again = f"python run.py suites --site {shlex.quote(site)} --test {shlex.quote(test.name)} {shlex.quote(test.file)}"
    blocks: list[Block] = []
    if failure.bundle:
        blocks += [Text("Without a site, from the attached bundle:"), Code(f"python run.py replay {BUNDLE}", "bash")]
    blocks += [Text(f"On {site}:"), Code(again, "bash")]
    if not failure.run.stamp.simulated and site != SIMULATED:
        simulated = again.replace(f"--site {shlex.quote(site)}", "--site simulated")
        note = "On the simulated site, where a defect of 'python run.py site defects' may have to be switched on:"
        blocks += [Text(note), Code(simulated, "bash")]
    return blocks
