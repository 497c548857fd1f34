"""The part of a data set that the web app keeps: alerts, users, regions. All are named after the set."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from focus_core.base.errors import BenchError
from focus_core.base.waiting import NotYet, wait_until
from focus_core.data import names
from focus_core.data.names import SetName
from focus_core.data.profiles import Alerts, Users
from focus_core.data.recordings import Source
from focus_core.rabbitmq.client import ALERT_KEY, RabbitClient
from focus_core.run import clients
from focus_core.site.secrets import register
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message, push_body
from focus_core.webapp.client import DELETE_BATCH, WebAppClient

if TYPE_CHECKING:
    from focus_core.base.http_session import HttpAnswer
    from focus_core.site.model import Site

_CREATED = 201
_GONE = (200, 201, 404)
_FIBRE_M = 10_000
# What an algorithm reports under (site contract 6), and how many alerts one of its runs finds.
_KEYS = (ALERT_KEY, f"{ALERT_KEY}.MLGround", f"{ALERT_KEY}.Pulse", f"{ALERT_KEY}.FiberCut")
_A_RUN = 10
# A list without pages ends itself; one of a page has no more than so many.
_MOST_PAGES = 1000


def alerts(source: Source, asked: Alerts) -> list[tuple[Alert, datetime]]:
    """The alerts that are asked for, each with its time (aware), in order of time."""
    chance = source.chance("alerts")
    now = source.now.replace(tzinfo=UTC)
    times = sorted(now - timedelta(seconds=chance.uniform(0, asked.over)) for _ in range(asked.count))
    return [
        (
            Alert(
                f"{source.name}.{number}",
                chance.choice(list(AlertClass)),
                chance.choice(list(Severity)),
                chance.randrange(_FIBRE_M),
            ),
            at,
        )
        for number, at in enumerate(times)
    ]


def messages(source: Source, asked: Alerts) -> list[tuple[str, dict[str, Any]]]:
    """What an algorithm sends of these alerts: routing key and body; so many in a row belong to one of its runs."""
    return [
        (
            _KEYS[number // _A_RUN % len(_KEYS)],
            {
                **exchange_message(alert, at),
                "algorun_id": f"{source.name}.run-{number // _A_RUN}",
                "is_external": False,
            },
        )
        for number, (alert, at) in enumerate(alerts(source, asked))
    ]


def make_alerts(site: Site, source: Source, asked: Alerts) -> None:
    """Sends them, and waits until all are listed: what comes later could not be removed.

    Raises ``AssertionError`` or ``BenchError`` when one is not taken, ``WaitTimeout`` when they are not listed.
    """
    webapp = _webapp(site)
    if asked.by == "algorithm":
        RabbitClient.of_site(site).publish_all(messages(source, asked))
    else:
        for alert, _ in alerts(source, asked):
            _expect(webapp.push_alert(push_body([alert])), (200, _CREATED), f"The {alert}")
    sent = {alert.id for alert, _ in alerts(source, asked)}

    def listed() -> bool:
        missing = sent.difference(_alert_ids(webapp))
        if missing:
            raise NotYet(f"{len(missing)} of {len(sent)} are missing")
        return True

    # What one alert may take, and as long again for each thousand.
    patience = site.timings.alert_visible_s * (1 + asked.count / 1000)
    wait_until(f"The alerts of {source.name} are listed", listed, timeout=patience)


def remove_alerts(site: Site, name: SetName) -> None:
    """Has the web app delete those of the set that it lists."""
    webapp = _webapp(site)
    for _ in range(_MOST_PAGES):
        ids = [one for one in _alert_ids(webapp) if names.of_object(one) == name.text]
        if not ids:
            return
        # A web app whose pages are wrong lists the rest when these are gone.
        webapp.delete_alerts(ids)
    raise BenchError(f"Alerts of {name} are listed however often they are deleted: {', '.join(ids[:3])}.")


def make_users(site: Site, name: SetName, asked: Users) -> None:
    """Signs them up, each with a password that nobody knows."""
    webapp = _webapp(site)
    for number in range(asked.count):
        password = secrets.token_urlsafe(18)
        register(password)
        body = {"username": f"{name}.{number}", "password": password, "role": asked.role}
        _expect(_change(webapp, "POST", "user/sign-up", body), (_CREATED,), f"The sign-up of {body['username']}")


def remove_users(site: Site, name: SetName) -> None:
    """Deletes those of the set."""
    webapp = _webapp(site)
    for username in [one["username"] for one in _users(webapp) if names.of_object(one["username"]) == name.text]:
        answer = _change(webapp, "POST", "user/delete", {"username": username})
        _expect(answer, _GONE, f"Deleting user {username}")


def make_regions(site: Site, name: SetName, count: int) -> None:
    """Adds regions without points."""
    webapp = _webapp(site)
    for number in range(count):
        body = {"name": f"{name}.{number}"}
        _expect(_change(webapp, "POST", "region/add", body), (_CREATED,), f"Adding region {body['name']}")


def remove_regions(site: Site, name: SetName) -> None:
    """Deletes those of the set."""
    webapp = _webapp(site)
    for region in [one for one in webapp.regions() if names.of_object(one["name"]) == name.text]:
        _expect(_change(webapp, "DELETE", f"region/{region['id']}"), _GONE, f"Deleting region {region['name']}")


def found(site: Site) -> dict[str, Counter[str]]:
    """How many alerts, users and regions of test data the web app has, by the names of their sets."""
    webapp = _webapp(site)
    seen: dict[str, Counter[str]] = {}
    for kind, those in (
        ("alerts", _alert_ids(webapp)),
        ("users", (one["username"] for one in _users(webapp))),
        ("regions", (one["name"] for one in webapp.regions())),
    ):
        for mark in map(names.of_object, those):
            if mark is not None:
                seen.setdefault(mark, Counter())[kind] += 1
    return seen


def _webapp(site: Site) -> WebAppClient:
    """As the first user who may manage users, or else the first one: what they are refused, they are told."""
    roles = ("super admin", "admin")
    managers = sorted((user for user in site.users if user.role in roles), key=lambda user: roles.index(user.role))
    return clients.webapp_client(site, (managers or site.users)[0])


def _change(webapp: WebAppClient, method: str, path: str, body: Mapping[str, Any] | None = None) -> HttpAnswer:
    # The API wants the double submit of a browser for everything that it changes.
    return webapp.call(method, path, body=body, authentication="cookie")


def _alert_ids(webapp: WebAppClient) -> list[str]:
    """The ids of all alerts that the web app holds, page by page where it has pages."""
    seen: dict[str, None] = {}
    for page in range(1, _MOST_PAGES + 1):
        ids = [str(one["ext_id"]) for one in webapp.alerts(params={"page": page})]
        new = [one for one in ids if one not in seen]
        seen |= dict.fromkeys(new)
        if not new or len(ids) < DELETE_BATCH:
            break
    return list(seen)


def _users(webapp: WebAppClient) -> list[dict[str, Any]]:
    answer = webapp.call("GET", "user/get-all-users")
    if answer.status != 200 or not isinstance(answer.body, list):
        raise AssertionError(f"The web app did not list its users: {answer.status} {answer.text!r:.300}.")
    return answer.body


def _expect(answer: HttpAnswer, statuses: Iterable[int], what: str) -> None:
    if answer.status not in statuses:
        raise BenchError(f"{what} was answered {answer.status} {answer.body!r:.200}.")
