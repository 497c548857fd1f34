"""How far the clocks of nodes are from ours, seen on the lines themselves."""

from __future__ import annotations

import pytest
from focus_core.logs.clocks import Clocks


def test_the_soonest_live_line_shows_the_clock() -> None:
    clocks = Clocks()
    for late in (35.2, 30.02, 31.0):
        clocks.note("worker", late, late, live=True)
    clocks.note("worker", 2.0, 2.0, live=False)
    assert clocks.skew("worker") == pytest.approx(30.02)
    assert clocks.worst_lag() == pytest.approx(5.18)


@pytest.mark.parametrize(
    ("window", "skew"), [((-0.4, 0.6), 0.0), ((59.0, 60.0), 59.5), ((-8.0, -7.0), -7.5), (None, 0.0)]
)
def test_a_node_without_live_lines_has_the_clock_of_the_api(window: tuple[float, float] | None, skew: float) -> None:
    assert Clocks(lambda: window).skew("worker") == skew


def test_our_own_entries_have_our_clock() -> None:
    assert Clocks(lambda: (59.0, 60.0)).skew("") == 0.0
