"""Keywords that read the broker itself: exchanges, bindings, connections, nodes."""

from __future__ import annotations

from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base.objects import field_of
from focus_core.rabbitmq import queues
from focus_core.rabbitmq.management import Binding, BrokerExchange, Connection
from focus_core.run import clients
from focus_core.site.data import site
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked
from focus_keywords.rabbitmq.queue_getters import TAGS

ExchangeField = Literal["name", "type", "durable", "auto_delete"]
ConnectionField = Literal["name", "client", "user", "heartbeat"]
BrokerField = Literal["version", "running", "stopped", "alarms"]


class BrokerGetters:
    """The broker itself, returned and checked."""

    @keyword(tags=TAGS, types=CHECK)
    def get_exchanges(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[BrokerExchange]:
        """Returns the exchanges of the broker; with an operator their names are checked.

        | Get Exchanges    contains    baby_analyzer_commands
        """
        found: list[BrokerExchange] = checked(
            "Exchanges", clients.rabbitmq().management.exchanges, operator, expected, message, within, during
        )
        return found

    @keyword(tags=TAGS, types=CHECK | {"field": ExchangeField, "exchange": str})
    def get_exchange_field(
        self,
        field: ExchangeField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        exchange: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of an exchange, the site's unless another is named.

        | Get Exchange Field    type    ==    topic    exchange=baby_analyzer_commands
        """

        def read() -> Any:
            return field_of([clients.rabbitmq().exchange_facts(exchange)], "exchange", field)

        name = clients.rabbitmq().exchange if exchange is None else exchange
        return checked(f"{field} of exchange '{name}'", read, operator, expected, message, within, during)

    @keyword(tags=TAGS, types=CHECK | {"queue": str, "key": str, "exchange": str})
    def get_bindings(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        queue: str | None = None,
        key: str | None = None,
        exchange: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Binding]:
        """Returns the bindings of an exchange, the site's unless another is named; with an operator the names of the
        queues are checked.

        ``queue``: of queues whose names fit the pattern. ``key``: those by which a message under that key is given out.

        | Get Bindings    contains    webapp-alerts    key=Algorithm.AlertReport
        """

        def read() -> list[Binding]:
            return queues.bindings(clients.rabbitmq(), queue=queue, key=key, exchange=exchange)

        found: list[Binding] = checked("Queues of the bindings", read, operator, expected, message, within, during)
        return found

    @keyword(tags=TAGS, types=CHECK | {"field": ConnectionField, "client": str})
    def get_connection_field(
        self,
        field: ConnectionField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        client: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of the connections of the site's user, a list where there are several.

        ``client``: of clients whose names fit the pattern. The broker shows a connection late: the word waits until it
        shows one that was opened now, so that all that were open before are seen.

        | Get Connection Field    heartbeat    <=    600 s
        """
        user = site().rabbitmq.username

        def read() -> Any:
            return field_of(_connections(client), "connection", field)

        return checked(f"{field} of connections of '{user}'", read, operator, expected, message, within, during)

    @keyword(tags=TAGS, types=CHECK | {"client": str})
    def get_connection_count(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        client: str | None = None,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many connections the site's user has, seen as by `Get Connection Field`.

        | Get Connection Count    >=    1
        """

        def read() -> int:
            return len(_connections(client))

        count: int = checked("Number of connections", read, operator, expected, message, within, during)
        return count

    @keyword(tags=TAGS, types=CHECK | {"field": BrokerField})
    def get_broker_field(
        self,
        field: BrokerField,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns one thing of the broker as its management API describes it: its ``version``, the names of nodes that
        are ``running`` or ``stopped``, or its ``alarms``: with one it takes no message.

        | Get Broker Field    version    matches    ^[0-9]
        | Get Broker Field    alarms    ==    ${EMPTY}
        """

        def read() -> Any:
            value = getattr(clients.rabbitmq().broker(), field)
            return list(value) if isinstance(value, tuple) else value

        return checked(f"{field} of RabbitMQ", read, operator, expected, message, within, during)


def _connections(client: str | None) -> list[Connection]:
    """Those of the site's user that are open now, of clients whose names fit the pattern."""
    user = site().rabbitmq.username
    return [
        entry
        for entry in clients.rabbitmq().connections_until_now(site().timings.reconnected_s)
        if entry.user == user and (client is None or fnmatchcase(entry.client, client))
    ]
