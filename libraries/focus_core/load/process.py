"""A load in processes of its own: the threads of this one would make it late (by 100 ms instead of 4)."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread, Timer

from focus_core.base import run_identity, tape
from focus_core.base.errors import BenchError
from focus_core.load import merging
from focus_core.load.plan import Plan
from focus_core.load.result import Interval, Result
from focus_core.load.sampling import Sampler, Source

# Beyond the time that the plan allows: imports, logins, opening views, removing jobs.
_SPARE_S = 180.0
# How long a load that was broken off may take to end by itself.
_END_S = 15.0
# Several generators are ready by then, each ``at_once`` of views takes so much longer.
_READY_S, _VIEWS_READY_S = 8.0, 5.0
# A wait is made of slices: not every system can break off a longer one.
_SLICE_S = 0.2
_EXIT_PRODUCT, _EXIT_BENCH = 1, 2

LOADS: tape.Door[Result] = tape.Door("load", lambda result: json.loads(result.to_json()), lambda kept: _result(kept))


def command(*options: str) -> list[str]:
    """How a load is started with the Python of this process."""
    return [sys.executable, "-X", "utf8", "-m", "focus_core.load", *options]


def carry_out(
    plan: Plan,
    progress: Callable[[Interval], None] = lambda _: None,
    sources: Sequence[Source] = (),
    generators: int = 1,
) -> Result:
    """Carries out a plan in one or more processes, and samples resources meanwhile.

    ``progress`` is called with each interval that is over. Raises ``BenchError`` when the load cannot be carried out,
    ``AssertionError`` when the site does not let it in. A load that is broken off here ends and removes its jobs.
    """
    plan.check()
    what = f"load of {plan.seconds:g} s"
    return tape.through(LOADS, what, lambda: _carry_out(shares(plan, generators), progress, sources))


def shares(plan: Plan, generators: int) -> list[Plan]:
    """The plans of so many generators, which begin together."""
    if generators == 1:
        return [plan]
    views = _VIEWS_READY_S * plan.views.number / plan.views.at_once if plan.views else 0.0
    begin = plan.start_at or time.time() + _READY_S + views
    return [replace(plan, start_at=begin, share=(part, generators)) for part in range(1, generators + 1)]


def _carry_out(plans: Sequence[Plan], progress: Callable[[Interval], None], sources: Sequence[Source]) -> Result:
    sampler = Sampler(sources)
    loads = [_Load(plan) for plan in plans]
    try:
        sampler.start()
        for interval in _together(loads):
            progress(interval)
        # One that failed has ended before the others.
        parts = [load.result() for load in sorted(loads, key=lambda load: load.running)]
    finally:
        sampler.stop()
        for load in loads:
            load.stop()
        for load in loads:
            load.end()
    result = parts[0] if len(parts) == 1 else merging.merged(parts, len(parts))
    series, unsampled = sampler.series(result.begun, result.seconds)
    return replace(result, resources=series, unsampled=unsampled)


class _Load:
    """One process. ``intervals`` gets each interval that is over, and None when there are no more."""

    def __init__(self, plan: Plan) -> None:
        self.intervals: SimpleQueue[Interval | None] = SimpleQueue()
        self._words: deque[str] = deque(maxlen=5)
        self._printed: list[str] = []
        self._process = subprocess.Popen(
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"FOCUS_RUN_ID": run_identity.run_id()},
        )
        # All three of them are piped.
        assert self._process.stdin and self._process.stdout and self._process.stderr  # noqa: S101
        self._stdin, self._stdout, self._stderr = self._process.stdin, self._process.stdout, self._process.stderr
        self._readers = [Thread(target=read, daemon=True) for read in (self._read_result, self._read_progress)]
        self._watchdog = Timer(_longest(plan) + _SPARE_S, self._process.kill)
        self._watchdog.daemon = True
        for thread in (*self._readers, self._watchdog):
            thread.start()
        # A process that has ended already has written why.
        with suppress(BrokenPipeError):
            self._stdin.write(f"{plan.to_json()}\n")
            self._stdin.flush()

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def result(self) -> Result:
        """What came of it, when it has ended. Raises ``BenchError`` or ``AssertionError`` with the reason why not."""
        code = self._process.wait()
        for reader in self._readers:
            reader.join()
        if code == 0 and self._printed:
            return Result.from_json(self._printed[-1])
        reason = self._words[-1] if self._words else "it wrote no reason"
        if code == _EXIT_PRODUCT:
            raise AssertionError(reason)
        if code == _EXIT_BENCH:
            raise BenchError(reason)
        raise BenchError(f"The process of the load ended with exit code {code} ({reason}); look at its last words.")

    def stop(self) -> None:
        """Begins no further action."""
        with suppress(OSError):
            self._stdin.close()

    def end(self) -> None:
        """Ends the process, whatever it does."""
        self._watchdog.cancel()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for reader in self._readers:
            reader.join(_END_S)

    def _read_result(self) -> None:
        with self._stdout:
            self._printed.extend(self._stdout)

    def _read_progress(self) -> None:
        with self._stderr:
            for line in self._stderr:
                try:
                    self.intervals.put(Interval(**json.loads(line)))
                except (ValueError, TypeError):
                    self._words.append(line.strip())
        self.intervals.put(None)


def _together(loads: Sequence[_Load]) -> Iterator[Interval]:
    """The intervals of all processes, added; until one of them has no more."""
    while True:
        group = [found for load in loads if (found := _next(load.intervals))]
        if len(group) < len(loads):
            return
        yield merging.interval(group)


def _next(intervals: SimpleQueue[Interval | None]) -> Interval | None:
    while True:
        with suppress(Empty):
            return intervals.get(timeout=_SLICE_S)


def _longest(plan: Plan) -> float:
    lead = max(0.0, plan.start_at - time.time()) if plan.start_at else 0.0
    opening = plan.views.number / plan.views.at_once * plan.views.first_frame_s if plan.views else 0.0
    return lead + opening + plan.seconds + plan.patience_s


def _result(kept: object) -> Result:
    return Result.from_json(json.dumps(kept))
