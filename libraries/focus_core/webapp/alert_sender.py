"""Sends alerts all through a fault, one after another, and keeps what became of each."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
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
    """Sends in a thread of its own; ``answers`` has an entry for each alert, None where no answer came."""

    client: WebAppClient
    answers: list[tuple[Alert, HttpAnswer | None]] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{len(self.confirmed)} of {len(self.answers)} alerts confirmed"

    @property
    def confirmed(self) -> list[Alert]:
        """The alerts that were answered with 201."""
        return [alert for alert, answer in self.answers if answer and answer.status == HTTPStatus.CREATED]

    def start(self) -> None:
        """Returns when the first alert was confirmed."""
        self._repeater = Repeater(self._send, pause_s=_PAUSE_S, longest_s=_LAST_ANSWER_S)
        self._repeater.start_well("No alert was taken")

    def stop(self) -> None:
        """Ends after the alert that is being sent."""
        self._repeater.stop()

    def problems(self, because: str, limit_s: float) -> list[str]:
        """What is wrong with the answers to alerts that were not confirmed: anything but a good 503."""
        found = []
        for alert, answer in self.answers:
            if answer is None:
                found.append(f"{alert.id} was not answered at all")
            elif answer.status != HTTPStatus.CREATED:
                found += [f"{alert.id}: {text}" for text in problems_of_unavailable(answer, because, limit_s)]
        return found

    def _send(self) -> bool:
        (alert,) = new_alerts("SD", "low", 1250)
        answer = None
        with suppress(BenchError, AssertionError):
            answer = self.client.push_alert(push_body([alert]))
        self.answers.append((alert, answer))
        return answer is not None and answer.status == HTTPStatus.CREATED
