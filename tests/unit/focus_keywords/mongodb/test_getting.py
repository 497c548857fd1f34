"""Getters of MongoDB's content: what they read of the client, and what they fail with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from assertionengine import AssertionOperator
from focus_core.base.quantities import Seconds
from focus_core.base.words import Recording
from focus_core.mongodb.client import BasePath
from focus_core.mongodb.plans import Plan
from focus_core.run import clients
from focus_keywords.mongodb import questions
from focus_keywords.mongodb.contents import MongoContents
from focus_keywords.mongodb.questions import MongoQuestions
from focus_keywords.recordings.getting import RecordingGetters

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
START = NOW.replace(tzinfo=None) - timedelta(hours=1)
EQUAL, MORE, NONE_OF = (AssertionOperator[sign] for sign in ("==", ">", "not contains"))


def recording(name: str, seconds: float | None) -> dict[str, Any]:
    end = None if seconds is None else START + timedelta(seconds=seconds)
    return {"_id": name, "uuid": name, "start_time": START, "end_time": end, "deleted": False}


class Database:
    """A database of one base path and two recordings."""

    plans: tuple[str, ...] = ("FETCH", "IXSCAN")

    def base_paths(self) -> list[BasePath]:
        return [BasePath("/p", "g", archive=False)]

    def recordings_collections(self) -> list[str]:
        return ["g"]

    def recordings_of(self, _guid: str, _fields: Any = None) -> list[dict[str, Any]]:
        return [recording("live", None), recording("done", 60)]

    def documents(self, _name: str, _condition: Any = None, *, limit: int = 0) -> list[dict[str, Any]]:
        return [recording("done", 60), recording("late", 90)][: limit or None]

    def repeated(self, _name: str, _field: str) -> dict[Any, int]:
        return {"done": 2}

    def count(self, _name: str, _condition: Any = None) -> int:
        return 3

    def unrecognized(self) -> int:
        return 1

    def clock(self) -> datetime:
        return NOW

    def ping(self) -> None:
        pass

    def plan(self, collection: str, _condition: Any, sort: Any) -> Plan:
        return Plan(collection, list(self.plans), [f"{sort[0][0]}_1"], [sort[0][0]], 2, 5, 2)


@pytest.fixture(autouse=True)
def database(monkeypatch: pytest.MonkeyPatch) -> Database:
    made = Database()
    monkeypatch.setattr(clients, "mongodb", lambda: made)
    return made


def test_recordings_are_got_counted_and_asked_for_a_field() -> None:
    words = RecordingGetters()
    assert [one.uuid for one in words.get_recordings(EQUAL, "done", state="historic")] == ["done"]
    assert words.get_recording_count(EQUAL, "3") == 3  # as the server counts
    assert words.get_recording_count(EQUAL, "1", state="live") == 1
    assert words.get_recording_field("length", EQUAL, "1 minute", uuid="done") == 60
    assert words.get_recording_share(EQUAL, "50 %", state="live") == 50


def test_wrong_recordings_are_named() -> None:
    words = RecordingGetters()
    with pytest.raises(AssertionError, match=r"^Recordings: .*'done'.* should be '\[\]'"):
        words.get_recordings(EQUAL, "", state="historic")
    with pytest.raises(AssertionError, match=r"^Number of recordings: '1' \(int\) should be greater than '1'"):
        words.get_recording_count(MORE, "1", state="live")
    with pytest.raises(AssertionError, match=r"^length of recordings: there is no recording with state deleted$"):
        words.get_recording_field("length", MORE, "1 s", state="deleted")
    with pytest.raises(AssertionError, match=r"^Share of live recordings: '50 %' .* '60 %'"):
        words.get_recording_share(MORE, "60 %", state="live")


def test_the_end_of_a_recording_is_no_longer_than_it_is() -> None:
    words = RecordingGetters()
    assert words.get_end_of_recording(Recording(100, 200), timedelta(seconds=10)) == Recording(190, 200)
    assert words.get_end_of_recording(Recording(100, 104), timedelta(seconds=10)) == Recording(100, 104)


def test_documents_are_got_counted_and_asked_for_a_field() -> None:
    words = MongoContents()
    assert [one.id for one in words.get_documents("recordings", EQUAL, "done", first=1)] == ["done"]
    assert words.get_document_count("g", EQUAL, "3", field="deleted", one_of="true") == 3
    assert words.get_document_field("recordings", "deleted", EQUAL, "no") == [False, False]
    assert words.get_repeated_values("recordings", "uuid", EQUAL, "done") == ["done"]
    assert words.get_share_of_recognized_folders(EQUAL, "75 %") == 75
    assert words.get_base_path_field("path", EQUAL, "/p") == "/p"
    with pytest.raises(AssertionError, match=r"^Values of uuid that documents of recordings share: .*done.* '\[\]'"):
        words.get_repeated_values("recordings", "uuid", EQUAL, "")


def test_plans_are_asked_for_their_fields(database: Database) -> None:
    words = MongoQuestions()
    question: questions.QuestionName = "recordings of the last hour"
    assert words.get_query_plan_field(question, "indexed_by", EQUAL, "start_time") == ["start_time"]
    assert words.get_query_plan_field(question, "needless documents", EQUAL, "3") == 3
    assert [plan.collection for plan in words.get_query_plans(question, EQUAL, "g")] == ["g"]
    words.get_query_plan_field(question, "stages", NONE_OF, "COLLSCAN")
    database.plans = ("SORT", "COLLSCAN")
    with pytest.raises(AssertionError, match=r"^stages of the plan of 'recordings of the last hour': .* not contain"):
        words.get_query_plan_field(question, "stages", NONE_OF, "COLLSCAN")


def test_times_of_queries_are_medians(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([0.1, 9.0, 0.2, 0.3, 0.1])
    monkeypatch.setattr(questions, "_seconds", lambda _ask: next(times))
    assert MongoQuestions().get_query_time("all recordings", EQUAL, "200 ms") == Seconds(0.2)
