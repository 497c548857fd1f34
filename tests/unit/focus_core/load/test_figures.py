"""The figures of a load by their words: which there are, what they say, and when they say nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Bytes, Percent, Seconds
from focus_core.load import figures
from focus_core.load.figures import Load
from focus_core.load.plan import Phase, Plan, request
from focus_core.load.result import AlertsOutcome, HeldView, Interval, Outcome, Result, Series, ViewsOutcome
from focus_core.load.times import Times

CHANNELS = request("GET /channels")
PLAN = Plan((Phase(2, 10), Phase(2, 5)), (CHANNELS,), urls={"focus": "http://127.0.0.1:1"})
TIMES = Times.of_seconds([0.1] * 98 + [0.4, 1.0])


def outcome(asked: int = 100, times: Times = TIMES) -> Outcome:
    return Outcome(
        "GET /channels", asked, asked - 2, {"200": asked - 2, "503": 2}, {"status 503": 2}, times, times, times, 10
    )


def load(**changes: Any) -> Load:
    made = {"begun": 0.0, "seconds": 4.0, "planned": 4.0, "asked": 100, "actions": (outcome(),)} | changes
    return Load("steady", PLAN, Result(**made))


def view(rate: float, gaps: int = 0, frames: int = 10) -> HeldView:
    return HeldView("1-1", "lane0", 1, frames, frames, 1000, gaps, 0, 0.5, rate)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("asked", 100),
        ("succeeded", 98),
        ("failed", 2),
        ("success", Percent(98)),
        ("errors", Percent(2)),
        ("causes", ["status 503"]),
        ("statuses", ["200", "503"]),
        ("tries", 1.1),
        ("rate", 24.5),
        ("asked rate", 25),
        ("kept rate", Percent(0)),
    ],
)
def test_a_number_of_a_load(name: str, value: Any) -> None:
    found = figures.figure(load(), name)
    assert found == value
    assert type(found) is type(value) or isinstance(value, int | float)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("p50", 0.1), ("p95", 0.1), ("p99", 0.4), ("slowest", 1.0), ("first byte p99", 0.4), ("Service mean", 0.112)],
)
def test_a_time_of_a_load(name: str, seconds: float) -> None:
    found = figures.figure(load(), name)
    assert found == pytest.approx(seconds, rel=0.01)
    assert isinstance(found, Seconds)


def test_a_figure_of_one_action_and_of_a_step() -> None:
    step = Outcome("configure", 4, 1)
    session = Outcome("live view", 4, 1, steps=(step,))
    both = load(actions=(outcome(), session))
    assert figures.figure(both, "asked") == 104
    assert figures.figure(both, "asked", "GET /channels") == 100
    assert figures.figure(both, "success", "configure") == 25
    with pytest.raises(BenchError, match="no action 'ack'; it had GET /channels, configure, live view"):
        figures.figure(both, "asked", "ack")


def test_a_percentile_needs_enough_actions_and_answers() -> None:
    few = load(actions=(outcome(asked=19, times=Times.of_seconds([0.1] * 19)),))
    assert figures.figure(few, "p50") == pytest.approx(0.1, rel=0.01)
    with pytest.raises(BenchError, match="p95 needs 20 actions at least, and the load had 19: make it longer"):
        figures.figure(few, "p95")
    unanswered = load(actions=(outcome(times=Times.of_seconds([0.1] * 5)),))
    with pytest.raises(AssertionError, match="p95 cannot be read from 5 answers, 20 are needed"):
        figures.figure(unanswered, "p95")


def test_a_figure_that_there_is_not_is_answered_with_those_that_there_are() -> None:
    with pytest.raises(BenchError, match=r"no figure 'speed'; use one of asked, succeeded, .*gaps.*row age p95"):
        figures.figure(load(), "speed")
    with pytest.raises(BenchError, match="'gaps' is about views that are held open, and this load had none"):
        figures.figure(load(), "gaps")


def test_figures_of_views_that_are_held_open() -> None:
    held = load(
        views=ViewsOutcome(3, {"status 503": 1}, (view(2), view(1, gaps=3)), row_age=Times.of_seconds([1] * 20))
    )
    found = {name: figures.figure(held, name) for name in ("opened views", "refused views", "silent views", "gaps")}
    assert found == {"opened views": 2, "refused views": 1, "silent views": 0, "gaps": 3}
    assert figures.figure(held, "fairness") == Percent(50)
    assert figures.figure(held, "frames a second") == 3
    assert figures.figure(held, "bytes a second") == Bytes(300)
    assert figures.figure(held, "row age p95") == pytest.approx(1, rel=0.01)


def second(at: float, p50: float | None, failed: int = 0) -> Interval:
    return Interval(at, 1, 10, 10 - failed, failed, p50, p50, p50, p50)


def test_a_phase_is_read_by_its_seconds() -> None:
    spiked = load(intervals=tuple(second(at, slow, failed) for at, slow, failed in ((0, 1, 0), (1, 3, 5), (2, 1, 0))))
    assert figures.figure_of_phase(spiked, "success", 1) == 75
    assert figures.figure_of_phase(spiked, "success", 2) == 100
    assert figures.figure_of_phase(spiked, "p50", 1) == 2
    with pytest.raises(BenchError, match="phases 1 to 2, not 3"):
        figures.figure_of_phase(spiked, "p50", 3)
    with pytest.raises(BenchError, match="A phase has no figure 'p99'"):
        figures.figure_of_phase(spiked, "p99", 1)
    with pytest.raises(AssertionError, match="nothing was answered in that phase"):
        figures.figure_of_phase(load(intervals=(second(0, None),)), "p50", 1)


def test_a_rate_is_kept_that_is_served_in_the_time_in_which_it_is_asked() -> None:
    late = load(intervals=tuple(Interval(at, 1, 25, served) for at, served in enumerate((0, 0, 25, 25, 25, 23))))
    assert figures.figure(late, "kept rate") == 98
    slow = load(intervals=tuple(Interval(at, 1, 25, 14) for at in range(7)))
    assert figures.figure(slow, "kept rate") == pytest.approx(56)


def test_slower_and_slower_is_seen_between_the_halves() -> None:
    slower = load(intervals=tuple(second(at, 0.1 * (1 + at)) for at in range(6)))
    assert figures.figure(slower, "slowdown") == pytest.approx(150)
    with pytest.raises(AssertionError, match="fewer than two seconds"):
        figures.figure(load(), "slowdown")


def test_resources_by_their_names() -> None:
    series = Series("memory of views", "bytes", ((0, 10.0), (2, 30.0)))
    measured = load(resources=(series,))
    assert figures.resource(measured, "Memory of views") is series
    with pytest.raises(BenchError, match="measured no 'disk'; it measured memory of views"):
        figures.resource(measured, "disk")
    assert str(figures.in_unit(2048, "bytes")) == "2 KiB"
    assert figures.in_unit(2, "cores") == 2


def test_the_slope_of_noise_is_not_sure_and_that_of_a_leak_is() -> None:
    leak = [(at * 60.0, 1000 + at * 10 + (-1) ** at) for at in range(30)]
    rise, width = figures.slope(leak)
    assert rise == pytest.approx(600, rel=0.01)
    assert width < 10
    noise = [(at * 60.0, 1000 + 50 * (-1) ** at) for at in range(30)]
    rise, width = figures.slope(noise)
    assert abs(rise) < width
    with pytest.raises(AssertionError, match="cannot be read from 3 values, 10 are needed"):
        figures.slope(noise[:3])


def test_two_loads_in_proportion() -> None:
    small = load(views=ViewsOutcome(1, {}, (view(2),)))
    large = load(views=ViewsOutcome(2, {}, (view(2), view(1))))
    assert figures.ratio(large, small, "frames a second") == 1.5


ALERTS = AlertsOutcome(20, 19, 18, 1, 2, 3, 4, Times.of_seconds([0.05] * 20))


@pytest.mark.parametrize(
    ("name", "value"),
    [("sent", 20), ("confirmed", 19), ("arrived", 18), ("lost", 1), ("doubled", 2), ("misordered", 3), ("wrong", 4)],
)
def test_alerts_that_were_followed_are_counted(name: str, value: int) -> None:
    assert figures.figure(load(alerts=ALERTS), f"{name} alerts") == value
    assert figures.is_of_alerts(f"{name.title()}_Alerts")


def test_how_long_alerts_took_is_a_time() -> None:
    assert figures.figure(load(alerts=ALERTS), "arrival p95") == pytest.approx(0.05, rel=0.01)
    assert figures.is_time("arrival mean")
    assert not figures.is_of_alerts("arrival mean")


def test_alerts_that_nobody_followed_have_no_figures() -> None:
    with pytest.raises(BenchError, match="'lost alerts' is about alerts that are followed"):
        figures.figure(load(), "lost alerts")


def test_what_was_not_seen_is_not_counted_as_lost() -> None:
    broken = replace(ALERTS, broken="the broker broke off the connection")
    with pytest.raises(AssertionError, match="the broker broke off the connection, so that not all"):
        figures.figure(load(alerts=broken), "lost alerts")
