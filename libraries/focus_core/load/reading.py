"""Streams of views for a load: one reader reads many of them in one event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from focus_core.load.http1 import TIMEOUT, clock
from focus_core.load.plan import ReadFrames
from focus_core.streams import client as streams

NO_FRAME, STREAM_ENDED = "no frame", "stream ended"


def channel(target: str) -> Any:
    """A gRPC channel to ``host:port`` in the running event loop."""
    # Imported here: a load without streams must not pay for it.
    import grpc.aio

    return grpc.aio.insecure_channel(target, options=streams.channel_options())


def frames_of(opened: Any, stream: int, *, timeout: float | None = None, wait_for_port: bool = True) -> Any:
    """An asynchronous iterator over the messages of a stream of an open channel."""
    from focus_core.streams import datastream_pb2

    generated: Any = datastream_pb2
    call = opened.unary_stream(
        streams.METHOD,
        request_serializer=generated.StreamDataRequest.SerializeToString,
        response_deserializer=generated.DataStream.FromString,
    )
    return call(generated.StreamDataRequest(stream_id=stream), timeout=timeout, wait_for_ready=wait_for_port)


async def first_frames(step: ReadFrames, kept: Mapping[str, str]) -> tuple[float, str, int]:
    """Reads the first frames of a stream.

    Returns the moment of the first one (0 without), why it failed (empty: it did not), and how often the connection
    was tried again.
    """
    import grpc

    if "stream_url" not in kept or "stream_port" not in kept:
        return 0.0, "no stream", 0
    target, end, cause = streams.address(kept["stream_url"], int(kept["stream_port"])), clock() + step.within_s, TIMEOUT
    for attempt in range(step.tries):
        left = end - clock()
        if left <= 0:
            return 0.0, cause, attempt
        first, seen = 0.0, 0
        async with channel(target) as opened:
            try:
                messages = frames_of(opened, step.stream, timeout=left, wait_for_port=False)
                async for _ in messages:
                    first, seen = first or clock(), seen + 1
                    if seen >= step.frames:
                        messages.cancel()
                        return first, "", attempt
                return first, STREAM_ENDED if seen else NO_FRAME, attempt
            except grpc.RpcError as error:
                late = error.code() is grpc.StatusCode.DEADLINE_EXCEEDED
                cause = NO_FRAME if late else error.code().name.lower().replace("_", " ")
        await asyncio.sleep(min(step.every_s, max(0.0, end - clock())))
    return 0.0, cause, step.tries - 1
