"""Steps of a load whose rate or bursts grow: which are healthy, and up to where."""

from __future__ import annotations

import pytest
from focus_core.load import profiles, rate_steps
from focus_core.load.figures import Load
from focus_core.load.plan import Phase, Plan, request
from focus_core.load.result import Outcome, Result
from focus_core.load.times import Times

LEVELS = (5.0, 10.0, 20.0)
PHASES = profiles.of_actions(LEVELS, 20)


def outcome(asked: int, succeeded: int) -> Outcome:
    errors = {"status 503": asked - succeeded} if asked > succeeded else {}
    return Outcome("step", asked, succeeded, errors=errors, total=Times.of_seconds([0.1] * succeeded))


def load(phases: tuple[Phase, ...], *outcomes: Outcome) -> Load:
    plan = Plan(phases, (request("GET /ack"),), urls={"focus": "http://127.0.0.1:1"})
    return Load("steps", plan, Result(0, 1, 1, 1, phases=outcomes))


@pytest.mark.parametrize(
    ("succeeded", "broken_at"), [((20, 20, 20), 20), ((20, 18, 17), 10), ((20, 17, 20), 5), ((17, 20, 20), 0)]
)
def test_the_load_breaks_before_its_first_unhealthy_step(succeeded: tuple[int, ...], broken_at: float) -> None:
    steps = rate_steps.of_load(load(PHASES, *(outcome(20, one) for one in succeeded)), LEVELS, 90)
    assert steps.breakpoint == broken_at
    assert [step.level for step in steps] == list(LEVELS)


def test_a_step_shows_what_became_of_it() -> None:
    steps = rate_steps.of_load(load(PHASES, *[outcome(20, 15)] * 3), LEVELS, 90)
    first = steps[0]
    assert (first.asked, first.succeeded, first.success, first.health) == (20, 15, 75, "unhealthy")
    assert first.p50 == pytest.approx(0.1, rel=0.01)
    assert steps.refused_with == " (failed with status 503)"
    assert str(first) == "step at 5: 15 of 20 succeeded, unhealthy"


def test_a_step_in_which_the_load_ended_is_not_healthy_and_those_after_it_are_none() -> None:
    steps = rate_steps.of_load(load(PHASES, outcome(20, 20), outcome(7, 7), outcome(0, 0)), LEVELS, 90)
    assert [step.health for step in steps] == ["healthy", "unhealthy"]
    assert steps.breakpoint == 5


def test_pauses_between_bursts_are_no_steps() -> None:
    phases = profiles.bursts((10, 20), 1)
    assert [phase.count for phase in phases] == [10, 0, 20, 0]
    assert sum(phase.seconds for phase in phases) == pytest.approx(2)
    nothing = outcome(0, 0)
    steps = rate_steps.of_load(load(phases, outcome(10, 10), nothing, outcome(20, 20), nothing), (10, 20), 90)
    assert [step.level for step in steps] == [10, 20]
    assert steps.refused_with == ""
