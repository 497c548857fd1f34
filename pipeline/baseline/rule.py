"""When a figure counts as regressed: a fixed limit, suspicion on one run, a test of ranks over its repetitions.

The sample is one of runs: requests of one run share its circumstances and are never pooled.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.baseline.rank_test import p_value

CERTAINTY = 0.99


class Verdict(StrEnum):
    OVER_LIMIT = "over limit"
    REGRESSED = "regressed"
    IMPROVED = "improved"
    OK = "ok"
    INCONCLUSIVE = "inconclusive"


# What ends a check with 1.
BAD = (Verdict.OVER_LIMIT, Verdict.REGRESSED)


@dataclass(frozen=True)
class Rule:
    """Counts of runs, shares and factors; `floors` by unit. variables/baseline.yaml explains each."""

    window: int
    least_good: int
    change: float
    floor_of_limit: float
    more_runs: int
    p_value: float
    widest: float
    most_errors: float
    floors: dict[str, float]


@dataclass(frozen=True)
class Kind:
    """What a figure's values are: their unit, their fixed limit, and whether more of it is better."""

    unit: str
    limit: float | None = None
    more_is_better: bool = False

    def is_worse(self, value: float, than: float) -> bool:
        return value < than if self.more_is_better else value > than

    def shown(self, value: float) -> str:
        return f"{value:.4g} {self.unit}"


@dataclass(frozen=True)
class Judgement:
    """`reason` is a sentence. `is_open`: more runs will decide it."""

    verdict: Verdict
    reason: str
    is_open: bool = False


def judge(good: Sequence[float], new: Sequence[float], kind: Kind, rule: Rule) -> Judgement:
    """`good` are the values of earlier good runs, the newest last; `new` those of a run and of its repetitions."""
    return over_limit(new, kind) or _against(good[-rule.window :], new, kind, rule)


def over_limit(new: Sequence[float], kind: Kind) -> Judgement | None:
    """The fixed limit judges every run, whatever the baseline is."""
    if kind.limit is None:
        return None
    broken = next((value for value in new if kind.is_worse(value, kind.limit)), None)
    if broken is None:
        return None
    side = "below" if kind.more_is_better else "above"
    return Judgement(Verdict.OVER_LIMIT, f"{kind.shown(broken)} is {side} the fixed limit of {kind.shown(kind.limit)}.")


def _against(good: Sequence[float], new: Sequence[float], kind: Kind, rule: Rule) -> Judgement:
    if len(good) < rule.least_good:
        needed = f"{len(good)} good runs are there to compare with, {rule.least_good} are needed."
        return Judgement(Verdict.INCONCLUSIVE, needed)
    if not is_change(good, new[:1], kind, rule):
        return _unless_wide(Judgement(Verdict.OK, f"{compared(good, new[:1], kind)}."), good, rule)
    if len(new) <= rule.more_runs:
        missing = f"{rule.more_runs + 1 - len(new)} more runs will decide"
        return Judgement(Verdict.INCONCLUSIVE, f"{compared(good, new, kind)}: {missing}.", is_open=True)
    return _unless_wide(_decided(good, new, kind, rule), good, rule)


def _decided(good: Sequence[float], new: Sequence[float], kind: Kind, rule: Rule) -> Judgement:
    usual, now = statistics.median(good), statistics.median(new)
    p = p_value(new, good) if now > usual else p_value(good, new)
    reason = f"{compared(good, new, kind)}, p = {p:.2g} over {len(new)} runs."
    if p >= rule.p_value or not is_change(good, new, kind, rule):
        return Judgement(Verdict.OK, reason)
    return Judgement(Verdict.REGRESSED if kind.is_worse(now, usual) else Verdict.IMPROVED, reason)


def _unless_wide(judgement: Judgement, good: Sequence[float], rule: Rule) -> Judgement:
    """Where runs vary so much that a change could hide, 'ok' would promise too much. A change that was found stands."""
    factor = hidden_change(good, rule.more_runs + 1)
    if judgement.verdict != Verdict.OK or factor <= rule.widest:
        return judgement
    wide = f"Good runs vary so much that {100 * (factor - 1):+.0f} % could hide, make them longer; {judgement.reason}"
    return Judgement(Verdict.INCONCLUSIVE, wide)


def is_change(good: Sequence[float], new: Sequence[float], kind: Kind, rule: Rule) -> bool:
    """Whether the medians differ by more than the share and by more than the floor, in whichever direction."""
    usual, now = statistics.median(good), statistics.median(new)
    return abs(now - usual) > max(rule.change * usual, floor(kind, rule))


def floor(kind: Kind, rule: Rule) -> float:
    """The least change that counts, in the figure's unit: that of the unit or a share of the limit, if smaller."""
    floors = [rule.floors[kind.unit]] if kind.unit in rule.floors else []
    if kind.limit is not None:
        floors.append(rule.floor_of_limit * kind.limit)
    return min(floors, default=0.0)


def hidden_change(good: Sequence[float], repetitions: int) -> float:
    """The factor by which so many runs can differ from the good ones before it is 99 % sure that they do."""
    logs = [math.log(value) for value in good if value > 0]
    if len(logs) < 2:
        return 1.0
    middle = statistics.median(logs)
    # 1.4826 makes a standard deviation of the median deviation: a slow run now and then does not widen it.
    deviation = 1.4826 * statistics.median(abs(value - middle) for value in logs)
    return math.exp(t_quantile(len(logs) - 1) * deviation * math.sqrt(1 / repetitions + 1 / len(logs)))


def t_quantile(degrees: int) -> float:
    """The 99 % quantile of Student's t (Cornish-Fisher expansion); from 9 degrees on less than 0.1 % off."""
    z = statistics.NormalDist().inv_cdf(CERTAINTY)
    return (
        z
        + (z**3 + z) / (4 * degrees)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * degrees**3)
    )


def compared(good: Sequence[float], new: Sequence[float], kind: Kind) -> str:
    usual, now = statistics.median(good), statistics.median(new)
    share = f"{100 * (now / usual - 1):+.0f} % " if usual else ""
    return f"{kind.shown(now)}, {share}against {kind.shown(usual)} in {len(good)} good runs"
