"""Which operations, statuses, parameters and properties of the record a run saw; the rest is a list."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from focus_core.contract import answers, record
from focus_core.contract.answers import JSON
from focus_core.contract.record import Json, resolved
from focus_core.contract.schemas import inlined

from pipeline.results.contract_seen import Seen

KINDS = ("operations", "statuses", "parameters", "properties")


@dataclass
class Share:
    """How many there are of one kind, and those that were not seen."""

    total: int = 0
    missing: list[str] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.total - len(self.missing)

    def add(self, name: str, seen: bool) -> None:
        self.total += 1
        if not seen:
            self.missing.append(name)


def of(seen: Seen) -> dict[str, Share]:
    """The shares by kind, of all documents of the record."""
    found = {kind: Share() for kind in KINDS}
    for service in record.SERVICES:
        contract = answers.contract(service)
        for operation in contract.operations.values():
            what = f"{service} {operation}"
            calls: Mapping[str, int] = seen.calls.get(what, {})
            found["operations"].add(what, bool(calls))
            for parameter in _parameters(contract.document, operation.described):
                sent = seen.parameters.get(what, ())
                found["parameters"].add(f"{what} {parameter}", parameter in sent or f"{parameter}[]" in sent)
            for place in _request_places(contract.document, operation.described):
                asked = seen.shapes.get(f"{what} request", {})
                found["properties"].add(f"{what} request {place}", place in asked)
            for status, response in operation.responses.items():
                found["statuses"].add(f"{what} {status}", str(status) in calls)
                if 200 <= status < 300:
                    shape = seen.shapes.get(f"{what} {status}", {})
                    for place in _answer_places(contract.document, response):
                        found["properties"].add(f"{what} {status} {place}", place in shape)
    return found


def sentence(found: Mapping[str, Share]) -> str:
    """One line for the summary."""
    return ", ".join(f"{share.seen} of {share.total} {kind}" for kind, share in found.items())


def places(schema: Any, path: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Every place that an inlined schema names, as shapes write them, with the JSON types that it may have there; no
    types: any."""
    if not isinstance(schema, Mapping):
        return
    yield path, _types(schema)
    inside = f"{path}." if path else ""
    for name, part in schema.get("properties", {}).items():
        yield from places(part, f"{inside}{name}")
    yield from places(schema.get("items"), f"{path}[]")
    if isinstance(schema.get("additionalProperties"), Mapping):
        yield from places(schema["additionalProperties"], f"{path}{{}}")
    for key in ("anyOf", "oneOf", "allOf"):
        for part in schema.get(key, ()):
            yield from places(part, path)


def _types(schema: Mapping[str, Any]) -> frozenset[str]:
    named = schema.get("type")
    if named is None:
        return frozenset()
    types = {named} if isinstance(named, str) else set(named)
    return frozenset(types | ({"integer"} if "number" in types else set()))


def _parameters(document: Json, described: Json) -> list[str]:
    """The names of the parameters of a query."""
    found = [resolved(document, one) for one in described.get("parameters", ())]
    return [one["name"] for one in found if one["in"] == "query"]


def _request_places(document: Json, described: Json) -> list[str]:
    body = resolved(document, described.get("requestBody", {}))
    return _named(document, body.get("content", {}).get(JSON, {}).get("schema", {}))


def _answer_places(document: Json, response: Json) -> list[str]:
    return _named(document, response.get("content", {}).get(JSON, {}).get("schema", {}))


def _named(document: Json, schema: Any) -> list[str]:
    return sorted({place for place, _ in places(inlined(document, schema)) if place})
