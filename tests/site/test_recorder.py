"""The SEGY recorder and the preprocessor: what is recorded, what survives a recorder, an outage of MongoDB."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from kubernetes import client, config
from pymongo import MongoClient
from pymongo.collection import Collection
from support.site_commands import Site, eventually, mongodb_login

LIVE = {"deleted": False, "end_time": None}


@pytest.fixture
def recordings(simulated_site: Site) -> Iterator[Collection[Any]]:
    address = simulated_site["mongodb"]
    with MongoClient(**mongodb_login(simulated_site), serverSelectionTimeoutMS=5000) as mongo:
        database = mongo[address["database"]]
        base = database.base_paths.find_one({"base_path": "/prisma/root/recordings"})
        assert base is not None
        yield database[base["guid"]]


@pytest.fixture
def cluster(simulated_site: Site) -> client.CoreV1Api:
    config.load_kube_config(simulated_site["kubernetes"]["kubeconfig"])
    return client.CoreV1Api()


def only_live(recordings: Collection[Any]) -> Any:
    """Return the one live recording; a new one starts a moment before the old one is closed."""

    def one() -> Any:
        live = list(recordings.find(LIVE))
        assert len(live) == 1, live
        return live[0]

    return eventually(one)


def pod_of(cluster: client.CoreV1Api, name: str) -> Any:
    pods = cluster.list_namespaced_pod("panda", label_selector=f"app.kubernetes.io/name={name}").items
    return next(pod for pod in pods if not pod.metadata.deletion_timestamp)


def process_of(pod: Any) -> int:
    return int(pod.status.container_statuses[0].container_id.removeprefix("process://"))


def recorder_log(cluster: client.CoreV1Api) -> str:
    name = pod_of(cluster, "panda-panda-segy-recorder").metadata.name
    return str(cluster.read_namespaced_pod_log(name, "panda"))


def test_a_killed_recorder_leaves_readable_recordings_and_the_next_closes_its_last(
    recordings: Collection[Any], cluster: client.CoreV1Api
) -> None:
    before = only_live(recordings)
    os.kill(process_of(pod_of(cluster, "panda-panda-segy-recorder")), signal.SIGKILL)
    assert recordings.find_one({"uuid": before["uuid"]})["start_time"] == before["start_time"]  # type: ignore[index]

    def closed() -> Any:
        found = recordings.find_one({"uuid": before["uuid"], "end_time": {"$ne": None}})
        return found and found["end_time"]

    end = eventually(closed)
    after = eventually(lambda: recordings.find_one({**LIVE, "start_time": {"$gte": end}}))
    assert before["start_time"] < end <= after["start_time"]
    assert after["start_time"] - end < timedelta(seconds=20)
    assert only_live(recordings)["uuid"] == after["uuid"]


@pytest.mark.nightly
def test_a_live_recording_is_closed_and_the_next_begins_where_it_ended(recordings: Collection[Any]) -> None:
    # Time scale 0.1: a file is 30 s long.
    live = only_live(recordings)

    def next_one() -> Any:
        done = recordings.find_one({"uuid": live["uuid"], "end_time": {"$ne": None}})
        return done and recordings.find_one({"start_time": done["end_time"], "end_time": None})

    following = eventually(next_one)
    assert timedelta(seconds=30) <= following["start_time"] - live["start_time"] < timedelta(seconds=33)


def test_a_recording_names_the_pod_that_made_its_data(recordings: Collection[Any], cluster: client.CoreV1Api) -> None:
    live = only_live(recordings)
    assert (live["fiber_metadata"]["layer_type"], live["fiber_metadata"]["uuid"]) == ("smart_recorder", live["uuid"])
    assert live["fiber_metadata"]["parent"]["prr"] > 0
    machine = live["fiber_metadata"]["parent"]["recording_machine_name"]
    assert pod_of(cluster, "panda-panda-preprocessor").metadata.name == machine
    assert "traces" in cluster.read_namespaced_pod_log(machine, "panda")


@pytest.mark.nightly
def test_the_recorder_gets_over_an_outage_of_the_database(
    recordings: Collection[Any], cluster: client.CoreV1Api
) -> None:
    recorder = pod_of(cluster, "panda-panda-segy-recorder")
    database = process_of(
        cluster.list_namespaced_pod("panda", label_selector="app.kubernetes.io/instance=mongodb").items[0]
    )
    os.kill(database, signal.SIGSTOP)
    try:
        eventually(lambda: "MongoDB does not answer, trying again" in recorder_log(cluster))
    finally:
        os.kill(database, signal.SIGCONT)
    eventually(lambda: "MongoDB answers again" in recorder_log(cluster))
    assert only_live(recordings)
    assert pod_of(cluster, "panda-panda-segy-recorder").metadata.name == recorder.metadata.name
    assert not [one for one in recordings.find() if one["end_time"] and one["end_time"] <= one["start_time"]]


def test_a_recorder_that_was_ended_in_order_is_followed_by_one_that_records(
    recordings: Collection[Any], cluster: client.CoreV1Api
) -> None:
    before = only_live(recordings)
    pod = pod_of(cluster, "panda-panda-segy-recorder")
    cluster.delete_namespaced_pod(pod.metadata.name, "panda")
    closed = eventually(lambda: recordings.find_one({"uuid": before["uuid"], "end_time": {"$ne": None}}))
    after = eventually(lambda: recordings.find_one({**LIVE, "uuid": {"$ne": before["uuid"]}}))
    assert after["start_time"] >= closed["end_time"]
    assert pod_of(cluster, "panda-panda-segy-recorder").status.container_statuses[0].restart_count == 0
