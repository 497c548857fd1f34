"""Documents of a set are written batch by batch, and none comes after the end."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from focus_core.data import documents, names
from focus_core.data.names import SetName
from focus_core.mongodb.access import Marked
from focus_core.mongodb.client import MongoSite

START = datetime(2026, 12, 1)
HOUR = timedelta(hours=1)


class Mongo:
    """Takes a moment for each batch."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def add_marked(self, _collection: str, _mark: str, batch: list[Any]) -> None:
        time.sleep(0.2)
        self.sizes.append(len(batch))


@pytest.fixture
def name() -> SetName:
    return names.new(HOUR)


def recording(number: int, **changes: Any) -> dict[str, Any]:
    start = START + number * HOUR
    return {"start_time": start, "end_time": start + HOUR, "deleted": False} | changes


def write(mongo: Mongo, name: SetName, made: Iterator[dict[str, Any]]) -> Marked:
    return documents._write(cast("MongoSite", mongo), "guid", name, made)


def test_what_was_written_is_said(monkeypatch: pytest.MonkeyPatch, name: SetName) -> None:
    monkeypatch.setattr(documents, "_BATCH", 3)
    mongo = Mongo()
    made = [
        recording(0, deleted=True),
        *(recording(number) for number in (3, 1, 2)),
        recording(4, end_time=None),
        recording(5, start_time="later"),
        {"uuid": "no times at all"},
    ]
    assert write(mongo, name, iter(made)) == Marked(7, START + HOUR, START + 4 * HOUR)
    assert mongo.sizes == [3, 3, 1]
    assert write(mongo, name, iter(())) == Marked(0)


def test_a_writer_that_is_stopped_leaves_no_batch_under_way(monkeypatch: pytest.MonkeyPatch, name: SetName) -> None:
    monkeypatch.setattr(documents, "_BATCH", 2)
    mongo = Mongo()

    def stopped() -> Iterator[dict[str, Any]]:
        yield from map(recording, range(3))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(mongo, name, stopped())
    assert mongo.sizes == [2], "the first batch is acknowledged, and the second is not begun"
