"""The rows of a view on their way from its job to a page: gRPC streams in, WebSocket messages out."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import suppress

from fastapi import WebSocket

from simulator.pods.analyzer.calculations import SINGLECHANNEL
from simulator.pods.job import datastream_pb2
from simulator.pods.webapp import row_levels
from simulator.pods.webapp.focus_link import View

_MESSAGE_BYTES_MAX = 50 << 20
# A job's pod may wait that long for its turn.
_READY_S = 60.0
_SPECTRUM_S = 0.2


class JobGoneError(Exception):
    """The job does not answer, or broke off."""


class ViewStream:
    """One page that watches one view."""

    def __init__(self, socket: WebSocket, view: View) -> None:
        self._socket = socket
        self._view = view
        self._sending = asyncio.Lock()
        self._spectrum_channel: int | None = None
        self._next_spectrum = 0.0

    async def run(self) -> None:
        """Send rows until the view is over (returns) or the page leaves (WebSocketDisconnect).

        Raises JobGoneError when the job breaks off.
        """
        await self._send_text({"view": self._view.as_json()})
        wishes = asyncio.create_task(self._read_wishes())
        rows = asyncio.create_task(self._all_streams())
        try:
            await asyncio.wait((wishes, rows), return_when=asyncio.FIRST_COMPLETED)
            if wishes.done():
                wishes.result()
            rows.result()
            await self._send_text({"ended": True})
        finally:
            for task in (wishes, rows):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    async def _read_wishes(self) -> None:
        """Follow what the page wants to see: ``{"spectrum": channel}``, or null for none."""
        while True:
            text = await self._socket.receive_text()
            with suppress(ValueError, TypeError, AttributeError):
                channel = json.loads(text).get("spectrum")
                self._spectrum_channel = None if channel is None else int(channel)

    async def _all_streams(self) -> None:
        # gRPC starts its threads here: what imports it earlier could not be forked.
        import grpc
        import grpc.aio

        options = [("grpc.max_receive_message_length", _MESSAGE_BYTES_MAX), ("grpc.enable_http_proxy", 0)]
        async with grpc.aio.insecure_channel(self._view.address, options=options) as channel:
            try:
                await asyncio.wait_for(channel.channel_ready(), _READY_S)
                call = channel.unary_stream(
                    "/pandadatastream.DataStreamService/StreamData",
                    request_serializer=datastream_pb2.StreamDataRequest.SerializeToString,
                    response_deserializer=datastream_pb2.DataStream.FromString,
                )
                async with asyncio.TaskGroup() as group:
                    for stream in range(self._view.streams):
                        group.create_task(self._one_stream(call(datastream_pb2.StreamDataRequest(stream_id=stream))))
            except* (grpc.aio.AioRpcError, TimeoutError) as broken:
                raise JobGoneError(str(broken.exceptions[0])) from None

    async def _one_stream(self, frames: object) -> None:
        view_type = self._view.view_type
        async for frame in frames:  # type: ignore[attr-defined]
            if not frame.main_data:
                continue
            first, last = frame.start_channel, frame.end_channel
            # A frame has up to 8 MB: other pages do not wait for it.
            values, shown = await asyncio.to_thread(row_levels.reduced, frame.main_data, last - first + 1, view_type)
            column = 0 if view_type == SINGLECHANNEL else first
            row, begins = frame.row_index[0], float(frame.timestamp_in_milis[0])
            await self._send(row_levels.rows_message(shown, column, row, begins))
            wanted = self._spectrum_channel
            if wanted is not None and first <= wanted <= last and time.monotonic() >= self._next_spectrum:
                self._next_spectrum = time.monotonic() + _SPECTRUM_S
                row, begins = frame.row_index[-1], float(frame.timestamp_in_milis[-1])
                await self._send(row_levels.spectrum_message(values[-1, wanted - first], wanted, row, begins))

    async def _send(self, message: bytes) -> None:
        async with self._sending:
            await self._socket.send_bytes(message)

    async def _send_text(self, content: object) -> None:
        async with self._sending:
            await self._socket.send_text(json.dumps(content))
