"""The one way from tests to the collections of a site: everything can be read, nothing of the site can be written.

By construction: what is handed out has reading operations only and returns plain data, never a cursor or an object of
the driver. A collection can be written to when its name carries the id of a run, this one or the one that is cleaned
up after; in any other only documents that carry the mark of test data can be added and removed. Every other operation
of the driver, known or new, raises BenchError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn, TypeVar

from focus_core.base import tape
from focus_core.base.errors import BenchError
from focus_core.mongodb.taped import MONGODB
from focus_core.site import secrets

# Commands of the server that change nothing.
READING_COMMANDS = ("buildInfo", "dbStats", "hello", "ping", "serverStatus")

# The field that test data carry, and nothing else has; its value is the name of their set.
MARK = "acceptance_test_data"
# A server may be slow to delete: no question takes longer than its client waits.
_DELETED_AT_ONCE = 1000
_TIME = "start_time"

Sort = Sequence[tuple[str, int]]
T = TypeVar("T")


# One look at the collection for all of it: times count of recordings that have both and are not deleted.
_DATES = [{"$eq": [{"$type": f"${field}"}, "date"]} for field in ("start_time", "end_time")]
_SOUND = {"$and": [{"$eq": ["$deleted", False]}, *_DATES]}
_MARKS = [
    {"$match": {MARK: {"$exists": True}}},
    {
        "$group": {
            "_id": f"${MARK}",
            "count": {"$sum": 1},
            "start": {"$min": {"$cond": [_SOUND, "$start_time", None]}},
            "end": {"$max": {"$cond": [_SOUND, "$end_time", None]}},
        }
    },
]


@dataclass(frozen=True)
class Marked:
    """Documents of test data with one mark: how many, and when the finished recordings among them that are not
    deleted begin and end (naive UTC)."""

    count: int
    start: datetime | None = None
    end: datetime | None = None


class ReadOnlyDatabase:
    """A database whose collections can be read; those whose name carries `run` can be written to as well."""

    def __init__(self, database: Any, run: str) -> None:
        if not run:
            raise BenchError("Nothing can be written: no run is named.")
        self._database = database
        self._run = run

    def __getitem__(self, name: str) -> ReadOnlyCollection:
        collection = self._database[name]
        return OwnCollection(collection) if self._run in name else ReadOnlyCollection(collection)

    def __getattr__(self, operation: str) -> NoReturn:
        _refuse(operation, "the database")

    def own(self, name: str, operation: str) -> OwnCollection:
        """A collection of the run's own to write to; BenchError, naming the operation, when it carries no run id."""
        collection = self[name]
        if not isinstance(collection, OwnCollection):
            _refuse(operation, f"collection {name}")
        return collection

    def marked(self, name: str, mark: str) -> MarkedDocuments:
        """The documents with a mark in any collection."""
        if not mark:
            raise BenchError("Nothing can be written: the data have no name.")
        return MarkedDocuments(self._database[name], mark)

    def collection_names(self) -> list[str]:
        """Names of all collections."""
        return sorted(tape.through(MONGODB, "collections", self._database.list_collection_names))

    def ask(self, command: str) -> dict[str, Any]:
        """The server's answer to one of `READING_COMMANDS`."""
        if command not in READING_COMMANDS:
            _refuse(command, "the server")
        return dict(tape.through(MONGODB, command, lambda: self._database.command(command)))

    def operations(self) -> list[dict[str, Any]]:
        """What the server does now for all clients that the user may see."""
        command = self._database.client.admin.command
        return list(tape.through(MONGODB, "currentOp", lambda: command("currentOp"))["inprog"])


