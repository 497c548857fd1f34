"""Mutation operators: the changes of a value, by its type."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from strength.mutants.json_paths import REMOVED, is_number

Change = Callable[[Any], Any]
# Operators of the whole answer; all others change a value of its content.
LATE, TWICE, STALE = "late", "executed twice", "stale"
EMPTIED, CUT, FILLED, CONTENT_TYPE = "body emptied", "body cut off", "body filled", "content type changed"
STATUS, HEADER = "status changed", "header dropped"
DROPPED, REPEATED, STOPPED = "frame dropped", "frame repeated", "stream stopped"
ADDED_MEMBER = "unexpected_member"

_NUMBER: dict[str, Change] = {
    "plus one": lambda value: value + 1,
    "minus one": lambda value: value - 1,
    "zero": lambda _: 0,
    "negated": lambda value: -value,
    "scaled": lambda value: value * 3,
    "other type": str,
}
_TEXT: dict[str, Change] = {
    "changed": lambda value: f"{value}x",
    "emptied": lambda _: "",
    "other type": lambda _: 7,
}
_FLAG: dict[str, Change] = {"flipped": lambda value: not value, "other type": str}
# null becomes an object that no schema declares.
_NOTHING: dict[str, Change] = {"filled": lambda _: {ADDED_MEMBER: 1}}
_ARRAY: dict[str, Change] = {
    "emptied": lambda _: [],
    "element removed": lambda value: _without(value, len(value) // 2),
    "element repeated": lambda value: [*value, value[len(value) // 2]] if value else value,
    "reversed": lambda value: value[::-1],
    "other type": lambda _: {},
}
_OBJECT: dict[str, Change] = {
    "emptied": lambda _: {},
    "member added": lambda value: {**value, ADDED_MEMBER: 1},
    "other type": lambda _: [],
}
# Types that JSON lacks: times and binary values of MongoDB.
_MOMENT: dict[str, Change] = {
    "a day later": lambda value: value + timedelta(days=1),
    "other type": str,
}
_BYTES: dict[str, Change] = {
    "emptied": lambda _: b"",
    "cut off": lambda value: value[: len(value) // 8 * 4],
    "negated": lambda value: _with_negated(value, len(value) // 8 * 4),
}
_OTHER: dict[str, Change] = {"other type": lambda _: 7}
# `removed` is for members of objects; arrays have `element removed`.
_ANY: dict[str, Change] = {"null": lambda _: None}
_MEMBER: dict[str, Change] = {"removed": lambda _: REMOVED}


def of_kind(value: Any) -> dict[str, Change]:
    """The operators for the type of this value."""
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return _FLAG | _ANY
    if is_number(value):
        return _NUMBER | _ANY
    if isinstance(value, str):
        return _TEXT | _ANY
    if isinstance(value, datetime):
        return _MOMENT | _ANY
    kinds = ((list, _ARRAY), (dict, _OBJECT), (bytes, _BYTES))
    return next((changes for kind, changes in kinds if isinstance(value, kind)), _OTHER) | _ANY


def for_place(value: Any, last_part: str) -> dict[str, Change]:
    """The operators for a value at a place that ends with `last_part`, which is empty for the whole body."""
    is_member = bool(last_part) and not last_part.startswith("[")
    return of_kind(value) | (_MEMBER if is_member else {})


def applied(operator: str, value: Any, last_part: str) -> Any:
    """The changed value; the value itself where the operator is not for its type."""
    how = for_place(value, last_part).get(operator)
    return how(value) if how else value


def _without(items: list[Any], index: int) -> list[Any]:
    return items[:index] + items[index + 1 :]


def _with_negated(floats: bytes, at: int) -> bytes:
    """The sign of a float32 (little endian) is the highest bit of its last byte."""
    changed = bytearray(floats)
    if changed:
        changed[at + 3] ^= 0x80
    return bytes(changed)
