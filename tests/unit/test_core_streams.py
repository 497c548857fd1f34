"""The stream client against a gRPC server of a few lines, and the rules of frames and waterfall rows."""

from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import pytest
from focus_core import datastream_pb2, pictures, stream_client, waterfall
from focus_core.focus_answers import View, ViewAnswer, ViewRequest, ViewType
from focus_core.focus_client import Exchange
from focus_core.stream_client import Frame
from loopback import free_port

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
    """Stream 0 ends after five frames, stream 1 never says anything, any other is an error."""
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
    assert [index for index, _ in stream_client.rows([reading])] == [0, 1, 2, 3, 4]
    assert list(reading.frames[0].amplitudes()) == [1, 2, 3, 4]
    assert reading.frames[0].problems() == []


def test_stops_when_it_has_enough(target: str) -> None:
    reading = stream_client.read_stream(target, 0, timeout=5, at_least=2)
    assert len(reading.frames) == 2
    assert not reading.finished


def test_a_silent_stream_says_how_it_stopped(target: str) -> None:
    reading = stream_client.read_stream(target, 1, timeout=0.3, at_least=1)
    assert str(reading).startswith("stream 1: 0 frames in 0.3 s, stopped by DEADLINE_EXCEEDED")


def test_a_stream_that_does_not_exist_says_why(target: str) -> None:
    reading = stream_client.read_stream(target, 7, timeout=5, at_least=1)
    assert reading.ended_by == "INVALID_ARGUMENT (there is no such stream)"


def test_a_port_that_nobody_opened_is_waited_for() -> None:
    reading = stream_client.read_stream(f"127.0.0.1:{free_port()}", 0, timeout=0.3, at_least=1)
    assert "DEADLINE_EXCEEDED" in reading.ended_by


def test_all_streams_are_read_at_once(target: str) -> None:
    readings = stream_client.read_streams(target, 2, timeout=0.5, at_least=1)
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
        ({"lowest": 9.0}, "global minimum 9 is above"),
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


EXCHANGE = Exchange("POST", "", "", 200, {}, "", 0.0)
VIEW = View(
    ViewRequest(ViewType.MultiChannel, (1, 2), 128, (0, 50), 10, 1000),
    ViewAnswer("1-1", 2, 12301, "http://x", {"frequencies_amount": 3}),
    EXCHANGE,
)


def blocks(**changes: Any) -> list[dict[str, Any]]:
    first = {
        "canvasId": "1-1",
        "sensors": [{"id": 1, "intensity": [1.0, 2.0, 3.0]}, {"id": 2, "intensity": [3.0, 4.0, 5.0]}],
        "startTimestamp": 1000,
        "endTimestamp": 1010,
    }
    second = first | {"startTimestamp": 1010, "endTimestamp": 1020} | changes
    return [{"rows": [first, second], "current_max_amp": 5.0, "current_min_amp": 1.0}]


def test_good_rows_have_no_problem() -> None:
    assert waterfall.problems(VIEW, blocks()) == []
    assert waterfall.mean_per_channel(waterfall.rows_of(blocks())) == [[2.0, 4.0], [2.0, 4.0]]
    assert waterfall.mean_per_frequency(waterfall.rows_of(blocks())) == [2.0, 3.0, 4.0]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"startTimestamp": 1005}, "begin before the row before them ends"),
        ({"startTimestamp": 900, "endTimestamp": 910}, "not in the order of their times"),
        ({"endTimestamp": 1010}, "ends (1010) before it begins"),
        ({"sensors": []}, "shows 0 channels"),
        ({"sensors": [{"id": 1, "intensity": [1.0]}, {"id": 2, "intensity": [1.0]}]}, "the view has 3 frequencies"),
        ({"sensors": [{"id": 1, "intensity": [1, -1, 1]}, {"id": 2, "intensity": [1, 1, 1]}]}, "-1 is negative"),
    ],
)
def test_each_wrong_row_is_found(changes: dict[str, Any], found: str) -> None:
    assert any(found in problem for problem in waterfall.problems(VIEW, blocks(**changes)))


@pytest.mark.parametrize("content", [[], {}, [{"rows": []}], ["row"]])
def test_nothing_is_not_a_row(content: Any) -> None:
    assert waterfall.problems(VIEW, content)


def test_extremes_have_an_order() -> None:
    content = blocks()
    content[0]["current_max_amp"] = 0.5
    assert waterfall.problems(VIEW, content) == ["current_max_amp 0.5 is below current_min_amp 1.0"]


def test_pictures_are_png_files(tmp_path: Any) -> None:
    pictures.draw_waterfall(tmp_path / "w.png", [[1.0, 2.0], [3.0, 4.0]], "a view", 11)
    pictures.draw_spectrum(tmp_path / "s.png", [0.0, 1.0], [3.0, 4.0], "a view")
    assert all((tmp_path / name).read_bytes().startswith(b"\x89PNG") for name in ("w.png", "s.png"))
