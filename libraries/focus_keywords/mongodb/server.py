"""Keywords about MongoDB: the server, its collections and indexes, and documents of the run's own."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any, Literal

from focus_core.base import demands
from focus_core.base.failures import fail_with
from focus_core.base.run_identity import unique
from focus_core.base.waiting import NotYet, wait_until
from focus_core.cluster import server_settings as focus_settings
from focus_core.disruption import undos
from focus_core.mongodb import client as mongo_client
from focus_core.mongodb import plans as mongo_plans
from focus_core.mongodb.client import UNRECOGNIZED_SUFFIX
from focus_core.mongodb.plans import QuestionName
from focus_core.run import clients
from focus_core.run.session import OK, client
from focus_core.server.status_checks import check_status
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword

# A single ping or query may meet a pause of the machine; the middle of some does not.
PINGS = 5
QUERIES = 3
# Connections that other clients open meanwhile: at most so many for each request of ours, or there is a leak.
_CONNECTIONS_A_REQUEST = 0.5
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)

Query = Literal["count of recordings", "recordings of a day", "all recordings"]


@dataclass(frozen=True)
class OwnDocuments:
    """Documents of a collection of this run's own: the numbers that were acknowledged."""

    collection: str
    numbers: frozenset[int]


class MongoServer:
    """The server, its collections and indexes, and documents of the run's own."""

    @keyword("MongoDB Should Answer Within The Site's Limit", tags=("mongodb",))
    def mongodb_should_answer_in_time(self) -> None:
        """Fails when the median of five pings is over the site's ``mongodb_ping_ms``. For exclusive suites.

        | MongoDB Should Answer Within The Site's Limit
        """
        times = [clients.mongodb().ping_ms() for _ in range(PINGS)]
        _should_be_in_time("a ping", times, site().timings.mongodb_ping_ms, "ms", digits=1)

    @keyword(tags=("mongodb",))
    def query_should_be_answered_in_time(self, query: Query) -> None:
        """Fails when the median of three answers is over the site's limit for that query. For exclusive suites.

        Queries, with their limits in the site file: count of recordings (``query_count_s``), recordings of a day
        (``query_range_s``), all recordings (``query_all_s``).

        | Query Should Be Answered In Time    recordings of a day
        """
        guid = clients.mongodb().recordings_collections()[0]
        limit, ask = self._queries(guid)[query]
        clients.mongodb().ping_ms()  # the connection is not part of the time
        times = [_seconds(ask) for _ in range(QUERIES)]
        logger.info(f"The server counts the use of its indexes as {clients.mongodb().index_use(guid)}.")
        _should_be_in_time(f"'{query}'", times, limit, "s", digits=3)

    @keyword(tags=("mongodb",))
    def asking_for_recordings_should_leave_no_connection_open(self, *, requests: int = 20) -> None:
        """Asks the Focus Server for recordings so many times, and fails when MongoDB then has more open connections:
        half as many more as there were requests. For exclusive suites.

        | Asking For Recordings Should Leave No Connection Open    requests=20
        """
        demands.at_least(1, requests=requests)
        before = clients.mongodb().status()
        logger.info(
            f"MongoDB {before.version}, up for {before.uptime_s:.0f} s: {before.connections} connections, "
            f"{before.available} more available; this process: {before.pool}"
        )
        for _ in range(requests):
            check_status(client().recordings(0, int(time.time())), OK, "Asking for recordings")

        def settled() -> bool:
            now = clients.mongodb().status()
            if now.connections - before.connections >= requests * _CONNECTIONS_A_REQUEST:
                raise NotYet(f"{now.connections} connections, {before.connections} before {requests} requests")
            return True

        wait_until("No connection to MongoDB is left open", settled, timeout=site().timings.reconnected_s / 3)

    @keyword(tags=("mongodb",))
    def required_collections_should_exist(self) -> None:
        """Fails unless ``base_paths`` exists and each of its guids has its collection of recordings.

        | Required Collections Should Exist
        """
        present = clients.mongodb().collections()
        if mongo_client.BASE_PATHS not in present:
            raise AssertionError(f"Collection base_paths is missing; the database holds {present}.")
        missing = [place for place in clients.mongodb().base_paths() if place.guid not in present]
        if missing or not clients.mongodb().base_paths():
            named = ", ".join(f"{place.guid} of {place.path}" for place in missing) or "base_paths is empty"
            raise AssertionError(f"Collections of recordings are missing: {named}.")

    @keyword(tags=("mongodb",))
    def base_paths_should_be_unambiguous(self) -> None:
        """Fails when two base paths share a path or a guid: the indexer could not tell whose a recording is.

        | Base Paths Should Be Unambiguous
        """
        places = clients.mongodb().base_paths()
        for field, values in (("path", [p.path for p in places]), ("guid", [p.guid for p in places])):
            doubled = sorted({value for value in values if values.count(value) > 1})
            if doubled:
                raise AssertionError(f"base_paths has the {field} {', '.join(doubled)} more than once.")

    @keyword(tags=("mongodb",))
    def storage_path_should_be_a_base_path(self) -> None:
        """Fails unless the path under which the Focus Server looks for recordings, as the cluster's configuration has
        it, is one of MongoDB's base paths and no archive.

        | Storage Path Should Be A Base Path
        """
        path = focus_settings.storage_path(site())
        known = [place.path for place in clients.mongodb().base_paths() if not place.archive]
        if path not in known:
            raise AssertionError(
                f"The Focus Server looks for recordings in {path}; MongoDB has base paths {', '.join(known)}."
            )

    @keyword(tags=("mongodb",))
    def each_collection_of_recordings_should_have_its_base_path(self) -> None:
        """Fails when a collection is named by a guid that no base path has: nobody finds what it holds.

        | Each Collection Of Recordings Should Have Its Base Path
        """
        guids = {place.guid for place in clients.mongodb().base_paths()}
        named_by_guid = [name for name in clients.mongodb().collections() if _GUID.match(name)]
        fail_with(
            "Collections of recordings belong to no base path",
            [name for name in named_by_guid if name.removesuffix(UNRECOGNIZED_SUFFIX) not in guids],
        )

    @keyword(tags=("mongodb",))
    def unrecognized_folders_should_lie_below_their_base_path(self) -> None:
        """Fails when a folder that the indexer did not recognize lies outside of the base path that lists it.

        | Unrecognized Folders Should Lie Below Their Base Path
        """
        problems = []
        for place in clients.mongodb().base_paths():
            folders = clients.mongodb().documents(place.guid + UNRECOGNIZED_SUFFIX)
            names = [str(folder.get("folder_name")) for folder in folders]
            below = f"{place.path.rstrip('/')}/"
            problems += [f"{name} is not below {place.path}" for name in names if not name.startswith(below)]
        fail_with("Unrecognized folders lie outside of their base path", problems)

    @keyword(tags=("mongodb",))
    def recordings_should_be_indexed_by(self, field: str, *, unique: bool = False) -> None:
        """Fails unless each collection of recordings has an index on ``field`` alone; unique, where that is asked.

        | Recordings Should Be Indexed By    uuid    unique=True
        """
        for collection in clients.mongodb().recordings_collections():
            indexes = clients.mongodb().indexes(collection)
            fitting = [index for index in indexes if list(index.keys) == [field]]
            if not fitting:
                seen = ", ".join(index.name for index in indexes)
                raise AssertionError(f"Collection {collection} has no index on {field}; it has {seen}.")
            if unique and not any(index.unique for index in fitting):
                raise AssertionError(f"The index on {field} of collection {collection} is not unique.")

    @keyword(tags=("mongodb",))
    def query_should_use_its_index(self, question: QuestionName) -> None:
        """Fails when the server would look through a whole collection to answer the question, or use another index
        than that of the field asked for; nothing but its plan (``explain``) is asked of the server.

        Questions: recordings that begin in a range, recordings that end in a range, one recording by its uuid, deleted
        recordings.

        | Query Should Use Its Index    recordings that begin in a range
        """
        for collection in clients.mongodb().recordings_collections():
            newest = self._finished(collection)
            asked = mongo_plans.question(question, newest["start_time"], newest["uuid"])
            plan = clients.mongodb().plan(collection, asked.condition, asked.sort)
            logger.info(f"{question}: {plan}")
            fitting = {
                index.name
                for index in clients.mongodb().indexes(collection)
                if next(iter(index.keys), "") == asked.field
            }
            if not fitting & set(plan.indexes) or "COLLSCAN" in plan.stages:
                raise AssertionError(
                    f"Collection {collection} answers '{question}' by {plan}, not by an index on {asked.field}."
                )

    @keyword(tags=("mongodb",))
    def count_recordings(self) -> int:
        """The number of recordings, deleted ones included.

        | ${count} =    Count Recordings
        """
        return sum(clients.mongodb().count(name) for name in clients.mongodb().recordings_collections())

    @keyword(tags=("mongodb",))
    def no_recording_should_be_lost_since(self, count: int) -> None:
        """Fails when there are fewer recordings now than ``count``, taken earlier with `Count Recordings`.

        | No Recording Should Be Lost Since    ${count}
        """
        demands.at_least(1, count=count)
        now = self.count_recordings()
        if now < count:
            raise AssertionError(f"{count - now} of {count} recordings were lost; {now} are left.")

    @keyword(tags=("mongodb",))
    def write_acknowledged_documents(self, count: int = 20) -> OwnDocuments:
        """Writes so many documents into a collection of the run's own; each is acknowledged as on disk.

        The collection is dropped at the end of the test. Returns what was written.

        | ${written} =    Write Acknowledged Documents    50
        | Every Acknowledged Document Should Be There    ${written}
        """
        demands.at_least(1, count=count)
        written = OwnDocuments(unique("focus_own"), frozenset(range(count)))
        undos.register(
            site(), undos.OWN_COLLECTION, f"Collection {written.collection}", {"collection": written.collection}
        )
        clients.mongodb().write_own(written.collection, [{"number": number} for number in range(count)])
        return written

    @keyword(tags=("mongodb",))
    def every_acknowledged_document_should_be_there(self, written: OwnDocuments) -> None:
        """Fails unless the collection holds exactly the documents that were acknowledged.

        | Every Acknowledged Document Should Be There    ${written}
        """
        found = [document["number"] for document in clients.mongodb().documents(written.collection)]
        if len(found) != len(written.numbers) or set(found) != written.numbers:
            lost = len(written.numbers - set(found))
            raise AssertionError(
                f"{lost} of {len(written.numbers)} acknowledged documents are lost; the collection holds {len(found)}."
            )

    def _queries(self, guid: str) -> dict[Query, tuple[float, Callable[[], Any]]]:
        timings = site().timings
        end: datetime = self._finished(guid)["end_time"]
        day = mongo_plans.overlapping(end - timedelta(days=1), end)
        return {
            "count of recordings": (timings.query_count_s, lambda: clients.mongodb().count(guid)),
            "recordings of a day": (timings.query_range_s, lambda: clients.mongodb().documents(guid, day)),
            "all recordings": (timings.query_all_s, lambda: clients.mongodb().recordings_of(guid)),
        }

    def _finished(self, guid: str) -> dict[str, Any]:
        """A finished recording."""
        found = clients.mongodb().documents(
            guid, {"end_time": {"$type": "date"}, "start_time": {"$type": "date"}}, limit=1
        )
        if not found:
            raise AssertionError(f"Collection {guid} holds no finished recording.")
        return found[0]


def _seconds(ask: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun


def _should_be_in_time(asked: str, times: list[float], limit: float, unit: str, *, digits: int) -> None:
    """Fails when the median of the times is over the limit, both in `unit`; told with so many decimals."""
    seen = ", ".join(f"{one:.{digits}f}" for one in times)
    logger.info(f"{asked}: {seen} {unit}")
    if median(times) > limit:
        raise AssertionError(
            f"MongoDB answers {asked} in {median(times):.{digits}f} {unit} ({seen}); this site allows {limit:g} {unit}."
        )
