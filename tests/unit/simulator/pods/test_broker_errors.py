"""Whatever pika raises for a broker that is away is one of the errors that the site's programs wait through."""

from __future__ import annotations

import socket

import pika
import pytest

from simulator.pods.broker_errors import BROKER_ERRORS


def connect(port: int) -> None:
    pika.BlockingConnection(pika.ConnectionParameters("127.0.0.1", port, stack_timeout=0.3, socket_timeout=0.3))


def test_a_broker_that_takes_the_connection_and_says_nothing() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(BROKER_ERRORS):
        connect(silent.getsockname()[1])


def test_a_broker_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(BROKER_ERRORS):
        connect(port)
