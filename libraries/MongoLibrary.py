"""Keywords about MongoDB: the server, its collections and indexes, and the recordings in it, which are only read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from statistics import median
from typing import Any, Literal

from focus_core import mongo_client
from focus_core.disruption import undos
from focus_core.mongo_client import MongoSite
from focus_core.run_identity import unique
from focus_core.site_data import site
from robot.api import logger
from robot.api.deco import keyword, library

# A schema is checked on at most this many recordings, the newest (site-contract 5.3).
SCHEMA_SAMPLE = 100
# A single ping may meet a pause of the machine; the middle of some does not.
PINGS = 5
# How many faulty recordings a failure names.
NAMED = 3

RecordingClass = Literal["historic", "live", "deleted", "stale", "invalid", "orphan"]


@dataclass(frozen=True)
class OwnDocuments:
    """Documents of a collection of this run's own: the numbers that were acknowledged."""

    collection: str
    numbers: frozenset[int]


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class MongoLibrary:
    """The recordings database of the site; only a collection of the run's own is ever written to."""

    @keyword("MongoDB Should Answer Within The Site's Limit", tags=("mongodb",))
    def mongodb_should_answer_in_time(self) -> None:
        """Fails when the median of five pings is over the site's ``mongodb_ping_ms``. For exclusive suites."""
        times = [self._mongo.ping_ms() for _ in range(PINGS)]
        limit = site().timings.mongodb_ping_ms
        seen = ", ".join(f"{time:.1f}" for time in times)
        logger.info(f"Pings: {seen} ms")
        if median(times) > limit:
            raise AssertionError(
                f"MongoDB answers a ping in {median(times):.1f} ms ({seen}); this site allows {limit:g} ms."
            )

    @keyword(tags=("mongodb",))
    def required_collections_should_exist(self) -> None:
        """Fails unless ``base_paths`` exists and each of its guids has its collection of recordings."""
        present = self._mongo.collections()
        if mongo_client.BASE_PATHS not in present:
            raise AssertionError(f"Collection base_paths is missing; the database holds {present}.")
        missing = [place for place in self._mongo.base_paths() if place.guid not in present]
        if missing or not self._mongo.base_paths():
            named = ", ".join(f"{place.guid} of {place.path}" for place in missing) or "base_paths is empty"
            raise AssertionError(f"Collections of recordings are missing: {named}.")

    @keyword(tags=("mongodb",))
    def base_paths_should_be_unambiguous(self) -> None:
        """Fails when two base paths share a path or a guid: the indexer could not tell whose a recording is."""
        places = self._mongo.base_paths()
        for field, values in (("path", [p.path for p in places]), ("guid", [p.guid for p in places])):
            doubled = sorted({value for value in values if values.count(value) > 1})
            if doubled:
                raise AssertionError(f"base_paths has the {field} {', '.join(doubled)} more than once.")

    @keyword(tags=("mongodb",))
    def recordings_should_be_indexed_by(self, field: str, *, unique: bool = False) -> None:
        """Fails unless each collection of recordings has an index on ``field`` alone; unique, where that is asked.

        Example:
        | Recordings Should Be Indexed By    uuid    unique=True
        """
        for collection in self._mongo.recordings_collections():
            indexes = self._mongo.indexes(collection)
            fitting = [index for index in indexes if list(index.keys) == [field]]
            if not fitting:
                seen = ", ".join(index.name for index in indexes)
                raise AssertionError(f"Collection {collection} has no index on {field}; it has {seen}.")
            if unique and not any(index.unique for index in fitting):
                raise AssertionError(f"The index on {field} of collection {collection} is not unique.")

    @keyword(tags=("mongodb",))
    def recordings_should_fit_the_schema(self) -> None:
        """Fails when one of the newest 100 recordings has a field of another type or order than the contract's."""
        self._expect_no_faults(mongo_client.schema_faults, "do not fit the schema")

    @keyword(tags=("mongodb",))
    def recordings_should_have_complete_metadata(self) -> None:
        """Fails when one of the newest 100 recordings lacks fiber metadata: identity, PRR or channel spacing."""
        self._expect_no_faults(mongo_client.metadata_faults, "have incomplete metadata")

    @keyword(tags=("mongodb",))
    def recordings_should_be_only(self, *classes: RecordingClass) -> None:
        """Fails when a recording is of another class than the given ones; all recordings are looked at.

        Classes: historic, live, deleted, stale (live for more than 24 h), invalid (no start), orphan (at least two of
        uuid, start, end, deleted missing).

        Example:
        | Recordings Should Be Only    historic    live    deleted
        """
        recordings = self._mongo.recordings()
        if not recordings:
            raise AssertionError("There is no recording at all.")
        now = datetime.now(UTC)
        logger.info(f"Recordings: {dict(mongo_client.classes_of(recordings, now))}")
        others = [entry for entry in recordings if mongo_client.classify(entry, now) not in classes]
        if others:
            named = ", ".join(f"{_name(entry)} is {mongo_client.classify(entry, now)}" for entry in others[:NAMED])
            raise AssertionError(
                f"{len(others)} of {len(recordings)} recordings are not {', '.join(classes)}: {named}."
            )

    @keyword(tags=("mongodb",))
    def recordings_should_be_of_each(self, *classes: RecordingClass) -> None:
        """Fails unless there is at least one recording of each class.

        Example:
        | Recordings Should Be Of Each    historic    live
        """
        seen = mongo_client.classes_of(self._mongo.recordings(), datetime.now(UTC))
        missing = [name for name in classes if not seen[name]]
        if missing:
            raise AssertionError(f"There is no {' and no '.join(missing)} recording; there are {dict(seen)}.")

    @keyword(tags=("mongodb",))
    def most_recordings_should_be(self, recording_class: RecordingClass) -> None:
        """Fails unless more than half of all recordings are of that class.

        Example:
        | Most Recordings Should Be    historic
        """
        seen = mongo_client.classes_of(self._mongo.recordings(), datetime.now(UTC))
        if seen[recording_class] * 2 <= seen.total():
            raise AssertionError(
                f"Only {seen[recording_class]} of {seen.total()} recordings are {recording_class}: {dict(seen)}."
            )

    @keyword(tags=("mongodb",))
    def most_recording_folders_should_be_recognized(self, at_least: int = 80) -> None:
        """Fails when fewer than ``at_least`` percent of the recording folders were recognized by the indexer."""
        recognized = len(self._mongo.recordings())
        total = recognized + self._mongo.unrecognized()
        if recognized * 100 < at_least * total or not total:
            raise AssertionError(
                f"{recognized} of {total} recording folders were recognized; at least {at_least} % must be."
            )

    @keyword(tags=("mongodb",))
    def count_recordings(self) -> int:
        """The number of recordings, deleted ones included."""
        return sum(self._mongo.count(name) for name in self._mongo.recordings_collections())

    @keyword(tags=("mongodb",))
    def no_recording_should_be_lost_since(self, count: int) -> None:
        """Fails when there are fewer recordings now than ``count``, taken earlier with `Count Recordings`."""
        now = self.count_recordings()
        if now < count:
            raise AssertionError(f"{count - now} of {count} recordings were lost; {now} are left.")

    @keyword(tags=("mongodb",))
    def write_acknowledged_documents(self, count: int = 20) -> OwnDocuments:
        """Writes so many documents into a collection of the run's own; each is acknowledged as on disk.

        The collection is dropped at the end of the test. Returns what was written.

        Example:
        | ${written} =    Write Acknowledged Documents    50
        | Every Acknowledged Document Should Be There    ${written}
        """
        written = OwnDocuments(unique("focus_own"), frozenset(range(count)))
        undos.register(
            site(), undos.OWN_COLLECTION, f"Collection {written.collection}", {"collection": written.collection}
        )
        self._mongo.write_own(written.collection, [{"number": number} for number in range(count)])
        return written

    @keyword(tags=("mongodb",))
    def every_acknowledged_document_should_be_there(self, written: OwnDocuments) -> None:
        """Fails unless the collection holds exactly the documents that were acknowledged.

        Example:
        | Every Acknowledged Document Should Be There    ${written}
        """
        found = [document["number"] for document in self._mongo.documents(written.collection)]
        if len(found) != len(written.numbers) or set(found) != written.numbers:
            lost = len(written.numbers - set(found))
            raise AssertionError(
                f"{lost} of {len(written.numbers)} acknowledged documents are lost; the collection holds {len(found)}."
            )

    @cached_property
    def _mongo(self) -> MongoSite:
        return MongoSite.of_site(site())

    def _expect_no_faults(self, faults_of: Callable[[Mapping[str, Any]], list[str]], verdict: str) -> None:
        recordings = self._mongo.recordings(limit=SCHEMA_SAMPLE)
        if not recordings:
            raise AssertionError("There is no recording at all.")
        faulty = [(entry, faults) for entry in recordings if (faults := faults_of(entry))]
        if faulty:
            named = "; ".join(f"{_name(entry)}: {', '.join(faults)}" for entry, faults in faulty[:NAMED])
            raise AssertionError(f"{len(faulty)} of {len(recordings)} recordings {verdict}: {named}.")


def _name(recording: Mapping[str, Any]) -> str:
    return str(recording.get("uuid") or recording.get("_id"))
