"""The cold start of a suite that only talks REST, against that of an empty suite."""

from __future__ import annotations

import os
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import RunError
from pipeline.measure.figures import show
from pipeline.paths import PYTHON
from pipeline.run import site

MOST = 2.1
EMPTY = """\
*** Test Cases ***
Nothing
    No Operation
"""
REST = """\
*** Settings ***
Resource          focus.resource
Suite Setup       Open Site    rest
Suite Teardown    Close Site

*** Test Cases ***
Ask Once
    ${answer} =    Ask Focus Server    GET    /channels
    Answer Should Be    ${answer}    200
"""


@dataclass(frozen=True)
class Cost:
    """What one process took, in seconds; `cpu` is user and system time, which other work disturbs less."""

    wall: float
    cpu: float


def measure(runs: int, site_name: str) -> None:
    """Both suites in turn; the budget is one of the ratio of the medians."""
    chosen = site.open_site(site_name)
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        suites = {"empty": Path(folder) / "empty.robot", "rest": Path(folder) / "rest.robot"}
        suites["empty"].write_text(EMPTY)
        suites["rest"].write_text(REST)
        environment = os.environ | {"FOCUS_SITE": str(chosen.file)}
        # Without bytecode each start would compile what it imports.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        costs: dict[str, list[Cost]] = {"empty": [], "rest": []}
        for run in range(runs + 1):
            for name, suite in suites.items():
                cost = start(suite, environment)
                # The first one fills caches: bytecode, the site file.
                if run:
                    costs[name].append(cost)
    for name, of_suite in costs.items():
        show(f"suite {name}, wall time", [cost.wall for cost in of_suite], "s")
        show(f"suite {name}, CPU time", [cost.cpu for cost in of_suite], "s")
    wall = statistics.median(cost.wall for cost in costs["rest"]) / statistics.median(
        cost.wall for cost in costs["empty"]
    )
    cpu = statistics.median(cost.cpu for cost in costs["rest"]) / statistics.median(cost.cpu for cost in costs["empty"])
    show("REST suite against empty suite, wall time", [wall], "times")
    show("REST suite against empty suite, CPU time", [cpu], "times", most=MOST)


def start(suite: Path, environment: dict[str, str]) -> Cost:
    """One `robot` with its report and log, as a tester starts it."""
    command = [PYTHON, "-m", "robot", "--outputdir", str(suite.parent / "out"), "--console", "none", str(suite)]
    before = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - before
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RunError(f"The suite {suite.name} failed; nothing is measured.")
    return Cost(wall, usage.ru_utime + usage.ru_stime)
