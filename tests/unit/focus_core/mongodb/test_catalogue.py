"""What the database holds, as objects: what they consist of, how they are filtered and ordered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from focus_core.base.errors import BenchError
from focus_core.base.quantities import Moment
from focus_core.mongodb import catalogue
from focus_core.mongodb.catalogue import RecordingFilter, RecordingOrder, StoredRecording
from focus_core.mongodb.client import BasePath, Index, MongoSite
from focus_core.mongodb.document_filter import DocumentFilter, value_at

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
GUID = "0f8fad5b-d9cb-469f-a165-70867728950e"


def stored(name: str, begun: float | None, minutes: float | None, **more: Any) -> dict[str, Any]:
    """A recording that began so many minutes ago (naive UTC, as pymongo has it) and lasts so long; none: goes on."""
    start = None if begun is None else NOW.replace(tzinfo=None) - timedelta(minutes=begun)
    end = None if minutes is None or start is None else start + timedelta(minutes=minutes)
    metadata = {"num_traces": 9, "parent": {"prr": 2000, "dx": 1.5}}
    return {"uuid": name, "start_time": start, "end_time": end, "deleted": False, "fiber_metadata": metadata, **more}


class Database:
    """A client of a database whose content is here."""

    content = (
        stored("live", 2, None),
        stored("long", 90, 60),
        stored("short", 20, 5),
        stored("gone", 15, 1, deleted=True),
        {"_id": 7},
    )

    def base_paths(self) -> list[BasePath]:
        return [BasePath("/p", GUID, archive=False), BasePath("/old", "archive", archive=True)]

    def recordings_of(self, guid: str, _fields: Any = None) -> list[dict[str, Any]]:
        return [*self.content] if guid == GUID else [stored("old", 100_000, 5, fiber_metadata=None)]

    def recordings_collections(self) -> list[str]:
        return [GUID, "archive"]

    def unrecognized_collections(self) -> list[str]:
        return [f"{GUID}-unrecognized_recordings"]

    def clock(self) -> datetime:
        return NOW

    def count(self, name: str, condition: Any = None) -> int:
        return 1 if condition else len(self.recordings_of(name))

    def collections(self) -> list[str]:
        lost = "5b0c9f8e-6f1d-4c39-9d2a-000000000001"
        return ["base_paths", GUID, f"{GUID}-unrecognized_recordings", lost, "notes"]

    def indexes(self, _name: str) -> list[Index]:
        return [
            Index("a", {"uuid": 1}, True),
            Index("b", {"start_time": -1}, False),
            Index("c", {"x": 1, "y": 1}, True),
        ]


MONGO = cast(MongoSite, Database())


def names(asked: RecordingFilter, order: RecordingOrder = "newest", first: int | None = None) -> list[str]:
    return [one.uuid for one in catalogue.selected(catalogue.recordings(MONGO), asked, order, first)]


def moment(minutes: float) -> Moment:
    return Moment.convert(NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (RecordingFilter(), ["live", "gone", "short", "long", "old", "7"]),
        (RecordingFilter(state="historic"), ["short", "long", "old"]),
        (RecordingFilter(state="orphan"), ["7"]),
        (RecordingFilter(uuid="gone"), ["gone"]),
        (RecordingFilter(base_path="/old"), ["old"]),
        (RecordingFilter(since=moment(20)), ["live", "gone", "short"]),
        (RecordingFilter(until=moment(15)), ["short", "long", "old"]),
        (RecordingFilter(at_least=timedelta(minutes=5)), ["short", "long", "old"]),
        (RecordingFilter(at_most=timedelta(minutes=2)), ["live", "gone"]),
        (RecordingFilter(at_most=timedelta(0)), []),
    ],
)
def test_recordings_are_filtered(asked: RecordingFilter, found: list[str]) -> None:
    assert names(asked) == found


def test_a_filter_names_what_is_asked_for() -> None:
    assert (
        str(RecordingFilter(state="live", at_least=timedelta(minutes=5)))
        == "recording with state live, at least 0:05:00"
    )
    assert str(RecordingFilter()) == "recording"


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("longest", ["long", "short"]),
        ("shortest", ["gone", "live"]),
        ("newest", ["live", "gone"]),
        ("oldest", ["old", "long"]),
    ],
)
def test_recordings_are_ordered_and_the_first_ones_taken(order: RecordingOrder, found: list[str]) -> None:
    assert names(RecordingFilter(), order, first=2) == found


def test_a_recording_consists_of_what_its_documentation_lists() -> None:
    long, orphan, old = (
        next(one for one in catalogue.recordings(MONGO) if one.uuid == name) for name in ("long", "7", "old")
    )
    assert (long.length, long.age, long.traces, long.prr, long.spacing) == (3600, 5400, 9, 2000, 1.5)
    assert long.window is not None
    assert (long.window.end - long.window.start, long.base_path) == (3600, "/p")
    assert (orphan.length, orphan.age, orphan.window, orphan.start) == (None, None, None, None)
    assert (old.traces, old.prr) == (None, None)
    assert str(long) == "historic recording long of 3600 s from 2026-11-30 10:30:00 UTC"


def test_a_time_that_is_a_text_is_none() -> None:
    odd = StoredRecording("a", "invalid", None, None, None, "/p", None, None, None)
    assert str(odd) == "invalid recording a of no length from no time"
    assert not RecordingFilter(since=moment(0)).accepts(odd)


def test_base_paths_are_counted() -> None:
    (place,) = catalogue.base_paths(MONGO, archive=False)
    assert (place.path, place.recordings, place.live_recordings) == ("/p", 5, 1)
    assert len(catalogue.base_paths(MONGO, archive=None)) == 2


def test_collections_are_known_by_their_content() -> None:
    found = {one.name: one for one in catalogue.collections(MONGO, None, None)}
    assert [one.content for one in found.values()] == [
        "base paths",
        "recordings",
        "unrecognized folders",
        "recordings",
        "other",
    ]
    assert found[GUID].indexed_by == ["uuid", "start_time"]
    assert found[GUID].unique_by == ["uuid"]
    assert found[f"{GUID}-unrecognized_recordings"].base_path == "/p"
    lost = catalogue.collections(MONGO, "recordings", "none")
    assert [one.name[:4] for one in lost] == ["5b0c"]
    assert [one.name for one in catalogue.collections(MONGO, "recordings", "/p")] == [GUID]


def test_words_stand_for_collections() -> None:
    assert catalogue.collections_of(MONGO, "Recordings") == [GUID, "archive"]
    assert catalogue.collections_of(MONGO, "base paths") == ["base_paths"]
    assert catalogue.collections_of(MONGO, "notes") == ["notes"]


def test_a_share_of_nothing_is_a_failure() -> None:
    assert catalogue.share(1, 4) == 25
    with pytest.raises(AssertionError, match="nothing"):
        catalogue.share(0, 0)


@pytest.mark.parametrize(
    ("asked", "condition"),
    [
        (DocumentFilter(), {}),
        (DocumentFilter("deleted", none_of="true, false"), {"deleted": {"$nin": [True, False]}}),
        (DocumentFilter("name", one_of="a, 5, none"), {"name": {"$in": ["a", 5, None]}}),
        (DocumentFilter("size", at_least="1 kB", at_most="2000"), {"size": {"$gte": 1000, "$lte": 2000}}),
        (
            DocumentFilter("start_time", since=moment(60), until=moment(0)),
            {"start_time": {"$gte": datetime(2026, 11, 30, 11), "$lte": datetime(2026, 11, 30, 12)}},
        ),
    ],
)
def test_a_filter_of_documents_is_a_condition(asked: DocumentFilter, condition: dict[str, Any]) -> None:
    assert asked.condition == condition


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        (DocumentFilter("deleted"), "give both or none"),
        (DocumentFilter(one_of="a"), "give both or none"),
        (DocumentFilter("size", at_least="much"), "compare numbers"),
    ],
)
def test_half_a_filter_is_refused(asked: DocumentFilter, fault: str) -> None:
    with pytest.raises(BenchError, match=fault):
        _ = asked.condition


def test_a_value_is_found_at_a_dotted_path() -> None:
    assert value_at({"a": {"b": 1}}, "a.b") == 1
    assert value_at({"a": {"b": 1}}, "a.c") is None
    assert value_at({"a": 1}, "a.b") is None
