"""The freeze test: a load driver that hides a frozen server is worth nothing."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from typing import Any

import pytest
from focus_core.load import profiles
from focus_core.load.generator import Generator
from focus_core.load.plan import Plan, request
from focus_core.load.result import Result

RATE, SECONDS, BEFORE_S, FROZEN_S = 100, 2, 0.4, 1.2
ABOVE_S = (0.1, 0.4, 0.7, 1.0)
# Of a machine that is busy: when the server really stands still and goes on again.
SPARE_S = 0.03
TRIES = 3

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="this system cannot freeze a process")


def frozen_load(server: Any) -> tuple[Result, float]:
    """A load during which the server stands still for a time; its result and that time."""
    moments: list[float] = []

    def turn(how: signal.Signals) -> None:
        os.kill(server.pid, how)
        moments.append(time.monotonic())

    async def carry_out() -> Result:
        loop = asyncio.get_running_loop()
        loop.call_later(BEFORE_S, turn, signal.SIGSTOP)
        loop.call_later(BEFORE_S + FROZEN_S, turn, signal.SIGCONT)
        return await Generator(plan).run()

    plan = Plan(profiles.constant(RATE, SECONDS), (request("GET /ack"),), urls={"focus": server.url})
    try:
        return asyncio.run(carry_out()), moments[1] - moments[0]
    finally:
        os.kill(server.pid, signal.SIGCONT)


def wrong_counts(result: Result, frozen: float) -> list[str]:
    """Where the number of slow requests is not what was due within 10 % and what this machine was late itself."""
    spare = RATE * (SPARE_S + result.late.slowest)
    # On a busy machine the server stands still for longer than it was stopped.
    stalled = max(frozen, result.whole.total.slowest)
    due = {seconds: (stalled - seconds) * RATE for seconds in ABOVE_S}
    return [
        f"{result.whole.total.above(seconds)} above {seconds} s, due are {wanted:.0f}"
        for seconds, wanted in due.items()
        if abs(result.whole.total.above(seconds) - wanted) > 0.1 * wanted + spare
    ]


def test_a_frozen_server_is_seen_by_every_request_that_was_due(bare_server: Any) -> None:
    for _ in range(TRIES):
        result, frozen = frozen_load(bare_server)
        wrong = wrong_counts(result, frozen)
        if not wrong or not result.invalid():
            break
    assert not wrong
    assert (result.asked, result.whole.succeeded) == (RATE * SECONDS, RATE * SECONDS)
    # Spread over the whole freeze: a closed loop has as many slow requests as users, all of them alike.
    assert result.whole.total.above(ABOVE_S[0]) > result.whole.total.above(ABOVE_S[2]) > 10
