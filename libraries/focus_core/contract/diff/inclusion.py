"""The second opinion on a comparison: whether the new schema holds all values of the old one, or the other way round.

`schemas` says where two schemas differ and why; here a library computes, from the schemas alone, whether values were
lost. Where only the library finds something, that is a change without a name.
"""

from __future__ import annotations

from typing import Any

from focus_core.contract.diff.changes import Direction
from focus_core.contract.schemas import types_of

# Words of a schema that say nothing about values; unknown ones would make it impossible to compare.
_NOTES = ("title", "description", "default", "example", "examples", "deprecated", "format", "x-rule")


def breaks(old: Any, new: Any, direction: Direction) -> bool:
    """Whether a client that kept to the old schema can fail with the new one; in doubt it can."""
    from jsonschema_rs import canonicalize

    if direction is Direction.REQUEST:
        inner, outer = plain(old), _without_new_options(old, plain(new))
        if _gone(old, new):
            return True
    else:
        inner, outer = opened(plain(new)), opened(plain(old))
    return str(canonicalize(outer).covers(canonicalize(inner))) != "yes"


def plain(schema: Any) -> Any:
    """A schema without its notes."""
    if isinstance(schema, dict):
        found = {}
        for name, part in schema.items():
            if name == "properties":
                found[name] = {member: plain(each) for member, each in part.items()}
            elif name in ("enum", "const", "required", "pattern"):
                found[name] = part
            elif name not in _NOTES:
                found[name] = plain(part)
        return found
    return [plain(part) for part in schema] if isinstance(schema, list) else schema


def opened(schema: Any) -> Any:
    """A schema of an answer that may always hold more members: who reads the others does not see them."""
    if isinstance(schema, dict):
        found = {}
        for name, part in schema.items():
            if name == "properties":
                found[name] = {member: opened(each) for member, each in part.items()}
            elif name in ("enum", "const", "required", "pattern"):
                found[name] = part
            elif not (name == "additionalProperties" and part is False):
                found[name] = opened(part)
        return found
    return [opened(part) for part in schema] if isinstance(schema, list) else schema


def _without_new_options(old: Any, new: Any) -> Any:
    """The new schema of a request without members that may be sent for the first time: nobody sends them yet."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        return new
    found = dict(new)
    before = old.get("properties", {})
    if "properties" in new and ("properties" in old or "object" in types_of(old)):
        required = new.get("required", ())
        found["properties"] = {
            name: _without_new_options(before.get(name), part)
            for name, part in new["properties"].items()
            if name in before or name in required
        }
    for name in ("items", "additionalProperties"):
        if name in new and name in old:
            found[name] = _without_new_options(old[name], new[name])
    for name in ("anyOf", "oneOf", "allOf"):
        if name in new and len(new[name]) == len(old.get(name, ())):
            pairs = zip(old[name], new[name], strict=True)
            found[name] = [_without_new_options(before_part, part) for before_part, part in pairs]
    return found


def _gone(old: Any, new: Any) -> bool:
    """Whether a member of a request is no longer read."""
    before, after = _members(old), _members(new)
    return any(name not in after for name in before)


def _members(schema: Any, place: str = "") -> set[str]:
    """The places of all members that a schema names."""
    found: set[str] = set()
    if isinstance(schema, dict):
        for name, part in schema.get("properties", {}).items():
            found |= {f"{place}.{name}", *_members(part, f"{place}.{name}")}
        found |= _members(schema.get("items"), f"{place}[]")
        for key in ("anyOf", "oneOf", "allOf"):
            for part in schema.get(key, ()):
                found |= _members(part, place)
    return found
