"""The streaming job and its cleanup-job, with a gRPC client built from the contract's numbers."""

from __future__ import annotations

import itertools
import time
from array import array
from collections.abc import Callable

import grpc
import pytest
from support.focus_views import Cluster, Views, connect, frames, queues
from support.site_commands import Site, eventually


def test_every_stream_of_a_live_view_delivers_its_channels(views: Views) -> None:
    view = views.open()
    with connect(view["stream_port"]) as channel:
        for stream in range(view["stream_amount"]):
            call = frames(channel, stream)
            got = list(itertools.islice(call, 4))
            call.cancel()
            members = [int(name) for name, index in view["channel_to_stream_index"].items() if index == stream]
            for frame in got:
                assert (frame.start_channel, frame.end_channel) == (members[0], members[-1])
                assert frame.data_shape_x == len(members) * view["frequencies_amount"]
                assert (
                    len(frame.main_data) == frame.data_shape_y == len(frame.row_index) == len(frame.timestamp_in_milis)
                )
                amplitudes = array("f", b"".join(frame.main_data))
                assert len(amplitudes) == frame.data_shape_x * frame.data_shape_y
                assert frame.global_minimum == min(amplitudes) >= 0
                assert frame.global_maximum == max(amplitudes)
                assert frame.job_id == int(view["job_id"].split("-")[1])
            rows = [row for frame in got for row in frame.row_index]
            assert rows == list(range(rows[0], rows[0] + len(rows)))
            assert abs(got[-1].timestamp_in_milis[-1] / 1000 - time.time()) < 10
    views.close(view["job_id"])


def test_stream_and_rest_give_the_same_rows(views: Views) -> None:
    view = views.open(channels={"min": 7, "max": 7}, view_type=1)
    views.running(view["job_id"])
    with connect(view["stream_port"]) as channel:
        call = frames(channel, 0)
        frame = next(call)
        row_time, amplitudes = frame.timestamp_in_milis[0], array("f", frame.main_data[0])

        def same_row() -> list[float] | None:
            rows = views.get(f"waterfall/{view['job_id']}/500").json()[0]["rows"]
            return next((row["sensors"][0]["intensity"] for row in rows if row["startTimestamp"] == row_time), None)

        assert eventually(same_row) == pytest.approx(list(amplitudes), abs=0.006)
        call.cancel()
    views.close(view["job_id"])


def test_a_waterfall_view_needs_no_spectrum(views: Views) -> None:
    absent = {"displayTimeAxisDuration": None, "nfftSelection": 1, "frequencyRange": None}
    view = views.open(view_type=2, **absent)
    assert (view["view_type"], view["frequencies_list"], view["lines_dt"]) == (2, [0.0], 0.03)
    assert views.get(f"metadata/{view['job_id']}").json()["nfft"] == 1
    with connect(view["stream_port"]) as channel:
        call = frames(channel, 0)
        frame = next(call)
        assert (frame.data_shape_x, len(frame.main_data[0])) == (17, 4 * 17)
        call.cancel()
    views.close(view["job_id"])


def test_an_unknown_stream_is_an_invalid_argument(views: Views) -> None:
    view = views.open()
    with connect(view["stream_port"]) as channel:
        for stream in (-1, view["stream_amount"]):
            with pytest.raises(grpc.RpcError) as refused:
                next(frames(channel, stream))
            assert refused.value.code() == grpc.StatusCode.INVALID_ARGUMENT
    views.close(view["job_id"])


def test_a_historic_view_ends_when_every_stream_delivered_its_window(views: Views, cluster: Cluster) -> None:
    window = views.historic(seconds=30)
    view = views.open(**window, displayInfo={"height": 100})
    with connect(view["stream_port"]) as channel:
        for stream in range(view["stream_amount"]):
            got = list(frames(channel, stream))
            times = [moment for frame in got for moment in frame.timestamp_in_milis]
            assert times == [window["start_time"] * 1000 + 100 * row for row in range(300)]
    eventually(lambda: views.state(view["job_id"]) == "completed")
    assert cluster.job(view["job_id"]).status.succeeded == 1
    assert "delivered streams: [0, 1, 2]" in cluster.log(view["job_id"])


def test_a_deleted_job_lets_its_clients_go(views: Views) -> None:
    view = views.open()
    with connect(view["stream_port"]) as channel:
        call = frames(channel, 0)
        next(call)
        views.close(view["job_id"])
        with pytest.raises(grpc.RpcError) as ended:
            for _ in call:
                pass
        assert ended.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)


@pytest.mark.nightly
def test_only_a_view_that_nobody_looks_at_is_removed(views: Views, cluster: Cluster, simulated_site: Site) -> None:
    watched = views.open(channels={"min": 1, "max": 3})
    with connect(watched["stream_port"]) as channel:
        call = frames(channel, 0, timeout=120)
        next(call)
        view = views.open()
        queue = f"grpc-job-{view['job_id']}-frames"
        eventually(lambda: queue in queues(simulated_site))
        eventually(lambda: next(call) and views.state(view["job_id"]) == "404")
        assert views.state(watched["job_id"]) == "running"
        call.cancel()
    eventually(lambda: not any(view["job_id"] in name for name in cluster.job_names()))
    eventually(lambda: queue not in queues(simulated_site))
    views.close(watched["job_id"])


def test_defect_stream_silent(views: Views, defect: Callable[..., None]) -> None:
    defect("stream-silent")
    view = views.open()
    with connect(view["stream_port"]) as channel, pytest.raises(grpc.RpcError) as ended:
        next(frames(channel, 0, timeout=2))
    assert ended.value.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    views.close(view["job_id"])


@pytest.mark.nightly
@pytest.mark.parametrize("stream", [-1, 3, 50_000])
def test_defect_foreign_stream_served(views: Views, defect: Callable[..., None], stream: int) -> None:
    defect("foreign-stream-served")
    view = views.open(channels={"min": 1, "max": 3})
    with connect(view["stream_port"]) as channel:
        assert next(frames(channel, stream)).data_shape_y
    views.close(view["job_id"])


@pytest.mark.nightly
def test_defect_orphan_queue(views: Views, cluster: Cluster, simulated_site: Site, defect: Callable[..., None]) -> None:
    defect("orphan-queue")
    view = views.open()
    queue = f"grpc-job-{view['job_id']}-frames"
    eventually(lambda: queue in queues(simulated_site))
    views.close(view["job_id"])
    eventually(lambda: f"cleanup-job-{view['job_id']}" not in cluster.job_names())
    assert queue in queues(simulated_site)
