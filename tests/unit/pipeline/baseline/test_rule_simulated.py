"""How often the rule raises a false alarm and what it finds, over many simulated worlds with known truth.

A run is 200 requests with lognormal times, p95 near 100 ms. A run as a whole is faster or slower by its noise, and one
in twenty is 1.3 to 2 times slower for no reason of the product. Seeded: each result is the same everywhere.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest

from pipeline.baseline import rule, settings
from pipeline.baseline.rule import Kind, Verdict

RULE = settings.read().rule
P95 = Kind("ms")
REQUESTS = 200
# p95 of such times is 2.28 times their median.
SPREAD = 0.5
MEDIAN_MS = 100 / np.exp(1.645 * SPREAD)
SLOW_RUNS, SLOW = 0.05, (1.3, 2.0)
AT_ONCE = 250
FEW, MANY = 500, 4000


@dataclass(frozen=True)
class Seen:
    """Shares of worlds by verdict, and how many runs a judgement took on average."""

    verdicts: dict[Verdict, float]
    runs: float

    def __getitem__(self, verdict: Verdict) -> float:
        return self.verdicts.get(verdict, 0.0)


def p95_of_runs(chance: np.random.Generator, worlds: int, runs: int, noise: float, factor: float) -> np.ndarray:
    """p95 in ms, a row a world."""
    run = np.exp(chance.normal(0, noise, (worlds, runs)))
    run *= np.where(chance.random((worlds, runs)) < SLOW_RUNS, chance.uniform(*SLOW, (worlds, runs)), 1)
    times = chance.lognormal(np.log(MEDIAN_MS), SPREAD, (worlds, runs, REQUESTS))
    return factor * run * np.percentile(times, 95, axis=2)


def simulated(noise: float, good_runs: int, factor: float, worlds: int) -> Seen:
    chance = np.random.default_rng([int(100 * noise), good_runs, int(100 * factor)])
    verdicts: Counter[Verdict] = Counter()
    needed = 0
    for _ in range(0, worlds, AT_ONCE):
        before = p95_of_runs(chance, AT_ONCE, good_runs, noise, 1)
        now = p95_of_runs(chance, AT_ONCE, RULE.more_runs + 1, noise, factor)
        for good, new in zip(before.tolist(), now.tolist(), strict=True):
            judged = rule.judge(good, new[:1], P95, RULE)
            needed += 1
            if judged.is_open:
                judged = rule.judge(good, new, P95, RULE)
                needed += RULE.more_runs
            verdicts[judged.verdict] += 1
    return Seen({verdict: count / worlds for verdict, count in verdicts.items()}, needed / worlds)


def test_a_few_worlds_come_near_to_what_the_many_show() -> None:
    assert simulated(0.07, 20, 1, FEW)[Verdict.REGRESSED] <= 0.02
    assert simulated(0.03, 20, 1.2, FEW)[Verdict.REGRESSED] >= 0.6
    assert simulated(0.07, 20, 1.5, FEW)[Verdict.REGRESSED] >= 0.9


@pytest.mark.nightly
@pytest.mark.parametrize("noise", [0.03, 0.07, 0.15])
@pytest.mark.parametrize("good_runs", [10, 20, 30])
def test_false_alarms_are_at_most_one_in_a_hundred(noise: float, good_runs: int) -> None:
    seen = simulated(noise, good_runs, 1, MANY)
    assert seen[Verdict.REGRESSED] <= 0.01
    assert seen[Verdict.IMPROVED] <= 0.01
    assert seen.runs <= (2.6 if noise <= 0.07 else 3.5)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("noise", "good_runs", "factor", "found"),
    [(0.03, 10, 1.2, 0.6), (0.03, 20, 1.2, 0.6), (0.03, 20, 1.5, 0.95), (0.07, 20, 1.5, 0.9), (0.15, 20, 1.5, 0.85)],
)
def test_regressions_are_found(noise: float, good_runs: int, factor: float, found: float) -> None:
    assert simulated(noise, good_runs, factor, MANY)[Verdict.REGRESSED] >= found


@pytest.mark.nightly
@pytest.mark.parametrize(("noise", "factor", "found"), [(0.03, 1 / 1.5, 0.8), (0.07, 1 / 1.5, 0.8)])
def test_improvements_are_found_as_well(noise: float, factor: float, found: float) -> None:
    assert simulated(noise, 20, factor, MANY)[Verdict.IMPROVED] >= found


@pytest.mark.nightly
def test_where_runs_vary_by_15_percent_few_are_called_ok() -> None:
    assert simulated(0.15, 20, 1, MANY)[Verdict.INCONCLUSIVE] >= 0.5
