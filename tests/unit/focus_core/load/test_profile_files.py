"""Load profiles: every file of the project can be used, and every mistake in one is a sentence."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from focus_core.base import profile_names
from focus_core.base.errors import BenchError
from focus_core.base.words import Recording
from focus_core.load import action_data, profile_files
from focus_core.load.plan import Phase, Plan, Request
from focus_core.site.model import LoadLimits


class Recordings:
    """A server that lists these recordings."""

    def __init__(self, *listed: tuple[int, int]) -> None:
        self.listed = [list(entry) for entry in listed]

    def recordings(self, _start: int, _end: int) -> Any:
        return self

    def json(self) -> list[list[int]]:
        return self.listed


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Recordings:
    found = Recordings((0, 300), (301, 600), (700, -1))
    monkeypatch.setattr(action_data, "client", lambda: found)
    monkeypatch.setattr(action_data, "check_answer", lambda *_: None)
    return found


@pytest.mark.parametrize("name", profile_names.names(profile_files.FOLDER))
def test_a_profile_of_the_project_makes_a_plan(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_data, "body_of", lambda *_: {})
    found = profile_files.read(name)
    assert found.sentence.endswith(".")
    assert found.users > 0
    Plan(found.phases, found.actions(), urls={"focus": "http://127.0.0.1:1"}).check()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("sentence: S.\nusers: 1\nactions: []", "has no 'phases'; add it"),
        ("sentence: S.\nusers: 1\nphases: []\nactions: []\nspeed: 3", "'speed' is none of sentence, users"),
        ("sentence: S.\nusers: 1\nphases: [{second: 3}]\nactions: []", "unexpected keyword argument 'second'"),
        ("sentence: S.\nusers: many\nphases: []\nactions: []", "invalid literal"),
        ("[", "cannot be used"),
        ("sentence: S.\nusers: 1\nactions: []\nphases: []\nsteps: {}", "it has phases and steps"),
        ("sentence: S.\nusers: 1\nactions: []\nsteps: {first: 1, last: 2, by: 1}", "'actions'"),
        ("sentence: S.\nusers: 1\nactions: []\nbursts: {first: 1, last: 2, by: 0, every: 1}", "must not be zero"),
    ],
)
def test_a_mistake_names_the_file(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BenchError, match=r"The load profile mine\.yaml") as refused:
        profile_files.read("mine", tmp_path)
    assert reason in str(refused.value)


def test_a_profile_that_there_is_not_is_answered_with_all_that_there_are() -> None:
    with pytest.raises(
        BenchError, match=r"no load profile 'spkie'; use one of alerts_breakpoint, .*spike.*, views, or"
    ):
        profile_files.read("spkie")


def test_phases_are_shortened_by_one_factor_and_not_too_far() -> None:
    phases = (Phase(30, 1), Phase(10, 2))
    quarter = profile_files.shortened(phases, LoadLimits(duration_scale=0.25, shortest_s=5))
    assert [phase.seconds for phase in quarter] == [7.5, 2.5]
    least = profile_files.shortened(phases, LoadLimits(duration_scale=0.01, shortest_s=5))
    assert sum(phase.seconds for phase in least) == pytest.approx(5)
    assert profile_files.shortened(phases, LoadLimits(shortest_s=500)) == phases


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"request": "GET /ack", "view": "live"},
        {"request": "GET /ack", "every": 3},
        {"view": "future"},
        {"alert": "SD extreme"},
        {"alert": "SD high", "by": "post"},
    ],
)
def test_an_action_is_a_request_or_a_view_or_an_alert(entry: dict[str, Any]) -> None:
    with pytest.raises(BenchError, match=r"either a request or a view|live or historic|An alert is one of SC low"):
        action_data.of_data(entry, "load")


def test_steps_and_bursts_are_phases_of_a_number_of_actions(tmp_path: Path) -> None:
    rest = "sentence: S.\nusers: 1\nactions: [{alert: SC low}]"
    (tmp_path / "steps.yaml").write_text(f"{rest}\nsteps: {{first: 5, last: 15, by: 5, actions: 50}}")
    (tmp_path / "bursts.yaml").write_text(f"{rest}\nbursts: {{first: 10, last: 20, by: 10, every: 2}}")
    steps, bursts = profile_files.read("steps", tmp_path), profile_files.read("bursts", tmp_path)
    assert (steps.levels, bursts.levels) == ((5, 10, 15), (10, 20))
    assert [(phase.rate, round(phase.count)) for phase in steps.phases] == [(5, 50), (10, 50), (15, 50)]
    assert [round(phase.count) for phase in bursts.phases] == [10, 0, 20, 0]
    assert steps.has_alerts
    assert steps.prefix != bursts.prefix
    (step,) = steps.actions()[0].steps
    assert isinstance(step, Request)
    assert f'"alertIds": ["{steps.prefix}-$number-$begun-1-103-1-' in step.bodies[0]


def test_moments_in_bodies_are_seconds_of_now() -> None:
    body = action_data.with_moments({"start_time": "1 day ago", "end_time": "now", "name": "channels", "n": 3})
    assert body["end_time"] == pytest.approx(time.time(), abs=5)
    assert body["end_time"] - body["start_time"] in (86_399, 86_400, 86_401)
    assert (body["name"], body["n"]) == ("channels", 3)


def test_recorded_time_goes_over_the_seam_of_two_recordings(server: Recordings) -> None:
    assert action_data.recorded(100) == Recording(500, 600)
    assert action_data.recorded(500) == Recording(100, 600)
    server.listed = [[0, 300], [500, 800]]
    assert action_data.recorded(300) == Recording(500, 800)
    with pytest.raises(AssertionError, match="has recorded no 500 s in a row"):
        action_data.recorded(500)
