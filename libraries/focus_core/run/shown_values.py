"""What a getter returned, for a reader of the log: objects as a table, a series of numbers as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from robot.api import logger
from robot.libraries.BuiltIn import BuiltIn

from focus_core.base.objects import attributes, is_object
from focus_core.run import pictures, report
from focus_core.site import secrets

_MOST_ROWS = 50
_MOST_CHARACTERS = 300
# Fewer numbers are read faster than a picture.
_SERIES = 8


def log_value(what: str, value: Any) -> None:
    """Shows the value under the words ``what``; nothing where Robot Framework does not run."""
    if not BuiltIn().robot_running:
        return
    rows = value if isinstance(value, list) else [value] if is_object(value) else []
    if rows and all(isinstance(row, Mapping) or is_object(row) for row in rows):
        logger.info(table(what, rows), html=True)
        return
    logger.info(secrets.blank(f"{what}: {value!s:.{_MOST_CHARACTERS}}"))
    if len(rows) >= _SERIES and all(isinstance(row, int | float) and not isinstance(row, bool) for row in rows):
        report.log_picture("series", lambda path: pictures.draw_series(path, rows, what))


def table(what: str, rows: Sequence[Any]) -> str:
    """The first rows as a table of HTML under a heading with their number, without secrets."""
    cells = [_cells(row) for row in rows[:_MOST_ROWS]]
    columns = list(dict.fromkeys(name for row in cells for name in row))
    lines = ["".join(f"<th>{_text(name)}</th>" for name in columns)]
    lines += ["".join(f"<td>{_text(row.get(name, ''))}</td>" for name in columns) for row in cells]
    number = f"{len(rows)} (here the first {_MOST_ROWS})" if len(rows) > _MOST_ROWS else str(len(rows))
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<details open><summary>{_text(what)}: {number}</summary><table>{body}</table></details>"


def _cells(row: Any) -> Mapping[str, Any]:
    return row if isinstance(row, Mapping) else {name: getattr(row, name) for name in attributes(type(row))}


def _text(value: Any) -> str:
    return escape(secrets.blank(f"{value!s:.{_MOST_CHARACTERS}}"))
