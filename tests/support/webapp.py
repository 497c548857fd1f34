"""The web app of the simulated site as one user, and the broker it talks to."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

import pika
import requests
from support.site_commands import Site, bearer, eventually, secret, web

GOOD: dict[str, Any] = {"alertsAmount": 1, "dofM": 4163, "classId": 104, "severity": 3}


@dataclass
class WebApp:
    """The web app as one user, by bearer, through the ingress."""

    site: Site
    user: str = "lane0"

    def __post_init__(self) -> None:
        self.headers = bearer(self.site, self.user)
        self.http = web(self.site)

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        options.setdefault("headers", self.headers)
        url = f"{self.site['webapp']['url']}/{self.site['webapp']['site_id']}/api/{path}"
        return self.http.request(method, url, timeout=10, **options)

    def push(self, **changes: Any) -> requests.Response:
        body = {**GOOD, "alertIds": [unique()], **changes}
        return self.call("POST", "push-to-rabbit", json={key: value for key, value in body.items() if value != "-"})

    def listed(self, **query: Any) -> list[dict[str, Any]]:
        answer = self.call("GET", "alert", params=query)
        assert answer.status_code == 200, answer.text
        alerts: list[dict[str, Any]] = answer.json()["alerts"]
        return alerts

    def arrived(self, alert_id: str) -> dict[str, Any]:
        found = eventually(lambda: [one for one in self.listed() if one["ext_id"] == alert_id])
        return found[0]


def unique() -> str:
    return f"test-{uuid.uuid4().hex}"


def parameters(site: Site) -> pika.ConnectionParameters:
    broker = site["rabbitmq"]
    login = pika.PlainCredentials(broker["username"], secret(broker["password"]))
    return pika.ConnectionParameters(broker["host"], broker["port"], broker["vhost"], login)
