"""The broker's client: facts from the management API of a server on loopback, and addresses that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Seconds
from focus_core.rabbitmq.client import RabbitClient
from focus_core.rabbitmq.connection import broken_connection_named
from focus_core.rabbitmq.management import Binding, BrokerExchange, BrokerState, Connection, Node, Queue
from focus_core.rabbitmq.messages import parsed_message
from support.loopback import Answer, Server, free_port, http_server

EXCHANGE = "GET /api/exchanges/%2F/prisma"
BINDINGS = "GET /api/exchanges/%2F/prisma/bindings/source"


QUEUE = {
    "name": "q",
    "durable": True,
    "auto_delete": False,
    "exclusive": False,
    "arguments": {"x-max-length": 5},
    "messages_ready": 3,
    "messages_unacknowledged": 2,
    "consumers": 1,
}
CONSUMER = {"channel_details": {"connection_name": "c"}}


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
        "GET /api/queues/%2F": Answer(200, [QUEUE]),
        "GET /api/queues/%2F/q": Answer(200, QUEUE | {"consumer_details": [CONSUMER]}),
        "GET /api/exchanges/%2F": Answer(
            200, [{"name": "prisma", "type": "topic", "durable": True, "auto_delete": False}]
        ),
        "GET /api/overview": Answer(200, {"rabbitmq_version": "4.1"}),
        "GET /api/nodes": Answer(200, [{"name": "n", "running": True, "mem_alarm": True, "disk_free_alarm": False}]),
        "GET /api/connections": Answer(
            200,
            [
                {"name": "c", "user": "u", "timeout": 60, "client_properties": {"connection_name": "me"}},
                {"name": "just opened"},
            ],
        ),
        "DELETE /api/connections/c": Answer(204, None),
    }
    with http_server(answers) as running:
        yield running


def client_of(url: str, port: int = 1) -> RabbitClient:
    return RabbitClient(host="127.0.0.1", port=port, management_url=url, username="prisma", password="opensesame")


def test_facts_are_read(server: Server) -> None:
    client = client_of(server.url)
    assert client.exchange_facts() == BrokerExchange("prisma", "topic", durable=True, auto_delete=False)
    assert client.bindings() == [Binding("q", "a.#")]
    queue = Queue("q", durable=True, arguments={"x-max-length": 5}, consumers=1, ready=3, unacknowledged=2)
    assert client.queues() == [queue]
    assert client.management.consumers_of("q") == {"c"}
    assert client.management.connections() == [Connection("c", "me", "u", Seconds(60))]
    assert client.management.nodes() == [Node("n", running=True, alarms=("mem_alarm",))]
    assert client.version() == "4.1"
    assert client.broker() == BrokerState("4.1", ("n",), (), ("mem_alarm of n",))
    assert [exchange.name for exchange in client.management.exchanges()] == ["prisma"]


def test_a_connection_is_ended_and_a_refusal_is_reported(server: Server) -> None:
    management = client_of(server.url).management
    management.close_connection("c", "a test")
    assert server.requests[-1].headers["X-Reason"] == "a test"
    management.close_connection("gone", "a test")
    server.answers["DELETE /api/connections/c"] = Answer(403, None)
    with pytest.raises(BenchError, match=r"\(403\); give it the tag administrator"):
        management.close_connection("c", "a test")


def test_a_stranger_sends_another_login_or_none(server: Server) -> None:
    management = client_of(server.url).management
    assert management.status_for(None) == 200
    assert "Authorization" not in server.requests[-1].headers
    server.answers["GET /api/overview"] = Answer(401, {})
    assert management.status_for("guest", "guest") == 401
    assert server.requests[-1].headers["Authorization"] == "Basic Z3Vlc3Q6Z3Vlc3Q="


def test_a_queue_of_somebody_else_is_not_deleted() -> None:
    client = client_of("http://127.0.0.1:1")
    with pytest.raises(BenchError, match="'recorder_input' is not one of run r1; it was not deleted"):
        client.delete_own_queue("recorder_input", "r1")
    with pytest.raises(BenchError, match="it was not deleted"):
        client.delete_own_queue("recorder_input", "")


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

    with pytest.raises(BenchError, match="broker:1 broke off"), broken_connection_named("broker:1"):
        raise StreamLostError


@pytest.mark.parametrize(("body", "parsed"), [(b'{"a": 1}', {"a": 1}), (b"plain", "plain"), (b"\xff", "\ufffd")])
def test_a_message_is_parsed_when_it_is_json(body: bytes, parsed: object) -> None:
    properties = SimpleNamespace(content_type="application/json", delivery_mode=2)
    message = parsed_message("key", properties, body)
    assert (message.routing_key, message.body, message.delivery_mode) == ("key", parsed, 2)


def test_queues_are_counted_on_the_broker_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    from pika.exceptions import ChannelClosedByBroker

    opened: list[int] = []

    def declared(name: str, *, passive: bool) -> SimpleNamespace:
        assert passive
        if name == "gone":
            raise ChannelClosedByBroker(404, "NOT_FOUND")
        return SimpleNamespace(method=SimpleNamespace(message_count=7, consumer_count=2))

    def channel() -> SimpleNamespace:
        opened.append(1)
        return SimpleNamespace(queue_declare=declared)

    client = client_of("http://127.0.0.1:1")
    monkeypatch.setattr(client, "connect", lambda: SimpleNamespace(channel=channel, close=lambda: None))
    found = client.counted([Queue("gone", durable=True, ready=1), Queue("q", durable=True, unacknowledged=3)])
    assert found == [
        Queue("gone", durable=True, ready=1),
        Queue("q", durable=True, consumers=2, ready=7, unacknowledged=3),
    ]
    assert len(opened) == 2
