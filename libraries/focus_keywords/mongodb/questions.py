"""How MongoDB answers: its indexes, its plans of queries, its times, and how the server is."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Literal

from assertionengine import AssertionOperator
from focus_core.base.objects import field_of
from focus_core.base.quantities import Seconds
from focus_core.cluster import server_settings
from focus_core.mongodb import catalogue, plans
from focus_core.mongodb.client import Index, MongoSite
from focus_core.mongodb.plans import Plan, QuestionName
from focus_core.run import clients
from focus_core.site.data import site
from robot.api import logger
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

Query = Literal["count of recordings", "recordings of a day", "all recordings", "ping"]

# A single ping or query may meet a pause of the machine; the middle of some does not.
LOOKS = 5
_TAGS = ("MongoDB", "Getter", "Assertion")


class MongoQuestions:
    """Indexes, plans of queries, times of answers, and the server."""

    @keyword(tags=_TAGS, types=CHECK | {"collection": str})
    def get_indexes(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        collection: str = "recordings",
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Index]:
        """Returns the indexes of a collection and, with an operator, checks the list of their names; collections are
        those of `Get Documents`. Which fields have one: `Get Collection Field` with ``indexed_by``.

        | Get Indexes    contains    uuid_1    collection=recordings
        """

        def read() -> list[Index]:
            mongo = clients.mongodb()
            return [one for name in catalogue.collections_of(mongo, collection) for one in mongo.indexes(name)]

        found: list[Index] = checked(f"Indexes of {collection}", read, operator, expected, message, within, during)
        return found

    @keyword(tags=_TAGS, types=CHECK | {"question": QuestionName})
    def get_query_plans(
        self,
        question: QuestionName,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[Plan]:
        """Returns how MongoDB answers a question in each collection of recordings and, with an operator, checks the
        list of their names. Questions: recordings of the last hour, recordings that begin in a range, recordings that
        end in a range, one recording by its uuid, deleted recordings.

        | ${plans} =    Get Query Plans    deleted recordings
        """
        found: list[Plan] = checked(
            f"Plans of '{question}'", lambda: _plans(question), operator, expected, message, within, during
        )
        return found

    @keyword(tags=_TAGS, types=CHECK | {"question": QuestionName, "field": str})
    def get_query_plan_field(
        self,
        question: QuestionName,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of the plan by which MongoDB answers a question, or of each where there are several
        collections of recordings; questions are those of `Get Query Plans`.

        Fields: collection, stages, indexes, indexed_by, keys_examined, documents_examined, returned,
        needless_documents.

        | Get Query Plan Field    recordings of the last hour    indexed_by    ==    start_time
        | Get Query Plan Field    recordings of the last hour    stages    not contains    COLLSCAN
        """
        return checked(
            f"{field} of the plan of '{question}'",
            lambda: field_of(_plans(question), "plan", field),
            operator,
            expected,
            message,
            within,
            during,
        )

    @keyword(tags=_TAGS, types=CHECK | {"query": Query})
    def get_query_time(
        self,
        query: Query,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Seconds:
        """Returns the median time of five answers of MongoDB, in seconds; the connection is not part of it. For
        exclusive suites. Queries: count of recordings, recordings of a day, all recordings, ping.

        | Get Query Time    recordings of a day    <=    ${SITE_DATA.timings.query_range_s} s
        """

        def read() -> Seconds:
            mongo = clients.mongodb()
            ask = _queries(mongo)[query]
            mongo.ping()
            times = [_seconds(ask) for _ in range(LOOKS)]
            logger.info(f"{query}: {', '.join(f'{one:.4f}' for one in times)} s")
            return Seconds(median(times))

        middle: Seconds = checked(f"Time of '{query}'", read, operator, expected, message, within, during)
        return middle

    @keyword("Get MongoDB Field", tags=_TAGS, types=CHECK | {"field": str})
    def get_mongodb_field(
        self,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of the state of the MongoDB server.

        Fields: version, uptime, clock, clock_difference, connections, available, pool.

        | Get MongoDB Field    clock_difference    <=    ${SITE_DATA.timings.clock_difference_s} s
        """
        return checked(
            f"{field} of MongoDB",
            lambda: field_of([clients.mongodb().status()], "MongoDB server", field),
            operator,
            expected,
            message,
            within,
            during,
        )

    @keyword(tags=("MongoDB", "Kubernetes", "Getter", "Assertion"), types=CHECK)
    def get_storage_path(
        self,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> str:
        """Returns the path under which the Focus Server looks for recordings, as the cluster's configuration has it.

        | ${path} =    Get Storage Path
        | Get Base Paths    contains    ${path}    archive=no
        """
        path: str = checked(
            "Storage path of the Focus Server",
            lambda: server_settings.storage_path(site()),
            operator,
            expected,
            message,
            within,
            during,
        )
        return path


def _plans(question: QuestionName) -> list[Plan]:
    mongo = clients.mongodb()
    now = mongo.clock().astimezone(UTC).replace(tzinfo=None)
    found = []
    for collection in mongo.recordings_collections():
        newest = _finished(mongo, collection)
        asked = plans.question(question, newest["start_time"], newest["uuid"], now)
        found.append(mongo.plan(collection, asked.condition, asked.sort))
    return found


def _queries(mongo: MongoSite) -> dict[Query, Callable[[], Any]]:
    guid = mongo.recordings_collections()[0]
    end: datetime = _finished(mongo, guid)["end_time"]
    day = plans.overlapping(end - timedelta(days=1), end)
    return {
        "count of recordings": lambda: mongo.count(guid),
        "recordings of a day": lambda: mongo.documents(guid, day),
        "all recordings": lambda: mongo.recordings_of(guid),
        "ping": mongo.ping,
    }


def _finished(mongo: MongoSite, guid: str) -> dict[str, Any]:
    """A finished recording."""
    found = mongo.documents(guid, {"end_time": {"$type": "date"}, "start_time": {"$type": "date"}}, limit=1)
    if not found:
        raise AssertionError(f"collection {guid} holds no finished recording")
    return found[0]


def _seconds(ask: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    ask()
    return time.perf_counter() - begun
