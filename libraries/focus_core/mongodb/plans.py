"""The questions that the Focus Server and its operators ask about recordings, and how the server plans its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

QuestionName = Literal[
    "recordings of the last hour",
    "recordings that begin in a range",
    "recordings that end in a range",
    "one recording by its uuid",
    "deleted recordings",
]
QUESTIONS: tuple[QuestionName, ...] = get_args(QuestionName)
# As long as the longest window of the site's default view.
_RANGE = timedelta(minutes=5)
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Question:
    """A pymongo filter and order, and the field whose index must answer it."""

    condition: dict[str, Any]
    field: str

    @property
    def sort(self) -> list[tuple[str, int]]:
        """Times come in their order; other answers in any."""
        return [(self.field, 1)] if self.field.endswith("_time") else []


@dataclass(frozen=True)
class Plan:
    """How MongoDB answers a question in one collection.

    - ``collection``: the name of the collection
    - ``stages``: of the plan that it prefers (FETCH, IXSCAN, COLLSCAN, ...), the outermost first
    - ``indexes``: names of the indexes that it reads
    - ``indexed_by``: the field that each of them begins with
    - ``keys_examined``, ``documents_examined``: how many entries of indexes and documents it looked at; none where
      MongoDB does not count them
    - ``returned``: how many documents it found; none where MongoDB does not count them
    - ``needless_documents``: how many it looked at in vain; none where MongoDB does not count them
    """

    collection: str
    stages: list[str]
    indexes: list[str]
    indexed_by: list[str]
    keys_examined: int | None = None
    documents_examined: int | None = None
    returned: int | None = None

    @property
    def needless_documents(self) -> int | None:
        """Documents that were examined and not returned."""
        if self.documents_examined is None or self.returned is None:
            return None
        return self.documents_examined - self.returned

    def __str__(self) -> str:
        return " ".join(self.stages) + (f" on {', '.join(self.indexes)}" if self.indexes else "")


def question(name: QuestionName, start: datetime, uuid: str, now: datetime) -> Question:
    """A question with values of a recording: its start and uuid. Times are naive UTC, as they are stored."""
    window = {"$gte": start, "$lt": start + _RANGE}
    return {
        "recordings of the last hour": Question({"start_time": {"$gte": now - _HOUR}}, "start_time"),
        "recordings that begin in a range": Question({"start_time": window}, "start_time"),
        "recordings that end in a range": Question({"end_time": window}, "end_time"),
        "one recording by its uuid": Question({"uuid": uuid}, "uuid"),
        "deleted recordings": Question({"deleted": True}, "deleted"),
    }[name]


def overlapping(start: datetime, end: datetime) -> dict[str, Any]:
    """The filter of recordings, deleted ones aside, that share time with start-end (naive UTC)."""
    return {
        "start_time": {"$lt": end},
        "$or": [{"end_time": {"$gt": start}}, {"end_time": None}],
        "deleted": {"$ne": True},
    }


def plan_of(collection: str, explained: Mapping[str, Any]) -> Plan:
    """The winning plan of an answer of the command `explain`, and what it cost."""
    winning = explained["queryPlanner"]["winningPlan"]
    # Since MongoDB 5.1 the tree may lie one level deeper.
    nodes = list(_nodes(winning.get("queryPlan", winning)))
    indexes = {
        str(node["indexName"]): next(iter(node.get("keyPattern", {})), "") for node in nodes if "indexName" in node
    }
    cost = explained.get("executionStats", {})
    return Plan(
        collection,
        [str(node.get("stage")) for node in nodes],
        list(indexes),
        list(indexes.values()),
        cost.get("totalKeysExamined"),
        cost.get("totalDocsExamined"),
        cost.get("nReturned"),
    )


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for below in [node.get("inputStage"), *node.get("inputStages", [])]:
        if below:
            yield from _nodes(below)
