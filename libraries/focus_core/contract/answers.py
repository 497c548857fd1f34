"""Answers over HTTP against the document of record: status, content type, headers, body.

An operation is known by method and path; a status that it does not have is a violation. Whatever is asked at another
path, or with another method, must be answered with a client error of the common shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from focus_core.contract import record
from focus_core.contract.record import Json, Service, resolved
from focus_core.contract.schemas import Schema
from focus_core.contract.violation import Violation, short

JSON = "application/json"
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
# Any server reads a request line of so many characters.
_READABLE_LINE = 8_000
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})")


@dataclass(frozen=True)
class Answer:
    """An answer and what it was asked: ``url`` as it was sent, ``headers`` by name in any case, bodies as texts."""

    service: Service
    method: str
    url: str
    status: int
    headers: Mapping[str, str]
    body: str
    request_body: str = ""

    @property
    def path(self) -> str:
        """The path below the service's prefix, decoded, without its query; empty for a path elsewhere."""
        return contract(self.service).path_of(self.url)

    @property
    def content_type(self) -> str:
        """The media type without parameters."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:
        """The parsed body. Raises ``ValueError`` or ``RecursionError`` where it is none."""
        return json.loads(self.body)


@dataclass(frozen=True)
class Operation:
    """One operation of the record. ``responses`` are its answers by status, references resolved."""

    method: str
    template: str
    described: Json
    responses: dict[int, Json]
    schemas: dict[tuple[int, str], Schema] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.method} {self.template}"


class Contract:
    """The document of one service, ready to be compared with answers."""

    def __init__(self, document: Json) -> None:
        self.document = document
        self.prefix: str = document["servers"][0]["url"]
        self.operations = {
            (method.upper(), template): Operation(method.upper(), template, described, self._responses(described))
            for template, methods in document["paths"].items()
            for method, described in methods.items()
            if method.upper() in METHODS
        }
        self.elsewhere = Operation("", "", {}, self._responses(document["x-elsewhere"]))
        self.ingress = Operation("", "", {}, self._responses(document["x-ingress"]))
        # Paths of words go before those of parameters.
        templates = sorted(document["paths"], key=lambda template: template.count("{"))
        self._patterns = {template: self._pattern(template) for template in templates}

    def path_of(self, url: str) -> str:
        """The path of a URL below the prefix, decoded, without its query; empty for one elsewhere."""
        return unquote(url.partition(self.prefix)[2].partition("?")[0])

    def template_of(self, path: str) -> str:
        """The path of an operation with its parameters, as /metadata/{job_id}; empty for a path that is none."""
        return next((template for template, pattern in self._patterns.items() if pattern.fullmatch(path)), "")

    def methods_of(self, template: str) -> list[str]:
        """The methods that a path has."""
        return [method for method, path in self.operations if path == template]

    def schema(self, operation: Operation, status: int, content_type: str) -> Schema:
        """The compiled schema of a body; compiled when it is needed first."""
        key = (status, content_type)
        if key not in operation.schemas:
            content = operation.responses[status]["content"][content_type]
            operation.schemas[key] = Schema(self.document, content.get("schema", {}))
        return operation.schemas[key]

    def _responses(self, described: Json) -> dict[int, Json]:
        return {int(status): resolved(self.document, each) for status, each in described["responses"].items()}

    def _pattern(self, template: str) -> re.Pattern[str]:
        wide = {
            parameter["name"]
            for described in self.document["paths"][template].values()
            for parameter in described.get("parameters", ())
            if parameter.get("x-spans-slashes")
        }
        text = re.sub(r"\{(\w+)\}", lambda found: ".+" if found[1] in wide else "[^/]+", template)
        return re.compile(text)


@cache
def contract(service: Service) -> Contract:
    """The contract of a service."""
    return Contract(record.document(service))


def service_of(url: str) -> Service:
    """The service that a URL leads to; the Focus Server where it leads to none that is known."""
    return "webapp" if urlsplit(url).path.startswith(record.WEBAPP_PREFIX) else "focus-server"


def operation_of(answer: Answer) -> Operation | None:
    """The operation that was asked for; None where path and method are none."""
    found = contract(answer.service)
    return found.operations.get((answer.method.upper(), found.template_of(answer.path)))


def problems(answer: Answer) -> list[Violation]:
    """Where an answer breaks the contract; empty when it is exactly right."""
    found = contract(answer.service)
    method, template = answer.method.upper(), found.template_of(answer.path)
    operation = found.operations.get((method, template), found.elsewhere)
    if method == "HEAD" and answer.status in (getting := found.operations.get(("GET", template), operation)).responses:
        # A server may answer what it would answer to GET; never with a body.
        operation = getting
    if answer.status not in operation.responses:
        known = ", ".join(map(str, sorted(operation.responses)))
        text = f"{method} {template or 'at this path'} has no answer {answer.status}, only {known}"
        return [Violation("", "status", text)]
    return of_response(answer, operation)


def of_response(answer: Answer, operation: Operation) -> list[Violation]:
    """Where an answer breaks what an operation has for its status."""
    response = operation.responses[answer.status]
    violations = list(_of_headers(answer, response))
    if answer.method.upper() != "HEAD":
        violations += _of_body(answer, operation, response)
    return violations


def _of_headers(answer: Answer, response: Json) -> Iterator[Violation]:
    rules = response.get("x-rule", ())
    document = contract(answer.service).document
    for name, header in response.get("headers", {}).items():
        # Who asks for the health is answered in full also when it is bad; there is nothing to try again.
        required = header.get("required") or (
            "retry-after-unless-health" in rules and '"dependencies"' not in answer.body
        )
        value = answer.headers.get(name, "")
        if required or value:
            schema = _of_header(answer.service, _frozen(resolved(document, header["schema"])))
            if schema.problems(_number_or_text(value)):
                wanted = schema.schema.get("description", "another value")
                yield Violation(f"header {name}", "header", f"its header {name} is {value!r}, expected {wanted}")
    if "allow-names-methods" in rules:
        yield from _of_allow(answer)


def _of_allow(answer: Answer) -> Iterator[Violation]:
    found = contract(answer.service)
    methods = found.methods_of(found.template_of(answer.path))
    if not methods or answer.method.upper() not in METHODS:
        return
    named = {name.strip() for name in answer.headers.get("Allow", "").split(",")} - {"HEAD", "OPTIONS"}
    if named != set(methods):
        shown = ", ".join(sorted(named)) or "nothing"
        text = f"its header Allow names {shown}, expected {', '.join(methods)}"
        yield Violation("header Allow", "allow-names-methods", text)


def _of_body(answer: Answer, operation: Operation, response: Json) -> list[Violation]:
    content = response.get("content", {})
    if not content:
        empty = f"its body is not empty: {short(answer.body)}"
        return [Violation("", "no-body", empty)] if answer.body else []
    if answer.content_type not in content:
        wanted = " or ".join(f"'{each}'" for each in content)
        return [Violation("", "content-type", f"content type '{answer.content_type}' instead of {wanted}")]
    value: Any = answer.body
    if answer.content_type == JSON:
        try:
            value = answer.json()
        except (ValueError, RecursionError) as error:
            return [Violation("", "json", f"its body is not JSON ({error}): {short(answer.body)}")]
    if "other-words-only-for-unreadable-requests" in response.get("x-rule", ()):
        return _of_refusal(answer, value)
    return contract(answer.service).schema(operation, answer.status, answer.content_type).problems(value)


def _of_refusal(answer: Answer, value: Any) -> list[Violation]:
    """A 400: in the operation's own words, in those of the ingress for what is no request, in those of the framework
    for a body that cannot be parsed."""
    own, of_body, of_line = _refusals(answer.service)
    found = own.problems(value)
    if not found:
        return []
    if len(answer.url) > _READABLE_LINE or not (answer.url.isascii() and answer.url.isprintable()):
        return found if of_line.problems(value) else []
    if answer.request_body and not _parses(answer.request_body):
        return found if of_body.problems(value) else []
    return found


@cache
def _refusals(service: Service) -> tuple[Schema, Schema, Schema]:
    """The alternatives of a 400: own words, those for a body, those for a request line that cannot be read."""
    document = record.document(service)
    content = document["components"]["responses"]["BadValue"]["content"][JSON]["schema"]["anyOf"]
    own, of_body, of_line = (Schema(document, each) for each in content)
    return own, of_body, of_line


@cache
def _of_header(service: Service, schema: tuple[tuple[str, Any], ...]) -> Schema:
    return Schema(record.document(service), dict(schema))


def _frozen(schema: Json) -> tuple[tuple[str, Any], ...]:
    return tuple(schema.items())


def _number_or_text(value: str) -> Any:
    """What a header is for a schema: its text, or the whole number that it is the usual text of."""
    return int(value) if _WHOLE_NUMBER.fullmatch(value) else value


def _parses(body: str) -> bool:
    # Bytes that were no text stand in an exchange as the sign for that.
    if "\ufffd" in body:
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
