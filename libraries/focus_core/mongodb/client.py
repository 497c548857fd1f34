"""The site's MongoDB as the tests ask it: its collections, indexes, recordings, and how the server is.

What is read goes through `mongo_access`, which lets nobody write to the site's collections.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment, Seconds
from focus_core.base.run_identity import run_id
from focus_core.mongodb.access import Marked, ReadOnlyCollection, ReadOnlyDatabase, Sort
from focus_core.mongodb.causes import cause
from focus_core.mongodb.plans import Plan, plan_of
from focus_core.site.secrets import reveal

if TYPE_CHECKING:
    from focus_core.mongodb.pool import Pool, PoolFacts
    from focus_core.site.model import Site

T = TypeVar("T")

CONNECT_TIMEOUT_MS = 5000

BASE_PATHS = "base_paths"
UNRECOGNIZED_SUFFIX = "-unrecognized_recordings"


@dataclass(frozen=True)
class Index:
    """An index of a collection.

    - ``name``: its name
    - ``keys``: its fields in order, each with 1 (rising) or -1 (falling)
    - ``unique``: whether no value may come twice
    - ``collection``: the name of its collection
    """

    name: str
    keys: dict[str, int]
    unique: bool
    collection: str = ""

    def __str__(self) -> str:
        return f"{'unique ' if self.unique else ''}index {self.name} on {', '.join(self.keys)}"


@dataclass(frozen=True)
class BasePath:
    """Where recordings lie: the path in the storage and the guid that names their collection."""

    path: str
    guid: str
    archive: bool


@dataclass(frozen=True)
class Status:
    """How the MongoDB server is.

    - ``version``: as it names it
    - ``uptime``: time since its start (s)
    - ``clock``: its time
    - ``clock_difference``: how far its clock is from that of this machine (s), never negative
    - ``connections``: those that all clients have open
    - ``available``: how many more it would take; 0 where it does not name that
    - ``pool``: the connections of this process
    """

    version: str
    uptime: Seconds
    clock: Moment
    clock_difference: Seconds
    connections: int
    available: int
    pool: PoolFacts

    def __str__(self) -> str:
        return f"MongoDB {self.version}, up for {self.uptime}, {self.connections} connections open"


@dataclass(frozen=True)
class Activity:
    """What the MongoDB server does for all of its clients.

    - ``connections``: those that are open
    - ``operations``: how many it has done since its start
    - ``slow``: those that run for long by now; None where the user may not see them
    """

    connections: int
    operations: int
    slow: int | None


class MongoSite:
    """The database of one site. Nothing is connected before the first question.

    Every question raises ``BenchError`` when the server does not answer or refuses.
    """

    def __init__(
        self,
        *,
        host: str,
        port: int,
        database: str,
        username: str | None = None,
        password: str | None = None,
        auth_source: str | None = None,
        timeout: float | None = None,
        shared: bool = False,
    ) -> None:
        self.address = f"{host}:{port}"
        self.database_name = database
        self._host = host
        self._port = port
        self._shared = shared
        self._timeout_ms = CONNECT_TIMEOUT_MS if timeout is None else int(timeout * 1000)
        self._login: tuple[tuple[str, Any], ...] = (
            (("username", username), ("password", password), ("authSource", auth_source)) if username else ()
        )

    @classmethod
    def of_site(cls, site: Site, timeout: float | None = None, *, shared: bool = False) -> MongoSite:
        """The MongoDB of `site`, through connections of its own, to be closed; or `shared` by all of this process.

        `timeout` seconds to connect (default 5), four times as much for an answer.
        """
        place = site.mongodb
        return cls(
            host=place.host,
            port=place.port,
            database=place.database,
            username=place.username,
            password=reveal(place.password) if place.password else None,
            auth_source=place.auth_source,
            timeout=timeout,
            shared=shared,
        )

    def ping(self) -> None:
        """Asks the server for nothing but an answer."""
        self._ask(lambda: self.database.ask("ping"))

    def status(self) -> Status:
        """How the server is now."""
        reported = self._ask(lambda: self.database.ask("serverStatus"))
        connections = reported["connections"]
        before = time.time()
        clock = self.clock()
        return Status(
            version=reported["version"],
            uptime=Seconds(reported["uptime"]),
            clock=Moment.convert(clock),
            # The server's time was taken at some moment between question and answer.
            clock_difference=Seconds(max(before - clock.timestamp(), clock.timestamp() - time.time(), 0)),
            connections=int(connections["current"]),
            available=int(connections["available"]),
            pool=self._pool.facts,
        )

    def activity(self, slow_s: float) -> Activity:
        """What the server does now; an operation that runs for ``slow_s`` seconds is slow."""
        reported = self._ask(lambda: self.database.ask("serverStatus"))
        running: list[dict[str, Any]] | None = None
        with suppress(BenchError):  # the right to see the operations of others is one of its own
            running = self._ask(self.database.operations)
        slow = [one for one in running or () if one.get("ns") and one.get("secs_running", 0) >= slow_s]
        operations = sum(value for value in reported["opcounters"].values() if isinstance(value, int))
        return Activity(int(reported["connections"]["current"]), operations, None if running is None else len(slow))

    def clock(self) -> datetime:
        """The server's time."""
        reported: datetime = self._ask(lambda: self.database.ask("hello"))["localTime"]
        return reported.replace(tzinfo=UTC)

    def collections(self) -> list[str]:
        """Names of all collections."""
        return list(self._ask(self.database.collection_names))

    def base_paths(self) -> list[BasePath]:
        """The content of `base_paths`; a document without path or guid raises AssertionError."""
        documents = self.documents(BASE_PATHS)
        incomplete = [document for document in documents if not (document.get("base_path") and document.get("guid"))]
        if incomplete:
            raise AssertionError(
                f"base_paths has {len(incomplete)} documents without base_path or guid: {incomplete[0]}."
            )
        return [
            BasePath(document["base_path"], document["guid"], document.get("is_archive") is True)
            for document in documents
        ]

    def recordings_collections(self) -> list[str]:
        """The collections that hold recordings: one for each guid of base_paths. None at all raises AssertionError."""
        guids = [place.guid for place in self.base_paths()]
        if not guids:
            raise AssertionError("base_paths is empty, so no collection of recordings can be found.")
        return guids

    def indexes(self, collection: str) -> list[Index]:
        """The indexes of a collection."""
        return [
            Index(name, {key: int(order) for key, order in entry["key"]}, bool(entry.get("unique")), collection)
            for name, entry in self._of(collection, ReadOnlyCollection.indexes).items()
        ]

    def index_use(self, collection: str) -> dict[str, int]:
        """How often each index of a collection was used since the server started; 0 where it does not count."""
        return self._of(collection, ReadOnlyCollection.index_use)

    def plan(self, collection: str, condition: Mapping[str, Any], sort: Sort = ()) -> Plan:
        """How the server would look for the documents that match."""
        return plan_of(collection, self._of(collection, lambda one: one.explain(condition, sort)))

    def recordings(
        self,
        condition: Mapping[str, Any] | None = None,
        *,
        limit: int = 0,
        fields: Sequence[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Recordings of all base paths that match a pymongo filter, the newest of each first; `limit` 0 means all.

        ``fields`` leaves out all others.
        """
        found = [
            recording
            for name in self.recordings_collections()
            for recording in self._newest(name, condition, limit, fields)
        ]
        return found[:limit] if limit else found

    def recordings_of(self, guid: str, fields: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """All recordings of one base path, by its guid; newest first."""
        return self._newest(guid, None, 0, fields)

    def newest_of(self, guid: str, limit: int) -> list[dict[str, Any]]:
        """The newest recordings of one base path, by its guid."""
        return self._newest(guid, None, limit, None)

    def count(self, collection: str, condition: Mapping[str, Any] | None = None) -> int:
        """How many documents of a collection match a pymongo filter."""
        return self._of(collection, lambda one: one.count(condition))

    def documents(
        self, collection: str, condition: Mapping[str, Any] | None = None, *, limit: int = 0
    ) -> list[dict[str, Any]]:
        """Documents of a collection that match a pymongo filter; `limit` 0 means all."""
        return self._of(collection, lambda one: one.find(condition, limit=limit))

    def repeated(self, collection: str, field: str) -> dict[Any, int]:
        """Values of a field that several documents of a collection have, with their number."""
        return self._of(collection, lambda one: one.repeated(field))

    def unrecognized_collections(self) -> list[str]:
        """The collections of recording folders that the indexer did not recognize."""
        present = self.collections()
        names = [guid + UNRECOGNIZED_SUFFIX for guid in self.recordings_collections()]
        return [name for name in names if name in present]

    def unrecognized(self) -> int:
        """How many recording folders the indexer did not recognize."""
        return sum(self.count(name) for name in self.unrecognized_collections())

    def write_own(self, collection: str, documents: list[dict[str, Any]]) -> None:
        """Writes documents into a collection of this run's own; returns when they are acknowledged as on disk.

        Raises BenchError unless the collection carries the run id in its name, and when there is no acknowledgement.
        """
        self._ask(lambda: self.database.own(collection, "insert").insert(documents))

    def drop_own_collection(self, collection: str, run: str) -> None:
        """Drops a collection that carries the id of `run`, this one or an earlier one, in its name."""
        self._ask(lambda: self._guarded(run).own(collection, "drop").drop())

    def make_own_collection(self, collection: str, run: str, indexes: Mapping[str, bool]) -> None:
        """Makes a collection that carries the id of `run` in its name; `indexes` are unique or not, by their field."""
        own = self._guarded(run).own(collection, "create_index")
        for field, unique in indexes.items():
            self._ask(partial(own.create_index, field, unique=unique))

    def add_marked(self, collection: str, mark: str, documents: Sequence[Mapping[str, Any]]) -> None:
        """Writes test data into any collection; returns when they are acknowledged as on disk."""
        self._ask(lambda: self.database.marked(collection, mark).add(documents))

    def remove_marked(self, collection: str, mark: str) -> int:
        """Removes the test data with that mark from a collection, and nothing else; how many there were."""
        return self._ask(lambda: self.database.marked(collection, mark).remove())

    def marks(self, collection: str) -> dict[str, Marked]:
        """The test data that a collection holds, by their mark."""
        return self._of(collection, ReadOnlyCollection.marks)

    def first_of(self, collection: str, condition: Mapping[str, Any], order: Sort) -> dict[str, Any] | None:
        """The first document that matches, in that order; None where there is none."""
        found = self._of(collection, lambda one: one.find(condition, sort=order, limit=1))
        return found[0] if found else None

    def close(self) -> None:
        """Closes connections of its own; those that the process shares stay open."""
        if not self._shared:
            self._pool.client.close()

    @cached_property
    def database(self) -> ReadOnlyDatabase:
        """The site's database, guarded."""
        return self._guarded(run_id())

    @cached_property
    def _pool(self) -> Pool:
        # Imported here: a suite that speaks only REST must not pay for it.
        from focus_core.mongodb import pool

        make = pool.shared if self._shared else pool.Pool
        return make(self._host, self._port, self._timeout_ms, self._login)

    def _guarded(self, run: str) -> ReadOnlyDatabase:
        return ReadOnlyDatabase(self._pool.client[self.database_name], run)

    def _of(self, collection: str, question: Callable[[ReadOnlyCollection], T]) -> T:
        return self._ask(lambda: question(self.database[collection]))

    def _newest(
        self, collection: str, condition: Mapping[str, Any] | None, limit: int, fields: Sequence[str] | None
    ) -> list[dict[str, Any]]:
        newest_first = [("start_time", -1)]
        return self._of(collection, lambda one: one.find(condition, fields=fields, sort=newest_first, limit=limit))

    def _ask(self, question: Callable[[], T]) -> T:
        from pymongo.errors import OperationFailure, PyMongoError

        try:
            return question()
        except OperationFailure as error:
            raise BenchError(
                f"MongoDB at {self.address} refused the question (code {error.code}); check mongodb.username, password "
                "and auth_source of the site file."
            ) from error
        except PyMongoError as error:
            raise BenchError(
                f"MongoDB at {self.address} does not answer ({cause(error)}); check that it runs and that "
                "mongodb.host and port of the site file are right."
            ) from error
