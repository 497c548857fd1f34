"""Counters of a load: intervals and critical limits."""

from __future__ import annotations

import pytest
from focus_core.load.http1 import clock
from focus_core.load.plan import Critical, CriticalFigure, Phase
from focus_core.load.recorder import Recorder, share


def recorder(*critical: Critical, planned: float = 60) -> Recorder:
    return Recorder([Phase(planned, 1)], critical, lambda: (3, 1))


def cause(failed: bool) -> str:
    return "status 503" if failed else ""


def test_an_interval_has_what_was_begun_and_what_ended_in_it() -> None:
    made = recorder()
    for number in range(1, 101):
        made.start(made.begun)
        made.end(number / 100, cause(number == 100))
    made.frames += 7
    first, second = made.close_interval(1), made.close_interval(1)
    assert (first.asked, first.succeeded, first.failed, first.frames) == (100, 99, 1, 7)
    assert (first.p50, first.p95, first.p99, first.slowest) == (0.5, 0.95, 0.99, 1)
    assert (first.connections, first.waiting, first.at, second.at) == (3, 1, 0, 1)
    assert first.late > 0
    assert (second.asked, second.succeeded, second.p95, second.slowest, second.late) == (0, 0, None, None, 0)


def test_a_long_load_has_longer_intervals() -> None:
    assert [recorder(planned=hours * 3600).width for hours in (0.5, 1, 4, 24)] == [1, 1, 4, 24]


@pytest.mark.parametrize(
    ("figure", "most", "why"),
    [
        ("errors", 9, "errors over 2 s above 9 % (10)"),
        ("errors", 10, ""),
        ("p95", 0.94, "p95 over 2 s above 0.94 s (0.95)"),
        ("p95", 0.95, ""),
        ("p50", 0.4, "p50 over 2 s above 0.4 s (0.5)"),
        ("p99", 0.99, ""),
    ],
)
def test_a_critical_limit_is_judged_over_its_time(figure: CriticalFigure, most: float, why: str) -> None:
    made = recorder(Critical(figure, most, seconds=2))
    for number in range(1, 101):
        made.end(number / 100, cause(number % 10 == 0))
        if number == 50:
            made.close_interval(1)
    made.close_interval(1)
    assert made.broken() == (f"A critical limit was broken: {why}." if why else "")
    made.close_interval(1)
    made.close_interval(1)
    # What is older does not count, and nothing breaks no limit.
    assert made.broken() == ""


def test_few_actions_break_no_limit() -> None:
    made = recorder(Critical("errors", 0, at_least=3))
    made.end(0.1, "timeout")
    made.end(0.1, "timeout")
    made.close_interval(1)
    assert made.broken() == ""
    made.end(0.1)
    made.close_interval(1)
    assert "errors over 5 s above 0 % (66.7)" in made.broken()


def test_a_share_is_a_nearest_rank() -> None:
    assert (share([], 50), share([1.0], 95), share([1.0, 2.0], 50), share([1.0, 2.0], 51)) == (None, 1, 1, 2)


def test_one_401_ends_a_load_and_other_refusals_do_not() -> None:
    made = recorder(Critical("unauthorised", 0, seconds=1, at_least=1))
    made.end(0.1, "status 503")
    made.close_interval(1)
    assert made.broken() == ""
    made.end(0.1, "status 401")
    made.close_interval(1)
    assert made.broken() == "A critical limit was broken: unauthorised over 1 s above 0 % (100)."


def test_an_action_counts_in_the_phase_in_which_it_was_due() -> None:
    made = Recorder([Phase(10, 1), Phase(5, 0), Phase(10, 2)], (), lambda: (0, 0))
    # The load began 30 s ago.
    made.begin(clock() - 30)
    for due, cause_of_failure in ((0, ""), (9.9, "status 503"), (15, ""), (24, "timeout")):
        made.start(made.begun + due)
        made.end(30 - due, cause_of_failure)
    first, pause, last = made.phases()
    assert (first.name, first.asked, first.succeeded, dict(first.errors)) == ("1/s", 2, 1, {"status 503": 1})
    assert pause.asked == 0
    assert (last.asked, last.succeeded, dict(last.errors)) == (2, 1, {"timeout": 1})
    assert last.total.slowest == pytest.approx(15, rel=0.01)


def test_a_load_of_one_phase_is_not_cut() -> None:
    assert recorder().phases() == ()
