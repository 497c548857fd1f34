"""Keywords that read the messages which a private queue of the test got."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base.objects import field_of
from focus_core.rabbitmq.exclusive_test_queue import ExclusiveTestQueue
from focus_core.rabbitmq.messages import Message
from focus_core.server.members import member
from focus_core.webapp.alerts import Alert
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked
from focus_keywords.rabbitmq.queue_getters import TAGS

_FILTERS: dict[str, Any] = {"queue": ExclusiveTestQueue, "key": str, "alert": Alert}


class MessageGetters:
    """The messages of a private queue, returned and checked."""

    @keyword(tags=TAGS, types=_FILTERS | CHECK)
    def get_messages(
        self,
        queue: ExclusiveTestQueue,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        key: str | None = None,
        alert: Alert | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Message]:
        """Returns all messages that a private queue got until now, in order; with an operator their routing keys are
        checked.

        ``queue`` is bound with `Bind Private Queue` before the messages are sent. ``key``: those under this routing
        key. ``alert``: those of an alert. What is read stays: the next word sees it again.

        | ${queue} =    Bind Private Queue
        | ${alert} =    Send Alert    SD    high    1250 m
        | Get Messages    ${queue}    ==    Algorithm.AlertReport    alert=${alert}    within=5 s
        """
        found: list[Message] = checked(
            f"Messages in queue {queue.name}",
            lambda: _messages(queue, key, alert),
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=TAGS, types=_FILTERS | CHECK)
    def get_message_count(
        self,
        queue: ExclusiveTestQueue,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        key: str | None = None,
        alert: Alert | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many messages a private queue got until now; filters are those of `Get Messages`.

        | Get Message Count    ${queue}    ==    1    key=Focus.Test.Again    within=5 s
        """
        found: int = checked(
            f"Number of messages in queue {queue.name}",
            lambda: len(_messages(queue, key, alert)),
            operator,
            expected,
            message,
            within,
            during,
        )
        return found

    @keyword(tags=TAGS, types=_FILTERS | {"field": str} | CHECK)
    def get_message_field(
        self,
        queue: ExclusiveTestQueue,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        key: str | None = None,
        alert: Alert | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of the message in a private queue, or the list of it where several fit; filters are those
        of `Get Messages`.

        ``field`` is ``routing_key``, ``content_type``, ``delivery_mode``, ``body``, or a member of the body, as
        ``body.severity``.

        | Get Message Field    ${queue}    delivery_mode    ==    2    alert=${alert}    within=5 s
        | Get Message Field    ${queue}    body.severity    ==    3    alert=${alert}
        """

        def read() -> Any:
            found = _messages(queue, key, alert)
            name, _, path = field.partition(".")
            if not path:
                return field_of(found, "message", name)
            bodies = field_of(found, "message", name)
            values = [member(body, path) for body in ([bodies] if len(found) == 1 else bodies)]
            return values[0] if len(values) == 1 else values

        return checked(f"{field} in queue {queue.name}", read, operator, expected, message, within, during)


def _messages(queue: ExclusiveTestQueue, key: str | None, alert: Alert | None) -> list[Message]:
    return [
        message
        for message in queue.messages_until_now()
        if (key is None or message.routing_key == key)
        and (alert is None or (isinstance(message.body, dict) and message.body.get("alert_id") == alert.id))
    ]
