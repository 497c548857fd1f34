"""Schemas in one form, however they are written: for each JSON type the alternatives that a value of it has.

``type: [x, null]``, ``anyOf`` with null and ``const`` for an ``enum`` of one are the same here; a schema that was moved
into a shared one is put in where it is used.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
_NUMERIC = ("integer", "number")


@dataclass(frozen=True)
class Facets:
    """What a value of one type must be. ``values`` are the JSON texts that are allowed, None: not enumerated.

    Bounds of integers are inclusive; ``least_excluded`` and ``most_excluded`` are of numbers. ``further`` is the schema
    of members that have no name: True for anything, False for none.
    """

    values: frozenset[str] | None = None
    least: float = -math.inf
    most: float = math.inf
    least_excluded: bool = False
    most_excluded: bool = False
    multiple_of: float | None = None
    pattern: str = ""
    format: str = ""
    shortest: float = 0
    longest: float = math.inf
    different: bool = False
    items: Any = True
    properties: Mapping[str, Any] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    further: Any = True
    names: Any = True


Form = dict[str, list[Facets]]


def form_of(schema: Any) -> Form:
    """The form of a schema whose references are put in. An empty form allows nothing."""
    if schema is True or schema == {}:
        return {name: [Facets()] for name in TYPES if name != "integer"}
    if schema is False:
        return {}
    for name in ("anyOf", "oneOf"):
        if name in schema:
            beside = {key: value for key, value in schema.items() if key != name}
            return _united(form_of(merged(beside, part)) for part in schema[name])
    if "allOf" in schema:
        whole: Any = {key: value for key, value in schema.items() if key != "allOf"}
        for part in schema["allOf"]:
            whole = merged(whole, part)
        return form_of(whole)
    values = _values(schema)
    named = schema.get("type")
    types = [named] if isinstance(named, str) else list(named or TYPES)
    if named is None and values is not None:
        types = sorted({_type_of(json.loads(value)) for value in values})
    if "number" in types:
        types = [name for name in types if name != "integer"]
    found = {}
    for name in types:
        own = None if values is None else frozenset(v for v in values if _is_of(json.loads(v), name))
        if own is None or own:
            found[name] = [_facets(schema, name, own)]
    return found


def merged(first: Any, second: Any) -> Any:
    """A schema that demands what both demand, for objects and for what only one of them says."""
    if first in (True, {}):
        return second
    if second in (True, {}):
        return first
    if first is False or second is False:
        return False
    both = {**first, **second}
    if "properties" in first and "properties" in second:
        shared = {
            name: merged(first["properties"][name], part) if name in first["properties"] else part
            for name, part in second["properties"].items()
        }
        both["properties"] = {**first["properties"], **shared}
    if "required" in first and "required" in second:
        both["required"] = sorted({*first["required"], *second["required"]})
    return both


def _united(forms: Iterable[Form]) -> Form:
    found: Form = {}
    for form in forms:
        for name, alternatives in form.items():
            found.setdefault(name, []).extend(one for one in alternatives if one not in found.get(name, ()))
    return {name: _enumerations_joined(alternatives) for name, alternatives in found.items()}


def _enumerations_joined(alternatives: list[Facets]) -> list[Facets]:
    """Alternatives that are lists of values are one list."""
    if len(alternatives) > 1 and all(one.values is not None for one in alternatives):
        return [Facets(values=frozenset().union(*(one.values or () for one in alternatives)))]
    return alternatives


def _values(schema: Mapping[str, Any]) -> frozenset[str] | None:
    if "const" in schema:
        return frozenset({json.dumps(schema["const"], sort_keys=True)})
    if "enum" in schema:
        return frozenset(json.dumps(value, sort_keys=True) for value in schema["enum"])
    return None


def _type_of(value: Any) -> str:
    names = {type(None): "null", bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")


def _is_of(value: Any, name: str) -> bool:
    own = _type_of(value)
    return own == name or (name == "number" and own == "integer")


def _facets(schema: Mapping[str, Any], name: str, values: frozenset[str] | None) -> Facets:
    if values is not None:
        return Facets(values=values)
    if name in _NUMERIC:
        return _number(schema, whole=name == "integer")
    if name == "string":
        return Facets(
            pattern=schema.get("pattern", ""),
            format=schema.get("format", ""),
            shortest=schema.get("minLength", 0),
            longest=schema.get("maxLength", math.inf),
        )
    if name == "array":
        return Facets(
            shortest=schema.get("minItems", 0),
            longest=schema.get("maxItems", math.inf),
            different=schema.get("uniqueItems", False),
            items=schema.get("items", True),
        )
    if name == "object":
        return Facets(
            shortest=schema.get("minProperties", 0),
            longest=schema.get("maxProperties", math.inf),
            properties=schema.get("properties", {}),
            required=frozenset(schema.get("required", ())),
            further=schema.get("additionalProperties", True),
            names=schema.get("propertyNames", True),
        )
    return Facets()


def _number(schema: Mapping[str, Any], *, whole: bool) -> Facets:
    least, most = schema.get("minimum", -math.inf), schema.get("maximum", math.inf)
    above, below = schema.get("exclusiveMinimum", -math.inf), schema.get("exclusiveMaximum", math.inf)
    if whole:
        # Above 0 is the same as from 1 on.
        if above > -math.inf:
            least = max(least, math.floor(above) + 1)
        if below < math.inf:
            most = min(most, math.ceil(below) - 1)
        return Facets(least=least, most=most, multiple_of=schema.get("multipleOf"))
    return Facets(
        least=max(least, above),
        most=min(most, below),
        least_excluded=above >= least and above > -math.inf,
        most_excluded=below <= most and below < math.inf,
        multiple_of=schema.get("multipleOf"),
    )
