"""Times of many answers against their limits."""

import pytest
from focus_core.load import latency


@pytest.mark.parametrize(
    ("seconds", "percent", "expected"),
    [
        ([3.0], 95, 3.0),
        ([float(number) for number in range(100)], 95, 94.0),
        ([float(number) for number in range(100)], 99, 98.0),
        ([1.0] * 19 + [9.0], 95, 1.0),
        ([1.0] * 19 + [9.0], 99, 9.0),
    ],
)
def test_so_many_per_cent_are_not_slower(seconds: list[float], percent: int, expected: float) -> None:
    assert latency.within(seconds, percent) == expected


def test_times_within_all_limits_have_no_problem() -> None:
    assert latency.problems([0.1] * 19 + [5.0], mean_s=0.5, p95_s=0.8) == []


def test_each_limit_is_reported() -> None:
    assert latency.problems([0.6, 0.6], mean_s=0.5, p95_s=0.8) == [
        "2 answers took 0.600 s on average; this site allows 0.5 s"
    ]
    assert latency.problems([0.1] * 18 + [0.9] * 2, p95_s=0.8, p99_s=0.8) == [
        "20 answers took 0.900 s for 95 % of them; this site allows 0.8 s",
        "20 answers took 0.900 s for 99 % of them; this site allows 0.8 s",
    ]
