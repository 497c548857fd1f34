"""Each switch of the alerts' way and list changes what it names, and nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pika
import pytest
from support.site_commands import Site, eventually, switch
from support.webapp import WebApp, parameters, unique

KEY = "Algorithm.AlertReport"


@pytest.fixture(scope="module")
def webapp(simulated_site: Site) -> WebApp:
    return WebApp(simulated_site, "lane3")


@pytest.fixture
def passed(simulated_site: Site) -> Iterator[Callable[[], list[tuple[Any, Any, Any]]]]:
    """A function that returns what has passed the exchange: routing key, properties, body of each message."""
    with channel_of(simulated_site) as channel:
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, "prisma", f"{KEY}.#")

        def messages() -> list[tuple[Any, Any, Any]]:
            found = []
            while (message := channel.basic_get(queue, auto_ack=True))[0]:
                method, properties, body = message
                found.append((method.routing_key, properties, json.loads(body)))
            return found

        yield messages


@contextmanager
def channel_of(site: Site) -> Iterator[Any]:
    connection = pika.BlockingConnection(parameters(site))
    try:
        yield connection.channel()
    finally:
        connection.close()


def ids(messages: list[tuple[Any, Any, Any]]) -> list[str]:
    return [body["alert_id"] for _, _, body in messages]


def listed(webapp: WebApp, sent: str, **query: Any) -> list[dict[str, Any]]:
    return [one for one in webapp.listed(**query) if one["ext_id"] == sent]


def publish(site: Site, key: str, at: datetime) -> str:
    """An alert of an algorithm that began at this moment; returns its id."""
    sent = unique()
    body = {"alert_id": sent, "class_id": 103, "severity": 1, "distance_m": 7.5, "alert_time": at.isoformat()}
    with channel_of(site) as channel:
        channel.basic_publish("prisma", key, json.dumps(body).encode())
    return sent


def test_one_in_fifty_is_lost(webapp: WebApp, passed: Callable[[], Any], defect: Callable[..., None]) -> None:
    many = [unique() for _ in range(50)]
    defect("alerts-lost")
    assert webapp.push(alertsAmount=50, alertIds=many).status_code == 201
    assert len(passed()) == 49


def test_a_web_app_that_takes_three_a_second(webapp: WebApp, defect: Callable[..., None]) -> None:
    assert {webapp.push().status_code for _ in range(6)} == {201}
    defect("alerts-throttled")
    refused = [answer for answer in (webapp.push() for _ in range(40)) if answer.status_code != 201]
    assert {answer.status_code for answer in refused} == {429}
    assert refused[0].headers["Retry-After"] == "1"


def test_late_alerts(webapp: WebApp, defect: Callable[..., None]) -> None:
    defect("alerts-late")
    begun = time.monotonic()
    assert webapp.push().status_code == 201
    assert time.monotonic() - begun > 0.5


def test_messages_that_are_wrong(webapp: WebApp, passed: Callable[[], Any], defect: Callable[..., None]) -> None:
    webapp.push(severity=3)
    ((key, properties, body),) = passed()
    assert (key, properties.content_type, body["severity"]) == (KEY, "application/json", 3)
    defect("alert-severity-lowered", "alerts-misrouted", "alerts-as-text")
    webapp.push(severity=3)
    ((key, properties, body),) = passed()
    assert (key, properties.content_type, body["severity"]) == (f"{KEY}.FiberCut", "text/plain", 1)


def test_ids_that_are_changed(webapp: WebApp, passed: Callable[[], Any], defect: Callable[..., None]) -> None:
    hebrew, long = f"גדר-{unique()}", unique() + "x" * 1000
    webapp.push(alertsAmount=4, alertIds=[hebrew, long, "twice", "twice"])
    assert ids(passed()) == [hebrew, long, "twice", "twice"]
    defect("alert-ids-mangled", "alert-ids-cut", "alert-duplicates-dropped")
    webapp.push(alertsAmount=4, alertIds=[hebrew, long, "twice", "twice"])
    assert ids(passed()) == [hebrew.replace("גדר", "???"), long[:255], "twice"]


def test_alerts_that_only_the_list_gets(webapp: WebApp, passed: Callable[[], Any], defect: Callable[..., None]) -> None:
    defect("alerts-unpublished")
    sent = unique()
    assert webapp.push(alertIds=[sent]).status_code == 201
    assert len(listed(webapp, sent)) == 1
    assert passed() == []


def test_a_refused_alert_that_is_sent(webapp: WebApp, passed: Callable[[], Any], defect: Callable[..., None]) -> None:
    assert webapp.push(classId=105).status_code == 400
    assert passed() == []
    defect("refused-alerts-published")
    sent = unique()
    assert webapp.push(classId=105, alertIds=[sent]).status_code == 400
    assert webapp.push(alertIds="-").status_code == 400
    assert ids(passed()) == [sent]


def test_alerts_at_one_place(webapp: WebApp, defect: Callable[..., None]) -> None:
    many = [unique() for _ in range(3)]
    defect("alerts-merged")
    assert webapp.push(alertsAmount=3, alertIds=many, dofM=6543).status_code == 201
    webapp.arrived(many[0])
    assert [len(listed(webapp, one)) for one in many] == [1, 0, 0]


def test_kinds_of_alerts(simulated_site: Site, webapp: WebApp, defect: Callable[..., None]) -> None:
    now = datetime.now(UTC)
    webapp.arrived(publish(simulated_site, f"{KEY}.Pulse", now))
    defect("alert-kinds-unbound")
    # The web app looks at its bindings several times a second.
    time.sleep(0.5)
    lost, plain = publish(simulated_site, f"{KEY}.Pulse", now), publish(simulated_site, KEY, now)
    webapp.arrived(plain)
    assert listed(webapp, lost) == []
    switch(simulated_site, "off", "alert-kinds-unbound")
    time.sleep(0.5)
    webapp.arrived(publish(simulated_site, f"{KEY}.Pulse", now))


def test_filters_and_pages(simulated_site: Site, webapp: WebApp, defect: Callable[..., None]) -> None:
    now = datetime.now(UTC)
    old = publish(simulated_site, KEY, now - timedelta(hours=1))
    webapp.arrived(old)
    since, far = (now - timedelta(minutes=30)).isoformat(), {"regionIds": 3}
    beyond = webapp.call("GET", "alert").json()["maxPage"] + 1
    assert (listed(webapp, old, startTime=since), listed(webapp, old, **far)) == ([], [])
    assert webapp.listed(page=beyond) == []
    defect("alert-times-ignored", "alert-regions-ignored", "alert-pages-ignored")
    assert (len(listed(webapp, old, startTime=since)), len(listed(webapp, old, **far))) == (1, 1)
    assert webapp.listed(page=beyond) == webapp.listed(page=1)


def test_export_as_json(webapp: WebApp, defect: Callable[..., None]) -> None:
    def metres() -> float:
        rows = webapp.call("GET", "alert/export-alerts", params={"isJSON": "true", "alertIds": sent}).json()
        return float(rows[0]["distance_m"])

    sent = unique()
    webapp.push(alertIds=[sent], dofM=1250)
    webapp.arrived(sent)
    assert metres() == 1250
    defect("alert-json-in-kilometres")
    assert metres() == 1.25


@pytest.mark.nightly
def test_a_web_app_that_logs_no_alert(simulated_site: Site, webapp: WebApp, defect: Callable[..., None]) -> None:
    from kubernetes import client, config

    place = simulated_site["kubernetes"]
    core = client.CoreV1Api(config.new_client_from_config(place["kubeconfig"]))

    def log() -> str:
        pods = core.list_namespaced_pod(
            place["namespace"], label_selector=simulated_site["workloads"]["webapp"]["selector"]
        )
        return str(core.read_namespaced_pod_log(pods.items[0].metadata.name, place["namespace"]))

    shown, silent = unique(), unique()
    webapp.push(alertIds=[shown])
    webapp.arrived(shown)
    defect("alerts-unlogged")
    webapp.push(alertIds=[silent])
    webapp.arrived(silent)
    eventually(lambda: log().count(shown) == 2)
    assert silent not in log()


@pytest.mark.nightly
def test_alerts_without_a_broker(simulated_site: Site, webapp: WebApp, defect: Callable[..., None]) -> None:
    from kubernetes import client, config

    place = simulated_site["kubernetes"]
    apps = client.AppsV1Api(config.new_client_from_config(place["kubeconfig"]))
    broker = simulated_site["workloads"]["rabbitmq"]["name"]

    def scale(replicas: int) -> None:
        apps.patch_namespaced_stateful_set_scale(broker, place["namespace"], {"spec": {"replicas": replicas}})

    scale(0)
    try:
        eventually(lambda: webapp.push().status_code == 503)
        defect("alerts-accepted-without-broker")
        lost = unique()
        assert webapp.push(alertIds=[lost]).status_code == 201
    finally:
        switch(simulated_site, "off", "alerts-accepted-without-broker")
        scale(1)
    eventually(lambda: webapp.push().status_code == 201)
    assert listed(webapp, lost) == []
