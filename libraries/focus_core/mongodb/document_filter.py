"""A tester's filter of documents, as a condition of pymongo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment, amount

_CONSTANTS = {"true": True, "false": False, "none": None}


@dataclass(frozen=True)
class DocumentFilter:
    """What the field of a document is asked to be; what is none is not asked.

    ``one_of`` and ``none_of`` are values in words, divided by commas: ``true``, ``false``, ``none``, numbers, texts.
    """

    field: str | None = None
    one_of: str | None = None
    none_of: str | None = None
    at_least: str | None = None
    at_most: str | None = None
    since: Moment | None = None
    until: Moment | None = None

    @property
    def condition(self) -> dict[str, Any]:
        """The condition. Raises ``BenchError`` when a field is asked for nothing, or no field for something."""
        wanted = {
            "$in": None if self.one_of is None else [_value(one) for one in self.one_of.split(",")],
            "$nin": None if self.none_of is None else [_value(one) for one in self.none_of.split(",")],
            "$gte": _stored(self.since) if self.since else _number(self.at_least),
            "$lte": _stored(self.until) if self.until else _number(self.at_most),
        }
        asked = {operator: value for operator, value in wanted.items() if value is not None}
        if bool(asked) != bool(self.field):
            raise BenchError(
                "A filter of documents is a field with what it has to be, like field=deleted    one_of=true; "
                "give both or none."
            )
        return {self.field: asked} if self.field else {}


def value_at(content: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path (``fiber_metadata.parent.prr``), none where there is nothing."""
    found: Any = content
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _value(text: str) -> Any:
    words = text.strip()
    if words.casefold() in _CONSTANTS:
        return _CONSTANTS[words.casefold()]
    try:
        return amount(words)
    except ValueError:
        return words


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else amount(text)
    except ValueError as error:
        raise BenchError(f"at_least and at_most compare numbers: {error}; correct the table.") from None


def _stored(moment: Moment) -> Any:
    # MongoDB holds naive UTC.
    return moment.astimezone(UTC).replace(tzinfo=None)
