"""The one-sided Mann-Whitney test with its exact p-value, ties included; for a few dozen values."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from functools import cache


def p_value(higher: Sequence[float], lower: Sequence[float]) -> float:
    """How likely the first sample would rank so high, or higher, if both came from one distribution (0 to 1).

    Exact: of all ways to choose which values are the first sample, the share with at least its sum of ranks.
    """
    ranks = _doubled_ranks([*higher, *lower])
    seen = sum(ranks[: len(higher)])
    ways = _ways(tuple(sorted(ranks)), len(higher))
    as_high = sum(count for total, count in ways.items() if total >= seen)
    return as_high / math.comb(len(ranks), len(higher))


def _doubled_ranks(values: Sequence[float]) -> list[int]:
    """Equal values share the mean of their ranks; twice that is a whole number."""
    ordered = sorted(values)
    first: dict[float, int] = {}
    times = Counter(ordered)
    for place, value in enumerate(ordered):
        first.setdefault(value, place)
    return [2 * first[value] + times[value] + 1 for value in values]


@cache
def _ways(ranks: tuple[int, ...], chosen: int) -> dict[int, int]:
    """How many choices of so many ranks have each sum."""
    by_size: list[Counter[int]] = [Counter({0: 1}), *(Counter() for _ in range(chosen))]
    for rank in ranks:
        for size in range(chosen, 0, -1):
            for total, count in by_size[size - 1].items():
                by_size[size][total + rank] += count
    return by_size[chosen]
