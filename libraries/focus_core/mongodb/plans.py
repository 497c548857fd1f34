"""The questions that the Focus Server and its operators ask about recordings, and how the server plans its answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, get_args

QuestionName = Literal[
    "recordings that begin in a range",
    "recordings that end in a range",
    "one recording by its uuid",
    "deleted recordings",
]
QUESTIONS: tuple[QuestionName, ...] = get_args(QuestionName)
# As long as the longest window of the site's default view.
_RANGE = timedelta(minutes=5)


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
    """The stages of a winning plan (FETCH, IXSCAN, ...), the outermost first, and the indexes that it reads."""

    stages: tuple[str, ...]
    indexes: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(self.stages) + (f" on {', '.join(self.indexes)}" if self.indexes else "")


def question(name: QuestionName, start: datetime, uuid: str) -> Question:
    """A question with values of a recording: its start (naive UTC, as stored) and uuid."""
    window = {"$gte": start, "$lt": start + _RANGE}
    return {
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


def plan_of(explained: Mapping[str, Any]) -> Plan:
    """The winning plan of an answer of the command `explain`."""
    winning = explained["queryPlanner"]["winningPlan"]
    # Since MongoDB 5.1 the tree may lie one level deeper.
    nodes = list(_nodes(winning.get("queryPlan", winning)))
    indexes = dict.fromkeys(str(node["indexName"]) for node in nodes if node.get("indexName"))
    return Plan(tuple(str(node.get("stage")) for node in nodes), tuple(indexes))


def _nodes(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for below in [node.get("inputStage"), *node.get("inputStages", [])]:
        if below:
            yield from _nodes(below)
