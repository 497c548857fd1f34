"""Keywords that read the queues of the broker."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base.objects import field_of
from focus_core.rabbitmq import queues
from focus_core.rabbitmq.management import Queue
from focus_core.rabbitmq.queues import QueueFilter
from focus_core.run import clients
from focus_core.views.view import View
from robot.api.deco import keyword

from focus_keywords.failures import naming
from focus_keywords.getters import CHECK, checked

TAGS = ("rabbitmq", "Getter", "Assertion")
# The numbers of the management API are at most so old, unless the broker is set otherwise, and a moment on the way.
_STATISTICS_AGE_S = 6.0
# Robot Framework's timeouts end a wait between two slices of it.
_SLICE_S = 0.2
_LATE = ("unacknowledged", "messages")

QueueField = Literal[
    "name",
    "durable",
    "auto_delete",
    "exclusive",
    "arguments",
    "consumers",
    "ready",
    "unacknowledged",
    "messages",
    "limited",
]
_FILTERS: dict[str, Any] = {"view": View, "name": str, "key": str, "exchange": str, "durable": bool}


class QueueGetters:
    """The queues of the broker, returned and checked."""

    @keyword(tags=TAGS, types=CHECK | _FILTERS)
    def get_queues(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: View | None = None,
        name: str | None = None,
        key: str | None = None,
        exchange: str | None = None,
        durable: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Queue]:
        """Returns the queues of the broker, by name; with an operator their names are checked.

        ``view``: those of a view. ``name``: a pattern, ``*`` stands for any text. ``key``: those that are bound for a
        routing key, at the site's exchange unless ``exchange`` is another. ``durable``: yes or no. A queue that only
        one connection can use, as those of other tests, is found only by its whole name. How many messages wait in a
        queue and how many consumers it has is counted now.

        | ${queues} =    Get Queues    durable=yes
        | Get Queues    contains    webapp-alerts    key=Algorithm.AlertReport
        """
        wanted = _wanted(view, name, key, exchange, durable)
        found: list[Queue] = checked(
            f"Names of {wanted}",
            lambda: queues.find(clients.rabbitmq(), wanted, counted=True),
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=TAGS, types=CHECK | _FILTERS)
    def get_queue_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: View | None = None,
        name: str | None = None,
        key: str | None = None,
        exchange: str | None = None,
        durable: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many queues the broker has, a failure names them; filters are those of `Get Queues`.

        | Get Queue Count    ==    2    view=${view}    within=10 s
        """
        wanted = _wanted(view, name, key, exchange, durable)
        found: list[Queue] = []

        def count() -> int:
            found[:] = queues.find(clients.rabbitmq(), wanted)
            return len(found)

        try:
            number: int = checked(f"Number of {wanted}", count, operator, expected, message, within, during)
        except AssertionError as failure:
            raise naming(failure, message, "There are", [queue.name for queue in found]) from None
        return number

    @keyword(tags=TAGS, types={"field": QueueField} | CHECK | _FILTERS)
    def get_queue_field(
        self,
        field: QueueField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: View | None = None,
        name: str | None = None,
        key: str | None = None,
        exchange: str | None = None,
        durable: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of a queue, or the list of it where several queues fit; filters are those of `Get Queues`.

        ``ready`` and ``consumers`` are counted now. The broker knows ``unacknowledged`` and ``messages`` late: for
        these the word waits six seconds before its first look.

        | Get Queue Field    durable    ==    yes    name=recorder_input
        | Get Queue Field    messages    ==    0    key=Algorithm.AlertReport    durable=yes    within=30 s
        """
        wanted = _wanted(view, name, key, exchange, durable)
        if field in _LATE:
            _wait_for_statistics()

        def read() -> Any:
            return field_of(
                queues.find(clients.rabbitmq(), wanted, counted=field in ("consumers", "ready")), "queue", field
            )

        return checked(f"{field} of {wanted}", read, operator, expected, message, within, during)

    @keyword(tags=TAGS, types=CHECK | _FILTERS)
    def get_consumer_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        view: View | None = None,
        name: str | None = None,
        key: str | None = None,
        exchange: str | None = None,
        durable: bool | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many consumers the queues have together, counted now; filters are those of `Get Queues`.

        The broker's own page shows a consumer some seconds late; this word does not.

        | Get Consumer Count    >=    1    key=Algorithm.AlertReport    within=30 s
        """
        wanted = _wanted(view, name, key, exchange, durable)

        def count() -> int:
            return sum(queue.consumers for queue in queues.find(clients.rabbitmq(), wanted, counted=True))

        found: int = checked(f"Number of consumers of {wanted}", count, operator, expected, message, within, during)
        return found


def _wanted(
    view: View | None, name: str | None, key: str | None, exchange: str | None, durable: bool | None
) -> QueueFilter:
    return QueueFilter(view.job_id if view else None, name, key, exchange, durable)


def _wait_for_statistics() -> None:
    ends = time.monotonic() + _STATISTICS_AGE_S
    while (left := ends - time.monotonic()) > 0:
        time.sleep(min(left, _SLICE_S))
