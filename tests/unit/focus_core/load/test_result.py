"""Results of a load: their figures, their validity, several generators as one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from focus_core.base.errors import BenchError
from focus_core.load import merging
from focus_core.load.result import HeldView, Interval, Outcome, Result, Series, ViewsOutcome
from focus_core.load.times import Times

HALF = Times.of_seconds([0.1, 0.2, 0.3, 0.4])
READ = Outcome("GET /channels", 5, 4, {"200": 4, "503": 1}, {"status 503": 1}, HALF, HALF, HALF)
VIEWS = ViewsOutcome(
    3,
    {"status 429": 1},
    (
        HeldView("1-1", "one", 3, 30, 30, 3000, frames_a_second=3.0),
        HeldView("2-2", "two", 3, 20, 20, 2000, gaps=1, reconnects=2, frames_a_second=2.0),
    ),
    HALF,
    HALF,
    HALF,
)
RESULT = Result(
    begun=100.0,
    seconds=10.5,
    planned=10,
    asked=5,
    actions=(READ,),
    views=VIEWS,
    late=Times.of_seconds([0.001]),
    cpu=12,
    intervals=(Interval(0, 1, 5, 4, 1, 0.1, 0.4, 0.4, 0.4, 0.001, 3, 0, 6, 12),),
    resources=(Series("cpu of pod a", "cores", ((0.5, 0.1), (2.5, 0.3))),),
)


def test_times_keep_three_digits_and_can_be_added() -> None:
    times = Times.of_seconds(number / 1000 for number in range(1, 1001))
    assert times.count == 1000
    assert times.percentile(95) == pytest.approx(0.95, rel=0.001)
    assert (times.fastest, times.slowest) == (pytest.approx(0.001, rel=0.001), pytest.approx(1, rel=0.001))
    assert times.mean == pytest.approx(0.5, rel=0.002)
    assert times.above(0.9) == pytest.approx(100, abs=1)
    both = Times.merged([times, Times.of_seconds([3.0] * 1000), Times()])
    assert (both.count, both.percentile(50)) == (2000, pytest.approx(1, rel=0.001))
    assert both.slowest == pytest.approx(3, rel=0.001)


def test_no_times_have_figures_of_zero() -> None:
    none = Times.of_seconds([])
    assert none == Times()
    assert (none.count, none.mean, none.slowest, none.percentile(99), none.above(0)) == (0, 0, 0, 0, 0)
    assert str(none) == "no times"


def test_a_result_travels_as_one_line() -> None:
    text = RESULT.to_json()
    assert "\n" not in text
    assert Result.from_json(text) == RESULT


def test_what_is_no_result_is_named() -> None:
    with pytest.raises(BenchError, match="left no result that can be read"):
        Result.from_json("Killed")


def test_its_figures() -> None:
    assert (RESULT.whole.success_percent, RESULT.whole.error_percent, RESULT.whole.failed) == (80, 20, 1)
    assert (RESULT.asked_rate, RESULT.rate) == (0.5, pytest.approx(4 / 10.5))
    assert RESULT.action("GET /channels") == READ
    with pytest.raises(BenchError, match="no action 'GET /ack'; it had GET /channels"):
        RESULT.action("GET /ack")
    assert (VIEWS.frames, VIEWS.gaps, VIEWS.reconnects, VIEWS.silent) == (50, 1, 2, [])
    assert VIEWS.fairness == pytest.approx(2 / 3)
    assert RESULT.resources[0].highest == 0.3
    assert Outcome("none").success_percent == 100


@pytest.mark.parametrize(
    ("result", "limit", "named"),
    [
        (RESULT, None, ""),
        (RESULT, 0.05, ""),
        (RESULT, 0.005, "allowed are 0.5 ms"),
        (replace(RESULT, late=Times.of_seconds([0.001] * 98 + [0.02] * 2)), None, "20.0 ms late or more"),
        (replace(RESULT, late=Times.of_seconds([0.001] * 100 + [0.2])), None, ""),
        (replace(RESULT, cpu=81), None, "81 % of a core"),
    ],
)
def test_a_generator_that_was_too_slow_is_a_fault_of_the_bench(result: Result, limit: float | None, named: str) -> None:
    if not named:
        result.check_valid(limit)
        return
    with pytest.raises(BenchError, match="INVALID") as error:
        result.check_valid(limit)
    assert named in str(error.value)


def test_several_generators_are_one_load() -> None:
    late = replace(RESULT, begun=100.2, late=Times.of_seconds([0.02]), cpu=50, ended="stopped", why="It was stopped.")
    both = merging.merged([RESULT, late], 2)
    assert (both.asked, both.whole.succeeded, both.whole.statuses) == (10, 8, {"200": 8, "503": 2})
    assert both.whole.total.count == 8
    assert (both.late.percentile(99), both.cpu) == (pytest.approx(0.02, rel=0.01), 50)
    assert (both.ended, both.why, both.generators) == ("stopped", "It was stopped.", 2)
    assert both.intervals == (Interval(0, 1, 10, 8, 2, 0.1, 0.4, 0.4, 0.4, 0.001, 6, 0, 12, 12),)
    assert both.views
    assert (both.views.asked, both.views.refused, both.views.frames) == (6, {"status 429": 2}, 100)


def test_steps_of_sessions_are_added_too() -> None:
    session = replace(RESULT, actions=(replace(READ, name="session", steps=(READ,)),))
    assert merging.merged([session, session], 2).action("GET /channels").asked == 10


def test_half_a_load_is_no_load() -> None:
    with pytest.raises(BenchError, match="1 of 2 generators left a result"):
        merging.merged([RESULT], 2)
    with pytest.raises(BenchError, match=r"began up to 3\.0 s apart"):
        merging.merged([RESULT, replace(RESULT, begun=103.0)], 2)


def test_results_are_found_in_the_logs_of_generators() -> None:
    logs = [f"starting\n2026-12-01T00:00:00Z HDR1 {RESULT.to_json()}\n", f"HDR1 {RESULT.to_json()}\nended\n"]
    assert merging.from_logs(logs, 2).asked == 10