class ReadOnlyCollection:
    """The reading operations of a collection. Conditions and orders are pymongo's."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def __getattr__(self, operation: str) -> NoReturn:
        _refuse(operation, f"collection {self._collection.name}")

    def find(
        self,
        condition: Mapping[str, Any] | None = None,
        *,
        fields: Sequence[str] | None = None,
        sort: Sort = (),
        limit: int = 0,
    ) -> list[dict[str, Any]]:
        """Documents that match, with these fields (and `_id`) or all; `limit` 0 means all.

        A secret of the site in them is noted as a leak.
        """
        wanted, order = None if fields is None else list(fields), list(sort) or None
        found = self._through(
            "find",
            lambda: list(self._collection.find(dict(condition or {}), wanted, sort=order, limit=limit)),
            condition,
            wanted,
            limit,
        )
        secrets.note_leaks(f"Collection {self._collection.name} of MongoDB", found)
        return found

    def count(self, condition: Mapping[str, Any] | None = None) -> int:
        """How many documents match."""
        return int(self._through("count", lambda: self._collection.count_documents(dict(condition or {})), condition))

    def explain(self, condition: Mapping[str, Any], sort: Sort) -> dict[str, Any]:
        """How the server would answer `find`: the answer of its command `explain`."""
        order = list(sort) or None
        ask = lambda: dict(self._collection.find(dict(condition), sort=order).explain())  # noqa: E731 - used once
        return self._through("explain", ask, condition)

    def indexes(self) -> dict[str, dict[str, Any]]:
        """The indexes by name."""
        return dict(self._through("indexes", self._collection.index_information))

    def index_use(self) -> dict[str, int]:
        """How often each index was used since the server started, as `$indexStats` counts it."""
        found = self._through("index use", lambda: list(self._collection.aggregate([{"$indexStats": {}}])))
        return {entry["name"]: int(entry["accesses"]["ops"]) for entry in found}

    def repeated(self, field: str) -> dict[Any, int]:
        """Values of a field that several documents have, with their number."""
        groups = [{"$group": {"_id": f"${field}", "count": {"$sum": 1}}}, {"$match": {"count": {"$gt": 1}}}]
        groups_of = self._through("repeated", lambda: list(self._collection.aggregate(groups)), field)
        found = {entry["_id"]: int(entry["count"]) for entry in groups_of}
        secrets.note_leaks(f"Collection {self._collection.name} of MongoDB", found)
        return found

    def marks(self) -> dict[str, Marked]:
        """The test data of the collection, by their mark."""
        found = self._through("marks", lambda: list(self._collection.aggregate(_MARKS)))
        return {str(one["_id"]): Marked(int(one["count"]), one["start"], one["end"]) for one in found}

    def _through(self, operation: str, ask: Callable[[], T], *detail: object) -> T:
        name = f"{operation} {self._collection.name}"
        answer: T = tape.through(MONGODB, name, ask, [repr(part) for part in detail])
        return answer


class OwnCollection(ReadOnlyCollection):
    """A collection that belongs to a run."""

    def insert(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """Writes documents; returns when they are acknowledged as on disk."""
        self._through("insert", lambda: _insert(self._collection, [dict(one) for one in documents]))

    def create_index(self, field: str, *, unique: bool) -> None:
        """Makes a rising index on a field, by the name that the site's own have."""
        make = lambda: _done(self._collection.create_index(field, name=f"{field}_1", unique=unique))  # noqa: E731
        self._through("create index", make, field)

    def drop(self) -> None:
        """Removes the collection; one that is not there is left alone."""
        self._through("drop", lambda: _done(self._collection.drop()))


class MarkedDocuments(ReadOnlyCollection):
    """The documents of a collection that carry one mark: they can be added and removed, and no others."""

    def __init__(self, collection: Any, mark: str) -> None:
        super().__init__(collection)
        self._mark = mark

    def add(self, documents: Sequence[Mapping[str, Any]]) -> None:
        """Writes documents with the mark; returns when they are acknowledged as on disk."""
        marked = [{**one, MARK: self._mark} for one in documents]
        self._through("add marked", lambda: _insert(self._collection, marked), len(marked))

    def remove(self) -> int:
        """Removes all documents with the mark; how many there were."""
        return self._through("remove marked", lambda: sum(self._removed_parts()))

    def _removed_parts(self) -> Iterator[int]:
        """Removes them in parts, along their times: those have an index, and a look at the whole collection for each
        part would take hours."""
        condition = {MARK: self._mark}
        dated = condition | {_TIME: {"$type": "date"}}
        with closing(self._collection.find(dated, {_TIME: 1, "_id": 0}, batch_size=_DELETED_AT_ONCE)) as found:
            times = sorted(document[_TIME] for document in found)
        for start in range(0, len(times), _DELETED_AT_ONCE):
            part = times[start : start + _DELETED_AT_ONCE]
            # The time comes first: a server may take the index of the first condition that has one.
            yield self._collection.delete_many({_TIME: {"$gte": part[0], "$lte": part[-1]}} | condition).deleted_count
        yield self._collection.delete_many(condition).deleted_count


def _insert(collection: Any, documents: list[dict[str, Any]]) -> None:
    from pymongo import WriteConcern

    collection.with_options(write_concern=WriteConcern(w=1, j=True)).insert_many(documents)


def _done(_answer: object) -> None:
    """What a write answers is not needed: it raises when it was not acknowledged."""


def _refuse(operation: str, where: str) -> NoReturn:
    if operation.startswith("__"):
        raise AttributeError(operation)
    raise BenchError(
        f"'{operation}' on {where} was refused: tests only read the site's data; use a collection whose name carries "
        "the run id."
    )
