"""Views of a simulated site: configured over REST, started in the cluster, answered for until they are gone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pymongo
import pytest
import requests
from kubernetes import client
from support.focus_views import LIVE, Cluster, Views, queues
from support.site_commands import PATIENCE_S, Site, eventually, mongodb_login


@pytest.fixture
def opened(views: Views) -> Iterator[dict]:
    """A live view; closed after the test."""
    view = views.open()
    yield view
    views.close(view["job_id"])


def test_answer_and_metadata_follow_the_request(views: Views, opened: dict) -> None:
    assert opened["status"] == "success"
    slot, sequence = map(int, opened["job_id"].split("-"))
    assert slot >= 1
    assert sequence >= 1
    assert opened["channel_amount"] == 50
    assert list(opened["channel_to_stream_index"]) == [str(channel) for channel in range(11, 61)]
    assert opened["frequencies_amount"] == len(opened["frequencies_list"]) == 256
    assert opened["stream_url"] == "http://127.0.0.1"
    assert opened["metadata"]["parent"]["prr"] == 2000
    metadata = views.get(f"metadata/{opened['job_id']}").json()
    assert {key: metadata[key] for key in opened} == opened
    assert metadata["nfft"] == 1024
    assert metadata["channels"] == LIVE["channels"]
    assert metadata["frequencyRange"] == LIVE["frequencyRange"]
    assert metadata["timeStatus"] == "Live"


def test_a_live_view_from_waiting_to_gone(views: Views, cluster: Cluster, simulated_site: Site) -> None:
    view = views.open()
    job_id = view["job_id"]
    try:
        first = views.get(f"waterfall/{job_id}/5")
        assert (first.status_code, first.content) == (200, b"") or first.status_code == 201
        views.running(job_id)
        answer = eventually(lambda: next(a for a in [views.get(f"waterfall/{job_id}/5")] if a.status_code == 201))
        (block,) = answer.json()
        starts = [row["startTimestamp"] for row in block["rows"]]
        ends = [row["endTimestamp"] for row in block["rows"]]
        assert 1 <= len(starts) <= 5
        assert [later - earlier for earlier, later in zip(starts, ends, strict=True)] == [10] * len(starts)
        assert starts[1:] == ends[:-1]
        assert abs(ends[-1] - time.time() * 1000) < 10_000
        sensors = block["rows"][0]["sensors"]
        assert [sensor["id"] for sensor in sensors] == list(range(11, 61))
        amplitudes = [value for row in block["rows"] for sensor in row["sensors"] for value in sensor["intensity"]]
        assert len(amplitudes) == len(starts) * 50 * 256
        assert block["current_min_amp"] == min(amplitudes) >= 0
        assert block["current_max_amp"] == max(amplitudes)
        assert views.get(f"waterfall/{job_id}").json()["data"][0]["rows"]
        eventually(lambda: f"grpc-job-{job_id}-frames" in queues(simulated_site))
    finally:
        assert views.close(job_id).status_code == 200
    assert {views.get(path).status_code for path in (f"metadata/{job_id}", f"ack/{job_id}")} == {404}
    assert views.close(job_id).status_code == 404
    eventually(lambda: not cluster.pods(job_id))
    eventually(lambda: not any(job_id in name for name in cluster.job_names()))
    eventually(lambda: f"grpc-job-{job_id}-frames" not in queues(simulated_site))


@pytest.mark.parametrize("rows", ["0", "-1", "ten", "1.5", "%20", "9" * 5000])
def test_row_counts_that_are_none(views: Views, opened: dict, rows: str) -> None:
    assert views.get(f"waterfall/{opened['job_id']}/{rows}").status_code == 400


def test_objects_of_a_view(cluster: Cluster, opened: dict) -> None:
    job_id = opened["job_id"]
    job = cluster.job(job_id)
    template = job.spec.template
    assert job.metadata.labels["job_id"] == template.metadata.labels["job_id"] == job_id
    assert (job.spec.backoff_limit, job.spec.ttl_seconds_after_finished) == (0, 12)
    (container,) = template.spec.containers
    assert container.args[:6] == ["--roi", "11", "60", "-sg", "1024", "--sg-range"]
    assert "--time-start" not in container.args
    assert container.ports[0].host_port == opened["stream_port"]
    by_reference = {one.name for one in container.env if one.value_from}
    assert by_reference == {"RABBITMQ_USER", "RABBITMQ_PASSWORD"}
    service = cluster.core.read_namespaced_service(f"grpc-service-{job_id}", cluster.namespace)
    assert service.spec.ports[0].port == opened["stream_port"]
    assert service.metadata.owner_references[0].uid == job.metadata.uid
    assert f"cleanup-job-{job_id}" in cluster.job_names()


def test_historic_view_plays_its_window_and_completes(views: Views) -> None:
    window = views.historic(seconds=60)
    view = views.open(**window)
    job_id = view["job_id"]
    seen: list[int] = []
    times: list[int] = []
    deadline = time.monotonic() + PATIENCE_S
    while (not seen or seen[-1] != 208) and time.monotonic() < deadline:
        answer = views.get(f"waterfall/{job_id}/1000")
        if not seen or seen[-1] != answer.status_code:
            seen.append(answer.status_code)
        if answer.status_code == 201:
            for row in answer.json()[0]["rows"]:
                times += [row["startTimestamp"], row["endTimestamp"]]
        time.sleep(0.05)
    assert seen in ([200, 201, 208], [201, 208])
    assert window["start_time"] * 1000 <= min(times)
    assert max(times) == window["end_time"] * 1000
    assert views.get(f"metadata/{job_id}").json()["timeStatus"] == "Historic"
    eventually(lambda: views.state(job_id) == "completed")
    assert views.get(f"waterfall/{job_id}/10").status_code == 208


def test_a_window_without_recordings_starts_nothing(views: Views, cluster: Cluster) -> None:
    before = cluster.job_names()
    answer = views.configure(start_time=1_000_000_000, end_time=1_000_000_060)
    assert answer.status_code == 400
    assert "recording" in answer.json()["error"].lower()
    assert cluster.job_names() <= before


def test_deleted_recordings_do_not_count(views: Views, simulated_site: Site) -> None:
    mongodb = simulated_site["mongodb"]
    with pymongo.MongoClient(**mongodb_login(simulated_site)) as database:
        prisma = database[mongodb["database"]]
        recordings = prisma[prisma.base_paths.find_one()["guid"]]
        for deleted in recordings.find({"deleted": True}):
            start = int(deleted["start_time"].replace(tzinfo=UTC).timestamp()) + 60
            moment = datetime.fromtimestamp(start, UTC).replace(tzinfo=None)
            other = {"deleted": False, "start_time": {"$lt": moment}, "$or": [{"end_time": {"$gt": moment}}]}
            if recordings.count_documents(other) == 0:
                break
    assert views.configure(start_time=start, end_time=start + 5).status_code == 400
    window = {"start_time": start, "end_time": start + 5}
    answer = requests.post(f"{views.url}/recordings_in_time_range", json=window, timeout=10)
    assert answer.json() == []


def test_only_the_owner_may_delete(views: Views, simulated_site: Site) -> None:
    owner, other = Views(simulated_site, user=0), Views(simulated_site, user=1)
    job_id = owner.open()["job_id"]
    assert {who.close(job_id).status_code for who in (other, views)} == {403}
    assert owner.close(job_id).status_code == 200


@pytest.mark.nightly
def test_windows_of_a_client_are_limited(views: Views, simulated_site: Site, defect: Callable[..., None]) -> None:
    # A job that never starts is never removed for lack of use, however slow this machine is.
    defect("job-never-starts")
    greedy = Views(simulated_site, user=2)
    limit = simulated_site["limits"]["max_windows"]
    opened = []
    try:
        answers = [greedy.configure(channels={"min": 1, "max": 1}) for _ in range(limit + 1)]
        opened = [answer.json()["job_id"] for answer in answers if answer.status_code == 200]
        assert [answer.status_code for answer in answers] == [200] * limit + [429]
        assert int(answers[-1].headers["Retry-After"]) > 0
        assert len({answer.json()["stream_port"] for answer in answers[:-1]}) == limit
        other = views.open()
        assert views.close(other["job_id"]).status_code == 200
    finally:
        for job_id in opened:
            greedy.close(job_id)


def test_a_view_that_cannot_be_made_whole_leaves_nothing(views: Views, cluster: Cluster) -> None:
    last = views.open()
    views.close(last["job_id"])
    eventually(lambda: not cluster.pods(last["job_id"]))
    sequence = int(last["job_id"].split("-")[1]) + 1
    in_the_way = [f"grpc-service-{slot}-{sequence}" for slot in range(1, 8)]
    for name in in_the_way:
        body = client.V1Service(
            metadata=client.V1ObjectMeta(name=name), spec=client.V1ServiceSpec(ports=[client.V1ServicePort(port=1)])
        )
        cluster.core.create_namespaced_service(cluster.namespace, body)
    try:
        answer = views.configure()
        assert answer.status_code == 503
        assert int(answer.headers["Retry-After"]) > 0
        eventually(lambda: not any(name.endswith(f"-{sequence}") for name in cluster.job_names()))
    finally:
        left = {item.metadata.name for item in cluster.core.list_namespaced_service(cluster.namespace).items}
        for name in left & set(in_the_way):
            cluster.core.delete_namespaced_service(name, cluster.namespace)


def test_a_restarted_server_finds_its_jobs_again(views: Views, cluster: Cluster, simulated_site: Site) -> None:
    view = views.open(**views.historic(seconds=300))
    job_id = view["job_id"]
    views.running(job_id)
    before = views.get(f"metadata/{job_id}").json()
    selector = simulated_site["workloads"]["focus_server"]["selector"]
    (pod,) = cluster.core.list_namespaced_pod(cluster.namespace, label_selector=selector).items
    cluster.core.delete_namespaced_pod(pod.metadata.name, cluster.namespace)

    def served_by_another() -> bool:
        names = [
            item.metadata.name
            for item in cluster.core.list_namespaced_pod(cluster.namespace, label_selector=selector).items
        ]
        return pod.metadata.name not in names and views.get("ack").status_code == 200

    eventually(served_by_another)
    assert views.get(f"metadata/{job_id}").json() == before
    assert views.state(job_id) in ("running", "completed")
    later = views.open()
    assert int(later["job_id"].split("-")[1]) == int(job_id.split("-")[1]) + 1
    views.close(later["job_id"])
    views.close(job_id)


def test_without_mongodb_only_history_is_refused(views: Views, cluster: Cluster) -> None:
    window = views.historic()
    cluster.scale("mongodb", 0)
    try:
        eventually(lambda: views.get("health").json()["dependencies"]["mongodb"] == "down")
        health = views.get("health")
        assert (health.status_code, health.json()["status"]) == (200, "degraded")
        before = cluster.job_names()
        begun = time.monotonic()
        answer = views.configure(**window)
        assert time.monotonic() - begun < 12  # the defect mongo-outage-slow takes longer
        assert answer.status_code == 503
        assert cluster.job_names() <= before
        live = views.open()
        assert views.close(live["job_id"]).status_code == 200
    finally:
        cluster.scale("mongodb", 1)
    eventually(lambda: views.get("health").json()["status"] == "ok")
    again = views.open(**window)
    views.close(again["job_id"])
