"""The picture of a load is drawn of whatever there is."""

from __future__ import annotations

from pathlib import Path

import pytest
from focus_core.load.pictures import draw_load
from focus_core.load.result import Interval, Result, Series, ViewsOutcome

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
