"""Content of RabbitMQ: the site's exchanges and queues, and what its management API sets.

Everything here can be repeated: it makes the content what the active defects ask for, and leaves the rest alone.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.exceptions import ChannelClosedByBroker

from simulator.layout.manifests import EXCHANGE
from simulator.pods.analyzer import commands as analyzer_commands
from simulator.pods.webapp.messages import BINDING
from simulator.pods.webapp.messages import QUEUE as ALERT_QUEUE

RECORDER_QUEUE = "recorder_input"
MANAGEMENT_SECONDS = 5.0

Declare = Callable[[BlockingChannel], object]

_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def declare_messaging(url: str, defects: frozenset[str]) -> None:
    """Declare the site's durable topic exchanges and the recorder's queue; remove the first under its defect."""
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        _declare_alert_exchange(connection, defects)
        durable = "commands-exchange-transient" not in defects
        name = analyzer_commands.EXCHANGE
        _declare(
            connection,
            lambda channel: channel.exchange_declare(name, exchange_type="topic", durable=durable),
            lambda channel: channel.exchange_delete(name),
        )
        durable_queue = "recorder-queue-transient" not in defects
        _declare(
            connection,
            lambda channel: channel.queue_declare(RECORDER_QUEUE, durable=durable_queue),
            lambda channel: channel.queue_delete(RECORDER_QUEUE),
        )
        channel = connection.channel()
        if "exchange-catch-all" in defects:
            channel.queue_bind(RECORDER_QUEUE, EXCHANGE, "#")
        else:
            channel.queue_unbind(RECORDER_QUEUE, EXCHANGE, "#")
            channel.queue_purge(RECORDER_QUEUE)


def _declare_alert_exchange(connection: pika.BlockingConnection, defects: frozenset[str]) -> None:
    if "exchange-missing" in defects:
        connection.channel().exchange_delete(EXCHANGE)
        return
    kind = "fanout" if "exchange-fanout" in defects else "topic"
    durable = "exchange-transient" not in defects

    def declare(channel: BlockingChannel) -> None:
        channel.exchange_declare(EXCHANGE, exchange_type=kind, durable=durable)

    if _declare(connection, declare, lambda channel: channel.exchange_delete(EXCHANGE)):
        return
    # An exchange that was made anew has lost its bindings; nobody should have to wait until the web app notices.
    try:
        channel = connection.channel()
        channel.queue_declare(ALERT_QUEUE, passive=True)
    except ChannelClosedByBroker:
        return
    if "alerts-unbound" not in defects:
        channel.queue_bind(ALERT_QUEUE, EXCHANGE, BINDING)


def _declare(connection: pika.BlockingConnection, declare: Declare, delete: Declare) -> bool:
    """Declare something; what is there in another form is made anew: then False."""
    try:
        declare(connection.channel())
    except ChannelClosedByBroker:
        channel = connection.channel()
        delete(channel)
        declare(channel)
        return False
    return True


def manage(url: str, user: str, password: str, defects: frozenset[str]) -> None:
    """Set through the management API what the defects ask for: user guest, policy, limit. OSError when it is away."""
    login = f"Basic {b64encode(f'{user}:{password}'.encode()).decode()}"

    def put(path: str, body: dict[str, Any] | None) -> None:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": login, "Content-Type": "application/json"}
        method = "DELETE" if body is None else "PUT"
        request = urllib.request.Request(f"{url}/api/{path}", data, headers, method=method)  # noqa: S310 - loopback
        try:
            _opener.open(request, timeout=MANAGEMENT_SECONDS).close()
        except urllib.error.HTTPError as refused:
            # What is not there need not be removed.
            if body is not None or refused.code != 404:
                raise

    may_connect, may_manage = ("broker-guest-login" in defects, "management-guest-login" in defects)
    put("users/guest", None)
    if may_connect or may_manage:
        put("users/guest", {"password": "guest", "tags": "monitoring" if may_manage else ""})
    if may_connect:
        put("permissions/%2F/guest", {"configure": ".*", "write": ".*", "read": ".*"})
    few = {"pattern": ".*", "definition": {"max-length": 50}, "apply-to": "queues"}
    put("policies/%2F/few-messages", few if "queues-drop-messages" in defects else None)
    put("vhost-limits/%2F/max-connections", {"value": 20} if "broker-few-connections" in defects else None)
