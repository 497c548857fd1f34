"""Alerts of a load are counted by their ids: lost, doubled, overtaken, changed on their way."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from string import Template
from typing import Any

import pytest
from focus_core.load import alert_ids
from focus_core.load.alert_count import AlertCount
from focus_core.load.plan import FollowedAlerts
from focus_core.webapp.alerts import AlertClass, Severity, exchange_message

PREFIX = "load-run-1"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ident(number: int, begun: float, place: int = 1) -> str:
    made = alert_ids.alert(PREFIX, AlertClass.SD, Severity.high, 1407, place)
    return Template(made.id).substitute(number=number, begun=int(begun * 1e6))


def message(number: int, begun: float, place: int = 1, **changes: Any) -> bytes:
    sent = alert_ids.read(PREFIX, ident(number, begun, place))
    assert sent
    return json.dumps(exchange_message(sent.alert, NOW) | changes).encode()


def count(per_action: int = 1, *, one_sender: bool = False) -> AlertCount:
    return AlertCount(FollowedAlerts(PREFIX, "Algorithm.AlertReport", per_action, one_sender))


def test_an_id_says_all_that_was_sent() -> None:
    sent = alert_ids.read(PREFIX, ident(17, 1000.25, 3))
    assert sent
    assert (sent.number, sent.begun, sent.place) == (17, 1000.25, 3)
    assert (sent.alert.alert_class, sent.alert.severity, sent.alert.distance_m) == (AlertClass.SD, Severity.high, 1407)


@pytest.mark.parametrize(
    "other",
    [
        "",
        "None",
        PREFIX,
        f"{PREFIX}-1",
        f"{PREFIX}-1-2-3-104-3-x",
        f"{PREFIX}-1-2-3-999-3-5",
        "load-run-2-1-2-1-104-3-5",
    ],
)
def test_an_id_that_no_load_has_made_says_nothing(other: str) -> None:
    assert alert_ids.read(PREFIX, other) is None


def test_alerts_that_all_pass_once() -> None:
    made = count()
    for number in range(3):
        made.arrive(message(number, 100 + number), 100.25 + number)
        made.settle(number, "", 100.5 + number)
    found = made.outcome()
    assert made.complete
    assert (found.sent, found.confirmed, found.arrived) == (3, 3, 3)
    assert (found.lost, found.doubled, found.misordered, found.wrong, found.problems) == (0, 0, 0, 0, ())
    assert (found.arrival.count, found.arrival.mean) == (3, pytest.approx(0.25, rel=0.01))


def test_a_confirmed_alert_that_does_not_come_is_lost_and_a_refused_one_is_not() -> None:
    made = count(per_action=2)
    made.settle(0, "", 100)
    made.settle(1, "status 503", 100)
    made.arrive(message(0, 99, 1), 100.1)
    found = made.outcome()
    assert not made.complete
    assert (found.sent, found.confirmed, found.arrived, found.lost) == (4, 2, 1, 1)
    assert found.problems == ("alert 2 of action 0 was confirmed and never came",)


def test_an_alert_that_comes_twice_is_doubled_and_counts_once() -> None:
    made = count()
    for at in (100.1, 100.2):
        made.arrive(message(0, 100), at)
    found = made.outcome()
    assert (found.arrived, found.doubled, found.arrival.count) == (1, 1, 1)
    assert found.problems == ("alert 1 of action 0 came 2 times",)


def test_an_alert_that_was_answered_before_another_began_has_to_come_first() -> None:
    made = count()
    made.settle(0, "", 100.1)
    made.arrive(message(1, 100.2), 100.3)
    made.arrive(message(0, 100), 100.4)
    assert made.outcome().misordered == 1


def test_alerts_that_were_under_way_together_have_no_order() -> None:
    made = count()
    made.settle(0, "", 100.3)
    made.arrive(message(1, 100.2), 100.3)
    made.arrive(message(0, 100), 100.4)
    assert made.outcome().misordered == 0


def test_one_sender_has_an_order_whenever_it_was_answered() -> None:
    made = count(one_sender=True)
    made.arrive(message(1, 100.2), 100.3)
    made.arrive(message(0, 100), 100.4)
    found = made.outcome()
    assert (found.misordered, found.problems) == (1, ("alert 1 of action 0 came after one that was sent later",))


def test_alerts_of_one_request_have_an_order() -> None:
    made = count(per_action=2)
    made.arrive(message(0, 100, 2), 100.1)
    made.arrive(message(0, 100, 1), 100.1)
    assert made.outcome().misordered == 1


@pytest.mark.parametrize("changes", [{"severity": 1}, {"class_id": 103}, {"distance_m": 1.407}])
def test_an_alert_that_was_changed_on_its_way_is_wrong(changes: dict[str, Any]) -> None:
    made = count()
    made.arrive(message(0, 100, **changes), 100.1)
    found = made.outcome()
    assert found.wrong == 1
    (name, value), (problem,) = next(iter(changes.items())), found.problems
    assert f"{name} {value!r} instead of" in problem


@pytest.mark.parametrize("body", [b"", b"\xff", b"[]", b"{}", b'{"alert_id": "another"}'])
def test_messages_of_others_do_not_count(body: bytes) -> None:
    made = count()
    made.arrive(body, 100)
    assert made.outcome().arrived == 0


def test_names_of_problems_stay_few() -> None:
    made = count()
    for number in range(50):
        made.settle(number, "", 100)
    found = made.outcome("the broker went away")
    assert (found.lost, len(found.problems), found.broken) == (50, 3, "the broker went away")
