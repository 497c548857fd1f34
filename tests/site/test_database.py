"""MongoDB of the site with pymongo: content by the recorder's rules, indexes, the pod's death."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from kubernetes import client, config
from pymongo import MongoClient
from pymongo.collection import Collection
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, OperationFailure
from support.site_commands import Site, eventually, mongodb_login


@pytest.fixture
def database(simulated_site: Site) -> Iterator[Database[Any]]:
    address = simulated_site["mongodb"]
    with MongoClient(**mongodb_login(simulated_site), serverSelectionTimeoutMS=5000) as mongo:
        yield mongo[address["database"]]


@pytest.fixture
def recordings(database: Database[Any]) -> Collection[Any]:
    base = database.base_paths.find_one({"base_path": "/prisma/root/recordings"})
    assert base is not None
    return database[base["guid"]]


def test_every_recording_belongs_to_one_class(recordings: Collection[Any]) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    every = list(recordings.find(batch_size=10_000))  # at one moment: the recorder goes on
    deleted = [one for one in every if one["deleted"]]
    live = [one for one in every if not one["deleted"] and one["start_time"] and one["end_time"] is None]
    historical = [one for one in every if not one["deleted"] and one["start_time"] and one["end_time"]]
    assert len(every) >= 200
    assert len(deleted) == 20
    assert len(historical) + len(deleted) + len(live) == len(every)
    assert [now - one["start_time"] < timedelta(hours=24) for one in live] == [True]


def test_recordings_lie_in_the_last_two_weeks_one_after_the_other(recordings: Collection[Any]) -> None:
    now = datetime.now(UTC).replace(tzinfo=None)
    ended = list(recordings.find({"end_time": {"$ne": None}}).sort("start_time", 1))
    assert now - timedelta(days=15) < ended[0]["start_time"] < now - timedelta(days=13)
    assert all(one["start_time"] < one["end_time"] <= now for one in ended)
    assert all(one["end_time"] <= following["start_time"] for one, following in itertools.pairwise(ended))


def test_some_recordings_are_clips_and_some_whole_files(recordings: Collection[Any]) -> None:
    """Clips of 5 to 10 s for whole playbacks, and files that end exactly where the recorder's settings end them."""
    ended = list(recordings.find({"end_time": {"$ne": None}, "deleted": False}))
    lengths = [(one["end_time"] - one["start_time"]).total_seconds() for one in ended]
    assert {5.0, 10.0} <= {length for length in lengths if 5 <= length <= 10}
    assert lengths.count(300.0) >= 5


def test_shape_of_a_recording(recordings: Collection[Any]) -> None:
    for one in recordings.find():
        metadata = one["fiber_metadata"]
        assert (metadata["layer_type"], metadata["version"]) == ("smart_recorder", "TLV-1.3")
        assert metadata["parent"]["layer_type"] == "prp2_recording"
        assert metadata["parent"]["prr"] > 0
        assert metadata["parent"]["dx"] > 0
        assert isinstance(one["deleted"], bool)


def test_most_folders_are_recognized(database: Database[Any], recordings: Collection[Any]) -> None:
    unrecognized = list(database[f"{recordings.name}-unrecognized_recordings"].find())
    assert unrecognized
    assert set(unrecognized[0]) == {"_id", "folder_name", "file_count", "update_time"}
    assert len(unrecognized) / (200 + len(unrecognized)) < 0.2


def test_indexes(recordings: Collection[Any]) -> None:
    indexes = recordings.index_information()
    assert set(indexes) == {"_id_", "start_time_1", "end_time_1", "uuid_1", "deleted_1"}
    assert indexes["uuid_1"]["unique"] is True
    known = recordings.find_one()
    assert known is not None
    with pytest.raises(DuplicateKeyError):
        recordings.insert_one({"uuid": known["uuid"]})


def test_monitoring_reads_what_the_server_does(database: Database[Any]) -> None:
    admin, probe = database.client.admin, database["of-a-test-of-monitoring"]
    before = admin.command("serverStatus")
    probe.insert_one({"_id": 1})
    assert probe.find_one({"_id": 1})
    probe.update_one({"_id": 1}, {"$set": {"seen": True}})
    probe.delete_one({"_id": 1})
    probe.drop()
    after = admin.command("serverStatus")
    for name in ("insert", "query", "update", "delete", "command"):
        assert after["opcounters"][name] > before["opcounters"][name], name
    assert after["connections"]["totalCreated"] >= after["connections"]["current"] >= 1
    assert after["network"]["numRequests"] > before["network"]["numRequests"]
    assert after["uptimeMillis"] > before["uptimeMillis"] > 0
    assert after["mem"]["resident"] > 10
    assert (after["version"], after["pid"]) == (database.client.server_info()["version"], before["pid"])
    assert after["host"]
    assert after["storageEngine"]["name"] == "wiredTiger"


def test_what_the_daemon_does_otherwise_than_mongod_is_what_the_page_says(database: Database[Any]) -> None:
    status = database.client.admin.command("serverStatus")
    is_daemon = "secantus" in status
    assert {"asserts", "globalLock"} - set(status) == ({"asserts", "globalLock"} if is_daemon else set())
    assert (status["connections"]["available"] == 0) is is_daemon
    probe = database["of-a-test-of-transactions"]
    probe.insert_one({"_id": 1})
    with database.client.start_session() as session:
        session.start_transaction()
        if is_daemon:
            probe.insert_one({"_id": 2}, session=session)
            session.commit_transaction()
        else:
            with pytest.raises(OperationFailure) as refused:
                probe.insert_one({"_id": 2}, session=session)
            assert refused.value.code == 20
    assert probe.count_documents({}) == (2 if is_daemon else 1)
    probe.drop()


def test_its_defects_change_a_living_database(recordings: Collection[Any], defect: Callable[..., None]) -> None:
    orphans = {"start_time": None, "end_time": None}
    assert recordings.count_documents(orphans) == 0
    defect("deleted-index-missing", "uuid-index-missing", "recording-without-start")
    assert set(recordings.index_information()) == {"_id_", "start_time_1", "end_time_1"}
    assert recordings.count_documents(orphans) == 1


def test_a_killed_database_pod_comes_back_with_its_content(simulated_site: Site, recordings: Collection[Any]) -> None:
    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])
    pods = client.CoreV1Api()
    selector = simulated_site["workloads"]["mongodb"]["selector"]
    old = pods.list_namespaced_pod("panda", label_selector=selector).items[0].metadata.name
    known = {one["_id"] for one in recordings.find({"end_time": {"$ne": None}})}
    pods.delete_namespaced_pod(old, "panda", grace_period_seconds=0)

    def replaced() -> bool:
        names = [pod.metadata.name for pod in pods.list_namespaced_pod("panda", label_selector=selector).items]
        return len(names) == 1 and names != [old]

    eventually(replaced)
    assert known <= set(eventually(lambda: recordings.distinct("_id")))
