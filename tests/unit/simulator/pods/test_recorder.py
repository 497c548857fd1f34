"""What the recorder asks of a database that holds many recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.pods.recorder import Recorder


class Recordings:
    """Notes the conditions of all questions; it finds nothing."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def find(self, condition: dict[str, Any], *_fields: Any) -> Recordings:
        self.asked.append(condition)
        return self

    def sort(self, *_order: Any) -> list[Any]:
        return []

    def find_one(self, condition: dict[str, Any], **_order: Any) -> dict[str, Any]:
        self.asked.append(condition)
        return {"fiber_metadata": {"parent": {"prr": 2000.0}}}

    def index_information(self) -> list[str]:
        return ["_id_", "uuid_1"]

    def insert_one(self, _document: Any) -> None:
        """Nothing is kept."""


class Places:
    def find_one(self, _condition: Any) -> dict[str, Any]:
        return {"guid": "guid"}


class Database(dict[str, Any]):
    base_paths = Places()


class Client:
    def __init__(self, recordings: Recordings) -> None:
        self._database = Database(guid=recordings)

    def get_database(self, *_name: Any, **_options: Any) -> Database:
        return self._database


def test_each_question_begins_with_the_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database of the site takes the index of the first condition that has one: by ``deleted`` it reads all."""
    monkeypatch.setenv("MONGODB_DATABASE", "prisma")
    monkeypatch.setenv("RECORDING_MACHINE", "here")
    recordings = Recordings()
    Recorder(Client(recordings), tmp_path).tick()  # type: ignore[arg-type]
    assert [next(iter(one)) for one in recordings.asked] == ["start_time", "start_time"]
    assert all("$gt" in one["start_time"] for one in recordings.asked)
