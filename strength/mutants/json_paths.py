"""Places in JSON values that are the same in every answer of a kind, and one change at such a place.

A place is a tuple of member names. `[]` is an element of an array, `*` a member whose name is a number, `[0]` and
`[1]` the two ends of a pair of numbers. A change is made once, at the element closest to the middle that has the place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Place = tuple[str, ...]
# Returned by a change that removes the value.
REMOVED = object()
# The content of an answer that is not JSON.
NO_JSON = object()
_LOOKED_AT = 5


def text(place: Place) -> str:
    """The place as text: `metadata.parent.prr`, `detail[].loc[]`; the whole value is `(body)`."""
    return "".join(part if part.startswith("[") else f".{part}" for part in place).lstrip(".") or "(body)"


def walk(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every place of a value with the value there; of a long array only a few elements around its middle."""
    yield place, value
    for part, key in _steps(value):
        yield from walk(value[key], (*place, part))


def change(value: Any, place: Place, how: Callable[[Any], Any]) -> tuple[bool, Any]:
    """A copy of `value` in which one element of the place was changed by `how`; False when that changes nothing."""
    if not place:
        new = how(value)
        return new is REMOVED or not same(new, value), new
    for part, key in _steps(value, everything=True):
        if part != place[0]:
            continue
        changed, new = change(value[key], place[1:], how)
        if changed:
            copy = value.copy()
            if new is REMOVED:
                del copy[key]
            else:
                copy[key] = new
            return True, copy
    return False, value


def same(one: Any, other: Any) -> bool:
    """Equal as JSON: true is not 1, but 1 is 1.0, and the order of members does not matter."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _steps(value: Any, *, everything: bool = False) -> Iterator[tuple[str, Any]]:
    """The parts of places below a value with their keys; elements of arrays and maps from the middle outwards."""
    if isinstance(value, dict):
        numbers = [key for key in value if key.isdigit()]
        yield from ((key, key) for key in value if not key.isdigit())
        yield from (("*", numbers[index]) for index in _from_the_middle(len(numbers), everything))
    elif isinstance(value, list):
        if len(value) == 2 and all(map(is_number, value)):
            yield from (("[0]", 0), ("[1]", 1))
        else:
            yield from (("[]", index) for index in _from_the_middle(len(value), everything))


def _from_the_middle(length: int, everything: bool) -> list[int]:
    middle = length // 2
    nearest = sorted(range(length), key=lambda index: abs(index - middle))
    return nearest if everything else nearest[:_LOOKED_AT]
