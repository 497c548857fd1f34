"""Sends alerts all through a fault, one after another, and keeps what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus

from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpAnswer
from focus_core.base.repeater import Repeater
from focus_core.webapp.alerts import Alert, new_alerts, push_body
from focus_core.webapp.client import WebAppClient
from focus_core.webapp.unavailable import problems_of_unavailable

_PAUSE_S = 0.05
# The longest that one request may hang.
_LAST_ANSWER_S = 35.0


@dataclass
class AlertSender:
    """Sends in a thread of its own for each of the ``clients``; ``answers`` has an entry for each alert, None where no
    answer came."""

    clients: Sequence[WebAppClient]
    answers: list[tuple[Alert, HttpAnswer | None]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{len(self.confirmed)} of {len(self.answers)} alerts confirmed"

    @property
    def confirmed(self) -> list[Alert]:
        """The alerts that were answered with 201."""
        return [alert for alert, answer in self.answers if answer and answer.status == HTTPStatus.CREATED]

    def start(self) -> None:
        """Returns when each has had an alert confirmed."""
        steps = [partial(self._send, client) for client in self.clients]
        self._repeaters = [Repeater(step, pause_s=_PAUSE_S, longest_s=_LAST_ANSWER_S) for step in steps]
        for repeater in self._repeaters:
            repeater.start_well("No alert was taken")

    def stop(self) -> None:
        """Ends after the alerts that are being sent."""
        for repeater in self._repeaters:
            repeater.stop()

    def problems(self, because: str, limit_s: float) -> list[str]:
        """What is wrong with the answers to alerts that were not confirmed: anything but a good 503."""
        found = []
        for alert, answer in self.answers:
            if answer is None:
                found.append(f"{alert.id} was not answered at all")
            elif answer.status != HTTPStatus.CREATED:
                found += [f"{alert.id}: {text}" for text in problems_of_unavailable(answer, because, limit_s)]
        return found

    def _send(self, client: WebAppClient) -> bool:
        (alert,) = new_alerts("SD", "low", 1250)
        answer = None
        with suppress(BenchError, AssertionError):
            answer = client.push_alert(push_body([alert]))
        self.answers.append((alert, answer))
        return answer is not None and answer.status == HTTPStatus.CREATED
