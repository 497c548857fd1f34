"""Defects of the recordings' data on a living site: each is seen in the database, and taken back without a trace."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from kubernetes import client, config
from pymongo import MongoClient
from pymongo.database import Database
from support.site_commands import Site, bearer, eventually, secret, switch, web

PATH = "/prisma/root/recordings"
LIVE = {"deleted": False, "end_time": None}


@pytest.fixture
def database(simulated_site: Site) -> Iterator[Database[Any]]:
    place = simulated_site["mongodb"]
    user = {"username": place["username"], "password": secret(place["password"])} if place["username"] else {}
    source = {"authSource": place["auth_source"]} if user else {}
    with MongoClient(place["host"], place["port"], directConnection=True, **user, **source) as mongo:
        yield mongo[place["database"]]


def guid_of(database: Database[Any]) -> str:
    known = database.base_paths.find_one({"_id": {"$type": "objectId"}})
    assert known is not None
    return str(known["guid"])


def content(database: Database[Any]) -> dict[str, Any]:
    """What a defect could change, without what the recorder adds meanwhile."""
    guid = guid_of(database)
    recordings = database[guid]
    sound = {"_id": {"$type": "objectId"}, "start_time": {"$type": "date"}}
    oldest = list(recordings.find(sound).sort("start_time", 1).limit(150))
    indexes = {name: bool(entry.get("unique")) for name, entry in recordings.index_information().items()}
    return {
        "collections": sorted(database.list_collection_names()),
        "base paths": list(database.base_paths.find()),
        "unrecognized": list(database[f"{guid}-unrecognized_recordings"].find()),
        "oldest": oldest,
        "indexes": indexes,
        "put in": sorted(str(one["_id"]) for one in recordings.find({"_id": {"$type": "string"}})),
    }


# Each defect and how many documents of its collection show it: recordings, where nothing else is named.
SHOWN: dict[str, dict[str, Any]] = {
    "stale-recording": {"end_time": None, "_id": "stale-recording"},
    "duplicate-uuid": {"_id": "duplicate-uuid"},
    "end-before-start": {"$expr": {"$lt": ["$end_time", "$start_time"]}, "end_time": {"$type": "date"}},
    "time-as-text": {"start_time": {"$type": "string"}},
    "deleted-as-text": {"deleted": {"$type": "string"}},
    "metadata-missing": {"fiber_metadata.parent.prr": {"$exists": False}},
    "recording-stuck": {"end_time": None, "_id": "recording-stuck"},
    "recordings-overlap": {"_id": "recordings-overlap"},
    "recording-in-future": {"_id": "recording-in-future"},
}


@pytest.mark.nightly
def test_wrong_recordings_are_put_in_and_taken_away(
    database: Database[Any], simulated_site: Site, defect: Callable[..., None]
) -> None:
    before = content(database)
    recordings = database[guid_of(database)]
    defect(*SHOWN)
    for name, condition in SHOWN.items():
        assert [one["_id"] for one in recordings.find(condition)] == [name]
    assert before["indexes"]["uuid_1"]
    assert not recordings.index_information()["uuid_1"].get("unique")
    shared = recordings.find_one({"_id": "duplicate-uuid"})
    assert shared is not None
    assert recordings.count_documents({"uuid": shared["uuid"]}) == 2
    off(simulated_site, *SHOWN)
    assert content(database) == before


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("start-index-missing", "indexes"),
        ("unrecognized-elsewhere", "unrecognized"),
        ("base-path-doubled", "base paths"),
        ("base-path-moved", "base paths"),
        ("archive-flag-as-text", "base paths"),
        ("orphan-collection", "collections"),
        ("recordings-mostly-deleted", "oldest"),
    ],
)
@pytest.mark.nightly
def test_other_wrong_content_is_taken_back(
    database: Database[Any], simulated_site: Site, defect: Callable[..., None], name: str, part: str
) -> None:
    before = content(database)
    defect(name)
    now = content(database)
    assert [changed for changed in before if now[changed] != before[changed]] == [part]
    off(simulated_site, name)
    assert content(database) == before


@pytest.mark.nightly
def test_most_recordings_are_deleted_and_kept_again(database: Database[Any], defect: Callable[..., None]) -> None:
    defect("recordings-mostly-deleted")
    recordings = database[guid_of(database)]
    assert recordings.count_documents({"deleted": True}) > recordings.count_documents({}) / 2


def test_with_its_base_path_moved_the_focus_server_finds_nothing(
    simulated_site: Site, defect: Callable[..., None]
) -> None:
    assert listed(simulated_site)
    defect("base-path-moved")
    assert not listed(simulated_site)


@pytest.mark.nightly
def test_a_stopped_recorder_leaves_nothing_live_and_goes_on_afterwards(
    database: Database[Any], simulated_site: Site, defect: Callable[..., None]
) -> None:
    recordings = database[guid_of(database)]
    defect("recorder-stopped")
    eventually(lambda: recordings.count_documents(LIVE) == 0)
    off(simulated_site, "recorder-stopped")
    eventually(lambda: recordings.count_documents(LIVE) == 1)


@pytest.mark.nightly
def test_a_recorder_with_gaps_loses_the_end_of_a_recording(
    database: Database[Any], defect: Callable[..., None]
) -> None:
    # Time scale 0.1: a file is 30 s long.
    recordings = database[guid_of(database)]
    defect("recorder-gaps")
    live = eventually(lambda: recordings.find_one(LIVE))

    def gap() -> Any:
        ended = recordings.find_one({"_id": live["_id"], "end_time": {"$ne": None}})
        following = recordings.find_one({**LIVE, "start_time": {"$gt": live["start_time"]}})
        return ended and following and following["start_time"] - ended["end_time"]

    assert timedelta(seconds=7) < eventually(gap) < timedelta(seconds=9)


def test_connections_leak_and_are_closed_again(
    database: Database[Any], simulated_site: Site, defect: Callable[..., None]
) -> None:
    def connections() -> int:
        return int(database.command("serverStatus")["connections"]["current"])

    listed(simulated_site)
    before = connections()
    listed(simulated_site)
    assert connections() <= before + 2
    defect("mongo-connection-leak")
    for _ in range(5):
        listed(simulated_site)
    assert connections() >= before + 5
    off(simulated_site, "mongo-connection-leak")
    listed(simulated_site)
    eventually(lambda: connections() <= before + 2)


@pytest.mark.nightly
def test_queries_are_slow_and_pings_are_not(database: Database[Any], defect: Callable[..., None]) -> None:
    defect("mongodb-queries-slow")
    begun = time.monotonic()
    database.command("ping")
    assert time.monotonic() - begun < 1
    database.base_paths.find_one()
    assert time.monotonic() - begun > 5


@pytest.mark.nightly
def test_a_missing_index_does_not_keep_a_new_recorder_from_recording(
    database: Database[Any], simulated_site: Site, defect: Callable[..., None]
) -> None:
    defect("start-index-missing")
    recordings = database[guid_of(database)]
    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])
    pods = client.CoreV1Api()
    selector = simulated_site["workloads"]["segy_recorder"]["selector"]
    before = {one["uuid"] for one in recordings.find(LIVE)}
    pods.delete_namespaced_pod(
        pods.list_namespaced_pod("panda", label_selector=selector).items[0].metadata.name, "panda"
    )
    eventually(lambda: {one["uuid"] for one in recordings.find(LIVE)} - before)


def listed(site: Site) -> list[Any]:
    """The recordings that the Focus Server lists."""
    answer = web(site).post(
        f"{site['focus']['url']}/recordings_in_time_range",
        json={"start_time": 0, "end_time": int(time.time())},
        headers=bearer(site),
        timeout=10,
    )
    assert answer.status_code == 200, answer.text
    found: list[Any] = answer.json()
    return found


def off(site: Site, *names: str) -> None:
    """Turn defects off before the end of the test."""
    switch(site, "off", *names)
