"""Changes of open views: over REST and by analyser commands, in the metadata and in the stream."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
from support.focus_views import Cluster, Views, broker_channel, connect, frames, publish_command, queues
from support.site_commands import PATIENCE_S, Site, eventually


@pytest.fixture
def opened(views: Views) -> Iterator[dict[str, Any]]:
    view = views.open()
    yield view
    views.close(view["job_id"])


def change(views: Views, job_id: str, **body: object) -> requests.Response:
    return views.http.post(f"{views.url}/config/{job_id}", json=body, timeout=30)


def shown(call: Iterator[Any], channels: tuple[int, int]) -> Any:
    """Return the first frame of these channels; the frames before must be of a view before the change."""
    deadline = time.monotonic() + PATIENCE_S
    for frame in call:
        if (frame.start_channel, frame.end_channel) == channels:
            return frame
        assert time.monotonic() < deadline, (frame.start_channel, frame.end_channel)
    raise AssertionError("the stream ended")


@pytest.mark.parametrize(
    ("channels", "streams"),
    [
        ((20, 40), 3),
        pytest.param((1, 2222), 3, marks=pytest.mark.nightly),
        pytest.param((100, 149), 3, marks=pytest.mark.nightly),
        pytest.param((5, 6), 2, marks=pytest.mark.nightly),
    ],
    ids=str,
)
def test_channels_shrink_grow_and_shift(
    views: Views, opened: dict[str, Any], channels: tuple[int, int], streams: int
) -> None:
    low, high = channels
    job_id = opened["job_id"]
    with connect(opened["stream_port"]) as channel:
        call = frames(channel, 0)
        before = next(call)
        assert before.start_channel == 11
        answer = change(views, job_id, channels={"min": low, "max": high})
        assert answer.json() == {"status": "Config received successfully", "task_id": job_id}
        metadata = views.get(f"metadata/{job_id}").json()
        assert metadata["channels"] == {"min": low, "max": high}
        assert metadata["channel_amount"] == high - low + 1
        assert metadata["stream_amount"] == streams
        assert list(metadata["channel_to_stream_index"]) == [str(number) for number in range(low, high + 1)]
        kept = ("frequencies_list", "lines_dt", "view_type", "job_id", "stream_port", "nfft")
        assert {name: metadata[name] for name in kept[:5]} == {name: opened[name] for name in kept[:5]}
        of_stream_0 = [int(name) for name, stream in metadata["channel_to_stream_index"].items() if stream == 0]
        after = shown(call, (of_stream_0[0], of_stream_0[-1]))
        assert after.data_shape_x == len(of_stream_0) * 256
        assert after.row_index[0] > before.row_index[-1]
        call.cancel()
    sensors = views.get(f"waterfall/{job_id}/1").json()[0]["rows"][0]["sensors"]
    assert [sensors[0]["id"], sensors[-1]["id"]] == [low, high]


def test_a_change_before_the_job_runs_is_not_lost(views: Views) -> None:
    view = views.open()
    assert change(views, view["job_id"], roi=[30, 40]).status_code == 200
    with connect(view["stream_port"]) as channel:
        call = frames(channel, 0)
        first = next(call)
        call.cancel()
    assert (first.start_channel, first.end_channel) == (30, 33)
    views.close(view["job_id"])


def test_the_spectrum_of_a_view_changes_too(views: Views, opened: dict[str, Any]) -> None:
    body = {
        "displayTimeAxisDuration": 20,
        "nfftSelection": 512,
        "canvasInfo": {"height": 500},
        "sensors": {"min": 10, "max": 12},
        "frequencyRange": {"min": 0, "max": 200},
        "start_time": None,
        "end_time": None,
    }
    with connect(opened["stream_port"]) as channel:
        call = frames(channel, 0)
        next(call)
        assert change(views, opened["job_id"], **body).status_code == 200
        metadata = views.get(f"metadata/{opened['job_id']}").json()
        assert (metadata["nfft"], metadata["lines_dt"], metadata["frequencies_amount"]) == (512, 0.04, 51)
        frame = shown(call, (11, 11))
        assert frame.data_shape_x == 51
        assert frame.timestamp_in_milis[-1] / 1000 == pytest.approx(time.time(), abs=10)
        call.cancel()


def test_config_task_names_the_view_in_its_body(views: Views, opened: dict[str, Any]) -> None:
    body = {"task_id": opened["job_id"], "roi": [50, 60]}
    assert views.http.post(f"{views.url}/config_task", json=body, timeout=30).status_code == 200
    assert views.get(f"metadata/{opened['job_id']}").json()["channels"] == {"min": 50, "max": 60}


COMPLETE = {
    "displayTimeAxisDuration": 10,
    "nfftSelection": 1024,
    "canvasInfo": {"height": 1000},
    "sensors": {"min": 10, "max": 20},
    "frequencyRange": {"min": 0, "max": 500},
}


@pytest.mark.parametrize(
    ("body", "status", "word"),
    [
        ({}, 422, "channels"),
        ({"roi": [1]}, 422, "roi"),
        ({"roi": [1, 2], "channels": {"min": 1, "max": 2}}, 422, "channels"),
        ({"roi": ["1", 2]}, 422, "roi"),
        ({**COMPLETE, "start_time": "soon", "end_time": "later"}, 422, "start_time"),
        *(({**COMPLETE, name: None}, 422, name) for name in COMPLETE),
        ({"roi": [60, 20]}, 400, "roi"),
        ({"roi": [20, 20]}, 400, "roi"),
        ({"roi": [-5, 20]}, 400, "roi"),
        ({"roi": [20, 2223]}, 400, "roi"),
        ({**COMPLETE, "sensors": {"min": 50, "max": 1}}, 400, "sensors"),
        ({**COMPLETE, "sensors": {"min": -1, "max": 50}}, 400, "sensors"),
        ({**COMPLETE, "sensors": {"min": 1, "max": 100_000}}, 400, "sensors"),
        ({**COMPLETE, "frequencyRange": {"min": 500, "max": 0}}, 400, "frequencyRange"),
        ({**COMPLETE, "frequencyRange": {"min": 0, "max": 2000}}, 400, "frequencyRange"),
        ({**COMPLETE, "nfftSelection": 8192}, 400, "nfftSelection"),
        ({**COMPLETE, "start_time": "261122110000"}, 400, "start_time"),
        ({**COMPLETE, "start_time": "261322110000", "end_time": "261322110010"}, 400, "start_time"),
        ({**COMPLETE, "start_time": "261122110010", "end_time": "261122110000"}, 400, "end_time"),
        ({**COMPLETE, "start_time": "261122110000", "end_time": "261122110010"}, 400, "start_time"),
    ],
)
def test_bad_changes_change_nothing(views: Views, opened: dict[str, Any], body: Any, status: int, word: str) -> None:
    before = views.get(f"metadata/{opened['job_id']}").json()
    answer = change(views, opened["job_id"], **body)
    assert answer.status_code == status, answer.text
    refusal = answer.json()
    assert word in (refusal.get("field") or json.dumps(refusal["detail"]))
    assert views.get(f"metadata/{opened['job_id']}").json() == before


@pytest.mark.parametrize("task", ["", "test@%23$%25task", "a" * 300, "a/b"])
def test_impossible_task_ids(views: Views, task: str) -> None:
    assert change(views, task, roi=[1, 5]).status_code == 400


def test_who_may_change_what(views: Views, simulated_site: Site) -> None:
    owner, other = Views(simulated_site, user=3), Views(simulated_site, user=4)
    view = owner.open(**owner.historic(seconds=5))
    job_id = view["job_id"]
    assert change(views, "999-999", roi=[1, 5]).status_code == 404
    assert {change(who, job_id, roi=[1, 5]).status_code for who in (other, views)} == {403}
    eventually(lambda: owner.state(job_id) == "completed")
    assert change(owner, job_id, roi=[1, 5]).status_code == 409
    single = owner.open(view_type=1, channels={"min": 7, "max": 7})
    assert change(owner, single["job_id"], roi=[5, 9]).status_code == 400
    assert change(owner, single["job_id"], roi=[9, 9]).status_code == 200
    for one in (view, single):
        owner.close(one["job_id"])


@pytest.mark.nightly
def test_a_restarted_server_knows_the_change(views: Views, simulated_site: Site, opened: dict[str, Any]) -> None:
    cluster = Cluster(simulated_site)
    change(views, opened["job_id"], channels={"min": 70, "max": 80})
    with connect(opened["stream_port"]) as channel:
        call = frames(channel, 0, timeout=60)  # somebody looks, so the job stays
        next(call)
        before = views.get(f"metadata/{opened['job_id']}").json()
        views.restart(cluster)
        assert views.get(f"metadata/{opened['job_id']}").json() == before
        assert before["channels"] == {"min": 70, "max": 80}
        call.cancel()


def test_regions_of_the_exchange_are_obeyed(views: Views, simulated_site: Site, opened: dict[str, Any]) -> None:
    roi = {"type": "RegionOfInterestCommand", "value": {"start": 100, "end": 101}}
    with connect(opened["stream_port"]) as channel:
        call = frames(channel, 0)
        next(call)
        publish_command(simulated_site, "roi", {**roi, "job_id": "another-1"})
        publish_command(simulated_site, "roi", {**roi, "value": {"start": 9, "end": 9}})
        publish_command(simulated_site, "roi", {**roi, "job_id": opened["job_id"]})
        shown(call, (100, 100))
        publish_command(simulated_site, "roi", {**roi, "value": {"start": 0, "end": 10_000}})
        shown(call, (1, 741))
        call.cancel()
    eventually(lambda: views.get(f"metadata/{opened['job_id']}").json()["channels"] == {"min": 1, "max": 2222})


def test_other_commands_are_logged_and_invalid_ones_refused(
    views: Views, simulated_site: Site, opened: dict[str, Any]
) -> None:
    cluster = Cluster(simulated_site)
    with connect(opened["stream_port"]) as channel:
        call = frames(channel, 0)
        next(call)
        publish_command(simulated_site, "colormap", {"type": "ColormapCommand", "value": "jet"})
        publish_command(simulated_site, "caxis", {"type": "CaxisCommand", "value": {"min": 5, "max": 1}})
        publish_command(simulated_site, "roi", {"type": "RegionOfInterestCommand", "value": {"start": 50, "end": 5}})
        eventually(lambda: "command colormap accepted" in cluster.log(opened["job_id"]))
        eventually(lambda: "command caxis refused" in cluster.log(opened["job_id"]))
        eventually(lambda: "command roi refused" in cluster.log(opened["job_id"]))
        call.cancel()
    assert views.get(f"metadata/{opened['job_id']}").json()["channels"] == {"min": 11, "max": 60}


def test_both_queues_of_a_job_go_with_it(views: Views, simulated_site: Site) -> None:
    job_id = views.open()["job_id"]
    names = {f"grpc-job-{job_id}-frames", f"grpc-job-{job_id}-commands"}
    eventually(lambda: names <= queues(simulated_site))
    with broker_channel(simulated_site) as channel:
        channel.exchange_declare("baby_analyzer_commands", exchange_type="topic", durable=True)
    views.close(job_id)
    eventually(lambda: not names & queues(simulated_site))


@pytest.mark.nightly
def test_a_window_with_a_gap_plays_what_there_is(views: Views) -> None:
    before, after = views.gap()
    window = {"start_time": before - 20, "end_time": after + 20}
    view = views.open(**window, displayInfo={"height": 100})
    with connect(view["stream_port"]) as channel:
        times = [moment for frame in frames(channel, 0) for moment in frame.timestamp_in_milis]
    assert len(times) == pytest.approx(400, abs=20)
    assert times == sorted(times)
    in_gap = [moment for moment in times if before * 1000 + 1000 <= moment < after * 1000]
    assert in_gap == []
    assert times[0] == window["start_time"] * 1000
    assert times[-1] == window["end_time"] * 1000 - 100
    seen = views.get(f"waterfall/{view['job_id']}/1000")
    assert seen.status_code in (201, 208)
    views.close(view["job_id"])


def test_defect_first_recording_only(views: Views, defect: Callable[..., None]) -> None:
    before, after = views.gap()
    defect("first-recording-only")
    view = views.open(start_time=before - 10, end_time=after + 10, displayInfo={"height": 100})
    with connect(view["stream_port"]) as channel:
        times = [moment for frame in frames(channel, 0) for moment in frame.timestamp_in_milis]
    assert times
    assert max(times) <= before * 1000
    views.close(view["job_id"])


def test_while_the_site_waits_for_its_fiber(views: Views, defect: Callable[..., None], simulated_site: Site) -> None:
    window = views.historic()
    before = Cluster(simulated_site).job_names()
    defect("waiting-for-fiber")
    refused = views.configure()
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    refusal = refused.json()
    assert refusal["status"] == "waiting_for_fiber"
    assert set(refusal) == {"error", "reason", "status", "message", "details"}
    assert refusal["details"] == {
        "prr": 0.0,
        "sw_version": "waiting for fiber",
        "fiber_description": "waiting for fiber",
    }
    live = views.get("live_metadata").json()
    assert (live["dx"], live["prr"], live["number_of_channels"]) == (0.0, 0.0, 2337)
    assert (live["sw_version"], live["fiber_length_meters"], live["dtype"]) == ("waiting for fiber", None, None)
    assert Cluster(simulated_site).job_names() <= before
    assert views.close(views.open(**window)["job_id"]).status_code == 200


def test_without_a_live_source(views: Views, defect: Callable[..., None]) -> None:
    window = views.historic()
    defect("no-live-source")
    assert views.get("live_metadata").status_code == 404
    assert views.configure().status_code == 503
    assert views.close(views.open(**window)["job_id"]).status_code == 200
    defect("live-metadata-outlive-source")
    assert views.get("live_metadata").status_code == 200


def test_the_preprocessor_is_the_live_source(views: Views, simulated_site: Site) -> None:
    cluster = Cluster(simulated_site)
    cluster.scale_stateful("panda-panda-preprocessor", 0)
    try:
        eventually(lambda: views.get("live_metadata").status_code == 404)
        assert views.configure().status_code == 503
    finally:
        cluster.scale_stateful("panda-panda-preprocessor", 1)
    eventually(lambda: views.get("live_metadata").status_code == 200)
