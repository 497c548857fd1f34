"""Starts the generator of a load as a process of its own and waits for its result."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, cast

from focus_core.base.errors import BenchError
from focus_core.load.plan import Plan
from focus_core.load.result import Interval, Result

MODULE = "focus_core.load"
# How long the generator may still take to end after it was told to.
_ENDING_S = 10.0


def run(plan: Plan, report: Callable[[Interval], None]) -> Result:
    """The result of a load; ``report`` is called with each interval that is over. A test that is stopped ends the load.

    Raises ``BenchError`` with the last line of the generator when it left no result.
    """
    plan.check()
    process = subprocess.Popen(
        [sys.executable, "-m", MODULE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    told, answers, progress = (cast(IO[str], pipe) for pipe in (process.stdin, process.stdout, process.stderr))
    last = "it gave no reason"
    try:
        told.write(f"{plan.to_json()}\n")
        told.flush()
        for line in progress:
            if line.startswith("{"):
                report(Interval(**json.loads(line)))
            else:
                last = line.strip() or last
        answer = answers.read()
    finally:
        _end(process)
    if not answer.strip():
        raise BenchError(f"The load generator ended with code {process.returncode} and without a result: {last}")
    return Result.from_json(answer.strip().splitlines()[-1])


def _end(process: subprocess.Popen[str]) -> None:
    """Its input's end is the sign to stop; what it does not obey is killed."""
    with suppress(OSError):
        if process.stdin:
            process.stdin.close()
    try:
        process.wait(_ENDING_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
