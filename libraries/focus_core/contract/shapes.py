"""What values really look like: which members they have, of which JSON types. Collected from a run, kept as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

# Entries of a list that are looked at, from its beginning: all of them are of one kind, or the schema says so.
_ENTRIES = 3
# Values of one kind that are looked at closely; what is rare shows in the long run.
MOST_VALUES = 20

_KINDS = {str: "string", bool: "boolean", int: "integer", float: "number", dict: "object", list: "array"}


def kind_of(value: Any) -> str:
    """The JSON type of a value."""
    return _KINDS.get(type(value), "null")


def places_of(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Each place of a value with its type; entries of lists and of maps of numbers are one place, ``[]`` and ``{}``."""
    yield path, kind_of(value)
    if isinstance(value, dict):
        inside = f"{path}." if path else ""
        is_map = bool(value) and all(name.isdecimal() for name in value)
        for name, each in value.items():
            yield from places_of(each, f"{path}{{}}" if is_map else f"{inside}{name}")
            if is_map:
                break
    elif isinstance(value, list):
        for entry in value[:_ENTRIES]:
            yield from places_of(entry, f"{path}[]")


class Shape:
    """The places that values of one kind had, with the types that were seen there."""

    def __init__(self) -> None:
        self.values = 0
        self.places: dict[str, set[str]] = {}

    def add(self, value: Any, *, unusual: bool = False) -> None:
        """Look at a value; an ``unusual`` one is looked at also when enough were seen."""
        self.values += 1
        if self.values <= MOST_VALUES or unusual:
            for place, kind in places_of(value):
                self.places.setdefault(place, set()).add(kind)
