"""The picture of a load is drawn of whatever there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.load.pictures import draw_load, draw_times
from focus_core.load.result import Interval, Result, Series, ViewsOutcome
from focus_core.load.times import Times

SECONDS = tuple(Interval(at, 1, 10, 9, 1, 0.1, 0.2, 0.3, 0.4, 0.001, frames=30) for at in range(5))
MEMORY = Series("memory of views", "bytes", ((0.0, 5e8), (2.0, 6e8)))
DISK = Series("disk of views", "%", ((0.0, 29.0),))


@pytest.mark.parametrize(
    "result",
    [
        Result(0, 5, 5, 50, intervals=SECONDS, resources=(MEMORY, DISK)),
        Result(0, 5, 5, 0, views=ViewsOutcome(0), intervals=(Interval(0, 1, frames=3),)),
        Result(0, 0, 5, 0),
    ],
    ids=["whole", "views alone", "nothing"],
)
def test_a_picture_is_drawn(tmp_path: Path, result: Result) -> None:
    draw_load(tmp_path / "load.png", "spike", result)
    assert (tmp_path / "load.png").read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("seconds", [[0.01, 0.02, 0.5], []], ids=["times", "nothing"])
def test_how_times_are_distributed_is_drawn(tmp_path: Path, seconds: list[float]) -> None:
    times = Times.of_seconds(seconds)
    draw_times(tmp_path / "times.png", "Alerts", {"answered": times, "came": Times()})
    assert (tmp_path / "times.png").read_bytes().startswith(b"\x89PNG")


def test_shares_of_times_go_from_the_fastest_to_the_slowest() -> None:
    shares = Times.of_seconds([0.01] * 50 + [0.1] * 50).shares
    assert (shares[0], shares[50], shares[50.5], shares[100]) == pytest.approx((0.01, 0.01, 0.1, 0.1), rel=0.01)
