"""What words return, on the screen."""

from dataclasses import dataclass
from typing import Any

import pytest
from focus_core.site import secrets
from rich.console import Console
from rich.table import Table

from pipeline.compose.shown import MOST_ROWS, fields_of, shown


@dataclass
class Pod:
    name: str
    restarts: int
    _hidden: int = 0


def lines(value: Any) -> list[str]:
    console = Console(width=100, markup=False)
    with console.capture() as taken:
        console.print(shown(value))
    return [" ".join(line.split()) for line in taken.get().splitlines()]


@pytest.mark.parametrize(
    ("value", "text"), [(512, "512"), ("high", "high"), ([], "none"), ([1, 2], "2: 1, 2"), (0, "0")]
)
def test_plain_values_are_their_text(value: Any, text: str) -> None:
    assert shown(value) == text


def test_of_a_long_series_the_beginning_and_the_end_are_shown() -> None:
    assert shown(list(range(512))) == "512: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, ..., 511"


def test_a_long_text_is_cut() -> None:
    assert str(shown("x" * 5000)).endswith("... (5000 characters)")


def test_objects_are_a_table_with_a_row_each() -> None:
    assert lines([Pod("mongodb-0", 0), Pod("focus-1", 2)]) == ["# name restarts", "1 mongodb-0 0", "2 focus-1 2"]


def test_mappings_are_rows_too_and_may_lack_a_part() -> None:
    assert lines([{"id": 1}, {"id": 2, "state": "historic"}]) == ["# id state", "1 1", "2 2 historic"]


def test_one_object_is_a_table_of_its_parts() -> None:
    assert lines(Pod("mongodb-0", 0)) == ["field value", "name mongodb-0", "restarts 0"]
    assert fields_of(object()) is None


def test_a_secret_is_in_no_table() -> None:
    secrets.register("very-secret-value")
    assert lines([Pod("very-secret-value", 0)])[1] == "1 <secret> 0"
    assert shown("very-secret-value") == "<secret>"


def test_what_a_long_table_leaves_out_is_said() -> None:
    table = shown([Pod(str(number), number) for number in range(MOST_ROWS + 7)])
    assert isinstance(table, Table)
    assert (table.row_count, table.caption) == (MOST_ROWS, "not shown: 7 more rows")
