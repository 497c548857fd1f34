"""Keywords on a wrong database: each must fail and name the fault. The client is replaced, the judgement is real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from types import SimpleNamespace
from typing import Any

import pytest
from focus_core.base.errors import BenchError
from focus_core.mongodb.client import BasePath
from focus_core.run import clients
from focus_keywords.mongodb.data_quality import DataQuality
from focus_keywords.mongodb.server import MongoServer

NOW = datetime.now(UTC)
THEN = NOW.replace(tzinfo=None) - timedelta(minutes=10)
METADATA = {
    "layer_type": "smart_recorder",
    "uuid": "a",
    "cmd": "record",
    "version": "1",
    "num_traces": 1,
    "parent": {"layer_type": "prp2_recording", "uuid": "b", "prr": 2000, "dx": 1.0},
}
GOOD: dict[str, Any] = {
    "_id": 1,
    "uuid": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "start_time": THEN,
    "end_time": THEN + timedelta(minutes=5),
    "deleted": False,
    "fiber_metadata": METADATA,
}
LIVE = {**GOOD, "_id": 2, "uuid": "live", "start_time": GOOD["end_time"], "end_time": None}
SITE = SimpleNamespace(
    timings=SimpleNamespace(
        mongodb_ping_ms=100,
        query_count_s=2,
        query_range_s=3,
        query_all_s=5,
        clock_difference_s=2,
        recording_s=0.1,
        recording_gap_s=1.5,
        reconnected_s=600,
    ),
)


# The client that the keywords ask: the last one that a test made.
ASKED: list[Any] = []


@pytest.fixture(autouse=True)
def site(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("server", "data_quality"):
        monkeypatch.setattr(f"focus_keywords.mongodb.{module}.site", lambda: SITE)
    monkeypatch.setattr("focus_keywords.mongodb.data_quality._TURN_S", 0.05)
    monkeypatch.setattr(clients, "mongodb", lambda: ASKED[-1])


def client(**facts: Any) -> SimpleNamespace:
    """A database of which only `facts` differ from a right one. A function answers each question anew."""
    right: dict[str, Any] = {
        "clock": lambda: datetime.now(UTC),
        "collections": ["base_paths", "g"],
        "base_paths": [BasePath("/p", "g", False)],
        "recordings_collections": ["g"],
        "recordings": [GOOD, LIVE],
        "recordings_of": [GOOD, LIVE],
        "newest_of": [GOOD],
        "documents": [],
        "count": 1,
        "unrecognized": 0,
    }

    def answer(found: Any) -> Callable[..., Any]:
        return (lambda *_a, **_o: found()) if callable(found) else (lambda *_a, **_o: found)

    return SimpleNamespace(**{name: answer(found) for name, found in {**right, **facts}.items()})


def server(**facts: Any) -> MongoServer:
    ASKED.append(client(**facts))
    return MongoServer()


def data(**facts: Any) -> DataQuality:
    ASKED.append(client(**facts))
    return DataQuality()


def test_a_right_server_passes() -> None:
    library = server()
    library.no_recording_should_be_lost_since(1)
    server(documents=[{"folder_name": "/p/x"}]).unrecognized_folders_should_lie_below_their_base_path()


def test_right_data_pass() -> None:
    library = data()
    library.documents_should_fit_their_schema("recordings")
    library.documents_should_fit_their_schema("metadata")
    library.recordings_should_be_only("historic", "live")
    library.recordings_should_not_overlap()
    library.recordings_should_not_lie_in_the_future()


def test_folders_elsewhere_are_named() -> None:
    library = server(documents=[{"folder_name": "/path/x"}, {"folder_name": "/p/x"}, {}])
    with pytest.raises(AssertionError, match=r"- /path/x is not below /p\n- None is not below /p$"):
        library.unrecognized_folders_should_lie_below_their_base_path()


def test_connections_that_stay_open_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SITE.timings, "reconnected_s", 0.3)
    answers = SimpleNamespace(recordings=lambda _start, _end: SimpleNamespace(status=200))
    monkeypatch.setattr("focus_keywords.mongodb.server.client", lambda: answers)

    def status(*connections: int) -> Callable[[], SimpleNamespace]:
        left = chain(connections, repeat(connections[-1]))
        return lambda: SimpleNamespace(version="8", uptime=1, available=9, pool="", connections=next(left))

    server(status=status(3, 20, 5)).asking_for_recordings_should_leave_no_connection_open(requests=10)
    with pytest.raises(AssertionError, match="8 connections, 3 before 10 requests"):
        server(status=status(3, 8)).asking_for_recordings_should_leave_no_connection_open(requests=10)


@pytest.mark.parametrize(
    ("keyword", "facts", "fault"),
    [
        ("recordings_should_be_only", {"recordings": []}, "no recording at all"),
        ("recordings_should_not_overlap", {"recordings_of": [GOOD, {**GOOD, "uuid": "b"}]}, "- b begins at"),
        (
            "recordings_should_not_lie_in_the_future",
            {"recordings": [{**GOOD, "end_time": THEN + timedelta(hours=1)}]},
            "has end_time",
        ),
        (
            "recordings_should_not_lie_in_the_future",
            {"clock": lambda: datetime.now(UTC) + timedelta(minutes=1)},
            r"clock differs from this machine's by 60\.\d s",
        ),
    ],
)
def test_wrong_data_are_named(keyword: str, facts: dict[str, Any], fault: str) -> None:
    with pytest.raises(AssertionError, match=fault):
        getattr(data(**facts), keyword)()


def test_metadata_of_no_recording_are_a_failure() -> None:
    with pytest.raises(AssertionError, match="no metadata"):
        data(newest_of=[]).documents_should_fit_their_schema("metadata")


def test_a_document_that_does_not_fit_is_named() -> None:
    bad = {**GOOD, "_id": 9, "deleted": "no"}
    with pytest.raises(AssertionError, match=r"1 recordings do not fit the schema:\n- 0f8f.*: deleted is 'no'"):
        data(newest_of=[GOOD, bad], documents=[bad]).documents_should_fit_their_schema("recordings")


def test_schemas_that_do_not_agree_are_the_benchs_fault() -> None:
    bad = {**GOOD, "_id": 9, "deleted": "no"}
    with pytest.raises(BenchError, match="do not agree: document 9 is refused by the model"):
        data(newest_of=[GOOD, bad]).documents_should_fit_their_schema("recordings")
    with pytest.raises(BenchError, match="do not agree: document 1 is refused by"):
        data(documents=[GOOD]).documents_should_fit_their_schema("recordings")


ENDED = {**LIVE, "end_time": NOW.replace(tzinfo=None)}
NEXT = {**GOOD, "_id": 3, "start_time": ENDED["end_time"], "end_time": None}


@pytest.mark.parametrize(
    ("seen", "counts", "fault"),
    [
        ([ENDED, NEXT], [2], ""),
        ([ENDED, {**NEXT, "start_time": NEXT["start_time"] + timedelta(seconds=4)}], [2], "4.0 s passed between live"),
        ([ENDED, {**NEXT, "start_time": NEXT["start_time"] - timedelta(seconds=4)}], [2], "4.0 s are in both of"),
        ([ENDED, {**NEXT, "deleted": 0}], [2], "deleted is 0 but"),
        ([ENDED], [2, 1], "There were 2 recordings while the recorder ran, then 1"),
        ([LIVE], [2], "followed by another one: .* still live, 0 later"),
    ],
)
def test_the_recorder_is_watched(
    seen: list[dict[str, Any]], counts: list[int], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SITE.timings, "recording_s", 601)
    answers, numbers = chain([[LIVE]], repeat(seen)), chain(counts, repeat(counts[-1]))
    library = data(documents=lambda: next(answers), count=lambda: next(numbers))
    monkeypatch.setattr("focus_keywords.mongodb.data_quality.wait_until", quick)
    if not fault:
        library.next_recording_should_follow_without_a_gap()
    else:
        with pytest.raises(AssertionError, match=fault):
            library.next_recording_should_follow_without_a_gap()


def quick(what: str, probe: Callable[[], Any], *, timeout: float, interval: float = 0.01) -> Any:
    """Waiting that has no time."""
    from focus_core.base.waiting import wait_until

    return wait_until(what, probe, timeout=min(timeout, 0.05), interval=min(interval, 0.01))


@pytest.mark.parametrize(
    ("listed", "fault"),
    [
        ([(0, 300)], ""),
        ([(0, 300), (600, 900)], "1 of 1 deleted recordings are listed:\n- 600-900 is deleted"),
    ],
)
def test_a_deleted_recording_that_is_listed_is_named(
    listed: list[tuple[int, int]], fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    epoch = datetime(1970, 1, 1)
    at = [epoch + timedelta(seconds=seconds) for seconds in (0, 300, 600, 900)]
    held = [{**GOOD, "start_time": at[0], "end_time": at[1]}, {"start_time": at[2], "end_time": at[3], "deleted": True}]
    answer = SimpleNamespace(json=lambda: [list(entry) for entry in listed])
    monkeypatch.setattr(
        "focus_keywords.mongodb.data_quality.client", lambda: SimpleNamespace(recordings=lambda _start, _end: answer)
    )
    monkeypatch.setattr("focus_keywords.mongodb.data_quality.check_answer", lambda *_arguments: None)
    library = data(recordings_of=held)
    if not fault:
        library.deleted_recordings_should_not_be_listed()
    else:
        with pytest.raises(AssertionError, match=fault):
            library.deleted_recordings_should_not_be_listed()
    with pytest.raises(AssertionError, match="holds no deleted recording"):
        data(recordings_of=[GOOD]).deleted_recordings_should_not_be_listed()
