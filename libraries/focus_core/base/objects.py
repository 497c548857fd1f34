"""Objects that keywords return: frozen dataclasses whose first attribute is their name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from focus_core.base.errors import BenchError


class ValueOfEach(list[Any]):
    """An attribute of each of several objects. One value that is expected of it is expected of each.

    ``names`` are those of the objects, in their order, where they are known: a failure gives the name of the first
    that is otherwise.
    """

    def __init__(self, values: Iterable[Any], names: Sequence[Any] = ()) -> None:
        super().__init__(values)
        self.names = names


def is_object(value: object) -> bool:
    """Whether it is an object of a dataclass, and not the dataclass itself."""
    return is_dataclass(value) and not isinstance(value, type)


def name_of(thing: Any) -> Any:
    """The name by which lists of such objects are compared: the first attribute."""
    return getattr(thing, attributes(type(thing))[0])


def field_of(things: Sequence[Any], thing: str, name: str) -> Any:
    """An attribute of one object, or that of each of several, in their order; ``thing`` is one of them in words.

    ``memory limit`` is ``memory_limit``. Raises ``AssertionError`` when there is nothing, ``BenchError`` for a name
    that the objects do not have.
    """
    if not things:
        raise AssertionError(f"there is no {thing}")
    attribute = name.strip().casefold().replace(" ", "_").replace("-", "_")
    known = attributes(type(things[0]))
    if attribute not in known:
        raise BenchError(f"A {thing} has no field '{name}'; use one of {', '.join(known)}.")
    values = [getattr(one, attribute) for one in things]
    return values[0] if len(values) == 1 else ValueOfEach(values, [name_of(one) for one in things])


def attributes(kind: type) -> list[str]:
    """The names of what an object of this dataclass or named tuple consists of, those that are computed included."""
    computed = [name for name, value in vars(kind).items() if isinstance(value, property) and not name.startswith("_")]
    stored = [field.name for field in fields(kind)] if is_dataclass(kind) else list(getattr(kind, "_fields", ()))
    return [*stored, *computed]
