"""Two .proto files compared: messages, and their fields by number, which is what the wire carries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from focus_core.contract.diff.changes import Change, Direction, Severity

_MESSAGE = re.compile(r"\bmessage\s+(\w+)\s*\{([^{}]*)\}")
_FIELD = re.compile(r"(?:(optional|repeated)\s+)?([\w.]+)\s+(\w+)\s*=\s*(\d+)")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True)
class Field:
    """One field: ``label`` is optional, repeated or empty."""

    number: int
    name: str
    type: str
    label: str


def messages_of(text: str) -> dict[str, dict[str, Field]]:
    """The messages of a file with their fields by name. Messages inside of messages are no part of the record."""
    plain = _COMMENT.sub("", text)
    return {
        name: {found[2]: Field(int(found[3]), found[2], found[1], found[0]) for found in _FIELD.findall(body)}
        for name, body in _MESSAGE.findall(plain)
    }


def compared(old: str, new: str) -> Iterator[Change]:
    """Every change between two files."""
    before, after = messages_of(old), messages_of(new)
    for name, fields in before.items():
        what = f"stream {name}"
        direction = Direction.REQUEST if name.endswith("Request") else Direction.ANSWER
        if name not in after:
            yield Change(Severity.BREAKING, direction, "proto-message-gone", what, "", "it is no longer there")
        else:
            for severity, rule, place, sentence in _fields(fields, after[name]):
                yield Change(severity, direction, f"proto-{rule}", what, place, sentence)
    for name in after.keys() - before.keys():
        yield Change(Severity.HARMLESS, Direction.ANSWER, "proto-message-added", f"stream {name}", "", "it is new")


def _fields(before: dict[str, Field], after: dict[str, Field]) -> Iterator[tuple[Severity, str, str, str]]:
    taken = {field.number: field for field in after.values()}
    for name, field in before.items():
        now = after.get(name)
        if now is None:
            other = taken.get(field.number)
            if other is not None and other.name not in before:
                yield Severity.BREAKING, "field-renamed", name, f"number {field.number} is called {other.name} now"
            else:
                yield Severity.BREAKING, "field-gone", name, f"number {field.number} is gone"
        elif now.number != field.number:
            text = f"it is number {now.number} instead of {field.number}: old readers find it empty"
            yield Severity.BREAKING, "field-renumbered", name, text
        elif now.type != field.type:
            yield Severity.BREAKING, "field-type-changed", name, f"it is {now.type} instead of {field.type}"
        elif now.label != field.label:
            text = f"it is {now.label or 'single'} instead of {field.label or 'single'}"
            yield Severity.BREAKING, "field-label-changed", name, text
    for name, field in after.items():
        if name not in before and not any(one.number == field.number for one in before.values()):
            yield Severity.HARMLESS, "field-added", name, f"it is new, number {field.number}"
