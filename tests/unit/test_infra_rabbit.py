"""The broker's client: facts from the management API of a server on loopback, and addresses that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from focus_core import rabbit_client
from focus_core.errors import BenchError
from focus_core.rabbit_client import Binding, Exchange, Queue, RabbitClient
from loopback import Answer, Server, free_port, http_server

EXCHANGE = "GET /api/exchanges/%2F/prisma"
BINDINGS = "GET /api/exchanges/%2F/prisma/bindings/source"


@pytest.fixture
def server() -> Iterator[Server]:
    answers = {
        EXCHANGE: Answer(200, {"name": "prisma", "type": "topic", "durable": True, "auto_delete": False, "more": 1}),
        BINDINGS: Answer(
            200,
            [
                {"source": "prisma", "destination": "q", "destination_type": "queue", "routing_key": "a.#"},
                {"source": "prisma", "destination": "e", "destination_type": "exchange", "routing_key": "#"},
            ],
        ),
        "GET /api/queues/%2F": Answer(200, [{"name": "q", "durable": True, "messages": 3, "consumers": 1}]),
        "GET /api/overview": Answer(200, {"rabbitmq_version": "4.1"}),
    }
    with http_server(answers) as running:
        yield running


def client_of(url: str, port: int = 1) -> RabbitClient:
    return RabbitClient(host="127.0.0.1", port=port, management_url=url, username="prisma", password="opensesame")


def test_facts_are_read(server: Server) -> None:
    client = client_of(server.url)
    assert client.exchange_facts() == Exchange("prisma", "topic", durable=True, auto_delete=False)
    assert client.bindings() == [Binding("q", "a.#")]
    assert client.queues() == [Queue("q", durable=True)]
    assert client.version() == "4.1"


def test_a_missing_exchange_is_a_fault_of_the_product(server: Server) -> None:
    del server.answers[EXCHANGE]
    with pytest.raises(AssertionError, match="no exchange 'prisma'"):
        client_of(server.url).exchange_facts()


def test_a_refused_user_is_a_fault_of_the_bench(server: Server) -> None:
    server.answers[EXCHANGE] = Answer(401, {})
    with pytest.raises(BenchError, match=r"\(401\)") as failure:
        client_of(server.url).exchange_facts()
    assert "opensesame" not in str(failure.value)


def test_a_management_api_that_is_not_there_is_named() -> None:
    with pytest.raises(BenchError, match=r"rabbitmq\.management_url"):
        client_of(f"http://127.0.0.1:{free_port()}").queues()


def test_a_broker_that_is_not_there_is_named() -> None:
    port = free_port()
    with pytest.raises(BenchError, match=rf"RabbitMQ at 127\.0\.0\.1:{port}"):
        client_of("http://127.0.0.1:1", port).connect()


def test_a_broker_that_goes_away_is_named() -> None:
    from pika.exceptions import StreamLostError

    with pytest.raises(BenchError, match="broker:1 broke off"), rabbit_client.broken_connection_named("broker:1"):
        raise StreamLostError


@pytest.mark.parametrize(("body", "parsed"), [(b'{"a": 1}', {"a": 1}), (b"plain", "plain"), (b"\xff", "\ufffd")])
def test_a_message_is_parsed_when_it_is_json(body: bytes, parsed: object) -> None:
    properties = SimpleNamespace(content_type="application/json", delivery_mode=2)
    message = rabbit_client._message("key", properties, body)
    assert (message.routing_key, message.body, message.delivery_mode) == ("key", parsed, 2)
