"""The load itself: begins each action when it is due, whatever became of those before (open model)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.load import parts as load_parts
from focus_core.load.actions import Runner
from focus_core.load.http1 import clock
from focus_core.load.parts import Parts
from focus_core.load.payloads import Payloads
from focus_core.load.plan import Plan
from focus_core.load.profiles import due_times
from focus_core.load.result import Ended, Interval, Result
from focus_core.site import state
from focus_core.site.model import Site

# From the end of the preparations to the first action.
_LEAD_S = 0.1
# How long what is under way may go on after the load was stopped, and jobs that are left may take to be removed.
_STOPPING_S = 5.0
_REMOVAL_S = 30.0
_REMOVED_AT_ONCE = 10
_REMOVED_AGAIN_S = 0.5
_EXPIRED_EVERY_S = 0.1
_USED_EVERY_S = 60.0
# A longer wait is broken off when the load is stopped.
_LONG_WAIT_S = 0.2
_READ_ANSWERS_EVERY = 64
# Connections that are open before the first action: for answers that take 10 ms.
_WARM_SHARE = 0.01


class Generator:
    """Carries out one plan, once. ``progress`` is called with every interval that is over.

    Raises ``BenchError`` for a plan that cannot be carried out.
    """

    def __init__(self, plan: Plan, progress: Callable[[Interval], None] = lambda _: None) -> None:
        plan.check()
        self._plan, self._progress = plan, progress
        self._parts = load_parts.make(plan)
        self._stopped = asyncio.Event()
        self._ended: Ended = ""
        self._why = ""

    def stop(self, ended: Ended = "stopped", why: str = "The load was stopped.") -> None:
        """Begins no further action; to be called in the event loop."""
        if not self._stopped.is_set():
            self._ended, self._why = ended, why
            self._stopped.set()

    async def run(self) -> Result:
        """The whole load; what it opened is removed. Raises ``BenchError`` when it cannot be carried out."""
        parts = self._parts
        await parts.users.log_in()
        helpers = [asyncio.create_task(parts.users.keep_logged_in()), asyncio.create_task(_expire(parts))]
        if parts.site:
            helpers.append(asyncio.create_task(_keep_in_use(parts.site)))
        try:
            warm = 1 + round(self._plan.highest_rate * _WARM_SHARE)
            await asyncio.gather(*(pool.warm(warm) for pool in parts.pools.values()))
            if parts.follower:
                await parts.follower.open()
            if parts.held:
                await self._unless_stopped(parts.held.open())
            result = await self._carry_out(parts)
        finally:
            left = await _remove_jobs(parts)
            for task in helpers:
                task.cancel()
            if parts.publisher:
                parts.publisher.close()
            if parts.follower:
                parts.follower.stop()
            for pool in parts.pools.values():
                pool.close()
            # What is closed goes at the next turn of the event loop.
            await asyncio.sleep(0)
        return replace(result, left=left)

    async def _carry_out(self, parts: Parts) -> Result:
        begin, recorder = self._beginning(), parts.recorder
        begun = time.time() + begin - clock()
        recorder.begin(begin)
        if parts.held:
            parts.held.begin(begin)
        ticker = asyncio.create_task(self._tick(parts, begin))
        await self._schedule(parts, begin)
        await self._drain(parts, begin)
        ticker.cancel()
        recorder.close_last()
        seconds, cpu = recorder.seconds, recorder.cpu()
        views = await parts.held.close() if parts.held else None
        alerts = await parts.follower.close() if parts.follower else None
        return Result(
            begun,
            seconds,
            self._plan.seconds,
            recorder.asked,
            tuple(runner.outcome() for runner in parts.runners),
            views,
            recorder.late.times(),
            cpu,
            recorder.connect.times(),
            tuple(recorder.intervals),
            ended=self._ended,
            why=self._why,
            phases=recorder.phases(),
            alerts=alerts,
        )

    def _beginning(self) -> float:
        """The moment of the clock at which the schedule begins."""
        if self._plan.start_at is None:
            return clock() + _LEAD_S
        lead = self._plan.start_at - time.time()
        if lead < 0:
            raise BenchError(
                f"The load was ready {-lead:.1f} s after the moment at which it had to begin; name a later one."
            )
        return clock() + lead

    async def _schedule(self, parts: Parts, begin: float) -> None:
        part, share = self._plan.share
        weights = [action.weight for action in self._plan.actions]
        latest = begin + self._plan.seconds + self._plan.patience_s
        due_at = due_times(self._plan.phases) if parts.runners else iter(())
        for number, (offset, runner) in enumerate(zip(due_at, in_turn(parts.runners, weights), strict=False)):
            if number % share != part - 1:
                continue
            due = begin + offset
            await self._wait_until(due)
            if self._stopped.is_set():
                return
            parts.recorder.start(due)
            runner.begin(number, due)
            if not number % _READ_ANSWERS_EVERY:
                # Behind schedule, answers are read all the same.
                await asyncio.sleep(0)
                if clock() > latest:
                    self.stop(
                        "deadline", f"The generator was more than {self._plan.patience_s:g} s behind its schedule."
                    )
        await self._wait_until(begin + self._plan.seconds)

    async def _drain(self, parts: Parts, begin: float) -> None:
        """Waits for what is under way, and ends what does not end."""
        end = begin + self._plan.seconds + self._plan.patience_s
        while parts.under_way and clock() < end:
            if self._stopped.is_set():
                end = min(end, clock() + _STOPPING_S)
            await asyncio.sleep(0.01)
        if parts.under_way and not self._stopped.is_set():
            patience = f"{self._plan.patience_s:g} s"
            self.stop("deadline", f"{parts.under_way} actions did not end within {patience}.")
        for runner in parts.runners:
            await runner.stop()
        for pool in parts.pools.values():
            pool.end_all()

    async def _wait_until(self, moment: float) -> None:
        while (wait := moment - clock()) > 0 and not self._stopped.is_set():
            if wait < _LONG_WAIT_S:
                await asyncio.sleep(wait)
                continue
            try:
                await asyncio.wait_for(self._stopped.wait(), wait - _LONG_WAIT_S / 2)
            except TimeoutError:
                continue

    async def _tick(self, parts: Parts, begin: float) -> None:
        width, number = parts.recorder.width, 0
        while True:
            number += 1
            await asyncio.sleep(max(0.0, begin + number * width - clock()))
            self._progress(parts.recorder.close_interval(width))
            broken = parts.recorder.broken()
            if broken:
                self.stop("critical", broken)

    async def _unless_stopped(self, work: Coroutine[Any, Any, None]) -> None:
        task, stopped = asyncio.create_task(work), asyncio.create_task(self._stopped.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not task.done():
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return
        task.result()


def in_turn(runners: Sequence[Runner], weights: Sequence[float]) -> Iterator[Runner]:
    """The runners for ever, each as often as its weight says and as evenly as can be."""
    if len(runners) == 1:
        while True:
            yield runners[0]
    total, owed = sum(weights), [0.0] * len(runners)
    while runners:
        owed = [so_far + weight for so_far, weight in zip(owed, weights, strict=True)]
        chosen = owed.index(max(owed))
        owed[chosen] -= total
        yield runners[chosen]


async def _expire(parts: Parts) -> None:
    while True:
        await asyncio.sleep(_EXPIRED_EVERY_S)
        for pool in parts.pools.values():
            pool.expire()


async def _keep_in_use(site: Site) -> None:
    """A simulated site that is not used for some minutes stops by itself."""
    while True:
        state.touch_used(site)
        await asyncio.sleep(_USED_EVERY_S)


async def _remove_jobs(parts: Parts) -> tuple[str, ...]:
    """Removes the jobs that are left, and again what is refused; those that stay."""
    limit, living = asyncio.Semaphore(_REMOVED_AT_ONCE), parts.jobs.living

    async def remove(payloads: Payloads, job_id: str, number: int) -> None:
        async with limit:
            payload = payloads.make(number, {"job_id": job_id})
            _, status, _ = await parts.pools["focus"].ask(payload, number, clock())
            if status in (200, 204, 404):
                parts.jobs.removed(job_id)
            else:
                await asyncio.sleep(_REMOVED_AGAIN_S)

    with suppress(TimeoutError):
        async with asyncio.timeout(_REMOVAL_S):
            while living and parts.removal:
                await asyncio.gather(*(remove(parts.removal, job_id, number) for job_id, number in living.items()))
    return tuple(living)
