"""What the service publishes."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pika
from focus_core.site.secrets import reveal

from weather_station.settings import Site

WITHIN_S = 10.0


@contextmanager
def listening(site: Site, station: str) -> Iterator[Callable[[], dict[str, Any]]]:
    """A queue of our own for the readings of a station, bound before the block begins; the call gives the next one.

    The call raises ``AssertionError`` when none comes within 10 s.
    """
    broker = site.rabbitmq
    login = pika.PlainCredentials(broker.username, reveal(broker.password))
    connection = pika.BlockingConnection(pika.ConnectionParameters(broker.host, broker.port, credentials=login))
    try:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, broker.exchange, f"reading.{station}")

        def next_message() -> dict[str, Any]:
            end = time.monotonic() + WITHIN_S
            while time.monotonic() < end:
                _, _, body = channel.basic_get(queue, auto_ack=True)
                if body is not None:
                    found: dict[str, Any] = json.loads(body)
                    return found
                connection.sleep(0.05)
            raise AssertionError(f"No reading of {station} was published within {WITHIN_S:.0f} s.")

        yield next_message
    finally:
        connection.close()
