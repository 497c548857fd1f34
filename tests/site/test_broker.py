"""RabbitMQ of the site: pika, the management API, and the pod's death."""

from __future__ import annotations

import pika
import pytest
import requests
from support.site_commands import Site, secret
from support.webapp import parameters


def management(site: Site, path: str) -> requests.Response:
    broker = site["rabbitmq"]
    login = (broker["username"], secret(broker["password"]))
    return requests.get(f"{broker['management_url']}/api/{path}", auth=login, timeout=5)


def test_exchange_is_durable_and_topic(simulated_site: Site) -> None:
    exchange = management(simulated_site, "exchanges/%2F/prisma").json()
    assert (exchange["type"], exchange["durable"]) == ("topic", True)


def test_recorder_queue_is_durable(simulated_site: Site) -> None:
    assert management(simulated_site, "queues/%2F/recorder_input").json()["durable"] is True


def test_guest_is_unknown(simulated_site: Site) -> None:
    users = [user["name"] for user in management(simulated_site, "users").json()]
    assert users == [simulated_site["rabbitmq"]["username"]]
    broker = simulated_site["rabbitmq"]
    with pytest.raises(pika.exceptions.ProbableAuthenticationError):
        pika.BlockingConnection(pika.ConnectionParameters(broker["host"], broker["port"]))


def test_messages_are_routed_by_topic(simulated_site: Site) -> None:
    connection = pika.BlockingConnection(parameters(simulated_site))
    channel = connection.channel()
    channel.confirm_delivery()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, "prisma", "Test.*.one")
    channel.basic_publish("prisma", "Test.this.one", b"wanted")
    channel.basic_publish("prisma", "Test.this.other", b"unwanted")
    _, _, body = channel.basic_get(queue, auto_ack=True)
    assert body == b"wanted"
    assert channel.basic_get(queue)[0] is None
    connection.close()
