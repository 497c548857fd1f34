"""Each switch of broker, alerts and queues changes what it names, and takes it back on a living site."""

from __future__ import annotations

import json
import socket
import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pika
import pytest
import requests
from pika.exceptions import AMQPConnectionError, ProbableAccessDeniedError, ProbableAuthenticationError
from support.focus_views import Views, broker_channel, connect, frames, publish_command
from support.site_commands import PATIENCE_S, Site, bearer, eventually, secret, switch, web

COMMANDS = "baby_analyzer_commands"


@pytest.fixture
def job(views: Views) -> Iterator[Callable[[], str]]:
    """A function that opens a view and returns its job's id; the views are closed after the test."""
    opened: list[str] = []

    def open_view() -> str:
        opened.append(views.open()["job_id"])
        return opened[-1]

    yield open_view
    for job_id in opened:
        views.close(job_id)


def management(site: Site, path: str, login: tuple[str, str] | None = None) -> requests.Response:
    own = (site["rabbitmq"]["username"], secret(site["rabbitmq"]["password"]))
    return requests.get(f"{site['rabbitmq']['management_url']}/api/{path}", auth=login or own, timeout=10)


def facts(site: Site, path: str) -> dict[str, Any]:
    found: dict[str, Any] = eventually(lambda: management(site, path).json())
    return found


def connect_as(site: Site, user: str) -> None:
    place = site["rabbitmq"]
    login = pika.PlainCredentials(user, user)
    pika.BlockingConnection(pika.ConnectionParameters(place["host"], place["port"], credentials=login)).close()


@contextmanager
def listening(site: Site, exchange: str, binding: str) -> Iterator[Callable[[int], list[tuple[Any, Any]]]]:
    """A function that waits for so many messages of an exchange: their properties and bodies."""
    with broker_channel(site) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, exchange, binding)
        seen: list[tuple[Any, Any]] = []

        def wait(count: int) -> list[tuple[Any, Any]]:
            deadline = time.monotonic() + PATIENCE_S
            while len(seen) < count and time.monotonic() < deadline:
                method, properties, body = channel.basic_get(queue, auto_ack=True)
                if method is None:
                    time.sleep(0.05)
                else:
                    seen.append((properties, json.loads(body)))
            return seen

        yield wait


def push(site: Site, *ids: str) -> requests.Response:
    body = {"alertsAmount": len(ids), "dofM": 100, "classId": 104, "severity": 1, "alertIds": list(ids)}
    url = f"{site['webapp']['url']}/{site['webapp']['site_id']}/api/push-to-rabbit"
    return web(site).post(url, json=body, headers=bearer(site), timeout=10)


def sent_alerts(site: Site, count: int, wait_for: int) -> tuple[list[str], list[tuple[Any, Any]]]:
    ids = [f"alert-{uuid.uuid4()}" for _ in range(count)]
    with listening(site, "prisma", "Algorithm.#") as wait:
        assert push(site, *ids).status_code == 201
        return ids, wait(wait_for)


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("name", "exchange", "wrong"),
    [
        ("exchange-transient", "prisma", {"durable": False}),
        ("exchange-fanout", "prisma", {"type": "fanout"}),
        ("commands-exchange-transient", COMMANDS, {"durable": False}),
    ],
)
def test_exchanges(simulated_site: Site, name: str, exchange: str, wrong: dict[str, Any]) -> None:
    right = {"type": "topic", "durable": True}
    switch(simulated_site, "on", name)
    try:
        seen = facts(simulated_site, f"exchanges/%2F/{exchange}")
    finally:
        switch(simulated_site, "off", name)
    assert {key: seen[key] for key in right} == right | wrong
    seen = facts(simulated_site, f"exchanges/%2F/{exchange}")
    assert {key: seen[key] for key in right} == right


def test_an_exchange_that_was_made_anew_has_its_bindings(simulated_site: Site) -> None:
    for name in ("exchange-transient", "commands-exchange-transient"):
        switch(simulated_site, "on", name)
        switch(simulated_site, "off", name)
    bound = management(simulated_site, "exchanges/%2F/prisma/bindings/source").json()
    assert "webapp-alerts" in {one["destination"] for one in bound}
    commands = f"exchanges/%2F/{COMMANDS}/bindings/source"
    eventually(lambda: "roi" in {one["routing_key"] for one in management(simulated_site, commands).json()})


