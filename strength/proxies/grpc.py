"""Proxy for gRPC streams: clients use it as an HTTP proxy; each frame passes through the worker's interceptor."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import grpc
from focus_core.streams import datastream_pb2

from strength.mutants import operators
from strength.mutants.traffic import FRAMES
from strength.proxies.http import IDLE_TIMEOUT_S, Listener, relay
from strength.proxies.http_messages import MessageReader
from strength.proxies.interceptor import Interceptor

# Index of the frame that is dropped or repeated, or before which the stream is stopped.
_CHOSEN = 2
# Concurrent streams of one job.
_READERS = 32
_OPTIONS = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
_generated: Any = datastream_pb2


@dataclass
class Frame:
    """A serialized message of a stream. `index`: its position in the stream; `copies`: how often to send it."""

    body: bytes
    index: int
    copies: int = 1
    last: bool = False
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    content_type: str = FRAMES

    def content(self) -> Any:
        """The fields that are set, by name."""
        message = _generated.DataStream.FromString(self.body)
        return {
            known.name: list(value) if known.is_repeated else value for known, value in message.ListFields()
        }  # fmt: skip

    def replace(self, content: Any) -> None:
        """Leaves the frame unchanged where protobuf cannot hold the content (another type, out of range)."""
        with suppress(TypeError, ValueError):
            self.body = _generated.DataStream(**content).SerializeToString()

    def change_whole(self, operator: str, _detail: str) -> bool:
        if self.index < _CHOSEN or (self.index > _CHOSEN and operator != operators.STOPPED):
            return False
        self.copies = {operators.DROPPED: 0, operators.REPEATED: 2}.get(operator, 1)
        self.last = operator == operators.STOPPED
        return True


class StreamProxy:
    """Accepts `CONNECT host:port` and serves the streams of that address."""

    def __init__(self, interceptor: Interceptor) -> None:
        self._interceptor = interceptor
        self._lock = threading.Lock()
        self._servers: dict[str, tuple[grpc.Server, int]] = {}
        self._listener = Listener(self._serve)
        self.port = self._listener.port

    def close(self) -> None:
        self._listener.close()
        for server, _ in self._servers.values():
            server.stop(None)

    def _serve(self, client: socket.socket) -> None:
        request = MessageReader(client).request()
        if request is None or request.method != "CONNECT":
            return
        host, _, port = request.target.rpartition(":")
        # A client of a closed port has to see a closed connection.
        socket.create_connection((host, int(port)), IDLE_TIMEOUT_S).close()
        with socket.create_connection(("127.0.0.1", self._server_of(request.target)), IDLE_TIMEOUT_S) as server:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            relay(client, server)

    def _server_of(self, target: str) -> int:
        with self._lock:
            if target not in self._servers:
                server = grpc.server(
                    ThreadPoolExecutor(_READERS), (_Forward(target, self._interceptor),), options=_OPTIONS
                )
                self._servers[target] = server, server.add_insecure_port("127.0.0.1:0")
                server.start()
            return self._servers[target][1]


class _Forward(grpc.GenericRpcHandler):  # type: ignore[misc]
    """Serves every method by calling it on `target`, byte for byte."""

    def __init__(self, target: str, interceptor: Interceptor) -> None:
        self._target = target
        self._interceptor = interceptor

    def service(self, details: Any) -> Any:
        method = details.method

        def answers(request: bytes, context: Any) -> Iterator[bytes]:
            yield from self._frames(method, request, context)

        return grpc.unary_stream_rpc_method_handler(answers)

    def _frames(self, method: str, request: bytes, context: Any) -> Iterator[bytes]:
        name = f"grpc: {method.rpartition('/')[2]}"
        with grpc.insecure_channel(self._target, options=[*_OPTIONS, ("grpc.enable_http_proxy", 0)]) as channel:
            call = channel.unary_stream(method)(request, timeout=context.time_remaining())
            context.add_callback(call.cancel)
            try:
                for index, body in enumerate(call):
                    frame, _ = self._interceptor.apply(name, Frame(body, index))
                    if frame.last:
                        return
                    yield from [frame.body] * frame.copies
            except grpc.RpcError as error:
                if context.is_active():
                    context.abort(error.code(), error.details())
