"""Sends a class of hostile input into every field of the site that it is for, and judges each answer."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import quote, urlsplit

from focus_core.access import requests
from focus_core.access.hostile import inputs
from focus_core.access.hostile.bodies import with_field
from focus_core.access.hostile.fields import Field, bodies_of, fields_of
from focus_core.access.hostile.inputs import Hostile
from focus_core.access.requests import Service
from focus_core.base import yaml_files
from focus_core.base.errors import BenchError
from focus_core.run import clients, session
from focus_core.server import leaks
from focus_core.server.client import Exchange
from focus_core.server.status_checks import check_status
from focus_core.site import data as site_data

SERVICES: tuple[Service, ...] = ("rest", "webapp")
_FIRST_ERROR, _FIRST_SERVER_ERROR = 400, 500
# Shorter texts stand in answers by chance.
_SHORTEST_SOUGHT = 4
_REQUESTS = "variables/hostile/requests.yaml"


@dataclass
class Volley:
    """What became of a class: how many inputs in how many fields, how many requests, and what was wrong."""

    inputs: int
    fields: int = 0
    sent: int = 0
    problems: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Target:
    """A service with its fields, the good body of each operation, and the fields that take a user's own words."""

    service: Service
    fields: list[Field]
    bodies: Mapping[str, Any]
    with_body: list[str]
    free: frozenset[str]
    parameters: Mapping[str, str]


def fire(class_name: str, services: Sequence[Service] = SERVICES) -> Volley:
    """Sends every input of the class to the services. A view is open meanwhile, for what changes one.

    Raises ``BenchError`` where the class or the good requests are not as their files describe them.
    """
    hostile = inputs.of_class(class_name)
    job_id = _open_view()
    targets = [_target(service, job_id) for service in services if service in site_data.site().capabilities]
    volley = Volley(len(hostile))
    fields = set()
    for target in targets:
        for one in hostile:
            for what, send, free in _shots(target, one):
                exchange = send()
                volley.sent += 1
                fields.add((target.service, what))
                _undo(target.service, exchange)
                volley.problems += [
                    f"{target.service} {what} {one.shown:.80} {problem}" for problem in _problems(exchange, one, free)
                ]
    session.client().remove_job(job_id)
    volley.fields = len(fields)
    return volley


def _open_view() -> str:
    """Opens a view as this lane's user; it is removed at the end of the test at the latest. Returns its id."""
    answer = session.client().configure(_good_requests()["rest"]["POST /configure"])
    check_status(answer, 200, "A small live view")
    return str(answer.json()["job_id"])


def _good_requests() -> dict[str, Any]:
    content: dict[str, Any] = yaml_files.read(inputs.FOLDER / f"{inputs.REQUESTS}.yaml")
    return content


def _target(service: Service, job_id: str) -> _Target:
    document, prefix = _description(service)
    content = _good_requests()
    names = {"job": job_id, "site": site_data.site().webapp.site_id if service == "webapp" else ""}
    bodies = {name: _filled(body, names) for name, body in content[service].items()}
    with_body = bodies_of(document, prefix)
    unknown = [name for name in with_body if name not in bodies]
    if unknown:
        raise BenchError(
            f"{_REQUESTS} has no good request of {', '.join(unknown)}, which the {requests.NAMES[service]} describes; "
            "add it."
        )
    parameters = {name: _filled(value, names) for name, value in content["parameters"].items()}
    return _Target(
        service, _worth_asking(fields_of(document, prefix)), bodies, with_body, frozenset(content["free"]), parameters
    )


def _worth_asking(fields: list[Field]) -> list[Field]:
    """The site's id stands in each path of the web app and is read at one place: one operation is enough."""
    seen = False
    kept = []
    for one in fields:
        if one.kind == "path" and one.name == "site":
            if seen:
                continue
            seen = True
        kept.append(one)
    return kept


def _description(service: Service) -> tuple[dict[str, Any], str]:
    exchange = requests.send_patiently(service, "GET", "/openapi.json", headers=_login())
    if exchange.status != 200:
        raise AssertionError(f"{exchange} should have been the description of the {requests.NAMES[service]}.")
    document: dict[str, Any] = exchange.json()
    return document, urlsplit(requests.url_of(service)).path