def test_exchange_catch_all(simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("exchange-catch-all")
    bound = management(simulated_site, "exchanges/%2F/prisma/bindings/source").json()
    assert ("recorder_input", "#") in {(one["destination"], one["routing_key"]) for one in bound}
    switch(simulated_site, "off", "exchange-catch-all")
    bound = management(simulated_site, "exchanges/%2F/prisma/bindings/source").json()
    assert "recorder_input" not in {one["destination"] for one in bound}


def test_recorder_queue_transient(simulated_site: Site) -> None:
    switch(simulated_site, "on", "recorder-queue-transient")
    durable = management(simulated_site, "queues/%2F/recorder_input").json()["durable"]
    switch(simulated_site, "off", "recorder-queue-transient")
    assert durable is False
    assert management(simulated_site, "queues/%2F/recorder_input").json()["durable"] is True


@pytest.mark.nightly
def test_queues_drop_messages(simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("queues-drop-messages")
    with broker_channel(simulated_site) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        eventually(lambda: management(simulated_site, f"queues/%2F/{queue}").json()["policy"] == "few-messages")
        channel.confirm_delivery()
        for _ in range(60):
            channel.basic_publish("", queue, b"x")
        assert channel.queue_declare(queue, passive=True).method.message_count == 50


@pytest.mark.nightly
def test_broker_few_connections(simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("broker-few-connections")
    place = simulated_site["rabbitmq"]
    login = pika.PlainCredentials(place["username"], secret(place["password"]))
    parameters = pika.ConnectionParameters(place["host"], place["port"], credentials=login)
    opened = []
    try:
        with pytest.raises(AMQPConnectionError):
            for _ in range(21):
                opened.append(pika.BlockingConnection(parameters))
    finally:
        for connection in opened:
            connection.close()


@pytest.mark.nightly
def test_guests(simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("broker-guest-login")
    connect_as(simulated_site, "guest")
    assert management(simulated_site, "overview", ("guest", "guest")).status_code == 401
    switch(simulated_site, "off", "broker-guest-login")
    defect("management-guest-login")
    with pytest.raises((ProbableAccessDeniedError, AMQPConnectionError)):
        connect_as(simulated_site, "guest")
    assert management(simulated_site, "overview", ("guest", "guest")).status_code == 200
    switch(simulated_site, "off", "management-guest-login")
    with pytest.raises(ProbableAuthenticationError):
        connect_as(simulated_site, "guest")
    assert management(simulated_site, "overview", ("guest", "guest")).status_code == 401


def test_broker_slow(simulated_site: Site, defect: Callable[..., None]) -> None:
    with broker_channel(simulated_site) as channel:
        channel.confirm_delivery()
        defect("broker-slow")
        begun = time.monotonic()
        channel.basic_publish("", "recorder_input_of_nobody", b"x")
        assert time.monotonic() - begun > 0.15


@pytest.mark.nightly
def test_broker_heartbeat_off(simulated_site: Site, defect: Callable[..., None]) -> None:
    def heartbeats() -> set[int]:
        return {one["timeout"] for one in management(simulated_site, "connections").json() if "timeout" in one}

    defect("broker-heartbeat-off")
    eventually(lambda: 0 in heartbeats())
    switch(simulated_site, "off", "broker-heartbeat-off")
    eventually(lambda: 0 not in heartbeats())


def tls_error(site: Site) -> str:
    """What is wrong with the certificate of the broker; empty when it is good."""
    context = ssl.create_default_context(cafile=site["tls"]["ca_file"])
    place = site["rabbitmq"]
    with socket.create_connection((place["host"], place["tls_port"]), timeout=5) as plain:
        try:
            context.wrap_socket(plain, server_hostname=place["host"]).close()
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
    return ""


@pytest.mark.nightly
def test_switches_that_restart_the_broker(simulated_site: Site) -> None:
    names = ("broker-memory-alarm", "broker-certificate-expired")
    assert tls_error(simulated_site) == ""
    switch(simulated_site, "on", *names)
    try:
        eventually(lambda: management(simulated_site, "nodes").json()[0]["mem_alarm"] is True)
        assert "expired" in tls_error(simulated_site)
        switch(simulated_site, "on", "management-missing")
        with pytest.raises(requests.ConnectionError):
            management(simulated_site, "overview")
    finally:
        switch(simulated_site, "off", *names, "management-missing")
    eventually(lambda: management(simulated_site, "nodes").json()[0]["mem_alarm"] is False)
    assert tls_error(simulated_site) == ""
    assert push(simulated_site, f"alert-{uuid.uuid4()}").status_code == 201


def test_alert_queue_transient(simulated_site: Site, defect: Callable[..., None]) -> None:
    def durable() -> bool | None:
        found: bool | None = management(simulated_site, "queues/%2F/webapp-alerts").json().get("durable")
        return found

    defect("alert-queue-transient")
    eventually(lambda: durable() is False)
    switch(simulated_site, "off", "alert-queue-transient")
    eventually(lambda: durable() is True)


@pytest.mark.nightly
def test_alerts_unacknowledged(simulated_site: Site, defect: Callable[..., None]) -> None:
    def owed() -> int:
        found: int = management(simulated_site, "queues/%2F/webapp-alerts").json().get("messages_unacknowledged", 0)
        return found

    defect("alerts-unacknowledged")
    sent_alerts(simulated_site, 3, 3)
    eventually(lambda: owed() == 3)
    switch(simulated_site, "off", "alerts-unacknowledged")
    eventually(lambda: owed() == 0)


def test_message_of_an_alert(simulated_site: Site, defect: Callable[..., None]) -> None:
    _, ((good, body),) = sent_alerts(simulated_site, 1, 1)
    assert (good.content_type, good.delivery_mode) == ("application/json", 2)
    defect("alerts-not-persistent", "alerts-untyped", "alert-message-incomplete")
    _, ((bad, short),) = sent_alerts(simulated_site, 1, 1)
    assert (bad.content_type, bad.delivery_mode) == (None, 1)
    assert body.keys() - short.keys() == {"is_dead", "is_faded"}


def test_order_and_number_of_alerts(simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("alerts-reversed")
    ids, seen = sent_alerts(simulated_site, 3, 3)
    assert [body["alert_id"] for _, body in seen] == ids[::-1]
    switch(simulated_site, "off", "alerts-reversed")
    defect("alerts-published-twice")
    ids, seen = sent_alerts(simulated_site, 1, 2)
    assert [body["alert_id"] for _, body in seen] == ids * 2


@pytest.mark.nightly
def test_webapp_never_reconnects(simulated_site: Site, defect: Callable[..., None]) -> None:
    def consumers() -> list[str]:
        details = management(simulated_site, "queues/%2F/webapp-alerts").json().get("consumer_details", [])
        return [one["channel_details"]["connection_name"] for one in details]

    defect("webapp-never-reconnects")
    (name,) = eventually(consumers)
    own = (simulated_site["rabbitmq"]["username"], secret(simulated_site["rabbitmq"]["password"]))
    url = f"{simulated_site['rabbitmq']['management_url']}/api/connections/{quote(name, safe='')}"
    assert requests.delete(url, auth=own, timeout=10).status_code == 204
    eventually(lambda: push(simulated_site, f"alert-{uuid.uuid4()}").status_code == 503)
    switch(simulated_site, "off", "webapp-never-reconnects")
    eventually(lambda: push(simulated_site, f"alert-{uuid.uuid4()}").status_code == 201)


@pytest.mark.nightly
def test_queues_of_a_view(simulated_site: Site, defect: Callable[..., None], job: Callable[[], str]) -> None:
    def queue(job_id: str) -> dict[str, Any]:
        return eventually(lambda: management(simulated_site, f"queues/%2F/grpc-job-{job_id}-frames").json())

    def named(job_id: str) -> dict[str, Any]:
        return eventually(lambda: queue(job_id) if "durable" in queue(job_id) else None)

    good = named(job())
    assert (good["durable"], "x-max-length-bytes" in good["arguments"]) == (True, True)
    defect("job-queue-transient", "job-queue-unbounded", "commands-half-bound")
    job_id = job()
    bad = named(job_id)
    assert (bad["durable"], "x-max-length-bytes" in bad["arguments"]) == (False, False)
    path = f"queues/%2F/grpc-job-{job_id}-commands/bindings"
    keys = eventually(lambda: [one["routing_key"] for one in management(simulated_site, path).json() if one["source"]])
    assert keys == ["roi"]


@pytest.mark.nightly
def test_commands_unread(simulated_site: Site, defect: Callable[..., None], views: Views) -> None:
    defect("commands-unread")
    view = views.open()
    queue = f"grpc-job-{view['job_id']}-commands"

    def waiting() -> int:
        with broker_channel(simulated_site) as channel:
            count: int = channel.queue_declare(queue, passive=True).method.message_count
            return count

    try:
        with connect(view["stream_port"]) as channel:
            watched = frames(channel, 0)
            next(watched)
            bindings = f"queues/%2F/{queue}/bindings"
            eventually(lambda: any(one["source"] for one in management(simulated_site, bindings).json()))
            publish_command(simulated_site, "keepalive", {"type": "KeepaliveCommand", "value": {"source": "test"}})
            time.sleep(1)
            assert waiting() == 1
            switch(simulated_site, "off", "commands-unread")
            eventually(lambda: waiting() == 0)
            # Read on: a view that nobody watches any more is removed with its queues.
            assert next(watched)
    finally:
        views.close(view["job_id"])
