"""What a word returns, as text for the screen: objects as tables, a row for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

from focus_core.site import secrets
from rich.table import Table

MOST_ROWS = 50
MOST_COLUMNS = 8
MOST_VALUES = 20
MOST_CHARACTERS = 400
_PLAIN = str | bytes | int | float | bool | None


def shown(value: Any) -> str | Table:
    """A table for objects, lists and mappings; otherwise the value's text, which is cut where it is very long."""
    if isinstance(value, _PLAIN):
        return cut(str(value))
    if isinstance(value, Sequence):
        return _list(value)
    fields = fields_of(value)
    if fields is None:
        return cut(str(value))
    table = _table("field", "value")
    for name, content in list(fields.items())[:MOST_ROWS]:
        table.add_row(name, cut(str(content), 120))
    return table


def fields_of(value: Any) -> dict[str, Any] | None:
    """The named parts of an object, public ones; None for what has none."""
    if isinstance(value, Mapping):
        return {str(key): content for key, content in value.items()}
    if dataclasses.is_dataclass(value):
        names = [field.name for field in dataclasses.fields(value)]
    elif isinstance(getattr(type(value), "model_fields", None), Mapping):
        names = list(type(value).model_fields)
    else:
        names = list(getattr(value, "__dict__", ()))
    public = [name for name in names if not name.startswith("_")]
    return {name: getattr(value, name) for name in public} or None


def cut(text: str, most: int = MOST_CHARACTERS) -> str:
    """The text without known secrets, and only its beginning where it is very long."""
    text = secrets.blank(text)
    return text if len(text) <= most else f"{text[:most]}... ({len(text)} characters)"


def _list(values: Sequence[Any]) -> str | Table:
    rows = [fields_of(value) for value in values[:MOST_ROWS]]
    if not values or any(row is None for row in rows):
        return f"{len(values)}: {cut(', '.join(beginning_and_end(values)))}" if values else "none"
    names = list(dict.fromkeys(name for row in rows if row for name in row))
    table = _table("#", *names[:MOST_COLUMNS])
    for number, row in enumerate(rows, 1):
        table.add_row(str(number), *(cut(str((row or {}).get(name, "")), 60) for name in names[:MOST_COLUMNS]))
    left_out = [f"{len(values) - MOST_ROWS} more rows"] * (len(values) > MOST_ROWS)
    left_out += [f"columns {', '.join(names[MOST_COLUMNS:])}"] * (len(names) > MOST_COLUMNS)
    table.caption = f"not shown: {'; '.join(left_out)}" if left_out else None
    return table


def beginning_and_end(values: Sequence[Any]) -> list[str]:
    """The texts of plain values; of many, the first ten and the last."""
    texts = list(map(str, values))
    return texts if len(texts) <= MOST_VALUES else [*texts[:10], "...", texts[-1]]


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, header_style="")
    for name in names:
        table.add_column(name, overflow="fold")
    return table
