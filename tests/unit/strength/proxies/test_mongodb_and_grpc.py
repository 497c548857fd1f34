"""The proxies for MongoDB and gRPC, in front of small servers on loopback."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

import bson
import grpc
import pytest
from focus_core.streams import client as stream_client
from focus_core.streams import datastream_pb2

from strength.mutants import operators
from strength.mutants.mutants import Mutant, of_traffic
from strength.mutants.traffic import summary
from strength.proxies.grpc import StreamProxy
from strength.proxies.interceptor import Interceptor
from strength.proxies.mongodb import MongoProxy

STREAM = ("grpc: StreamData", 0)
FIND = ("mongodb: find {guid}", 0)
START = datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None)
REPLY = {"cursor": {"firstBatch": [{"start_time": START, "deleted": False}], "id": 0}, "ok": 1.0}
GUID = "0a1b2c3d-0000-4000-8000-0123456789ab"
_generated: Any = datastream_pb2


def op_msg(number: int, answered: int, document: dict[str, Any], *, checksum: bool = False) -> bytes:
    rest = struct.pack("<I", int(checksum)) + b"\0" + bson.encode(document) + b"\1\2\3\4" * checksum
    return struct.pack("<iiii", 16 + len(rest), number, answered, 2013) + rest


def received(source: socket.socket) -> bytes:
    with source.makefile("rb", buffering=0) as stream:
        head = stream.read(16)
        return head + stream.read(struct.unpack("<i", head[:4])[0] - 16)


@pytest.fixture
def mongo() -> Iterator[tuple[Interceptor, socket.socket, list[bytes]]]:
    """The interceptor, a connection through the proxy, and what the server was asked; it answers all with REPLY."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                while True:
                    try:
                        message = received(connection)
                    except (OSError, struct.error):
                        return
                    asked.append(message)
                    number = struct.unpack("<i", message[4:8])[0]
                    connection.sendall(op_msg(99, number, REPLY, checksum=True))

        thread = Thread(target=serve, daemon=True)
        thread.start()
        interceptor = Interceptor({})
        proxy = MongoProxy("127.0.0.1", server.getsockname()[1], interceptor)
        with socket.create_connection(("127.0.0.1", proxy.port), 5) as client:
            yield interceptor, client, asked
        thread.join(5)
        proxy.close()
        assert not thread.is_alive(), "the end of the client's connection is the end of the server's"


def answered(client: socket.socket, command: dict[str, Any]) -> bytes:
    client.sendall(op_msg(7, 0, command))
    return received(client)


def test_commands_and_replies_of_mongodb_pass_unchanged(
    mongo: tuple[Interceptor, socket.socket, list[bytes]],
) -> None:
    interceptor, client, asked = mongo
    interceptor.record()
    assert answered(client, {"find": GUID}) == op_msg(99, 7, REPLY, checksum=True)
    assert asked == [op_msg(7, 0, {"find": GUID})]
    (exchange,) = interceptor.recorded()
    assert (exchange.kind, exchange.json) == (FIND, REPLY)


def test_a_property_of_a_document_is_changed(mongo: tuple[Interceptor, socket.socket, list[bytes]]) -> None:
    interceptor, client, _ = mongo
    place = ("cursor", "firstBatch", "[]", "start_time")
    interceptor.arm([Mutant(FIND, place, "a day later")])
    changed = {
        **REPLY,
        "cursor": {"firstBatch": [{"start_time": START + timedelta(days=1), "deleted": False}], "id": 0},
    }
    assert answered(client, {"find": GUID}) == op_msg(99, 7, changed), "without a checksum that no longer fits"
    assert answered(client, {"find": "base_paths"}) == op_msg(99, 7, REPLY, checksum=True)
    assert [mutant.operator for mutant in interceptor.disarm()] == ["a day later"]


@pytest.mark.parametrize("command", [{"hello": 1}, {"endSessions": []}])
def test_what_the_driver_asks_for_itself_is_left_alone(
    mongo: tuple[Interceptor, socket.socket, list[bytes]], command: dict[str, Any]
) -> None:
    interceptor, client, _ = mongo
    interceptor.record()
    answered(client, command)
    assert interceptor.recorded() == []


