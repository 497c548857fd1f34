"""Nothing of the site's data can be written: every operation of the driver that is not known to read is refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.mongodb.access import MARK, OwnCollection, ReadOnlyCollection, ReadOnlyDatabase
from focus_core.mongodb.client import MongoSite
from pymongo.collection import Collection as DriverCollection
from pymongo.database import Database as DriverDatabase
from support.loopback import free_port

RUN = "20261122-110000-ab12"
READING = {"find", "count", "explain", "indexes", "index_use", "repeated", "marks"}


def operations_of(driver: type) -> list[str]:
    return [name for name in dir(driver) if not name.startswith("_")]


class Collection:
    """Stands for the driver's collection and remembers what was written."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.written: list[Any] = []

    def with_options(self, **_options: Any) -> Collection:
        return self

    def insert_many(self, documents: list[Any]) -> None:
        self.written += documents

    def drop(self) -> None:
        self.written.clear()

    def find(self, *_arguments: Any, **_options: Any) -> Any:
        return iter([{"_id": 1}])


class Found(list[dict[str, Any]]):
    """What a cursor has found."""

    def close(self) -> None:
        """Nothing is open."""


class Database(dict[str, Collection]):
    def __missing__(self, name: str) -> Collection:
        self[name] = Collection(name)
        return self[name]


@pytest.mark.parametrize("operation", sorted({*operations_of(DriverCollection)} - READING))
def test_whatever_the_driver_can_do_to_a_collection_beyond_reading_is_refused(operation: str) -> None:
    collection = ReadOnlyDatabase(Database(), RUN)["recordings"]
    with pytest.raises(BenchError, match="recordings was refused: tests only read"):
        getattr(collection, operation)


@pytest.mark.parametrize("operation", operations_of(DriverDatabase))
def test_whatever_the_driver_can_do_to_a_database_is_refused(operation: str) -> None:
    with pytest.raises(BenchError, match="the database was refused: tests only read"):
        getattr(ReadOnlyDatabase(Database(), RUN), operation)


@pytest.mark.parametrize("command", ["dropDatabase", "insert", "shutdown", "createUser", "collMod"])
def test_commands_that_change_something_are_refused(command: str) -> None:
    with pytest.raises(BenchError, match=f"'{command}' on the server was refused"):
        ReadOnlyDatabase(Database(), RUN).ask(command)


def test_reading_hands_out_data_and_no_object_of_the_driver() -> None:
    database = ReadOnlyDatabase(Database(), RUN)
    assert database["recordings"].find() == [{"_id": 1}]
    assert {name for name in vars(ReadOnlyCollection) if not name.startswith("_")} == READING


def test_a_collection_of_the_run_can_be_written_to_and_no_other() -> None:
    driver = Database()
    database = ReadOnlyDatabase(driver, RUN)
    own = database[f"mine-{RUN}"]
    assert isinstance(own, OwnCollection)
    own.insert([{"number": 1}])
    assert driver[f"mine-{RUN}"].written == [{"number": 1}]
    own.drop()
    assert not driver[f"mine-{RUN}"].written
    with pytest.raises(BenchError, match="'drop' on collection recordings was refused"):
        database.own("recordings", "drop")
    with pytest.raises(BenchError, match="no run is named"):
        ReadOnlyDatabase(driver, "")


def test_of_any_collection_only_marked_documents_can_be_added_and_removed() -> None:
    driver = Database()
    marked = ReadOnlyDatabase(driver, RUN).marked("recordings", "set-1")
    marked.add([{"number": 1}, {"number": 2, MARK: "set-2"}])
    assert driver["recordings"].written == [{"number": 1, MARK: "set-1"}, {"number": 2, MARK: "set-1"}]
    conditions: list[dict[str, Any]] = []
    driver["recordings"].delete_many = lambda one: conditions.append(one) or SimpleNamespace(deleted_count=1)  # type: ignore[attr-defined, func-returns-value]
    driver["recordings"].find = lambda *_a, **_o: Found([{"start_time": number} for number in range(2500)])
    assert marked.remove() == 4
    assert {one[MARK] for one in conditions} == {"set-1"}
    assert [one["start_time"] for one in conditions[:-1]][-1] == {"$gte": 2000, "$lte": 2499}
    assert conditions[-1] == {MARK: "set-1"}, "those without a time"
    assert all(next(iter(one)) == "start_time" for one in conditions[:-1]), (
        "SecantusDB takes the first that has an index"
    )
    for operation in ("drop", "update_many", "insert_many", "delete_many", "create_index"):
        with pytest.raises(BenchError, match="was refused"):
            getattr(marked, operation)
    with pytest.raises(BenchError, match="the data have no name"):
        ReadOnlyDatabase(driver, RUN).marked("recordings", "")


def test_all_of_a_process_share_one_client_and_others_have_their_own() -> None:
    place = {"host": "127.0.0.1", "port": free_port(), "database": "prisma"}
    first, second = (MongoSite(**place, shared=True) for _ in range(2))  # type: ignore[arg-type]
    assert first._pool is second._pool
    own = MongoSite(**place)  # type: ignore[arg-type]
    assert own._pool is not first._pool
    assert str(first._pool.facts) == "0 of at most 10 connections open, 0 in use, 0 opened so far"
    own.close()
    first.close()
    assert first._pool.client is second._pool.client


def test_a_server_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    port = free_port()
    monkeypatch.setattr("focus_core.mongodb.client.CONNECT_TIMEOUT_MS", 200)
    with pytest.raises(BenchError, match=rf"127\.0\.0\.1:{port} does not answer"):
        MongoSite(host="127.0.0.1", port=port, database="prisma").ping()


def test_a_site_without_base_paths_is_reported() -> None:
    mongo = MongoSite(host="127.0.0.1", port=free_port(), database="prisma")
    mongo.__dict__["database"] = {"base_paths": SimpleNamespace(find=lambda *_a, **_o: [])}
    with pytest.raises(AssertionError, match="base_paths is empty"):
        mongo.recordings_collections()
    mongo.__dict__["database"] = {"base_paths": SimpleNamespace(find=lambda *_a, **_o: [{"base_path": "/p"}])}
    with pytest.raises(AssertionError, match="1 documents without base_path or guid"):
        mongo.base_paths()
