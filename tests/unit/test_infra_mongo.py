"""Recordings as data: their classes and schema; and that nothing can be written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from focus_core.errors import BenchError
from focus_core.mongo_client import (
    MongoSite,
    ReadOnlyDatabase,
    classes_of,
    classify,
    metadata_faults,
    schema_faults,
)
from loopback import free_port

NOW = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
START = datetime(2026, 11, 22, 10, 0)  # as pymongo returns it: naive UTC
GOOD: dict[str, Any] = {
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "start_time": START,
    "end_time": START + timedelta(minutes=5),
    "deleted": False,
    "fiber_metadata": {"uuid": "a", "version": "TLV-1.3", "parent": {"prr": 2000, "dx": 1.02}},
}


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name not in names}


@pytest.mark.parametrize(
    ("recording", "expected"),
    [
        (GOOD, "historic"),
        (without("end_time"), "live"),
        ({**GOOD, "end_time": None}, "live"),
        ({**GOOD, "end_time": None, "start_time": START - timedelta(hours=24)}, "stale"),
        ({**GOOD, "deleted": True}, "deleted"),
        ({**without("end_time"), "deleted": True}, "deleted"),
        (without("start_time"), "invalid"),
        (without("start_time", "end_time"), "orphan"),
        (without("uuid", "deleted"), "orphan"),
    ],
)
def test_a_recording_is_classified(recording: dict[str, Any], expected: str) -> None:
    assert classify(recording, NOW) == expected


def test_classes_are_counted() -> None:
    assert classes_of([GOOD, GOOD, without("end_time")], NOW) == {"historic": 2, "live": 1}


def test_a_good_recording_has_no_faults() -> None:
    assert schema_faults(GOOD) == []


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"uuid": "seven"}, "uuid"),
        ({"start_time": "yesterday"}, "start_time"),
        ({"end_time": 5}, "end_time"),
        ({"end_time": START}, "end_time"),
        ({"deleted": "no"}, "deleted"),
        ({"fiber_metadata": None}, "fiber_metadata"),
        ({"fiber_metadata": {"uuid": "a", "version": "1"}}, "parent"),
        ({"fiber_metadata": {"version": "1", "parent": {"prr": 1, "dx": 1}}}, "fiber_metadata.uuid"),
        ({"fiber_metadata": {"uuid": "a", "version": "1", "parent": {"prr": 0, "dx": 1}}}, "prr"),
        ({"fiber_metadata": {"uuid": "a", "version": "1", "parent": {"prr": 1}}}, "dx"),
    ],
)
def test_a_fault_of_the_schema_is_named(change: dict[str, Any], named: str) -> None:
    faults = schema_faults({**GOOD, **change})
    assert len(faults) == 1
    assert named in faults[0]


def test_metadata_faults_are_all_named() -> None:
    assert len(metadata_faults({"fiber_metadata": {"parent": {}}})) == 4


class Collection:
    """Stands for a pymongo collection and remembers what was asked of it."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __getattr__(self, operation: str) -> str:
        return f"{operation} of {self.name}"


class Database(dict[str, Collection]):
    def __missing__(self, name: str) -> Collection:
        return Collection(name)


@pytest.mark.parametrize(
    "operation",
    [
        "insert_one",
        "update_many",
        "delete_one",
        "drop",
        "create_index",
        "aggregate",
        "bulk_write",
        "find_one_and_delete",
    ],
)
def test_writing_is_refused(operation: str) -> None:
    with pytest.raises(BenchError, match="only read"):
        getattr(ReadOnlyDatabase(Database(), "run-7")["recordings"], operation)


def test_reading_is_passed_on_and_own_collections_are_free() -> None:
    database = ReadOnlyDatabase(Database(), "run-7")
    assert database["recordings"].find == "find of recordings"
    assert database["mine-run-7"].insert_one == "insert_one of mine-run-7"


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setattr("focus_core.mongo_client.CONNECT_TIMEOUT_MS", 200)
    with pytest.raises(BenchError, match=rf"127\.0\.0\.1:{port} does not answer"):
        MongoSite(host="127.0.0.1", port=port, database="prisma").ping_ms()
