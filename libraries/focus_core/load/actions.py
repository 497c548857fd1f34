"""How actions are carried out: single requests with as little work as can be, sessions step by step."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from focus_core.load.http1 import NOT_ENDED, Call, Pool, clock
from focus_core.load.open_jobs import CONFIGURE, JOB, OpenJobs
from focus_core.load.payloads import Payloads, begun, fill
from focus_core.load.plan import Action, Publish, ReadFrames, Request, Server, Step
from focus_core.load.recorder import Recorder, Tally
from focus_core.load.result import Outcome

if TYPE_CHECKING:
    from focus_core.load.publishing import Publisher

NEVER_SO = "never so"

# Gets the number of an action that has ended, and the cause of its failure, empty for none.
Settled = Callable[[int, str], None]


class Runner(Protocol):
    """Who carries out the actions of one kind."""

    under_way: int

    def begin(self, number: int, due: float) -> None:
        """Begins the action of that number, which was due at that moment of the clock."""

    async def stop(self) -> None:
        """Ends what is under way."""

    def outcome(self) -> Outcome:
        """What has become of them."""


class SingleRequest:
    """Actions of one request each."""

    def __init__(
        self,
        action: Action,
        step: Request,
        payloads: Payloads,
        pool: Pool,
        recorder: Recorder,
        jobs: OpenJobs,
        settled: Settled | None = None,
    ) -> None:
        self.under_way = 0
        self._tally = Tally(str(action))
        self._payloads, self._pool, self._recorder, self._jobs = payloads, pool, recorder, jobs
        self._settled = settled
        self._statuses = frozenset(step.statuses)
        self._opens_jobs = opens_jobs(step)

    def begin(self, number: int, due: float) -> None:
        self.under_way += 1
        self._tally.asked += 1
        self._pool.send(Call(self._payloads.make(number), number, due, self._ended, self._opens_jobs))

    async def stop(self) -> None:
        """The pool ends its calls."""

    def outcome(self) -> Outcome:
        return self._tally.outcome()

    def _ended(self, call: Call, status: int, cause: str) -> None:
        now, tally = clock(), self._tally
        self.under_way -= 1
        if status:
            tally.statuses[status] += 1
            if self._opens_jobs:
                self._jobs.opened(call.number, call.body)
        if status in self._statuses:
            cause = ""
            tally.succeed(call.due, call.sent, call.first, now)
        else:
            cause = cause or f"status {status}"
            tally.fail(cause, call.due, call.sent, now)
        self._recorder.end(now - call.due, cause)
        if self._settled:
            self._settled(call.number, cause)


class StepError(Exception):
    """A step of a session failed; the text is the cause."""


class Sessions:
    """Actions of several steps, each session a task of its own."""

    def __init__(
        self,
        action: Action,
        payloads: Mapping[Request, Payloads],
        pools: Mapping[Server, Pool],
        recorder: Recorder,
        jobs: OpenJobs,
        publisher: Publisher | None,
        settled: Settled | None = None,
    ) -> None:
        self.under_way = 0
        self._action, self._payloads, self._pools = action, payloads, pools
        self._recorder, self._jobs, self._publisher = recorder, jobs, publisher
        self._settled = settled
        self._tally = Tally(str(action))
        self._several = len(action.steps) + len(action.closing) > 1
        self._steps = {id(step): Tally(str(step)) for step in (*action.steps, *action.closing)}
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, number: int, due: float) -> None:
        self.under_way += 1
        self._tally.asked += 1
        task = asyncio.create_task(self._carry_out(number, due))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks)

    def outcome(self) -> Outcome:
        return self._tally.outcome(list(self._steps.values()) if self._several else ())

    async def _carry_out(self, number: int, due: float) -> None:
        kept: dict[str, str] = {}
        sent, ended, cause = clock(), 0.0, ""
        try:
            cause = await self._do_all(self._action.steps, number, due, kept)
            ended = clock()
            # What the first step has opened is closed, whatever came after it.
            if self._action.closing and self._begun(kept, cause):
                cause = await self._do_all(self._action.closing, number, clock(), kept, go_on=True) or cause
        except asyncio.CancelledError:
            cause = cause or NOT_ENDED
        now = ended or clock()
        self.under_way -= 1
        if cause:
            self._tally.fail(cause, due, sent, now)
        else:
            self._tally.succeed(due, sent, 0, now)
        self._recorder.end(now - due, cause)
        if self._settled:
            self._settled(number, cause)

    def _begun(self, kept: Mapping[str, str], cause: str) -> bool:
        first = self._action.steps[0]
        return not cause or not isinstance(first, Request) or all(name in kept for name in first.keeps)

    async def _do_all(
        self, steps: Sequence[Step], number: int, due: float, kept: dict[str, str], *, go_on: bool = False
    ) -> str:
        """Does steps one after the other; the first cause of a failure, which ends them unless they ``go_on``."""
        found = ""
        for step in steps:
            tally = self._steps[id(step)]
            tally.asked += 1
            sent = clock()
            try:
                first = await self._do(step, tally, number, due, kept)
            except StepError as error:
                tally.fail(str(error), due, sent, clock())
                found = found or (f"{tally.name}: {error}" if self._several else str(error))
                if not go_on:
                    break
            except asyncio.CancelledError:
                tally.fail(NOT_ENDED, due, sent, clock())
                raise
            else:
                tally.succeed(due, sent, first, clock())
            due = clock()
        return found

    async def _do(self, step: Step, tally: Tally, number: int, due: float, kept: dict[str, str]) -> float:
        """One step; the moment of the first byte, 0 without one."""
        if isinstance(step, Request):
            return await self._request(step, tally, number, due, kept)
        if isinstance(step, ReadFrames):
            # Imported here: only a load of views reads their streams.
            from focus_core.load.reading import first_frames

            first, cause, again = await first_frames(step, kept)
            tally.repeated += again
            if cause:
                raise StepError(cause)
            return first
        await self._publish(step, number, kept)
        return 0.0

    async def _request(self, step: Request, tally: Tally, number: int, due: float, kept: dict[str, str]) -> float:
        pool, until = self._pools[step.server], step.until
        end = clock() + (until.within_s if until else 0)
        while True:
            call, status, cause = await pool.ask(self._payloads[step].make(number, kept), number, due)
            if status:
                tally.statuses[status] += 1
                self._follow_jobs(step, call, status, kept)
            if status not in step.statuses:
                raise StepError(cause or f"status {status}")
            answer = _members(call.body) if step.keeps or until else {}
            kept |= {name: str(answer[name]) for name in step.keeps if name in answer}
            missing = next((name for name in step.keeps if name not in answer), None)
            if missing:
                raise StepError(f"no {missing}")
            if not until or str(answer.get(until.member)) == until.value:
                return call.first
            if clock() + until.every_s > end:
                raise StepError(NEVER_SO)
            tally.repeated += 1
            await asyncio.sleep(until.every_s)
            due = clock()

    def _follow_jobs(self, step: Request, call: Call, status: int, kept: Mapping[str, str]) -> None:
        if opens_jobs(step):
            self._jobs.opened(call.number, call.body)
        elif step.method == "DELETE" and JOB in step.path and status in (200, 204, 404):
            self._jobs.removed(fill(step.path, kept).rpartition("/")[2])

    async def _publish(self, step: Publish, number: int, kept: Mapping[str, str]) -> None:
        if self._publisher is None:
            raise StepError("no broker")
        body = step.bodies[number % len(step.bodies)]
        cause = await self._publisher.publish(
            step.exchange, step.routing_key, fill(body, {"number": str(number), "begun": begun(), **kept})
        )
        if cause:
            raise StepError(cause)


def opens_jobs(step: Request) -> bool:
    """Whether its answer names a job that the load has opened."""
    return step.server == "focus" and step.method == "POST" and step.path == CONFIGURE


def _members(body: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(body)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
