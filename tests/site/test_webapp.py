"""The web app's alerts with requests: their rules, and their way through RabbitMQ and back."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pika
import pytest
import requests
from kubernetes import client, config
from support.site_commands import Site, eventually, processes_of, secret
from support.webapp import WebApp, parameters, unique


@pytest.fixture(scope="module")
def webapp(simulated_site: Site) -> WebApp:
    return WebApp(simulated_site)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer no.such.token"}, {"Cookie": "access-token=x"}])
def test_without_a_good_token_nothing_is_answered(webapp: WebApp, headers: dict[str, str]) -> None:
    for method, path in (("GET", "alert"), ("POST", "push-to-rabbit"), ("DELETE", "alert/delete")):
        answer = webapp.call(method, path, headers=headers, json={})
        assert answer.status_code == 401
        assert set(answer.json()) == {"type", "statusCode", "path", "timestamp", "message"}


def test_another_site_is_not_found(webapp: WebApp) -> None:
    url = f"{webapp.site['webapp']['url']}/prisma-1-1/api/alert"
    answer = webapp.http.get(url, headers=webapp.headers, timeout=5)
    assert (answer.status_code, answer.json()["type"]) == (404, "NotFoundError")


def test_an_alert_comes_back_as_it_was_pushed(webapp: WebApp) -> None:
    sent = unique()
    answer = webapp.push(alertIds=[sent], dofM=5682, classId=103, severity=2)
    assert answer.status_code == 201
    alert = answer.json()
    assert (alert["ext_id"], alert["class_id"], alert["severity"], alert["distance_m"]) == (sent, 103, 2, 5682)
    alert = webapp.arrived(sent)
    assert {key: alert[key] for key in ("ext_id", "class_id", "severity", "distance_m", "start_time")} == {
        key: alert[key] for key in ("ext_id", "class_id", "severity", "distance_m", "start_time")
    }
    assert alert["is_live"] is True


def test_the_message_on_the_exchange(simulated_site: Site, webapp: WebApp) -> None:
    connection = pika.BlockingConnection(parameters(simulated_site))
    channel = connection.channel()
    queue = channel.queue_declare("", exclusive=True).method.queue
    channel.queue_bind(queue, "prisma", "Algorithm.AlertReport")
    sent = unique()
    webapp.push(alertIds=[sent])
    message = eventually(lambda: channel.basic_get(queue, auto_ack=True)[2])
    _, _, nothing_more = channel.basic_get(queue)
    connection.close()
    body = json.loads(message)
    assert nothing_more is None
    assert body["alert_id"] == sent
    expected = {"algorun_id", "alert_id", "class_id", "severity", "distance_m", "alert_time", "time_interval_s"}
    assert set(body) == expected | {"is_external", "is_dead", "is_faded"}


def test_alerts_of_the_algorithms_arrive_and_rubbish_does_not_stop_them(simulated_site: Site, webapp: WebApp) -> None:
    connection = pika.BlockingConnection(parameters(simulated_site))
    channel = connection.channel()
    sent = unique()
    alert = {"alert_id": sent, "class_id": 103, "severity": 1, "distance_m": 7.5}
    alert["alert_time"] = datetime.now(UTC).isoformat()
    channel.basic_publish("prisma", "Algorithm.AlertReport", b"not json")
    channel.basic_publish("prisma", "Algorithm.AlertReport.Pulse", b'{"alert_id": "half"}')
    channel.basic_publish("prisma", "Algorithm.AlertReport.FiberCut", json.dumps(alert).encode())
    connection.close()
    assert webapp.arrived(sent)["distance_m"] == 7.5


@pytest.mark.parametrize(
    "changes",
    [
        *({"classId": value} for value in (0, 1, 100, 105, 999, -1, "104", 104.5, True)),
        *({"severity": value} for value in (0, 4, 5, -1, 100)),
        *({"dofM": value} for value in (-1, -100, 10001, None)),
        *({name: "-"} for name in ("alertsAmount", "dofM", "classId", "severity", "alertIds")),
        *({"alertsAmount": value} for value in (0, -1, 2)),
        *({"alertIds": value} for value in ([], [""], ["a b"], [7], "text", ["line\nbreak"])),
    ],
    ids=str,
)
def test_a_request_that_breaks_a_rule_is_refused(webapp: WebApp, changes: dict[str, Any]) -> None:
    answer = webapp.push(**changes)
    assert answer.status_code == 400
    assert answer.json()["type"] == "ValidationError"
    assert next(iter(changes)) in answer.json()["message"] or "alert id" in answer.json()["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe{}"])
def test_a_body_that_is_no_object_is_refused(webapp: WebApp, body: bytes) -> None:
    answer = webapp.call("POST", "push-to-rabbit", data=body)
    assert (answer.status_code, answer.json()["type"]) == (400, "ValidationError")


@pytest.mark.parametrize(
    "changes",
    [
        {"dofM": 0},
        {"dofM": 10000},
        {"alertsAmount": 2, "alertIds": ["twice", "twice"]},
        {"alertIds": ["x" * 1200]},
        {"alertsAmount": 100, "alertIds": [f"many-{number}" for number in range(100)]},
    ],
    ids=["start", "end", "duplicates", "long id", "hundred"],
)
def test_a_request_at_the_edge_is_taken(webapp: WebApp, changes: dict[str, Any]) -> None:
    assert webapp.push(**changes).status_code == 201


def test_its_defects_switch_rules_off(webapp: WebApp, defect: Callable[..., None]) -> None:
    accepted: dict[str, dict[str, Any]] = {
        "alert-class-accepted": {"classId": 999},
        "alert-dof-accepted": {"dofM": -1},
        "alert-fields-accepted": {"severity": "-"},
    }
    assert [webapp.push(**changes).status_code for changes in accepted.values()] == [400, 400, 400]
    defect(*accepted)
    assert [webapp.push(**changes).status_code for changes in accepted.values()] == [201, 201, 201]
    assert webapp.push(severity=9).status_code == 400


def test_the_list_is_filtered_ordered_and_paged(webapp: WebApp) -> None:
    old, near, far = unique(), unique(), unique()
    webapp.push(alertIds=[old], classId=104, severity=3)
    webapp.arrived(old)
    since = (datetime.now(UTC)).isoformat()
    webapp.push(alertIds=[near], classId=103, severity=1, dofM=10)
    webapp.push(alertIds=[far], classId=103, severity=2, dofM=9000)
    webapp.arrived(near)
    webapp.arrived(far)

    def ids(**query: Any) -> list[str]:
        return [one["ext_id"] for one in webapp.listed(startTime=since, **query)]

    assert set(ids()) == {near, far}
    assert ids(severities=1) == [near]
    assert ids(classIds=104) == []
    assert set(ids(**{"classIds[]": [103, 104]})) == {near, far}
    assert ids(orderBy="distance", orderByDirection="asc") == [near, far]
    assert ids(orderBy="distance", orderByDirection="desc") == [far, near]
    assert ids(page=2) == []
    assert ids(endTime=(datetime.now(UTC) + timedelta(hours=1)).isoformat(), isLive="false") == []


@pytest.mark.parametrize(
    "query",
    [
        {"page": "0"},
        {"page": "x"},
        {"orderBy": "colour"},
        {"orderByDirection": "up"},
        {"startTime": "yesterday"},
        {"severities": "high"},
        {"startTime": "2026-01-02T00:00:00Z", "endTime": "2026-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_list_with_a_wrong_query_is_refused(webapp: WebApp, query: dict[str, str]) -> None:
    assert webapp.call("GET", "alert", params=query).status_code == 400


def test_deleted_alerts_are_gone(webapp: WebApp) -> None:
    sent = unique()
    webapp.push(alertIds=[sent])
    webapp.arrived(sent)
    answer = webapp.call("DELETE", "alert/delete", json={"alertIds": [sent, "never-was"]})
    assert (answer.status_code, answer.json()) == (200, {"deleted": 1})
    assert sent not in [one["ext_id"] for one in webapp.listed()]
    assert webapp.call("DELETE", "alert/delete", json={"alertIds": "all"}).status_code == 400


def test_without_a_binding_alerts_do_not_come_back(webapp: WebApp, defect: Callable[..., None]) -> None:
    defect("alerts-unbound")
    broker = webapp.site["rabbitmq"]
    bindings = f"{broker['management_url']}/api/exchanges/%2F/prisma/bindings/source"
    login = (broker["username"], secret(broker["password"]))
    eventually(lambda: "webapp-alerts" not in requests.get(bindings, auth=login, timeout=10).text)
    sent = unique()
    assert webapp.push(alertIds=[sent]).status_code == 201
    time.sleep(1.5)
    assert sent not in [one["ext_id"] for one in webapp.listed()]


def test_without_the_exchange_alerts_are_refused(webapp: WebApp, defect: Callable[..., None]) -> None:
    eventually(lambda: webapp.push().status_code == 201)
    defect("exchange-missing")
    eventually(lambda: webapp.push().status_code == 503)


def test_a_killed_broker_loses_nothing_and_is_found_again(simulated_site: Site, webapp: WebApp) -> None:
    eventually(lambda: webapp.push().status_code == 201)
    connection = pika.BlockingConnection(parameters(simulated_site))
    channel = connection.channel()
    channel.confirm_delivery()
    channel.queue_declare("survivors", durable=True)
    for number in range(50):
        channel.basic_publish("", "survivors", str(number).encode(), pika.BasicProperties(delivery_mode=2))

    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])
    pods = client.CoreV1Api()
    before = pods.read_namespaced_pod("rabbitmq-panda-0", "panda").metadata.uid
    pods.delete_namespaced_pod("rabbitmq-panda-0", "panda", grace_period_seconds=0)
    eventually(lambda: webapp.push().status_code == 503)
    refused = webapp.push()
    assert (refused.status_code, "Retry-After" in refused.headers) == (503, True)
    assert webapp.call("GET", "alert").status_code == 200

    sent = unique()
    eventually(lambda: webapp.push(alertIds=[sent]).status_code == 201)
    webapp.arrived(sent)
    assert pods.read_namespaced_pod("rabbitmq-panda-0", "panda").metadata.uid != before
    connection = pika.BlockingConnection(parameters(simulated_site))
    kept = connection.channel().queue_declare("survivors", passive=True).method.message_count
    connection.channel().queue_delete("survivors")
    connection.close()
    assert kept == 50


@pytest.mark.nightly
def test_a_hanging_broker_is_answered_in_time_and_found_again(webapp: WebApp) -> None:
    eventually(lambda: webapp.push().status_code == 201)
    broker = next(one for one in processes_of(webapp.site["state_dir"]) if one.name().startswith("beam"))
    broker.suspend()
    try:
        given_up = [unique(), unique()]
        for alert_id in given_up:
            assert webapp.push(alertIds=[alert_id]).status_code == 503
    finally:
        broker.resume()
    sent = unique()
    eventually(lambda: webapp.push(alertIds=[sent]).status_code == 201)
    webapp.arrived(sent)
    # The second one waited in the web app when its caller gave up; it must not be sent late.
    assert given_up[1] not in [one["ext_id"] for one in webapp.listed()]
