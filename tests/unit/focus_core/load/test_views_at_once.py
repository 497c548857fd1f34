"""Many views at once: who asks for how many, what is judged of the answers, and the removal of all."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from focus_core.load import views_at_once as many_views
from focus_core.load.views_at_once import Burst
from focus_core.server.client import Exchange
from focus_core.views.view import ViewRequest, ViewType

REQUEST = ViewRequest(ViewType.MultiChannel, (1, 3), 1024, (0, 1000), 10, 1000)
FULL = {"error": "The site has reached its capacity of 5 jobs: try again later."}


def answer(status: int = 200, body: dict[str, Any] | None = None, **headers: str) -> Exchange:
    names = {"Content-Type": "application/json", **{name.replace("_", "-"): value for name, value in headers.items()}}
    return Exchange("POST", "http://x/configure", "", status, names, json.dumps(body or {}), 0.25)


def view_answer(number: int) -> dict[str, Any]:
    stream = {"stream_amount": 1, "stream_port": 12300 + number, "stream_url": "http://x"}
    return {"job_id": f"{number}-{number}", **stream}


class Client:
    """Accepts so many views; counts what is asked."""

    def __init__(self, room: int = 100) -> None:
        self.room = room
        self.logins = self.asked = 0

    def authorization(self) -> dict[str, str]:
        self.logins += 1
        return {}

    def configure(self, _body: object) -> Exchange:
        self.asked += 1
        if self.asked > self.room:
            return answer(503, FULL, Retry_After="10")
        return answer(200, view_answer(self.asked))


def burst(*exchanges: Exchange) -> Burst:
    client: Any = Client()
    return Burst(REQUEST, [(client, exchange) for exchange in exchanges])


def test_each_client_asks_for_its_windows_and_the_last_for_the_rest() -> None:
    clients: Any = [Client(), Client(), Client()]
    asked = many_views.ask_at_once(clients, REQUEST, 6, 2)
    many_views.ask_at_once(clients, REQUEST, 2, 2, before=6)
    assert [client.asked for client in clients] == [2, 2, 4]
    assert [client.logins for client in clients] == [1, 1, 2]
    assert Counter(client for client, _ in asked.accepted) == Counter(dict.fromkeys(clients, 2))


def test_what_was_answered_is_counted() -> None:
    client: Any = Client(room=3)
    asked = many_views.ask_at_once([client], REQUEST, 4, 30)
    assert (str(asked), asked.percent, len(asked.refused)) == ("3 of 4 views accepted", 75, 1)
    assert asked.ports == [12301, 12302, 12303]
    assert (asked.slowest, asked.mean) == (0.25, 0.25)
    assert many_views.table([asked]).splitlines()[1].split() == ["4", "3", "0.250", "0.250", "503"]


@pytest.mark.parametrize(("views", "users"), [(1, 1), (30, 1), (31, 2), (200, 7)])
def test_it_takes_as_many_users_as_windows_demand(views: int, users: int) -> None:
    assert many_views.users_needed(views, 30) == users


@pytest.mark.parametrize(
    "clean",
    [
        answer(503, FULL, Retry_After="10"),
        answer(429, {"error": "The client has 30 open windows: close one."}, Retry_After="1"),
    ],
)
def test_a_clean_refusal_has_no_problem(clean: Exchange) -> None:
    assert many_views.refusal_problems(clean) == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        (answer(500, {"error": "The server did not answer in time."}), "answered 500 instead of 429 or 503"),
        (answer(503, FULL), "its Retry-After is ''"),
        (answer(503, FULL, Retry_After="soon"), "its Retry-After is 'soon'"),
        (answer(503, {"error": "Try it again later."}, Retry_After="1"), "does not speak of 'capacity'"),
        (answer(429, {"error": "Try it again later."}, Retry_After="1"), "does not speak of 'window'"),
    ],
)
def test_what_is_wrong_with_a_refusal_is_named(wrong: Exchange, fault: str) -> None:
    assert fault in many_views.refusal_problems(wrong)[0]


def test_the_accepted_ones_are_open_views_of_their_clients() -> None:
    client: Any = Client(room=2)
    asked = many_views.ask_at_once([client], REQUEST, 3, 30)
    assert [(view.job_id, view.request, view.owner) for view in asked] == [
        ("1-1", REQUEST, client),
        ("2-2", REQUEST, client),
    ]
    assert not burst(answer(200, {"job_id": "1-1"}))


def test_too_few_open_views_are_named() -> None:
    some = burst(answer(200, {"job_id": "1-1"}), answer(503, FULL))
    many_views.check_open(some, 1)
    with pytest.raises(
        AssertionError, match=r"Only 1 of 2 views accepted, at least 2 have to be open:\n- answered 503"
    ):
        many_views.check_open(some, 2)


def test_too_few_accepted_views_are_named_with_the_other_answers() -> None:
    half = burst(answer(200, {"job_id": "1-1"}), answer(502, {"error": "late"}))
    many_views.check_accepted(half, 50)
    with pytest.raises(AssertionError, match=r"Only 1 of 2 views accepted, at least 90 % .*\n- answered 502 instead"):
        many_views.check_accepted(half, 90)
