"""Every string and number field that an OpenAPI document shows: in bodies, paths and queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["text", "number", "path", "query"]
_METHODS = ("get", "post", "put", "patch", "delete")
_KINDS: dict[str, Kind] = {"string": "text", "integer": "number", "number": "number"}


@dataclass(frozen=True)
class Field:
    """A field of an operation: ``POST``, the path with its parameters, and its place: ``channels.min``, ``roi[0]``."""

    method: str
    path: str
    name: str
    kind: Kind

    @property
    def operation(self) -> str:
        """Method and path, as ``requests.yaml`` names the operation."""
        return f"{self.method} {self.path}"

    def __str__(self) -> str:
        return f"{self.operation} {self.name}"


def fields_of(document: Mapping[str, Any], prefix: str) -> list[Field]:
    """The fields that a document describes; ``prefix`` is taken from its paths."""
    found: dict[Field, None] = {}
    for full_path, operations in document.get("paths", {}).items():
        path = full_path.removeprefix(prefix)
        for method, operation in operations.items():
            if method in _METHODS:
                found |= dict.fromkeys(_fields(document, method.upper(), path, operation))
    return list(found)


def bodies_of(document: Mapping[str, Any], prefix: str) -> list[str]:
    """The operations that take a JSON body, as ``POST /configure``."""
    return [
        f"{method.upper()} {path.removeprefix(prefix)}"
        for path, operations in document.get("paths", {}).items()
        for method, operation in operations.items()
        if method in _METHODS and _body_schema(operation)
    ]


def _fields(document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]) -> Iterator[Field]:
    for parameter in operation.get("parameters", ()):
        where = parameter.get("in")
        if where in ("path", "query"):
            yield Field(method, path, parameter["name"], where)
    for name, kind in _leaves(document, _body_schema(operation), ""):
        yield Field(method, path, name, kind)


def _body_schema(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    schema: Mapping[str, Any] = content.get("application/json", {}).get("schema", {})
    return schema


def _leaves(document: Mapping[str, Any], schema: Mapping[str, Any], name: str) -> Iterator[tuple[str, Kind]]:
    if "$ref" in schema:
        target: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        yield from _leaves(document, target, name)
    for choice in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from _leaves(document, choice, name)
    kind = _KINDS.get(str(schema.get("type")))
    if kind and name:
        yield name, kind
    if schema.get("type") == "array":
        yield from _leaves(document, schema.get("items", {}), f"{name}[0]")
    for member, inside in schema.get("properties", {}).items():
        yield from _leaves(document, inside, f"{name}.{member}".lstrip("."))
