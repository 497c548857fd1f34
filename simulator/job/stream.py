"""Program of a streaming job's pod: a gRPC server that delivers the rows of one view."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cached_property

import grpc
import grpc.aio

from simulator import defects
from simulator.job import datastream_pb2
from simulator.job.arguments import JobArguments, parse
from simulator.job.broker_queue import declare_in_background
from simulator.job.pacing import FRAME_PERIOD_S, Pace, played_rows
from simulator.playback import speed
from simulator.pod_log import start_log
from simulator.rows import RowSource

log = logging.getLogger("grpc-job")

_MESSAGE_BYTES_MAX = 50 << 20
_IDLE_STREAM_S = 180.0
_ABANDONED_S = 10.0
_ABANDONED_FLOOR_S = 2.0
_DRAIN_S = 0.5
_WATCH_S = 0.2
# A real analyser is busy while it streams; the cleanup-job tells by this whether anybody looks.
_BUSY_MILLICORES, _IDLE_MILLICORES = 300, 1


class Streams:
    """The streams of one view."""

    def __init__(self, job: JobArguments) -> None:
        self._job = job
        self._started = time.time()
        self._clients = 0
        self._last_client = self._started
        self._delivered: set[int] = set()
        self._idle_s = _IDLE_STREAM_S * job.time_scale
        self._declare_load()

    @cached_property
    def _source(self) -> RowSource:
        """The rows of the view; made for the first client, since most jobs of a load test never have one."""
        return RowSource(self._job.job_id, self._job.frequencies_hz, self._job.lines_dt, self._job.origin_ms)

    async def stream_data(self, request: datastream_pb2.StreamDataRequest, context: grpc.aio.ServicerContext) -> None:
        """Send one stream's rows until the view is over, the client leaves, or nobody reads for three minutes."""
        stream = request.stream_id
        if not 0 <= stream < self._job.streams:
            log.warning("stream %d refused: there are %d streams", stream, self._job.streams)
            await context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"There is no stream {stream}: this job has the streams 0 to {self._job.streams - 1}.",
            )
        async with self._client(stream, context.peer()):
            await self._send(stream, context)

    async def _send(self, stream: int, context: grpc.aio.ServicerContext) -> None:
        lowest, highest = self._job.stream_channels(stream)
        values = (highest - lowest + 1) * len(self._job.frequencies_hz)
        pace = Pace(self._job, self._source, values, self._started, time.time())
        last_sent = time.monotonic()
        while not pace.over:
            first, count = (0, 0) if defects.active("stream-silent") else pace.take(time.time())
            if count:
                try:
                    async with asyncio.timeout(self._idle_s):
                        await context.write(self._frame(first, count, lowest, highest))
                except TimeoutError:
                    log.warning("stream %d closed: its client read nothing for %.0f s", stream, self._idle_s)
                    return
                last_sent = time.monotonic()
            elif time.monotonic() - last_sent > self._idle_s:
                log.warning("stream %d closed: no rows for %.0f s", stream, self._idle_s)
                return
            await asyncio.sleep(FRAME_PERIOD_S)
        self._delivered.add(stream)
        log.info("stream %d delivered its window to the end", stream)

    def _frame(self, first: int, count: int, lowest: int, highest: int) -> datastream_pb2.DataStream:
        block = self._source.block(first, count, lowest, highest)
        rows = range(first, first + count)
        return datastream_pb2.DataStream(
            start_channel=lowest,
            end_channel=highest,
            timestamp_in_milis=[self._source.start_ms(row) for row in rows],
            row_index=list(rows),
            data_shape_x=block.shape[1] * block.shape[2],
            data_shape_y=count,
            global_maximum=float(block.max()),
            global_minimum=float(block.min()),
            main_data=[row.astype("<f4", copy=False).tobytes() for row in block],
            job_id=int(self._job.job_id.partition("-")[2]),
        )

    @asynccontextmanager
    async def _client(self, stream: int, peer: str) -> AsyncIterator[None]:
        """Count a client in and out, and declare the load that a real job would have."""
        self._clients += 1
        self._declare_load()
        log.info("stream %d opened by %s", stream, peer)
        try:
            yield
        finally:
            self._clients -= 1
            self._last_client = time.time()
            self._declare_load()
            log.info("stream %d closed, %d clients left", stream, self._clients)

    def _declare_load(self) -> None:
        busy = _BUSY_MILLICORES if self._clients else _IDLE_MILLICORES
        (self._job.pod_dir / "cpu-millicores").write_text(f"{busy}\n", encoding="ascii")

    async def wait_until_over(self) -> None:
        """Return once a historic view is over: delivered to the end, or abandoned after it; a live one never is."""
        if self._job.rows is None:
            await asyncio.Event().wait()
            return
        while not self._over(self._job.rows, time.time()):
            await asyncio.sleep(_WATCH_S)
        log.info("the window is over, delivered streams: %s", sorted(self._delivered))

    def _over(self, rows: int, now: float) -> bool:
        if self._clients or played_rows(self._job, self._started, now) < rows:
            return False
        if len(self._delivered) == self._job.streams:
            return True
        window_s = rows * self._job.lines_dt / speed(self._job.time_scale)
        ended = max(self._last_client, self._started + window_s)
        return now - ended > max(_ABANDONED_FLOOR_S, _ABANDONED_S * self._job.time_scale)


def _service(streams: Streams) -> grpc.GenericRpcHandler:
    """Return the contract's one service with its one call."""
    stream_data = grpc.unary_stream_rpc_method_handler(
        streams.stream_data,
        request_deserializer=datastream_pb2.StreamDataRequest.FromString,
        response_serializer=datastream_pb2.DataStream.SerializeToString,
    )
    return grpc.method_handlers_generic_handler("pandadatastream.DataStreamService", {"StreamData": stream_data})


async def serve(job: JobArguments) -> None:
    """Serve until SIGTERM or the end of a historic view, then let the clients go with a GOAWAY."""
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ending.set)
    options = [("grpc.max_send_message_length", _MESSAGE_BYTES_MAX), ("grpc.so_reuseport", 0)]
    server = grpc.aio.server(options=options)
    streams = Streams(job)
    server.add_generic_rpc_handlers((_service(streams),))
    server.add_insecure_port(f"127.0.0.1:{job.port}")
    await server.start()
    kind = "live" if job.rows is None else f"historic, {job.rows} rows"
    log.info(
        "job %s serves %d streams of channels %d-%d on port %d (%s)",
        job.job_id, job.streams, *job.channels, job.port, kind,
    )  # fmt: skip
    waiting = [asyncio.create_task(ending.wait()), asyncio.create_task(streams.wait_until_over())]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    log.info("job %s ends (%s)", job.job_id, "told to" if ending.is_set() else "view over")
    await server.stop(_DRAIN_S)
    for task in waiting:
        task.cancel()


def main() -> int | None:
    """Run one streaming job."""
    start_log()
    job = parse(sys.argv[1:])
    declare_in_background(job.queue)
    asyncio.run(serve(job))
    return 0


if __name__ == "__main__":
    sys.exit(main())
