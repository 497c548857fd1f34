"""Shapes of a load as phases, and the time at which each action of them is due."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from focus_core.load.plan import Phase

# What is to begin at once begins at this rate.
_BURST_RATE = 1000.0


def constant(rate: float, seconds: float) -> tuple[Phase, ...]:
    """One rate."""
    return (Phase(seconds, rate),)


def ramp(begin: float, end: float, seconds: float) -> tuple[Phase, ...]:
    """A rate that grows (or falls) evenly."""
    return (Phase(seconds, begin, end),)


def steady(rate: float, seconds: float, ramp_s: float) -> tuple[Phase, ...]:
    """A rate that is reached within ``ramp_s`` and then held for ``seconds``."""
    return (Phase(ramp_s, 0, rate), Phase(seconds, rate))


def spike(rate: float, peak: float, before_s: float, peak_s: float, after_s: float = 0) -> tuple[Phase, ...]:
    """A rate that jumps to a peak, and back."""
    phases = (Phase(before_s, rate), Phase(peak_s, peak), Phase(after_s, rate))
    return tuple(phase for phase in phases if phase.seconds > 0)


def steps(rates: Sequence[float], seconds: float) -> tuple[Phase, ...]:
    """One rate after the other, each for so many seconds."""
    return tuple(Phase(seconds, rate) for rate in rates)


def of_actions(rates: Sequence[float], actions: int) -> tuple[Phase, ...]:
    """One rate after the other, each for so many actions."""
    return tuple(Phase(actions / rate, rate) for rate in rates)


def bursts(sizes: Sequence[float], every_s: float) -> tuple[Phase, ...]:
    """So many actions at once, one burst after the other, ``every_s`` seconds from one to the next."""
    lasting = [size / _BURST_RATE for size in sizes]
    return tuple(phase for seconds in lasting for phase in (Phase(seconds, _BURST_RATE), Phase(every_s - seconds, 0)))


def due_times(phases: Sequence[Phase]) -> Iterator[float]:
    """When each action is due, in seconds from the beginning: the first at once, then as the rates say."""
    number, begin, before = 0, 0.0, 0.0
    for phase in phases:
        while number < before + phase.count - 1e-9:
            yield begin + _offset(phase, number - before)
            number += 1
        begin, before = begin + phase.seconds, before + phase.count


def _offset(phase: Phase, actions: float) -> float:
    """After how many seconds of the phase so many actions have begun: the root of rate*t + slope*t*t/2 = actions."""
    slope = (phase.last_rate - phase.rate) / phase.seconds
    if actions <= 0:
        return 0.0
    root = math.sqrt(max(0.0, phase.rate**2 + 2 * slope * actions))
    # This form stays exact for a slope of 0.
    return 2 * actions / (phase.rate + root)
