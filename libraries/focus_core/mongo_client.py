"""The site's MongoDB, read only, and what its recordings must look like.

Reading only is by construction: the database is wrapped, and whatever is not a known reading operation is refused,
unless the collection carries this run's id in its name. Recordings are never inserted by a test.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from focus_core.errors import BenchError
from focus_core.mongo_causes import cause
from focus_core.run_identity import run_id
from focus_core.secrets import reveal

if TYPE_CHECKING:
    from focus_core.site_model import Site

CONNECT_TIMEOUT_MS = 5000
# A recording without an end is live; longer than this means that nobody closed it (site-contract 5.3).
STALE_AFTER = timedelta(hours=24)
# The fields of which an orphan lacks at least two.
IDENTITY_FIELDS = ("uuid", "start_time", "end_time", "deleted")
UUID_PATTERN = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

BASE_PATHS = "base_paths"
UNRECOGNIZED_SUFFIX = "-unrecognized_recordings"

_READS = frozenset(
    {
        "count_documents",
        "distinct",
        "estimated_document_count",
        "find",
        "find_one",
        "index_information",
        "list_indexes",
        "name",
    }
)


class ReadOnlyDatabase:
    """A pymongo database of which tests can read everything and change only collections named with `marker`."""

    def __init__(self, database: Any, marker: str) -> None:
        self._database = database
        self._marker = marker

    def __getitem__(self, name: str) -> Any:
        collection = self._database[name]
        return collection if self._marker in name else ReadOnlyCollection(collection)

    def list_collection_names(self) -> list[str]:
        return list(self._database.list_collection_names())


class ReadOnlyCollection:
    """Passes reading operations through and refuses everything else with BenchError."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def __getattr__(self, operation: str) -> Any:
        if operation not in _READS:
            raise BenchError(
                f"'{operation}' on collection {self._collection.name} was refused: tests only read the site's data; "
                "use a collection whose name carries the run id."
            )
        return getattr(self._collection, operation)


@dataclass(frozen=True)
class Index:
    """An index: its keys in order (field -> 1 or -1) and whether it is unique."""

    name: str
    keys: dict[str, int]
    unique: bool


@dataclass(frozen=True)
class BasePath:
    """Where recordings lie: the path in the storage and the guid that names their collection."""

    path: str
    guid: str
    archive: bool


class MongoSite:
    """The database of one site. Nothing is connected before the first question."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        database: str,
        username: str | None = None,
        password: str | None = None,
        auth_source: str | None = None,
        timeout: float = CONNECT_TIMEOUT_MS / 1000,
    ) -> None:
        self.address = f"{host}:{port}"
        self.database_name = database
        self._host = host
        self._port = port
        self._timeout_ms = int(timeout * 1000)
        self._login: dict[str, Any] = (
            {"username": username, "password": password, "authSource": auth_source} if username else {}
        )

    @classmethod
    def of_site(cls, site: Site, timeout: float = CONNECT_TIMEOUT_MS / 1000) -> MongoSite:
        """The MongoDB of `site`; `timeout` seconds to connect, four times as much for an answer."""
        place = site.mongodb
        return cls(
            host=place.host,
            port=place.port,
            database=place.database,
            username=place.username,
            password=reveal(place.password) if place.password else None,
            auth_source=place.auth_source,
            timeout=timeout,
        )

    def ping_ms(self) -> float:
        """Milliseconds of one ping on a connection that is already open."""
        self._ask(lambda: self._client.admin.command("ping"))
        begin = time.perf_counter()
        self._ask(lambda: self._client.admin.command("ping"))
        return (time.perf_counter() - begin) * 1000

    def collections(self) -> list[str]:
        """Names of all collections."""
        return sorted(self._ask(self.database.list_collection_names))

    def base_paths(self) -> list[BasePath]:
        """The content of `base_paths`; a document without path or guid raises AssertionError."""
        documents = self._ask(lambda: list(self.database[BASE_PATHS].find()))
        incomplete = [document for document in documents if not (document.get("base_path") and document.get("guid"))]
        if incomplete:
            raise AssertionError(
                f"base_paths has {len(incomplete)} documents without base_path or guid: {incomplete[0]}."
            )
        return [
            BasePath(document["base_path"], document["guid"], bool(document.get("is_archive")))
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
        found = self._ask(lambda: self.database[collection].index_information())
        return [
            Index(name, {key: int(order) for key, order in entry["key"]}, bool(entry.get("unique")))
            for name, entry in found.items()
        ]

    def recordings(self, condition: Mapping[str, Any] | None = None, *, limit: int = 0) -> list[dict[str, Any]]:
        """Recordings of all base paths that match a pymongo filter, newest first; `limit` 0 means all."""
        wanted = dict(condition or {})
        found = [recording for name in self.recordings_collections() for recording in self._newest(name, wanted, limit)]
        return found[:limit] if limit else found

    def recordings_of(self, guid: str) -> list[dict[str, Any]]:
        """All recordings of one base path, by its guid; newest first."""
        return self._newest(guid, {}, 0)

    def count(self, collection: str, condition: Mapping[str, Any] | None = None) -> int:
        """How many documents of a collection match a pymongo filter."""
        return int(self._ask(lambda: self.database[collection].count_documents(dict(condition or {}))))

    def documents(self, collection: str) -> list[dict[str, Any]]:
        """Every document of a collection, for one of this run's own."""
        return list(self._ask(lambda: list(self.database[collection].find())))

    def unrecognized(self) -> int:
        """How many recording folders the indexer did not recognize."""
        present = self.collections()
        names = [guid + UNRECOGNIZED_SUFFIX for guid in self.recordings_collections()]
        return sum(self.count(name) for name in names if name in present)

    def write_own(self, collection: str, documents: list[dict[str, Any]]) -> None:
        """Writes documents into a collection of this run's own; returns when they are acknowledged as on disk.

        Raises BenchError unless the collection carries the run id in its name, and when there is no acknowledgement.
        """
        from pymongo import WriteConcern

        on_disk = WriteConcern(w=1, j=True)
        self._ask(lambda: self.database[collection].with_options(write_concern=on_disk).insert_many(documents))

    def drop_own_collection(self, collection: str, run: str) -> None:
        """Drops a collection that carries the id of `run`, this one or an earlier one, in its name."""
        if not run:
            raise BenchError(f"Collection {collection} was not dropped: no run is named.")
        self._ask(lambda: ReadOnlyDatabase(self._client[self.database_name], run)[collection].drop())

    def close(self) -> None:
        """Closes the connection."""
        self._client.close()

    @cached_property
    def database(self) -> ReadOnlyDatabase:
        """The site's database, guarded."""
        return ReadOnlyDatabase(self._client[self.database_name], run_id())

    @cached_property
    def _client(self) -> Any:
        # Imported here: a suite that speaks only REST must not pay for it.
        from pymongo import MongoClient

        return MongoClient(
            self._host,
            self._port,
            directConnection=True,
            serverSelectionTimeoutMS=self._timeout_ms,
            connectTimeoutMS=self._timeout_ms,
            socketTimeoutMS=4 * self._timeout_ms,
            **self._login,
        )

    def _newest(self, collection: str, condition: dict[str, Any], limit: int) -> list[dict[str, Any]]:
        return list(
            self._ask(lambda: list(self.database[collection].find(condition).sort("start_time", -1).limit(limit)))
        )

    def _ask(self, question: Callable[[], Any]) -> Any:
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


