"""Port-forward: connections to ports of a pod, through one WebSocket.

`kubectl` carries SPDY streams in it, two for each connection; the Python client numbers channels, two for each port.
"""

from __future__ import annotations

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from simulator.cluster import meta, spdy
from simulator.cluster.errors import bad_request
from simulator.cluster.resources import Object

TUNNEL, CHANNELS = "SPDY/3.1+portforward.k8s.io", "v4.channel.k8s.io"
HOST = "127.0.0.1"
CHUNK = 32768

Send = Callable[[bytes], Awaitable[None]]
Input = asyncio.Queue[bytes]
# What a client has sent when it has no more.
END = b""


async def serve_port_forward(request: web.Request, pod: Object) -> web.StreamResponse:
    """Carries bytes between the client and the pod's ports until the client goes away."""
    socket = web.WebSocketResponse(protocols=(TUNNEL, CHANNELS), max_msg_size=0)
    ready = socket.can_prepare(request)
    if not ready:
        raise bad_request("port-forward needs a WebSocket upgrade; the simulated cluster does not speak bare SPDY")
    ports = [int(text) for text in ",".join(request.query.getall("ports", [])).split(",") if text.isdecimal()]
    if ready.protocol != TUNNEL and not ports:
        raise bad_request("you must specify at least one port: query parameter ports")
    await socket.prepare(request)
    carriers: set[asyncio.Task[None]] = set()
    try:
        if socket.ws_protocol == TUNNEL:
            await _serve_tunnel(socket, pod, carriers)
        else:
            await _serve_channels(socket, pod, ports, carriers)
    finally:
        for carrier in carriers:
            carrier.cancel()
    await socket.close()
    return socket


async def _serve_tunnel(socket: web.WebSocketResponse, pod: Object, carriers: set[asyncio.Task[None]]) -> None:
    connection = spdy.Connection()
    errors: dict[str, int] = {}
    inputs: dict[int, Input] = {}

    async def carry(port: int, stream: int, request_id: str) -> None:
        async def send(data: bytes) -> None:
            await socket.send_bytes(connection.data(stream, data))

        trouble = await _carry(pod, port, inputs[stream], send)
        await socket.send_bytes(connection.data(stream, ends=True))
        await socket.send_bytes(connection.data(errors.pop(request_id, 0), trouble.encode(), ends=True))
        del inputs[stream]

    async for message in _messages(socket):
        try:
            frames = list(connection.received(message))
        except (ValueError, zlib.error):
            return
        for frame in frames:
            headers = frame.headers
            if headers:
                await socket.send_bytes(connection.reply(frame.stream))
            if headers.get("streamtype") == "error":
                errors[headers.get("requestid", "")] = frame.stream
            elif headers:
                inputs[frame.stream] = Input()
                port, request_id = int(headers.get("port", 0)), headers.get("requestid", "")
                _start(carry(port, frame.stream, request_id), carriers)
            elif frame.stream in inputs:
                if frame.data:
                    inputs[frame.stream].put_nowait(frame.data)
                if frame.ends:
                    inputs[frame.stream].put_nowait(END)
        while connection.answers:
            await socket.send_bytes(connection.answers.pop())


async def _serve_channels(
    socket: web.WebSocketResponse, pod: Object, ports: list[int], carriers: set[asyncio.Task[None]]
) -> None:
    inputs: list[Input] = [Input() for _ in ports]

    async def carry(number: int) -> None:
        async def send(data: bytes) -> None:
            await socket.send_bytes(bytes([2 * number]) + data)

        trouble = await _carry(pod, ports[number], inputs[number], send)
        if trouble:
            await socket.send_bytes(bytes([2 * number + 1]) + trouble.encode())

    for number, port in enumerate(ports):
        for channel in (2 * number, 2 * number + 1):
            await socket.send_bytes(bytes([channel]) + struct.pack("<H", port))
        _start(carry(number), carriers)

    async def close_when_done() -> None:
        await asyncio.wait(set(carriers))
        await socket.close()

    closing = asyncio.create_task(close_when_done())
    async for message in _messages(socket):
        if message and message[0] < 2 * len(ports) and not message[0] % 2:
            inputs[message[0] // 2].put_nowait(message[1:])
    closing.cancel()


async def _messages(socket: web.WebSocketResponse) -> AsyncIterator[bytes]:
    async for message in socket:
        yield message.data if isinstance(message.data, bytes) else str(message.data).encode()


def _start(carrier: Awaitable[None], carriers: set[asyncio.Task[None]]) -> None:
    task = asyncio.ensure_future(carrier)
    carriers.add(task)
    task.add_done_callback(carriers.discard)


async def _carry(pod: Object, port: int, received: Input, send: Send) -> str:
    """Carries one connection to its end; returns what went wrong."""
    try:
        open_port = meta.open_port(pod["spec"]["containers"], port) or port
        reader, writer = await asyncio.open_connection(HOST, open_port)
    except OSError as error:
        return f"error forwarding port {port} to pod {meta.name_of(pod)}: {error.strerror}"

    async def upstream() -> None:
        while data := await received.get():
            writer.write(data)
            await writer.drain()
        writer.write_eof()

    sending = asyncio.create_task(upstream())
    try:
        while data := await reader.read(CHUNK):
            await send(data)
    except ConnectionError:
        return ""
    finally:
        sending.cancel()
        writer.close()
    return ""
