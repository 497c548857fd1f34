"""Sends alerts through the web app, and has them removed again."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from focus_core.base import cleanup
from focus_core.base.http_session import HttpAnswer
from focus_core.base.threads import Threads
from focus_core.run import clients, report
from focus_core.site.data import site
from focus_core.site.model import User
from focus_core.webapp.alerts import Alert, push_body
from focus_core.webapp.client import Authentication

CREATED = 201
# So many requests are under way at the same time.
MOST_AT_ONCE = 16


@dataclass(frozen=True)
class SentRequest:
    """A request to push-to-rabbit: when it was sent and answered, the ids that it named, the answer."""

    at: datetime
    answered: datetime
    ids: frozenset[str]
    answer: HttpAnswer


# What the running test has sent and not removed yet.
ids_of_this_test: set[str] = set()
requests_of_this_test: list[SentRequest] = []


def send(alerts: Sequence[Alert], *, authentication: Authentication = "bearer") -> None:
    """Sends alerts in one request; they are removed at the end of the test.

    Raises ``AssertionError`` when the web app does not answer 201.
    """
    remove_at_end([alert.id for alert in alerts])
    expect_status(push(push_body(list(alerts)), authentication=authentication), CREATED, f"The {alerts[0]}")


def send_at_once(alerts: Sequence[Alert]) -> None:
    """Sends each alert in a request of its own, at most ``MOST_AT_ONCE`` at the same time; otherwise as ``send``."""
    remove_at_end([alert.id for alert in alerts])
    # One login for all.
    clients.webapp().login()
    with Threads(min(MOST_AT_ONCE, len(alerts))) as pool:
        answers = list(pool.map(lambda alert: push(push_body([alert])), alerts))
    for alert, answer in zip(alerts, answers, strict=True):
        expect_status(answer, CREATED, f"The {alert}")


def remove_at_end(ids: Sequence[str]) -> None:
    """Has the web app delete the alerts with these ids at the end of the test."""

    def remove() -> None:
        ids_of_this_test.difference_update(ids)
        requests_of_this_test[:] = [one for one in requests_of_this_test if one.ids.isdisjoint(ids)]
        clients.webapp().delete_alerts(list(ids))

    ids_of_this_test.update(ids)
    cleanup.current().add(f"{len(ids)} alerts from {ids[0]}", remove)


def push(body: dict[str, Any], *, authentication: Authentication = "bearer", user: User | None = None) -> HttpAnswer:
    """Sends a body to push-to-rabbit as this lane's user, or another; body and answer stand in the log."""
    webapp = clients.webapp_client(site(), user) if user else clients.webapp()
    at = datetime.now(UTC)
    answer = webapp.push_alert(body, authentication=authentication)
    ids = body.get("alertIds")
    if isinstance(ids, list) and ids:
        requests_of_this_test.append(SentRequest(at, datetime.now(UTC), frozenset(map(str, ids)), answer))
    report.log_fold(
        f"POST push-to-rabbit → {answer.status} in {answer.seconds:.3f} s",
        f"{json.dumps(body, indent=1, ensure_ascii=False)}\n\n→ {answer.status}\n\n{json.dumps(answer.body, indent=1)}",
    )
    return answer


def expect_status(answer: HttpAnswer, expected: int, what: str) -> None:
    """Raises ``AssertionError`` unless the answer to ``what`` has the status."""
    if answer.status == expected:
        return
    if answer.status < 400 <= expected:
        raise AssertionError(
            f"{what} was accepted ({answer.status}). It must be refused with {expected}. Alert removed."
        )
    raise AssertionError(f"{what} was answered {answer.status} {answer.body!r:.300} instead of {expected}.")
