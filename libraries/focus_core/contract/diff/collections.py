"""Documents and indexes of the database compared. Tests read documents; without an index they wait for them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from focus_core.contract.diff.changes import Change, Direction, Severity
from focus_core.contract.diff.schemas import differences
from focus_core.contract.record import Json

_ANSWER = Direction.ANSWER
# BSON's types in JSON Schema's words; what JSON does not have is a text of a format.
_TYPES: dict[str, Any] = {
    "string": {"type": "string"},
    "bool": {"type": "boolean"},
    "int": {"type": "integer"},
    "long": {"type": "integer"},
    "double": {"type": "number"},
    "object": {"type": "object"},
    "array": {"type": "array"},
    "null": {"type": "null"},
    "date": {"type": "string", "pattern": "a moment"},
}


def compared(old: Json, new: Json) -> Iterator[Change]:
    """Every change between two documents of collections."""
    for name, entry in old.items():
        what = f"collection {name}"
        if name not in new:
            yield Change(Severity.BREAKING, _ANSWER, "collection-gone", what, "", "it is no longer there")
            continue
        before, after = (as_json_schema(one.get("schema", {})) for one in (entry, new[name]))
        for one in differences(before, after, _ANSWER):
            yield Change(one.judged(_ANSWER), _ANSWER, f"document-{one.rule}", what, one.place, one.sentence)
        for severity, rule, place, sentence in of_indexes(entry.get("indexes", {}), new[name].get("indexes", {})):
            yield Change(severity, _ANSWER, rule, what, place, sentence)
    for name in new.keys() - old.keys():
        yield Change(Severity.HARMLESS, _ANSWER, "collection-added", f"collection {name}", "", "it is new")


def of_indexes(old: Json, new: Json) -> Iterator[tuple[Severity, str, str, str]]:
    """Severity, rule, place and sentence of each change of the indexes of a collection, by their names."""
    for name, index in old.items():
        place = f"index {name}"
        if name not in new:
            yield Severity.BREAKING, "index-gone", place, "it is gone: queries read the whole collection"
        elif index["keys"] != new[name]["keys"]:
            text = f"it is on {', '.join(new[name]['keys'])} instead of {', '.join(index['keys'])}"
            yield Severity.BREAKING, "index-keys-changed", place, text
        elif bool(index.get("unique")) != bool(new[name].get("unique")):
            unique = bool(new[name].get("unique"))
            text = "it lets no value come twice now" if unique else "it lets a value come twice now"
            yield Severity.BREAKING, "index-unique-changed", place, text
    for name in new.keys() - old.keys():
        yield Severity.HARMLESS, "index-added", f"index {name}", "it is new"


def as_json_schema(schema: Any) -> Any:
    """A ``$jsonSchema`` with JSON Schema's types, for the comparison alone."""
    if not isinstance(schema, dict):
        return schema
    found = {name: part for name, part in schema.items() if name not in ("bsonType", "properties")}
    if found.get("exclusiveMinimum") is True:
        found["exclusiveMinimum"] = found.pop("minimum")
    if "properties" in schema:
        found["properties"] = {name: as_json_schema(part) for name, part in schema["properties"].items()}
    named = schema.get("bsonType", [])
    types = [named] if isinstance(named, str) else named
    alternatives = [{**found, **_TYPES[name]} for name in types]
    if not alternatives:
        return found
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}
