"""Alerts straight to the broker: the load driver's publisher and bare pika side by side, both with confirms.

Each publishes the same messages to the same queue of the same broker, as many under way at a time; the runs alternate.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from focus_core.base.run_identity import unique
from focus_core.load.broker import asked, open_channel
from focus_core.load.publishing import Publisher
from focus_core.rabbitmq.client import JSON, PERSISTENT
from focus_core.site import loader
from focus_core.site.model import Rabbit
from focus_core.webapp.alerts import Alert, AlertClass, Severity, exchange_message

from pipeline import console
from pipeline.errors import RunError
from pipeline.measure.figures import show
from pipeline.measure.site import simulator

MESSAGES, UNDER_WAY = 5000, 100
LEAST_PERCENT = 70.0
TIMEOUT_S = 60.0

Publish = Callable[[Rabbit, str, str], Awaitable[float]]


def measure(runs: int) -> int:
    """Both ways so many times on a site of its own; 1 when the driver's publisher is slower than it may be."""
    with tempfile.TemporaryDirectory(prefix="focus-measure-") as folder:
        try:
            broker = loader.load(simulator("up", state_dir=folder)).rabbitmq
            pairs = [(rate(broker, bare_pika), rate(broker, own_publisher)) for _ in range(runs)]
        finally:
            simulator("down", state_dir=folder)
    bare, own = map(list, zip(*pairs, strict=True))
    shares = [100 * mine / others for others, mine in pairs]
    show(f"alerts a second by bare pika, {UNDER_WAY} under way", bare, "/s")
    show("alerts a second by the load driver's publisher", own, "/s")
    show("share of bare pika's rate", shares, "%", least=LEAST_PERCENT)
    missed = sorted(shares)[len(shares) // 2] < LEAST_PERCENT
    if missed:
        console.say(f"missed: {LEAST_PERCENT:g} % of bare pika's rate")
    return int(missed)


def rate(broker: Rabbit, publish: Publish) -> float:
    """Confirmed messages a second, into a queue that is gone afterwards."""
    return MESSAGES / asyncio.run(_into_a_queue(broker, publish))


async def _into_a_queue(broker: Rabbit, publish: Publish) -> float:
    name = unique("focus-measure")
    body = json.dumps(exchange_message(Alert(name, AlertClass.SD, Severity.high, 1250), datetime.now(UTC)))
    channel = await open_channel(broker, name, lambda: None)
    if channel is None or not await asked(
        channel, lambda done: channel.queue_declare(name, durable=True, callback=done)
    ):
        raise RunError(f"RabbitMQ at {broker.host}:{broker.port} makes no queue; look at the log of its pod.")
    try:
        async with asyncio.timeout(TIMEOUT_S):
            return await publish(broker, name, body)
    finally:
        await asked(channel, lambda done: channel.queue_delete(name, callback=done))
        channel.connection.close()


async def own_publisher(broker: Rabbit, queue: str, body: str) -> float:
    """Seconds of all messages by the publisher of the load driver."""
    publisher, left = Publisher(broker, TIMEOUT_S), iter(range(MESSAGES))
    causes = [await publisher.publish("", queue, body)]

    async def work() -> None:
        for _ in left:
            causes.append(await publisher.publish("", queue, body))

    begun = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(UNDER_WAY)))
    seconds = time.perf_counter() - begun
    publisher.close()
    if any(causes):
        raise RunError(f"The broker did not confirm all messages: {', '.join(sorted(set(filter(None, causes))))}.")
    return seconds


async def bare_pika(broker: Rabbit, queue: str, body: str) -> float:
    """Seconds of all messages by pika alone: the next is published when one is confirmed."""
    import pika

    over: asyncio.Future[float] = asyncio.get_running_loop().create_future()
    lost = RunError("The broker broke off the connection of bare pika.")
    channel = await open_channel(broker, "bare pika", lambda: None if over.done() else over.set_exception(lost))
    if channel is None:
        return await over
    properties = pika.BasicProperties(content_type=JSON, delivery_mode=PERSISTENT)
    content, tags = body.encode(), iter(range(1, MESSAGES + 1))
    under_way: set[int] = set()

    def fill() -> None:
        for tag in itertools.islice(tags, UNDER_WAY - len(under_way)):
            under_way.add(tag)
            channel.basic_publish("", queue, content, properties, mandatory=True)

    def confirm(frame: Any) -> None:
        method = frame.method
        if method.multiple:
            under_way.difference_update([tag for tag in under_way if tag <= method.delivery_tag])
        else:
            under_way.discard(method.delivery_tag)
        fill()
        if not under_way and not over.done():
            over.set_result(time.perf_counter() - begun)

    await asked(channel, lambda done: channel.confirm_delivery(confirm, callback=done))
    begun = time.perf_counter()
    fill()
    seconds = await over
    channel.connection.close()
    return seconds