def test_mutants_of_mongodb_are_those_of_its_documents(mongo: tuple[Interceptor, socket.socket, list[bytes]]) -> None:
    interceptor, client, _ = mongo
    interceptor.record()
    answered(client, {"find": GUID})
    names = {mutant.name for mutant in of_traffic(summary(interceptor.recorded()), {}, {})}
    assert "mongodb: find {guid} cursor.firstBatch[].start_time: a day later" in names
    assert "mongodb: find {guid} cursor.firstBatch[].deleted: flipped" in names
    assert not any("status changed" in name for name in names)


def frame(number: int) -> Any:
    data = struct.pack("<2f", 1.0, 2.0)
    return _generated.DataStream(
        start_channel=11, end_channel=12, timestamp_in_milis=[number], row_index=[number], data_shape_x=2,
        data_shape_y=1, global_maximum=2.0, global_minimum=1.0, main_data=[data],
    )  # fmt: skip


@pytest.fixture
def streams(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Interceptor, str]]:
    """The interceptor, and the address of a server whose streams have five frames; stream 9 is not found."""

    class Server(grpc.GenericRpcHandler):  # type: ignore[misc]
        def service(self, _details: Any) -> Any:
            def answers(request: bytes, context: Any) -> Iterator[bytes]:
                if _generated.StreamDataRequest.FromString(request).stream_id == 9:
                    context.abort(grpc.StatusCode.NOT_FOUND, "no such stream")
                for number in range(5):
                    yield frame(number).SerializeToString()

            return grpc.unary_stream_rpc_method_handler(answers)

    server = grpc.server(ThreadPoolExecutor(4), (Server(),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    interceptor = Interceptor({})
    proxy = StreamProxy(interceptor)
    monkeypatch.setattr(stream_client, "http_proxy", f"http://127.0.0.1:{proxy.port}")
    yield interceptor, f"127.0.0.1:{port}"
    proxy.close()
    server.stop(None)


def times(target: str, stream: int = 0) -> list[int]:
    return [at for one in stream_client.read_stream(target, stream, timeout=10).frames for at in one.times_ms]


def test_frames_pass_and_are_recorded(streams: tuple[Interceptor, str]) -> None:
    interceptor, target = streams
    interceptor.record()
    assert times(target) == [0, 1, 2, 3, 4]
    exchanges = interceptor.recorded()
    assert [exchange.kind for exchange in exchanges] == [STREAM] * 5
    assert exchanges[1].json["timestamp_in_milis"] == [1]
    names = {mutant.name for mutant in of_traffic(summary(exchanges), {}, {})}
    assert {"grpc: StreamData: frame dropped", "grpc: StreamData start_channel: plus one"} <= names


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        (operators.DROPPED, [0, 1, 3, 4]),
        (operators.REPEATED, [0, 1, 2, 2, 3, 4]),
        (operators.STOPPED, [0, 1]),
        (operators.STALE, [0, 0, 1, 2, 3]),
    ],
)
def test_whole_frames_are_changed(streams: tuple[Interceptor, str], operator: str, expected: list[int]) -> None:
    interceptor, target = streams
    interceptor.arm([Mutant(STREAM, None, operator)])
    assert times(target) == expected
    assert interceptor.disarm()


def test_a_field_of_the_frames_is_changed(streams: tuple[Interceptor, str]) -> None:
    interceptor, target = streams
    interceptor.arm([Mutant(STREAM, ("start_channel",), "plus one")])
    reading = stream_client.read_stream(target, 0, timeout=10)
    assert {one.first_channel for one in reading.frames} == {12}
    interceptor.arm([Mutant(STREAM, ("main_data", "[]"), "negated")])
    assert stream_client.read_stream(target, 0, timeout=10).frames[0].amplitudes()[1] == -2.0


def test_an_error_of_a_stream_comes_through(streams: tuple[Interceptor, str]) -> None:
    reading = stream_client.read_stream(streams[1], 9, timeout=10)
    assert reading.ended_by == "NOT_FOUND (no such stream)"


@pytest.mark.usefixtures("streams")
def test_a_port_on_which_nobody_listens_is_unavailable() -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        target = f"127.0.0.1:{closed.getsockname()[1]}"
        reading = stream_client.read_stream(target, 0, timeout=10, wait_for_port=False)
    assert reading.ended_by.startswith("UNAVAILABLE")
    assert not reading.frames
