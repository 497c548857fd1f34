"""The queues of a view: its own, and the one through which its job gets commands (site-contract 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from focus_core.base.waiting import NotYet, wait_until
from focus_core.base.words import names_job
from focus_core.rabbitmq.commands import COMMAND_EXCHANGE

if TYPE_CHECKING:
    from focus_core.rabbitmq.client import RabbitClient
    from focus_core.rabbitmq.management import Queue


def wait_for_queues(client: RabbitClient, job_id: str, *, timeout: float) -> list[Queue]:
    """The queues of a view, its own first, as soon as both are there. Raises ``WaitTimeout`` after ``timeout`` s."""

    def there() -> list[Queue]:
        found = [queue for queue in client.queues() if names_job(queue.name, job_id)]
        bound = {binding.queue for binding in client.bindings(COMMAND_EXCHANGE)}
        own = [queue for queue in found if queue.name not in bound]
        if not own or len(own) == len(found):
            raise NotYet(f"queues {', '.join(queue.name for queue in found) or 'none'}")
        return own + [queue for queue in found if queue.name in bound]

    return wait_until(f"Job {job_id} has a queue of its own and one for commands", there, timeout=timeout)


def topic_matches(pattern: str, key: str) -> bool:
    """Whether a topic exchange gives a message with this routing key to a binding: ``*`` is one word, ``#`` any."""

    def fits(wanted: list[str], words: list[str]) -> bool:
        if not wanted:
            return not words
        if wanted[0] == "#":
            return fits(wanted[1:], words) or (bool(words) and fits(wanted, words[1:]))
        return bool(words) and wanted[0] in ("*", words[0]) and fits(wanted[1:], words[1:])

    return fits(pattern.split("."), key.split("."))