def _shots(target: _Target, hostile: Hostile) -> Iterator[tuple[str, Callable[[], Exchange], bool]]:
    """What each request is about, what sends it, and whether its field takes any words."""
    for one in target.fields:
        in_body = one.kind in ("text", "number")
        if one.kind in hostile.places and (hostile.json if in_body else hostile.text) is not None:
            free = f"{target.service} {one}" in target.free
            yield f"{one} =", partial(_send_field, target, one, hostile), free
    if "body" in hostile.places and hostile.body is not None:
        for operation in target.with_body:
            yield f"{operation} with body", partial(_send_body, target, operation, hostile.body), False
    if "header" in hostile.places and hostile.text is not None:
        path = "/channels" if target.service == "rest" else "/login-configuration"
        for name in ("X-Probe", "User-Agent", "Referer", "X-Forwarded-For"):
            yield f"GET {path} with header {name} =", partial(_send_header, target, path, name, hostile), True


def _send_field(target: _Target, one: Field, hostile: Hostile) -> Exchange:
    path, query, content = one.path, "", None
    if one.kind == "path":
        path = path.replace(f"{{{one.name}}}", quote(hostile.text or "", safe=""))
    elif one.kind == "query":
        query = f"?{quote(one.name)}={quote(hostile.text or '', safe='')}"
    else:
        content = with_field(target.bodies.get(one.operation), one.name, hostile.json or "")
    if content is None and one.operation in target.with_body:
        content = json.dumps(target.bodies[one.operation]).encode()
    path = _with_parameters(path, target.parameters) + query
    return requests.send_patiently(target.service, one.method, path, headers=_login(), content=content)


def _send_body(target: _Target, operation: str, content: bytes) -> Exchange:
    method, _, path = operation.partition(" ")
    path = _with_parameters(path, target.parameters)
    return requests.send_patiently(target.service, method, path, headers=_login(), content=content)


def _send_header(target: _Target, path: str, name: str, hostile: Hostile) -> Exchange:
    return requests.send_patiently(target.service, "GET", path, headers={**_login(), name: hostile.text or ""})


def _with_parameters(path: str, parameters: Mapping[str, str]) -> str:
    for name, value in parameters.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def _filled(value: Any, names: Mapping[str, str]) -> Any:
    """A copy of a value with the job and the site for their names in braces."""
    text = json.dumps(value)
    for name, given in names.items():
        text = text.replace(f"{{{name}}}", given)
    return json.loads(text)


def _problems(exchange: Exchange, hostile: Hostile, free: bool) -> list[str]:
    if exchange.status >= _FIRST_SERVER_ERROR:
        return [f"was answered {exchange.status}: {exchange.body[:200]}"]
    found = []
    if exchange.status < _FIRST_ERROR and hostile.answer == "refused" and not free:
        found.append(f"was accepted ({exchange.status})")
    shown = _without_own_path(exchange)
    found += leaks.problems(shown)
    taken = free and exchange.status < _FIRST_ERROR and exchange.content_type == "application/json"
    if hostile.text and len(hostile.text.strip()) >= _SHORTEST_SOUGHT and not taken:
        found += leaks.echo_problems(shown, hostile.text)
    return found


def _without_own_path(exchange: Exchange) -> Exchange:
    """The errors of the web app name the path that was asked for, percent-encoded (contract 1.9)."""
    try:
        content = json.loads(exchange.body)
    except ValueError:
        return exchange
    if not (isinstance(content, dict) and content.pop("path", None)):
        return exchange
    body = json.dumps(content, ensure_ascii=False)
    return Exchange(
        *(exchange.method, exchange.url, exchange.request_body, exchange.status, exchange.headers, body),
        exchange.seconds,
    )


def _undo(service: Service, exchange: Exchange) -> None:
    """Takes back at once what an input brought about: views would use up this client's windows."""
    if exchange.status >= _FIRST_ERROR:
        return
    path = urlsplit(exchange.url).path
    if service == "rest" and path.endswith("/configure"):
        job_id = session.client().adopt_job(exchange.body)
        if job_id:
            session.client().remove_job(job_id)
    elif path.endswith("/push-to-rabbit"):
        clients.webapp().delete_alerts([str(alert["ext_id"]) for alert in exchange.json().get("alerts", ())])
    elif path.endswith("/region/add"):
        clients.webapp().call("DELETE", f"region/{exchange.json()['id']}")
    elif path.endswith("/reference-line"):
        clients.webapp().call("DELETE", f"reference-line/{exchange.json()['id']}")


def _login() -> dict[str, str]:
    return requests.bearer(clients.webapp().login().value)
