"""What many answers took, against the limits of a site: their mean, and the time within which a share of them came."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil


def within(seconds: Sequence[float], percent: int) -> float:
    """The shortest time within which at least so many per cent of the answers came (nearest rank)."""
    return sorted(seconds)[ceil(Fraction(percent * len(seconds), 100)) - 1]


def problems(
    seconds: Sequence[float], *, mean_s: float | None = None, p95_s: float | None = None, p99_s: float | None = None
) -> list[str]:
    """Which of the limits that are given the times break; empty when they keep all."""
    limits = (
        ("on average", sum(seconds) / len(seconds), mean_s),
        ("for 95 % of them", within(seconds, 95), p95_s),
        ("for 99 % of them", within(seconds, 99), p99_s),
    )
    return [
        f"{len(seconds)} answers took {taken:.3f} s {which}; this site allows {allowed:g} s"
        for which, taken, allowed in limits
        if allowed is not None and taken > allowed
    ]
