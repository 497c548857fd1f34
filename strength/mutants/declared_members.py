"""Members of JSON bodies that an OpenAPI document declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from strength.mutants.json_paths import Place
from strength.mutants.traffic import Kind

# Schemas may refer to themselves.
_DEEPEST = 8


def members(document: Mapping[str, Any], prefix: str) -> dict[Kind, frozenset[Place]]:
    """The places of all declared members of JSON bodies, by operation and status."""
    found: dict[Kind, frozenset[Place]] = {}
    for path, item in document.get("paths", {}).items():
        for method, operation in item.items():
            for status, answer in operation.get("responses", {}).items() if isinstance(operation, dict) else ():
                schema = answer.get("content", {}).get("application/json", {}).get("schema")
                if schema and status.isdigit():
                    kind = (f"{method.upper()} {path.removeprefix(prefix)}", int(status))
                    found[kind] = frozenset(_places(schema, document, ()))
    return found


def _places(schema: Any, document: Mapping[str, Any], place: Place) -> Iterator[Place]:
    if not isinstance(schema, dict) or len(place) > _DEEPEST:
        return
    if "$ref" in schema:
        part: Any = document
        for name in schema["$ref"].removeprefix("#/").split("/"):
            part = part[name]
        yield from _places(part, document, place)
    for choice in ("anyOf", "oneOf", "allOf"):
        for option in schema.get(choice, ()):
            yield from _places(option, document, place)
    for name, inner in schema.get("properties", {}).items():
        yield (*place, name)
        yield from _places(inner, document, (*place, name))
    yield from _places(schema.get("items"), document, (*place, "[]"))
    yield from _places(schema.get("additionalProperties"), document, (*place, "*"))
