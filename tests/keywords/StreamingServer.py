"""The streams of a view of one channel, right until it is set to be wrong; for tests of keywords."""

import time
from array import array
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import grpc
from focus_core.streams import client as stream_client
from focus_core.streams import datastream_pb2
from robot.api.deco import keyword, library

MESSAGES: Any = datastream_pb2
CHANNEL, BINS = 7, 3
ROWS, ROW_S = 2, 0.01


@library(scope="SUITE", auto_keywords=False)
class StreamingServer:
    """Serves stream 0 of a SingleChannel view of channel 7 with three frequencies and a hundred rows a second."""

    def __init__(self) -> None:
        self._wrong: dict[str, Any] = {}
        self._rows = ROWS
        self._last = 10**9
        self._silent = False
        self._readers = count()
        self._server: Any = None

    @keyword
    def start_streaming_server(self) -> int:
        """Starts the server and returns its port."""
        self._server = grpc.server(ThreadPoolExecutor(max_workers=8))
        handler = grpc.unary_stream_rpc_method_handler(
            self._stream,
            request_deserializer=MESSAGES.StreamDataRequest.FromString,
            response_serializer=MESSAGES.DataStream.SerializeToString,
        )
        service, method = stream_client.METHOD.strip("/").split("/")
        self._server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(service, {method: handler}),))
        port: int = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()
        return port

    @keyword
    def stop_streaming_server(self) -> None:
        """Stops the server."""
        if self._server:
            self._server.stop(None)

    @keyword
    def stream_right_again(self) -> None:
        """Forgets everything wrong."""
        self._wrong, self._rows, self._last, self._silent = {}, ROWS, 10**9, False

    @keyword
    def stream_frames_with(self, field: str, value: Any) -> None:
        """Changes a field of every frame."""
        self._wrong[field] = value

    @keyword
    def stream_half_as_many_rows(self) -> None:
        """One row where there should be two."""
        self._rows = 1

    @keyword
    def stream_nothing(self) -> None:
        """Keeps the stream open and silent."""
        self._silent = True

    @keyword
    def end_stream_after(self, frames: int) -> None:
        """Ends the stream by itself."""
        self._last = frames

    def _stream(self, request: Any, context: Any) -> Iterator[Any]:
        if request.stream_id != 0:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, "there is only stream 0")
        # Readers never see the same times, also when they come within one millisecond.
        begun = time.time() + next(self._readers) / 1000
        for number in count():
            if number >= self._last or not context.is_active():
                return
            time.sleep(max(0.0, begun + (number + 1) * ROWS * ROW_S - time.time()))
            if not self._silent:
                yield self._frame(begun, number * self._rows)

    def _frame(self, begun: float, first: int) -> Any:
        values = array("f", [1.0, 2.0, 3.0])
        rows = range(first, first + self._rows)
        right = {
            "start_channel": CHANNEL,
            "end_channel": CHANNEL,
            "timestamp_in_milis": [round(begun * 1000 + row * ROW_S * 1000) for row in rows],
            "row_index": list(rows),
            "data_shape_x": BINS,
            "data_shape_y": self._rows,
            "global_maximum": 3.0,
            "global_minimum": 1.0,
            "main_data": [values.tobytes() for _ in rows],
        }
        return MESSAGES.DataStream(**right | self._wrong)
