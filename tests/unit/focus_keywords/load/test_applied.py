"""Loads that are put on the site."""

from __future__ import annotations

from datetime import timedelta

import pytest
from focus_core.base.errors import BenchError
from focus_core.load.result import Result
from focus_core.load.times import Times
from focus_keywords.load.applied import AppliedLoad, valid_once


def result(asked: int, late_s: float) -> Result:
    return Result(0, 1, 1, asked, (), late=Times.of_seconds([late_s] * asked))


@pytest.mark.parametrize(
    ("done", "kept"),
    [
        ([result(5, 0.25), result(5, 0.001)], 1),
        ([result(5, 0.25), result(5, 0.25)], 1),
        ([result(5, 0.001)], 0),
        ([result(100, 0.25)], 0),
    ],
    ids=["late-once", "late-twice", "in-time", "many"],
)
def test_a_late_load_of_few_actions_is_repeated_once(done: list[Result], kept: int) -> None:
    left = iter(done)
    assert valid_once(lambda: next(left)) is done[kept]
    assert next(left, None) is None


@pytest.mark.parametrize("generators", [-1, 0, 17, 100_000])
def test_no_load_takes_the_whole_machine_for_its_generators(generators: int) -> None:
    with pytest.raises(BenchError, match=f"generators is a whole number from 1 to 16, not {generators}"):
        AppliedLoad().apply_load("GET /ack", rate=5, duration=timedelta(seconds=3), generators=generators)
