"""Whole runs of the suites: smoke, the API regression against one lane, and many regressions in a row."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import console
from pipeline.errors import RunError
from pipeline.measure.figures import seconds, show
from pipeline.paths import PYTHON, RESULTS, ROOT
from pipeline.results import reading
from pipeline.results.model import Verdict
from pipeline.run import site

API = ("--include", "regression", "suites/api", "suites/live", "suites/historic")
MOST_SMOKE_S, MOST_S = 45.0, 240.0
LEAST_GAIN = 1.6
# Keeps one core busy until it is ended.
BUSY = "while True: pass"


def smoke(runs: int) -> None:
    """Wall time of the second and later `python run.py smoke`."""
    run_py("smoke")
    show(
        "`python run.py smoke`, not the first",
        [seconds(lambda: run_py("smoke")) for _ in range(runs)],
        "s",
        most=MOST_SMOKE_S,
    )


def regression(runs: int, site_name: str) -> None:
    """The API regression with run.py's defaults and with `robot` in one lane, in turn, on a site that is up.

    Raises RunError when one of them fails. The lanes have a budget of time and of what they win.
    """
    file = str(site.open_site(site_name).file)
    lanes, one = [], []
    for _ in range(runs):
        lanes.append(seconds(lambda: run_py("suites", "--site", file, *API)))
        one.append(seconds(lambda: one_lane(file)))
    gain = statistics.median(one) / statistics.median(lanes)
    show("API regression, `run.py`'s defaults", lanes, "s", most=MOST_S)
    show("API regression, `robot` in one lane", one, "s")
    show("gain of the lanes", [gain], "times", least=LEAST_GAIN)


@dataclass
class Verdicts:
    """In which runs each test passed and failed."""

    passed: dict[str, list[int]] = field(default_factory=dict)
    failed: dict[str, list[int]] = field(default_factory=dict)

    def read(self, run: int, output: Path) -> None:
        result = reading.read_one(output)
        for verdict, found in ((Verdict.FAILED, self.failed), (Verdict.PASSED, self.passed)):
            for test in result.of(verdict):
                found.setdefault(test.long_name, []).append(run)

    @property
    def flaky(self) -> list[str]:
        return [name for name in self.failed if name in self.passed]


def repeat(runs: int, busy: int, site_name: str, args: list[str]) -> int:
    """Regressions one after the other on one site; the last `busy` of them with every core kept busy by something else.

    In those, tests that assert time limits (tag `performance`) are left out. A test is flaky when it failed in one run
    and passed in another. Returns 1 when a test is flaky or failed in every run.
    """
    file = str(site.open_site(site_name).file)
    verdicts, walls = Verdicts(), []
    for run in range(1, runs + 1):
        disturbed = run > runs - busy
        left_out = ["--exclude", "performance"] if disturbed else []
        with busy_cores() if disturbed else contextlib.nullcontext():
            walls.append(seconds(lambda: run_py("suites", "--site", file, *left_out, *(args or API), check=False)))  # noqa: B023
        verdicts.read(run, RESULTS / "latest" / "output.xml")
        failed = sum(run in where for where in verdicts.failed.values())
        console.say(f"run {run}{' (busy)' if disturbed else ''}: {walls[-1]:.0f} s, {failed} failed")
    show(f"{runs} regressions in a row, {busy} of them on busy cores", walls, "s")
    for name, where in verdicts.failed.items():
        kind = "flaky" if name in verdicts.passed else "always failed"
        console.say(f"{kind}: {name} (failed in run {', '.join(map(str, where))})")
    console.say(f"{len(verdicts.flaky)} flaky tests, {len(verdicts.failed) - len(verdicts.flaky)} that always failed")
    return int(bool(verdicts.failed))


def run_py(*args: str, check: bool = True) -> None:
    """`python run.py ARGS`; with `check` a run that is not green ends the measuring."""
    done = subprocess.run([sys.executable, "run.py", *args], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and (check or done.returncode > 250):
        raise RunError(f"run.py {' '.join(args)} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr}")


def one_lane(file: str) -> None:
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        command = [PYTHON, "-m", "robot", "--outputdir", folder, "--console", "none", *API]
        done = subprocess.run(command, cwd=ROOT, env=os.environ | {"FOCUS_SITE": file}, check=False)
    if done.returncode:
        raise RunError(f"The regression in one lane ended with {done.returncode}.")


@contextlib.contextmanager
def busy_cores() -> Iterator[None]:
    """Every core has something else to do, until the end."""
    others = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()
