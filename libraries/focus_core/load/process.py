"""A load in a process of its own: the threads of this one would make it late (by 100 ms instead of 4)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Thread, Timer

from focus_core.base import run_identity, tape
from focus_core.base.errors import BenchError
from focus_core.load.plan import Plan
from focus_core.load.result import Interval, Result
from focus_core.load.sampling import Sampler, Source

# Beyond the time that the plan allows: imports, logins, opening views, removing jobs.
_SPARE_S = 180.0
# How long a load that was broken off may take to end by itself.
_END_S = 15.0
_EXIT_PRODUCT = 1

LOADS: tape.Door[Result] = tape.Door("load", lambda result: json.loads(result.to_json()), lambda kept: _result(kept))


def command(*options: str) -> list[str]:
    """How a load is started with the Python of this process."""
    return [sys.executable, "-X", "utf8", "-m", "focus_core.load", *options]


def carry_out(
    plan: Plan, progress: Callable[[Interval], None] = lambda _: None, sources: Sequence[Source] = ()
) -> Result:
    """Carries out a plan in a process of its own, and samples resources meanwhile.

    ``progress`` is called with each interval that is over. Raises ``BenchError`` when the load cannot be carried out,
    ``AssertionError`` when the site does not let it in. A load that is broken off here ends and removes its jobs.
    """
    plan.check()
    return tape.through(LOADS, f"load of {plan.seconds:g} s", lambda: _carry_out(plan, progress, sources))


def _carry_out(plan: Plan, progress: Callable[[Interval], None], sources: Sequence[Source]) -> Result:
    sampler = Sampler(sources)
    load = subprocess.Popen(
        command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"FOCUS_RUN_ID": run_identity.run_id()},
    )
    # Piped, all three of them.
    assert load.stdin and load.stdout and load.stderr  # noqa: S101
    printed: list[str] = []
    reader = Thread(target=lambda out: printed.extend(out), args=(load.stdout,), daemon=True)
    watchdog = Timer(_longest(plan) + _SPARE_S, load.kill)
    watchdog.daemon = True
    words: deque[str] = deque(maxlen=5)
    try:
        reader.start()
        watchdog.start()
        sampler.start()
        with suppress(BrokenPipeError):
            load.stdin.write(f"{plan.to_json()}\n")
            load.stdin.flush()
        for line in load.stderr:
            _take(line, progress, words)
        load.wait()
        reader.join()
    finally:
        watchdog.cancel()
        sampler.stop()
        _end(load)
    if load.returncode or not printed:
        _raise(load.returncode, words)
    result = Result.from_json(printed[-1])
    series, unsampled = sampler.series(result.begun, result.seconds)
    return replace(result, resources=series, unsampled=unsampled)


def _longest(plan: Plan) -> float:
    lead = max(0.0, plan.start_at - time.time()) if plan.start_at else 0.0
    opening = plan.views.number / plan.views.at_once * plan.views.first_frame_s if plan.views else 0.0
    return lead + opening + plan.seconds + plan.patience_s


def _take(line: str, progress: Callable[[Interval], None], words: deque[str]) -> None:
    with suppress(ValueError, TypeError):
        progress(Interval(**json.loads(line)))
        return
    words.append(line.strip())


def _end(load: subprocess.Popen[str]) -> None:
    """Whatever happens here, the load ends."""
    with suppress(OSError):
        if load.stdin:
            load.stdin.close()
    try:
        load.wait(_END_S if load.returncode is None else None)
    except subprocess.TimeoutExpired:
        load.kill()
        load.wait()
    for stream in (load.stdout, load.stderr):
        if stream:
            stream.close()


def _raise(code: int, words: Sequence[str]) -> None:
    reason = words[-1] if words else "it wrote no reason"
    if code == _EXIT_PRODUCT and words:
        raise AssertionError(reason)
    if code == 2 and words:
        raise BenchError(reason)
    raise BenchError(f"The process of the load ended with exit code {code} ({reason}); look at its last words.")


def _result(kept: object) -> Result:
    return Result.from_json(json.dumps(kept))