def classify(recording: Mapping[str, Any], now: datetime) -> str:
    """What a recording is: historic, live, deleted, stale, invalid or orphan (site-contract 5.3).

    `now` is aware; times of a recording are naive UTC, as pymongo returns them.
    """
    missing = [name for name in IDENTITY_FIELDS if recording.get(name) is None]
    start, end = recording.get("start_time"), recording.get("end_time")
    if len(missing) >= 2:
        return "orphan"
    if recording.get("deleted") is True:
        return "deleted"
    if not isinstance(start, datetime):
        return "invalid"
    if end is not None:
        return "historic"
    return "stale" if now - start.replace(tzinfo=UTC) > STALE_AFTER else "live"


def classes_of(recordings: Iterable[Mapping[str, Any]], now: datetime) -> Counter[str]:
    """How many recordings there are of each class."""
    return Counter(classify(recording, now) for recording in recordings)


def schema_faults(recording: Mapping[str, Any]) -> list[str]:
    """Every way in which a recording's document differs from site-contract 5.1, each as one phrase."""
    faults = []
    if not isinstance(recording.get("uuid"), str) or not UUID_PATTERN.fullmatch(recording["uuid"]):
        faults.append(f"uuid is {recording.get('uuid')!r}, not a UUID")
    if not isinstance(recording.get("start_time"), datetime):
        faults.append(f"start_time is {recording.get('start_time')!r}, not a time")
    end = recording.get("end_time")
    if end is not None and not isinstance(end, datetime):
        faults.append(f"end_time is {end!r}, not a time")
    elif end is not None and isinstance(recording.get("start_time"), datetime) and end <= recording["start_time"]:
        faults.append(f"end_time {end} is not after start_time {recording['start_time']}")
    if not isinstance(recording.get("deleted"), bool):
        faults.append(f"deleted is {recording.get('deleted')!r}, not true or false")
    return faults + metadata_faults(recording)


def metadata_faults(recording: Mapping[str, Any]) -> list[str]:
    """What is missing or wrong in a recording's fiber_metadata: its own identity and the parent's PRR (Hz) and dx
    (m)."""
    metadata = recording.get("fiber_metadata")
    if not isinstance(metadata, Mapping):
        return [f"fiber_metadata is {metadata!r}, not an object"]
    parent = metadata.get("parent")
    if not isinstance(parent, Mapping):
        return [f"fiber_metadata.parent is {parent!r}, not an object"]
    faults = [f"fiber_metadata.{name} is missing" for name in ("uuid", "version") if not metadata.get(name)]
    for name in ("prr", "dx"):
        value = parent.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value <= 0:
            faults.append(f"fiber_metadata.parent.{name} is {value!r}, not a positive number")
    return faults
