"""The stream client against a gRPC server of a few lines, and the rules of frames and waterfall rows."""

from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from focus_core.run import pictures
from focus_core.streams import client as stream_client
from focus_core.streams import datastream_pb2
from focus_core.streams.client import Frame
from support.loopback import free_port

MESSAGES: Any = datastream_pb2


def message(row: int) -> Any:
    return MESSAGES.DataStream(
        start_channel=1,
        end_channel=2,
        timestamp_in_milis=[1_700_000_000_000 + row * 10],
        row_index=[row],
        data_shape_x=4,
        data_shape_y=1,
        global_maximum=4.0,
        global_minimum=1.0,
        main_data=[array("f", [1, 2, 3, 4]).tobytes()],
    )


def stream_data(request: Any, context: Any) -> Iterator[Any]:
    """Stream 0 ends after five frames, stream 1 never sends anything, any other is an error."""
    if request.stream_id == 0:
        yield from (message(row) for row in range(5))
    elif request.stream_id == 1:
        while context.is_active():
            yield from ()
    else:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "there is no such stream")


@pytest.fixture(scope="module")
def target() -> Iterator[str]:
    server = grpc.server(ThreadPoolExecutor(max_workers=4))
    handler = grpc.unary_stream_rpc_method_handler(
        stream_data,
        request_deserializer=MESSAGES.StreamDataRequest.FromString,
        response_serializer=MESSAGES.DataStream.SerializeToString,
    )
    service, method = stream_client.METHOD.strip("/").split("/")
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(None).wait()


def test_reads_a_stream_to_its_end(target: str) -> None:
    reading = stream_client.read_stream(target, 0, timeout=5, at_least=None)
    assert reading.finished
    assert [index for frame in reading.frames for index, _, _ in frame.rows()] == [0, 1, 2, 3, 4]
    assert list(reading.frames[0].amplitudes()) == [1, 2, 3, 4]
    assert reading.frames[0].problems() == []


def test_stops_when_it_has_enough(target: str) -> None:
    reading = stream_client.read_stream(target, 0, timeout=5, at_least=2)
    assert len(reading.frames) == 2
    assert not reading.finished


def test_stops_when_what_came_is_enough(target: str) -> None:
    reading = stream_client.read_stream(target, 0, timeout=5, enough=lambda frames: frames[-1].row_indexes == (3,))
    assert len(reading.frames) == 4


def test_two_readers_of_a_stream(target: str) -> None:
    readings = stream_client.read_streams(target, [0, 0], timeout=5)
    assert [reading.stream for reading in readings] == [0, 0]
    assert all(reading.finished for reading in readings)


def test_a_closed_port_is_told_at_once_when_nobody_waits_for_it() -> None:
    reading = stream_client.read_stream(f"127.0.0.1:{free_port()}", 0, timeout=60, at_least=1, wait_for_port=False)
    assert reading.ended_by.startswith("UNAVAILABLE")
    assert reading.seconds < 50


def test_a_silent_stream_says_how_it_stopped(target: str) -> None:
    reading = stream_client.read_stream(target, 1, timeout=0.3, at_least=1)
    assert reading.seconds >= 0.3
    assert str(reading).startswith(f"stream 1: 0 frames in {reading.seconds:.1f} s, stopped by DEADLINE_EXCEEDED")


def test_a_stream_that_does_not_exist_says_why(target: str) -> None:
    reading = stream_client.read_stream(target, 7, timeout=5, at_least=1)
    assert reading.ended_by == "INVALID_ARGUMENT (there is no such stream)"


def test_a_port_that_nobody_opened_is_waited_for() -> None:
    reading = stream_client.read_stream(f"127.0.0.1:{free_port()}", 0, timeout=0.3, at_least=1)
    assert "DEADLINE_EXCEEDED" in reading.ended_by


def test_all_streams_are_read_at_once(target: str) -> None:
    readings = stream_client.read_streams(target, range(2), timeout=4.0, at_least=1)
    assert [len(reading.frames) for reading in readings] == [1, 0]


@pytest.mark.parametrize(("url", "expected"), [("http://10.0.0.1", "10.0.0.1:12307"), ("10.0.0.1", "10.0.0.1:12307")])
def test_the_address_has_no_scheme(url: str, expected: str) -> None:
    assert stream_client.address(url, 12307) == expected


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"data": b"123"}, "3 bytes of data"),
        ({"times_ms": ()}, "0 times"),
        ({"data": array("f", [1, -2]).tobytes()}, "amplitude -2 is negative"),
        ({"data": array("f", [1, float("nan")]).tobytes()}, "not a finite number"),
        ({"lowest": 0.5}, "global minimum is 0.5, the lowest amplitude is 1"),
        ({"highest": 9.0}, "global maximum is 9, the highest amplitude is 2"),
    ],
)
def test_each_wrong_frame_is_found(changes: dict[str, Any], found: str) -> None:
    good = {
        "first_channel": 1,
        "last_channel": 2,
        "times_ms": (1,),
        "row_indexes": (0,),
        "width": 2,
        "height": 1,
        "lowest": 1.0,
        "highest": 2.0,
        "data": array("f", [1, 2]).tobytes(),
    }
    assert Frame(**good).problems() == []  # type: ignore[arg-type]
    assert any(found in problem for problem in Frame(**(good | changes)).problems())  # type: ignore[arg-type]


def test_pictures_are_png_files(tmp_path: Any) -> None:
    pictures.draw_waterfall(tmp_path / "w.png", [[1.0, 2.0], [3.0, 4.0]], "a view", 11)
    pictures.draw_spectrum(tmp_path / "s.png", [0.0, 1.0], [3.0, 4.0], "a view")
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in ("w.png", "s.png"))
