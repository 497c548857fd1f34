"""The exact Mann-Whitney test, against counting by hand and against published values."""

from __future__ import annotations

import itertools
import random
from fractions import Fraction

import pytest

from pipeline.baseline.rank_test import p_value


def counted(higher: list[float], lower: list[float]) -> Fraction:
    """The same by the definition: over all ways to split the values, how often as many pairs are won."""

    def won(one: list[float], other: list[float]) -> Fraction:
        return sum((Fraction(a > b) + Fraction(a == b, 2) for a in one for b in other), Fraction())

    values = [*higher, *lower]
    splits = [set(split) for split in itertools.combinations(range(len(values)), len(higher))]
    seen = won(higher, lower)
    as_high = sum(
        won([values[n] for n in split], [value for n, value in enumerate(values) if n not in split]) >= seen
        for split in splits
    )
    return Fraction(as_high, len(splits))


@pytest.mark.parametrize("seed", range(6))
def test_it_is_the_share_of_all_splits_also_with_ties(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - test data
    higher = [float(chance.randint(1, 6)) for _ in range(4)]
    lower = [float(chance.randint(1, 5)) for _ in range(6)]
    assert p_value(higher, lower) == pytest.approx(float(counted(higher, lower)))


def test_five_runs_above_all_ten_others_are_one_split_of_3003() -> None:
    assert p_value([11, 12, 13, 14, 15], list(range(1, 11))) == pytest.approx(1 / 3003)


@pytest.mark.parametrize(("others", "critical"), [(5, 1), (8, 4), (10, 6), (15, 11), (20, 16)])
def test_the_critical_values_of_five_runs_are_those_of_published_tables(others: int, critical: int) -> None:
    def losing(pairs: int) -> float:
        """p when the five runs lose so many pairs, as equally as can be."""
        each = [pairs // 5 + (number < pairs % 5) for number in range(5)]
        return p_value([others - lost - 0.5 for lost in each], [float(number) for number in range(others)])

    assert losing(critical) < 0.01 <= losing(critical + 1)


def test_equal_samples_prove_nothing() -> None:
    assert p_value([5.0] * 5, [5.0] * 20) == 1.0
