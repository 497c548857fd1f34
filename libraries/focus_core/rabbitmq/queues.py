"""Finds queues of the broker by what they are for: a view, a name, a routing key."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from focus_core.base.words import names_job
from focus_core.rabbitmq.view_queues import topic_matches

if TYPE_CHECKING:
    from focus_core.rabbitmq.client import RabbitClient
    from focus_core.rabbitmq.management import Binding, Queue


@dataclass(frozen=True)
class QueueFilter:
    """Which queues are meant; None: any.

    ``name`` is a pattern (``*`` stands for any text), ``key`` a routing key that the queue is bound for at
    ``exchange``, the site's unless another is named. Queues that only one connection can use, as those of other tests,
    are found only by their whole name.
    """

    job_id: str | None = None
    name: str | None = None
    key: str | None = None
    exchange: str | None = None
    durable: bool | None = None

    def __str__(self) -> str:
        """The words behind "queues"."""
        at = "" if self.exchange is None else f" at exchange '{self.exchange}'"
        words = (
            f" of job {self.job_id}" if self.job_id is not None else "",
            f" named {self.name}" if self.name is not None else "",
            f" bound for {self.key}{at}" if self.key is not None else f" bound{at}" if at else "",
            "" if self.durable is None else " that are durable" if self.durable else " that are not durable",
        )
        return f"queues{''.join(words)}"

    def keeps(self, queue: Queue, bound: frozenset[str] | None) -> bool:
        """Whether the queue is meant; ``bound`` are the queues with a fitting binding, None where none is asked for."""
        return (
            (not queue.exclusive or queue.name == self.name)
            and (self.job_id is None or names_job(queue.name, self.job_id))
            and (self.name is None or fnmatchcase(queue.name, self.name))
            and (bound is None or queue.name in bound)
            and (self.durable is None or queue.durable == self.durable)
        )


def find(client: RabbitClient, wanted: QueueFilter, *, counted: bool = False) -> list[Queue]:
    """The queues that are meant, by name; with ``counted`` their ready messages and consumers are counted now."""
    bound = None
    if wanted.key is not None or wanted.exchange is not None:
        bound = frozenset(entry.queue for entry in bindings(client, key=wanted.key, exchange=wanted.exchange))
    found = sorted((queue for queue in client.queues() if wanted.keeps(queue, bound)), key=lambda queue: queue.name)
    return client.counted(found) if counted else found


def bindings(
    client: RabbitClient, *, queue: str | None = None, key: str | None = None, exchange: str | None = None
) -> list[Binding]:
    """The bindings of an exchange, the site's unless another is named; of one queue, or those that take the key."""
    return [
        entry
        for entry in client.bindings(exchange)
        if (queue is None or fnmatchcase(entry.queue, queue)) and (key is None or topic_matches(entry.routing_key, key))
    ]
