"""Requests to the ingress with any login, or none: nothing is added to what a test wants to send."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

from focus_core.base.errors import BenchError
from focus_core.base.http_session import HttpAnswer, HttpSession, NoAnswerError
from focus_core.contract import seen
from focus_core.run import probes
from focus_core.server.client import Exchange
from focus_core.site import data as site_data
from focus_core.site import secrets

Service = Literal["rest", "webapp"]
# How services are called in sentences.
NAMES: dict[Service, str] = {"rest": "Focus Server", "webapp": "web app"}
TOO_MANY = 429
_MOST_WAITS = 20
_LONGEST_WAIT_S = 10.0


def send(
    service: Service,
    method: str,
    path: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: Any = None,
    content: bytes | None = None,
) -> tuple[Exchange, HttpAnswer]:
    """One request; ``path`` follows the address of the service in the site file. ``body`` is sent as JSON, ``content``
    as it is. Raises ``BenchError`` when nothing answers.
    """
    payload = content if content is not None else b"" if body is None else json.dumps(body).encode()
    sent = {
        "Accept": "application/json",
        **({"Content-Type": "application/json"} if payload else {}),
        **(headers or {}),
    }
    url = f"{url_of(service)}{path}"
    try:
        answer = _session(site_data.site_name(), service).send(method, path, body=payload or None, headers=sent)
    except NoAnswerError as error:
        raise BenchError(
            f"The {NAMES[service]} does not answer {method} {url:.200} ({error}); check that it runs and that its "
            "address in the site file is right."
        ) from None
    text = payload.decode(errors="replace")
    exchange = Exchange(method, url, text, answer.status, answer.headers, answer.text, answer.seconds)
    secrets.note_leaks(f"The answer to {exchange}", f"{answer.headers}\n{exchange.body}")
    seen.of_process().answer(exchange.as_answer())
    return exchange, answer


def send_patiently(service: Service, method: str, path: str, **request: Any) -> Exchange:
    """The same, and a client that asked too fast waits and asks again: 429 is no answer to what was sent."""
    for _ in range(_MOST_WAITS):
        exchange, _ = send(service, method, path, **request)
        if exchange.status != TOO_MANY:
            return exchange
        time.sleep(wait_of(exchange))
    raise BenchError(
        f"{method} {url_of(service)}{path:.100} was answered 429 {_MOST_WAITS} times in a row; run the suite when "
        "nobody else uses this user."
    )


def wait_of(refusal: Exchange) -> float:
    """The seconds that a 429 asks to wait: one where it does not say, ten at most."""
    wait = refusal.headers.get("Retry-After", "1")
    return min(_LONGEST_WAIT_S, float(wait) if wait.isdecimal() else 1.0)


def url_of(service: Service) -> str:
    """The address of a service in the site file."""
    site = site_data.site()
    return (site.focus.url if service == "rest" else site.webapp.url).rstrip("/")


def site_path(path: str) -> str:
    """The path of an operation of the web app that belongs to the site: ``alert`` is /{siteId}/api/alert."""
    return f"/{site_data.site().webapp.site_id}/api/{path}"


def bearer(token: str) -> dict[str, str]:
    """The header of a login by bearer; the token never shows in a log."""
    secrets.register(token)
    return {"Authorization": f"Bearer {token}"}


@cache
def _session(site_name: str, service: Service) -> HttpSession:  # noqa: ARG001 - one for each site of a process
    site = site_data.site()
    timeout = site.focus.timeout if service == "rest" else site.webapp.timeout
    return HttpSession(
        url_of(service),
        timeout=timeout,
        verify=site.tls.verify,
        liveness_check=lambda: probes.require_alive(site, service),
        proxy=site.proxy,
    )
