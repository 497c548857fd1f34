"""Bodies of requests with one field changed."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from focus_core.base.errors import BenchError


def with_field(body: Mapping[str, Any], field: str, value: Any) -> dict[str, Any]:
    """A copy of the body with another value in a dotted field (``sensors.min``). ``BenchError`` when it has none."""
    changed = deepcopy(dict(body))
    place, name = place_of(changed, field)
    _require(name in place, field)
    place[name] = value
    return changed


def without_field(body: Mapping[str, Any], field: str) -> dict[str, Any]:
    """A copy of the body without a dotted field. ``BenchError`` when it has none."""
    changed = deepcopy(dict(body))
    place, name = place_of(changed, field)
    _require(name in place, field)
    del place[name]
    return changed


def place_of(body: dict[str, Any], field: str) -> tuple[dict[str, Any], str]:
    """The object in which a dotted field stands, or could stand, and its name there. ``BenchError`` without that
    object."""
    *parents, name = field.split(".")
    place: Any = body
    for parent in parents:
        place = place.get(parent)
        _require(isinstance(place, dict), field)
    return place, name


def _require(there: bool, field: str) -> None:
    if not there:
        raise BenchError(f"The body has no field '{field}'; correct the table.")
