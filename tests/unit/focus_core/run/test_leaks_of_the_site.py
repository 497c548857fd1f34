"""A secret that the site shows is noted as a leak, whichever way it was read; the running test then fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from focus_core.cluster.client import ClusterClient
from focus_core.mongodb.access import ReadOnlyCollection
from focus_core.rabbitmq.client import RabbitClient
from focus_core.rabbitmq.messages import parsed_message
from focus_core.server import raw_http
from focus_core.site import loader as site_loader
from focus_core.site import secrets
from focus_core.site.model import Site
from support.loopback import Answer, http_server
from support.site_content import site_content

SECRET = "pass 'wörd\"/1"
POD = "/api/v1/namespaces/panda"
# As a document, a log or a message may hold it.
WRITTEN = {
    "plain": f"mongodb://prisma:{SECRET}@10.0.0.1",
    "in a URL": f"mongodb://prisma:{quote(SECRET, safe='')}@10.0.0.1",
}


def document(_site: Site, text: str) -> None:
    driver: Any = SimpleNamespace(name="base_paths", find=lambda *_a, **_o: iter([{"_id": 1, "host": text}]))
    ReadOnlyCollection(driver).find()


def message(_site: Site, text: str) -> None:
    parsed_message("Algorithm.AlertReport", SimpleNamespace(content_type=None, delivery_mode=1), text.encode())


def header_of_a_message(_site: Site, text: str) -> None:
    properties = SimpleNamespace(content_type=None, delivery_mode=1, headers={"x-origin": text})
    parsed_message("Algorithm.AlertReport", properties, b"{}")


def raw_answer(site: Site, _text: str) -> None:
    raw_http.send(site.focus.url, "GET", "/ack", headers={}, ca_file=None, timeout=5)


READINGS: dict[str, tuple[Callable[[Site, str], object], str]] = {
    "document": (document, "Collection base_paths of MongoDB shows"),
    "message": (message, "A message under routing key 'Algorithm.AlertReport' shows"),
    "header of a message": (header_of_a_message, "A message under routing key 'Algorithm.AlertReport' shows"),
    "log": (lambda site, _text: ClusterClient.of_site(site).pod_log("focus-1"), "The log of pod focus-1 shows"),
    "event": (lambda site, _text: ClusterClient.of_site(site).events_of("focus-1"), "An event of focus-1 shows"),
    "management API": (lambda site, _text: RabbitClient.of_site(site).management.nodes(), "/api/nodes (answered 200)"),
    "raw answer": (raw_answer, "/focus-server/ack (answered 400) shows"),
}


@pytest.fixture(autouse=True)
def _one_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_watched", {})
    monkeypatch.setattr(secrets, "_leaks", [])
    secrets.watch(SECRET, "mongodb.password")


def answers(text: str) -> dict[str, Answer]:
    event = {"metadata": {}, "type": "Warning", "message": text, "lastTimestamp": "2026-11-22T11:00:00Z"}
    return {
        f"GET {POD}/pods/focus-1/log": Answer(200, text.encode()),
        f"GET {POD}/events": Answer(200, {"items": [event | {"involvedObject": {"name": "focus-1"}}]}),
        "GET /api/nodes": Answer(200, [{"name": text}]),
        "GET /focus-server/ack": Answer(400, {"error": text}),
    }


def leaks_of(reading: str, text: str, folder: Path) -> list[str]:
    with http_server(answers(text)) as server:
        (folder / "site.yaml").write_text(yaml.safe_dump(site_content(int(server.url.rpartition(":")[2]), folder)))
        site = site_loader.read(str(folder / "site.yaml"))
        assert isinstance(site, Site)
        READINGS[reading][0](site, text)
    return secrets.take_leaks()


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("reading", READINGS)
def test_a_secret_that_is_shown_is_noted(reading: str, written: str, tmp_path: Path) -> None:
    (leak,) = leaks_of(reading, WRITTEN[written], tmp_path)
    assert READINGS[reading][1] in leak
    assert leak.endswith("a secret of the site, that of mongodb.password in the site file.")


@pytest.mark.parametrize("reading", READINGS)
def test_what_shows_none_is_no_leak(reading: str, tmp_path: Path) -> None:
    assert leaks_of(reading, "mongodb://prisma:***@10.0.0.1", tmp_path) == []
