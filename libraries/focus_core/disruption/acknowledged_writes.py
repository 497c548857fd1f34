"""What a server has acknowledged during a fault, counted again afterwards: nothing of it may be lost."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Protocol

from focus_core.base.run_identity import unique
from focus_core.disruption import undos
from focus_core.mongodb.client import MongoSite
from focus_core.rabbitmq.client import RabbitClient
from focus_core.rabbitmq.durable_test_queue import DurableTestQueue
from focus_core.run import undo_records

if TYPE_CHECKING:
    from focus_core.run.undo_records import OpenRecord
    from focus_core.site.model import Site

# Seconds for one attempt: an outage is measured by attempts.
_TIMEOUT_S = 1.0


class AcknowledgedWrites(Protocol):
    """Attempts that were acknowledged, and which of them are still there."""

    record: OpenRecord

    @property
    def acknowledged(self) -> int:
        """How many attempts were acknowledged."""

    def write(self) -> None:
        """One attempt more; raises when it was not acknowledged."""

    def missing(self) -> int:
        """How many of the acknowledged attempts are gone."""


class AcknowledgedDocuments:
    """Documents in a collection of this run's own, acknowledged as on disk."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._collection = unique("focus_ledger")
        self._attempts = 0
        self._acknowledged: set[int] = set()
        self.record = undo_records.keep(site, undos.OWN_COLLECTION, "", {"collection": self._collection})

    @property
    def acknowledged(self) -> int:
        return len(self._acknowledged)

    def write(self) -> None:
        self._attempts += 1
        # A connection of its own: what is measured is whether a client that comes now is served.
        with closing(MongoSite.of_site(self._site, timeout=_TIMEOUT_S)) as mongo:
            mongo.write_own(self._collection, [{"number": self._attempts}])
        self._acknowledged.add(self._attempts)

    def missing(self) -> int:
        with closing(MongoSite.of_site(self._site)) as mongo:
            found = {document["number"] for document in mongo.documents(self._collection)}
        return len(self._acknowledged - found)


class AcknowledgedMessages:
    """Persistent messages in a durable queue of this run's own, confirmed by the broker."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._queue = DurableTestQueue(RabbitClient.of_site(site, timeout=_TIMEOUT_S))
        self._attempts = 0
        self.record = undo_records.keep(site, undos.OWN_QUEUE, "", {"queue": self._queue.name})

    @property
    def acknowledged(self) -> int:
        return len(self._queue.confirmed)

    def write(self) -> None:
        if not self._attempts:
            self._queue.declare()
        self._attempts += 1
        if self._queue.publish([self._attempts]) is not None:
            raise AssertionError("the broker refused a message")

    def missing(self) -> int:
        return len(self._queue.confirmed - set(self._queue.drain()))


ACKNOWLEDGED_WRITES: dict[str, type[AcknowledgedDocuments] | type[AcknowledgedMessages]] = {
    "mongodb": AcknowledgedDocuments,
    "rabbitmq": AcknowledgedMessages,
}
