"""Runs a list of check steps, some at a time, and counts the tests they ran."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from pipeline import console, processes
from pipeline.paths import RESULTS, ROOT

# For machines of two cores: steps of tests wait for more than half of their time.
AT_ONCE = 5
TICK_S = 15.0
MOST_LINES = 80


@dataclass(frozen=True)
class Step:
    """A command of the checks. `xunit` is where it writes its tests' results, if it runs tests.

    `makes_runs`: it moves `results/latest`, so no other such step may go on at the same time.
    """

    name: str
    command: list[str]
    xunit: Path | None = None
    makes_runs: bool = False
    env: Mapping[str, str] = field(default_factory=dict)
    after: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)


@dataclass(frozen=True)
class Outcome:
    ok: bool
    counts: Counts


@dataclass
class Running:
    """A step under way; its output is kept in a file and shown only when it fails."""

    step: Step
    process: subprocess.Popen[bytes]
    output: IO[bytes]
    began: float

    def finish(self, code: int) -> Outcome:
        seconds = time.monotonic() - self.began
        counts, ok = read_counts(self.step.xunit), code == 0
        if self.step.xunit is not None and counts == Counts():
            ok = False  # a test step without a single test checks nothing
        if self.step.after:
            subprocess.run(self.step.after, cwd=ROOT, env=environment(self.step), capture_output=True, check=False)
        tests = f"{counts.passed} passed, {counts.failed} failed, {counts.skipped} skipped" if self.step.xunit else ""
        console.say(f"  {'ok' if ok else 'FAILED':<7}{seconds:>6.1f} s  {self.step.name:<22}{tests}".rstrip())
        if not ok:
            self.output.seek(0)
            text = self.output.read().decode("utf-8", "replace").rstrip()
            lines = (text or f"exit code {code}").splitlines()
            if len(lines) > MOST_LINES:
                kept = keep(self.step.name, text)
                lines = [f"... {len(lines) - MOST_LINES} lines more in {kept}", *lines[-MOST_LINES:]]
            console.say("\n".join(f"    | {line}" for line in lines))
        self.output.close()
        # A test step that broke without a failed test still counts as one failure.
        if not ok and self.step.xunit is not None and not counts.failed:
            counts += Counts(failed=1)
        return Outcome(ok, counts)


def keep(name: str, text: str) -> Path:
    """The whole output of a step that printed too much for the screen."""
    path = RESULTS / "test" / f"{name.replace(' ', '-')}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def run_all(steps: Sequence[Step]) -> list[Outcome]:
    """Run every step, also after a failure. Ctrl-C ends what is running and is raised again."""
    waiting, running, outcomes = list(steps), list[Running](), list[Outcome]()
    shown = time.monotonic()
    try:
        while waiting or running:
            while step := next((one for one in waiting if may_start(one, running)), None):
                waiting.remove(step)
                running.append(begin(step))
            time.sleep(0.1)
            for entry in [entry for entry in running if entry.process.poll() is not None]:
                running.remove(entry)
                outcomes.append(entry.finish(entry.process.returncode))
                shown = time.monotonic()
            if running and time.monotonic() - shown > TICK_S:
                shown = time.monotonic()
                console.say(f"  ... {', '.join(f'{e.step.name} {shown - e.began:.0f} s' for e in running)}")
    except BaseException:
        for entry in running:
            processes.stop(entry.process)
            if entry.step.after:
                subprocess.run(
                    entry.step.after, cwd=ROOT, env=environment(entry.step), capture_output=True, check=False
                )
        raise
    return outcomes


def may_start(step: Step, running: Sequence[Running]) -> bool:
    return len(running) < AT_ONCE and not (step.makes_runs and any(entry.step.makes_runs for entry in running))


def begin(step: Step) -> Running:
    if step.xunit:
        step.xunit.unlink(missing_ok=True)
    output = tempfile.TemporaryFile()  # noqa: SIM115 - closed when the step is over
    process = processes.start(step.command, env=environment(step), cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
    return Running(step, process, output, time.monotonic())


def environment(step: Step) -> dict[str, str]:
    return os.environ | dict(step.env)


def read_counts(xunit: Path | None) -> Counts:
    """Sums of an xunit file of pytest or Robot; nothing when it is not there."""
    if xunit is None or not xunit.exists():
        return Counts()
    total = Counts()
    root = ET.parse(xunit).getroot()  # noqa: S314 - our own file
    # pytest wraps its suite in <testsuites>; Robot nests suites, whose sums stand in the outermost.
    for suite in root if root.tag == "testsuites" else [root]:
        tests, failed, skipped = (
            sum(int(suite.get(name, 0)) for name in names)
            for names in (("tests",), ("failures", "errors"), ("skipped",))
        )
        total += Counts(tests - failed - skipped, failed, skipped)
    return total
