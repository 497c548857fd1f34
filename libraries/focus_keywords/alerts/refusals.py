"""Keywords about alerts that the web app must refuse, with nothing sent to the exchange and nothing listed."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any, Literal

from focus_core.base.errors import BenchError
from focus_core.base.failures import fail_with
from focus_core.base.http_session import HttpAnswer
from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import number_in
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.run import clients, other_clients
from focus_core.site.data import site
from focus_core.webapp.alerts import new_alerts, push_body
from robot.api import SkipExecution
from robot.api.deco import keyword

from focus_keywords.alerts.message_checks import id_of
from focus_keywords.alerts.sending import expect_status, push, remove_at_end, send

# A tester's word for a field of push-to-rabbit.
FIELDS = {
    "class": "classId",
    "severity": "severity",
    "distance": "dofM",
    "amount": "alertsAmount",
    "ids": "alertIds",
}


class AlertRefusals:
    """Alerts that may reach nobody."""

    @keyword(tags=("alerts", "Assertion"))
    def alert_should_be_refused(self, **change: str) -> None:
        """Sends a good alert with one thing changed; fails unless the web app answers 400 and names the field.

        Nothing may pass the exchange or be listed. The change is one of ``class``, ``severity``, ``distance`` (a number
        of metres), ``amount``, ``id``, ``ids`` (so many ids), or ``missing`` with the name of one of these.

        Example:
        | Alert Should Be Refused    class=105
        | Alert Should Be Refused    missing=distance
        """
        what, body, field = _changed(_good_body(), change)
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            answer = push(body)
            expect_status(answer, HTTPStatus.BAD_REQUEST, f"An alert with {what}")
            if not _names(answer, field):
                raise AssertionError(f"An alert with {what} was refused without naming {field}: {answer.body!r:.300}.")
            _expect_nothing_came(body, queue, f"the refused alert with {what}")

    @keyword(tags=("alerts", "Assertion"))
    def alert_should_be_refused_to(self, who: Literal["nobody", "viewer"]) -> None:
        """Sends a good alert without a login, or as a user who only reads; fails unless the web app answers 401 or 403,
        sends nothing to the exchange and lists nothing. Skips where the site has no viewer.

        Example:
        | Alert Should Be Refused To    nobody
        """
        body = _good_body()
        viewer = other_clients.viewer() if who == "viewer" else None
        if who == "viewer" and viewer is None:
            raise SkipExecution(f"Site {site().name} has no user of the role viewer.")
        with ExclusiveTestQueue(clients.rabbitmq()) as queue:
            answer = push(body, user=viewer) if viewer else push(body, authentication="none")
            what = "alert of a viewer" if viewer else "alert without a login"
            expect_status(answer, HTTPStatus.FORBIDDEN if viewer else HTTPStatus.UNAUTHORIZED, f"An {what}")
            _expect_nothing_came(body, queue, f"the {what}")


def _good_body() -> dict[str, Any]:
    """A complete alert that every site accepts; a test of refusal changes one thing of it."""
    alerts = new_alerts("SD", "high", 1250)
    # A site that accepts it although it must not may not keep it.
    remove_at_end([alert.id for alert in alerts])
    return push_body(alerts)


def _expect_nothing_came(body: dict[str, Any], queue: ExclusiveTestQueue, what: str) -> None:
    """A good alert is sent after the refused one: when it has come, the refused one would have come before it."""
    ids = set(body.get("alertIds", []))
    (control,) = new_alerts("SC", "low", 1250)
    send([control])
    budget = site().timings.alert_visible_s
    queue.wait_for(f"The {control}, sent after {what}", lambda message: id_of(message) == control.id, timeout=budget)
    passed = [message for message in queue.messages_until_now() if id_of(message) in ids]

    def listed() -> set[Any]:
        found = {entry.get("ext_id") for entry in clients.webapp().alerts()}
        if control.id not in found:
            raise NotYet(f"{len(found)} other alerts")
        return found

    shown = wait_until(f"The {control}, sent after {what}, in the operator's list", listed, timeout=budget)
    problems = [f"it passed the exchange: {message.body!r:.300}" for message in passed[:1]]
    problems += [f"the operator's list has it as '{ident}'" for ident in sorted(ids & shown)]
    fail_with(f"{what[0].upper()}{what[1:]} was not held back", problems)


def _changed(body: dict[str, Any], change: dict[str, str]) -> tuple[str, dict[str, Any], str]:
    """What was changed in words, the changed body, and the field that the refusal must name."""
    if len(change) != 1:
        raise BenchError(
            f"An alert is refused for one change, not {len(change)}: {', '.join(change) or 'say which, as class=105'}."
        )
    name, value = next(iter(change.items()))
    if name == "missing":
        field = _field(value, FIELDS)
        return f"no {field}", {key: kept for key, kept in body.items() if key != field}, field
    if name == "id":
        remove_at_end([value, *body["alertIds"]])
        return f"alert id '{value}'", {**body, "alertIds": [value]}, FIELDS["ids"]
    if name == "ids":
        count = int(number_in(value))
        ids = [f"{body['alertIds'][0]}-{number}" for number in range(count)]
        remove_at_end([*ids, *body["alertIds"]])
        return f"{count} ids", {**body, "alertsAmount": count, "alertIds": ids}, FIELDS["ids"]
    field = _field(name, [*FIELDS, "id", "missing"])
    return f"{field} {value}", {**body, field: number_in(value)}, field


def _field(name: str, known: Iterable[str]) -> str:
    if name not in known:
        raise BenchError(f"'{name}' is nothing of an alert that can be changed; choose one of {', '.join(known)}.")
    return FIELDS[name]


def _names(answer: HttpAnswer, field: str) -> bool:
    """Whether a refusal names the field, as on the wire or in words ("alertIds", "alert id")."""
    return field.removesuffix("s").lower() in str(answer.body).replace(" ", "").lower()
