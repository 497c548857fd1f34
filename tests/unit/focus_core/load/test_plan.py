"""Plans of a load: as JSON and back, what is refused, when each action is due."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from focus_core.base.errors import BenchError
from focus_core.load import profiles
from focus_core.load.plan import (
    Action,
    Critical,
    FollowedAlerts,
    HeldViews,
    Phase,
    Plan,
    Publish,
    ReadFrames,
    Request,
    Until,
    request,
)

SESSION = Action(
    (
        Request("POST", "/configure", ("{}",), keeps=("job_id", "stream_url", "stream_port")),
        Request("GET", "/ack/$job_id", until=Until("status", "running")),
        ReadFrames(2),
        Publish("Algorithm.AlertReport", ('{"alert_id": "$number"}',)),
    ),
    name="session",
    closing=(Request("DELETE", "/job/$job_id", statuses=(200, 204)),),
)
FOLLOWED = FollowedAlerts("load-run", "Algorithm.AlertReport")
WHOLE = Plan(
    profiles.spike(5, 50, 1, 2, 1),
    (request("GET /channels", weight=3), SESSION),
    HeldViews(50, ("{}",)),
    site="simulated",
    users=("one", "two"),
    urls={"focus": "http://127.0.0.1:1"},
    critical=(Critical("errors", 10), Critical("p95", 2, seconds=10)),
    start_at=1_800_000_000.5,
    share=(2, 4),
)


def test_a_plan_travels_as_one_line() -> None:
    text = WHOLE.to_json()
    assert "\n" not in text
    assert Plan.from_json(text) == WHOLE


@pytest.mark.parametrize(
    ("plan", "named"),
    [
        (replace(WHOLE, actions=(), views=None), "neither actions nor views"),
        (replace(WHOLE, phases=()), "lasts no time"),
        (replace(WHOLE, phases=(Phase(1, 5, -1),)), "rate is below 0"),
        (replace(WHOLE, phases=(Phase(1, 5, 1e12),)), "rate is above 1000000 a second"),
        (replace(WHOLE, phases=(Phase(1, 5), Phase(1, float("nan")))), "rate or a time is no number"),
        (replace(WHOLE, phases=(Phase(float("inf"), 5),)), "rate or a time is no number"),
        (replace(WHOLE, phases=profiles.constant(0, 5)), "have no rate"),
        (replace(WHOLE, actions=(Action(()),)), "no step"),
        (replace(WHOLE, actions=(request("GET /a"), request("GET /a"))), "one name"),
        (replace(WHOLE, actions=(request("GET /a", weight=0),)), "no weight"),
        (replace(WHOLE, views=HeldViews(1, ())), "views without a body"),
        (replace(WHOLE, connections=0), "no connection"),
        (replace(WHOLE, share=(5, 4)), "no part 5 of 4"),
        (replace(WHOLE, site="", urls={}), "neither a site nor an address"),
        (replace(WHOLE, site=""), "users need a site"),
        (replace(WHOLE, site="", users=(), alerts=FOLLOWED), "alerts are followed on a site only"),
        (replace(WHOLE, share=(1, 2), alerts=FOLLOWED), "alerts are followed by one generator only"),
    ],
)
def test_a_plan_that_cannot_be_carried_out_is_refused_in_a_sentence(plan: Plan, named: str) -> None:
    with pytest.raises(BenchError, match=named):
        Plan.from_json(plan.to_json())


@pytest.mark.parametrize(("text", "named"), [("{}", "phases"), ("x", "all of it"), ('{"phases": 3}', "phases")])
def test_what_is_no_plan_is_named(text: str, named: str) -> None:
    with pytest.raises(BenchError, match=named):
        Plan.from_json(text)


@pytest.mark.parametrize("call", ["channels", "get /channels", "GET channels", ""])
def test_a_request_has_a_method_and_a_path(call: str) -> None:
    with pytest.raises(BenchError, match="is written like GET /channels"):
        request(call)


def test_bodies_are_texts_or_data() -> None:
    assert request("POST /a", {"b": 1}, "text").steps == (Request("POST", "/a", ('{"b": 1}', "text")),)


def test_a_constant_rate_is_even_from_the_first_moment() -> None:
    assert list(profiles.due_times(profiles.constant(4, 2))) == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]


def test_a_ramp_brings_as_many_as_its_mean_rate_in_ever_shorter_steps() -> None:
    due = list(profiles.due_times(profiles.ramp(2, 8, 30)))
    assert len(due) == 150
    steps = [after - before for before, after in pairwise(due)]
    assert steps == sorted(steps, reverse=True)
    # After half the time the rate is 5: 15 s x (2 + 5) / 2.
    assert sum(time < 15 for time in due) == 53
    falling = list(profiles.due_times(profiles.ramp(8, 2, 30)))
    assert len(falling) == 150
    assert sum(time < 15 for time in falling) == 98


def test_phases_follow_each_other_without_a_gap() -> None:
    due = list(profiles.due_times(profiles.spike(3, 10, 10, 10)))
    assert len(due) == 130
    assert (due[30], due[31]) == (10, pytest.approx(10.1))
    steps = list(profiles.due_times(profiles.steps((1, 2, 4), 0.5)))
    # A part of an action that a phase leaves over is done in the next one.
    assert steps == [0, pytest.approx(0.75), pytest.approx(1.125), pytest.approx(1.375)]
    assert profiles.steady(5, 45, 5) == (Phase(5, 0, 5), Phase(45, 5))
    assert list(profiles.due_times((Phase(5, 0), *profiles.constant(2, 1)))) == [5, 5.5]
