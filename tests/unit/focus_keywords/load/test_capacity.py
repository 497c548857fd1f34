"""Keywords about many views: impossible arguments, sites that cannot be filled, ports that are not the same again."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.load.views_at_once import Burst
from focus_core.server.client import Exchange
from focus_core.views.view import ViewRequest, ViewType
from focus_keywords.load import capacity
from robot.api import SkipExecution

KEYWORDS = capacity.Capacity()
REQUEST = ViewRequest(ViewType.MultiChannel, (1, 3), 1024, (0, 1000), 10, 1000)


def site(users: int, idle_job_s: float) -> SimpleNamespace:
    return SimpleNamespace(
        name="small",
        users=[SimpleNamespace(username=f"u{number}", role="admin") for number in range(users)],
        limits=SimpleNamespace(max_windows=30, capacity=200),
        timings=SimpleNamespace(idle_job_s=idle_job_s),
    )


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Any:
    def chosen(users: int = 8, idle_job_s: float = 50) -> None:
        place = site(users, idle_job_s)
        monkeypatch.setattr(capacity, "site", lambda: place)
        monkeypatch.setattr(capacity.site_data, "lane_user", lambda: place.users[0])
        monkeypatch.setattr(capacity, "client", lambda: "first")
        monkeypatch.setattr(capacity.clients, "focus_client", lambda _site, user: user.username)

    return chosen


def burst(*ports: int) -> Burst:
    body = [{"job_id": f"{port}-1", "stream_port": port} for port in ports]
    answers = [Exchange("POST", "", "", 200, {"Content-Type": "application/json"}, json.dumps(one), 0) for one in body]
    client: Any = None
    return Burst(REQUEST, [(client, answer) for answer in answers])


def test_a_view_is_the_least_that_is_asked_for() -> None:
    with pytest.raises(BenchError, match="amount is a whole number from 1 to"):
        KEYWORDS.ask_for_views_at_once(0)


@pytest.mark.parametrize("steps", [(), (0, 5), (5, 5), (10, 5)])
def test_steps_grow_from_one_on(steps: tuple[int, ...]) -> None:
    with pytest.raises(BenchError, match="Steps are numbers of views that grow"):
        KEYWORDS.fill_the_site(*steps)


def test_the_lane_s_user_comes_first_and_others_follow(choose: Any) -> None:
    choose()
    assert capacity._clients(1) == ["first"]
    assert capacity._clients(3) == ["first", "u1", "u2"]


def test_a_site_that_cannot_be_filled_skips_the_test_with_its_reason(choose: Any) -> None:
    choose(users=1)
    with pytest.raises(SkipExecution, match=r"Site small has 1 users .* with 30 views each; .* need 7 users"):
        capacity._clients(7)
    choose(idle_job_s=5)
    with pytest.raises(SkipExecution, match="removes a view that nobody reads after 5 s"):
        capacity._clients(7)
    assert capacity._clients(1) == ["first"]


def test_views_that_may_be_removed_already_cannot_be_counted(choose: Any) -> None:
    choose(idle_job_s=5)
    asked = burst(1)
    KEYWORDS.views_should_not_be_idle_yet(asked)
    with pytest.raises(SkipExecution, match=r"asked for 4\.\d s ago, .* after 5 s: how many are open now"):
        KEYWORDS.views_should_not_be_idle_yet(Burst(REQUEST, asked.asked, asked.begun - 4))


def test_a_shared_port_is_named() -> None:
    assert KEYWORDS.ports_should_be_apart(burst(2, 1)) == [1, 2]
    with pytest.raises(AssertionError, match="Views share a port:\n- port 1 was answered 2 times"):
        KEYWORDS.ports_should_be_apart(burst(1, 1, 2))


def test_ports_that_are_not_used_again_are_named() -> None:
    KEYWORDS.freed_ports_should_be_used_again(burst(1, 3), [2, 3])
    with pytest.raises(AssertionError, match=r"- port 4 was given out, although views up to port 3 were closed$"):
        KEYWORDS.freed_ports_should_be_used_again(burst(1, 4), [2, 3])


def test_all_accepted_is_not_what_a_full_site_answers(choose: Any) -> None:
    choose()
    with pytest.raises(AssertionError, match="All of 1 views were accepted; a client may have 30, the site 200"):
        KEYWORDS.some_views_should_have_been_refused(burst(1))


def test_all_accepted_says_nothing_when_the_first_may_be_removed_already(choose: Any) -> None:
    choose()
    slow = Burst(REQUEST, burst(1).asked, burst(1).begun - 41)
    with pytest.raises(SkipExecution, match=r"asked for 41\.\d s ago, .* after 50 s: how many are open now"):
        KEYWORDS.some_views_should_have_been_refused(slow)
