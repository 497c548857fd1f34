"""A channel to a broker in the running event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from focus_core.rabbitmq import connection as rabbit_connection
from focus_core.site.model import Rabbit
from focus_core.site.secrets import reveal


async def open_channel(broker: Rabbit, name: str, lost: Callable[[], None]) -> Any:
    """A pika channel on a new connection, which the management API shows by its ``name``; None where there is none.

    ``lost`` is called when channel or connection end, maybe more than once. To end it, close ``channel.connection``.
    """
    # Imported here: a load without messages must not pay for it.
    from pika.adapters.asyncio_connection import AsyncioConnection

    opened: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def settle(channel: Any) -> None:
        if not opened.done():
            opened.set_result(channel)

    def ended(*_: object) -> None:
        settle(None)
        lost()

    place = rabbit_connection.parameters(
        host=broker.host,
        port=broker.port,
        vhost=broker.vhost,
        username=broker.username,
        password=reveal(broker.password),
        timeout=rabbit_connection.CONNECT_TIMEOUT_S,
        name=name,
    )
    AsyncioConnection(
        place,
        on_open_callback=lambda connection: connection.channel(on_open_callback=settle),
        on_open_error_callback=ended,
        on_close_callback=ended,
    )
    channel = await opened
    if channel is not None:
        channel.add_on_close_callback(ended)
    return channel


async def asked(channel: Any, ask: Callable[[Callable[[Any], None]], object]) -> bool:
    """Asks the broker something on a channel and waits for its answer; whether one came.

    ``ask`` gets what it has to name as the callback of the answer.
    """
    answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def settle(came: bool) -> None:
        if not answered.done():
            answered.set_result(came)

    channel.add_on_close_callback(lambda *_: settle(False))
    ask(lambda _: settle(True))
    return await answered
