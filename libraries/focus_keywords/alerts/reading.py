"""Reads alerts where the site shows them, as a getter asks for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Metres
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.run import clients
from focus_core.webapp import seen_alerts
from focus_core.webapp.alerts import Alert
from focus_core.webapp.seen_alerts import AlertQuery, SeenAlert

from focus_keywords.alerts import sending

Source = Literal["list", "csv", "json"] | ExclusiveTestQueue
SentBy = Literal["me"]

_WHERE = {"list": "in the operator's list", "csv": "in the export", "json": "in the export as JSON"}


@dataclass(frozen=True)
class Asked:
    """Which alerts are wanted, and where they are read; ``query`` is what the web app is asked for."""

    query: AlertQuery
    alert: Alert | None
    sent_by: SentBy | None
    distance: Metres | None
    source: Source

    def __post_init__(self) -> None:
        if self.query.page and self.source != "list":
            raise BenchError("Only the operator's list has pages; leave out page or source.")
        if isinstance(self.source, ExclusiveTestQueue) and (
            self.query.order != "time" or self.query.ascending or self.query.state
        ):
            raise BenchError(
                "Messages stand in the order in which they came and have no state; leave out order, ascending and "
                "state."
            )

    def named(self, what: str) -> str:
        """What is read, for the beginning of a failure."""
        source = self.source
        return f"{what} {_WHERE[source] if isinstance(source, str) else f'in queue {source.name}'}"

    def read(self) -> list[SeenAlert]:
        """The alerts as they are shown now."""
        return [one for one in self._shown() if self.distance is None or one.distance == self.distance]

    def _shown(self) -> list[SeenAlert]:
        if isinstance(self.source, ExclusiveTestQueue):
            bodies = [message.body for message in self.source.messages_until_now() if isinstance(message.body, dict)]
            return list(filter(self.query.accepts, seen_alerts.of_messages(bodies, self._is_meant)))
        webapp, params = clients.webapp(), self.query.params()
        if self.source == "csv":
            return seen_alerts.exported(webapp.exported_alerts(params=params), self._is_meant)
        found = webapp.alerts if self.source == "list" else webapp.alerts_exported_as_json
        return seen_alerts.listed(found(params=params), self._is_meant)

    def _is_meant(self, ident: str) -> bool:
        return (self.alert is None or ident == self.alert.id) and (
            self.sent_by is None or ident in sending.ids_of_this_test
        )
