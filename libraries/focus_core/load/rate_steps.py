"""A load whose rate, or whose bursts, grow step by step: how healthy each step was, and where the load broke."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from focus_core.base.quantities import Percent, Seconds
from focus_core.load.figures import Load
from focus_core.load.plan import Phase
from focus_core.load.result import Outcome


@dataclass(frozen=True)
class RateStep:
    """A step of a load whose rate, or whose bursts, grow.

    - ``level``: actions a second, or actions at once
    - ``asked``, ``succeeded``: how many were begun, and how many of these were answered as expected
    - ``success``: how many percent that are
    - ``p50``, ``p95``: within which time half, and 95 % of them were answered (seconds)
    - ``errors``: how many failed, by cause
    - ``health``: healthy when enough succeeded and the load went on to its end, else unhealthy
    """

    level: float
    asked: int
    succeeded: int
    success: Percent
    p50: Seconds
    p95: Seconds
    errors: dict[str, int]
    health: str

    def __str__(self) -> str:
        return f"step at {self.level:g}: {self.succeeded} of {self.asked} succeeded, {self.health}"


class RateSteps(list[RateStep]):
    """The steps of a load, and the ``load`` itself."""

    def __init__(self, steps: Sequence[RateStep], load: Load) -> None:
        super().__init__(steps)
        self.load = load

    @property
    def breakpoint(self) -> float:
        """Up to which level every step was healthy."""
        carried = 0.0
        for step in self:
            if step.health != "healthy":
                break
            carried = step.level
        return carried

    @property
    def refused_with(self) -> str:
        """Why actions failed, as a part of a sentence; empty where none did."""
        causes = sorted({cause for step in self for cause in step.errors})
        return f" (failed with {', '.join(causes)})" if causes else ""


def of_load(load: Load, levels: Sequence[float], healthy_percent: float) -> RateSteps:
    """The steps of a load that has a phase for each level, maybe with pauses between them."""
    phases = [pair for pair in zip(load.plan.phases, load.result.phases, strict=True) if pair[0].rate]
    steps = [
        _step(level, phase, outcome, healthy_percent)
        for level, (phase, outcome) in zip(levels, phases, strict=True)
        if outcome.asked
    ]
    return RateSteps(steps, load)


def _step(level: float, phase: Phase, outcome: Outcome, healthy_percent: float) -> RateStep:
    share = Percent(outcome.success_percent)
    # A load that was stopped in the middle of a step does not show what becomes of the rest.
    whole = outcome.asked > phase.count - 1
    return RateStep(
        level=level,
        asked=outcome.asked,
        succeeded=outcome.succeeded,
        success=share,
        p50=Seconds(outcome.total.percentile(50)),
        p95=Seconds(outcome.total.percentile(95)),
        errors=dict(outcome.errors),
        health="healthy" if whole and share >= healthy_percent else "unhealthy",
    )
