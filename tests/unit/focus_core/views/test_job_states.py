"""States of a job over time."""

from collections.abc import Iterator

import pytest
from focus_core.base.errors import BenchError
from focus_core.views import job_states
from focus_core.views.job_states import Sighting


def states(*answered: str) -> Iterator[str]:
    yield from answered
    while True:
        yield answered[-1]


def watch(*answered: str, last: str, timeout: float = 30) -> list[str]:
    answers = states(*answered)
    return [sighting.state for sighting in job_states.watch(lambda: next(answers), last, timeout=timeout)]


def test_each_change_is_seen_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job_states, "_INTERVAL_S", 0.01)
    assert watch("waiting", "waiting", "running", "running", "completed", last="completed") == [
        "waiting",
        "running",
        "completed",
    ]
    assert watch("waiting", "completed", last="running") == ["waiting", "completed"]
    assert watch("waiting", last="running", timeout=0.05) == ["waiting"]


def test_exactly_the_wanted_states_are_right() -> None:
    seen = [Sighting("waiting", 0.0), Sighting("running", 1.0)]
    assert job_states.problems(seen, ["waiting", "running"], 30) == []
    assert job_states.problems(seen[:1], ["waiting", "running"], 30) == [
        "it was 'waiting', expected 'waiting' -> 'running'",
        "after 30 s it was still 'waiting'",
    ]
    assert job_states.problems(seen[1:], ["waiting", "running"], 30) == [
        "it was 'running', expected 'waiting' -> 'running'"
    ]
    assert job_states.problems(seen, ["running"], 30) == []
    assert job_states.problems([Sighting("running", 0.0), *seen], ["running"], 30)
    assert job_states.table(seen) == "    0.00 s  waiting\n    1.00 s  running"


@pytest.mark.parametrize("wanted", [["asleep"], ["running", "waiting"], ["running", "running"], []])
def test_states_that_no_job_goes_through_are_refused(wanted: list[str]) -> None:
    with pytest.raises(BenchError, match="A job goes through waiting, running, completed, in this order"):
        job_states.check_words(wanted)
