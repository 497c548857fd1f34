"""Program of a streaming job's pod: a gRPC server that delivers the rows of one view."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import grpc
import grpc.aio

from simulator import defects
from simulator.pods.analyzer.commands import ROI, Command
from simulator.pods.analyzer.playback import speed
from simulator.pods.analyzer.rows import RowSource
from simulator.pods.job import datastream_pb2
from simulator.pods.job.arguments import JobArguments, parse
from simulator.pods.job.broker_queue import declare_in_background
from simulator.pods.job.commands import CommandReader
from simulator.pods.job.pacing import FRAME_PERIOD_S, Pace, played_rows
from simulator.pods.log import start_log

log = logging.getLogger("grpc-job")

_MESSAGE_BYTES_MAX = 50 << 20
_IDLE_STREAM_S = 180.0
_IDLE_STREAM_FLOOR_S = 5.0
_ABANDONED_S = 10.0
_ABANDONED_FLOOR_S = 2.0
_DRAIN_S = 0.5
_WATCH_S = 0.2
_COMMANDS_S = 2.0
# A defect only.
_FRAMES_OF_A_SHORT_STREAM = 5
# A real analyser is busy while it streams; the cleanup-job sees by this whether the view is watched.
_BUSY_MILLICORES, _IDLE_MILLICORES = 300, 1
# No field of a frame has this number.
_OTHER_NUMBER = 15


class Shown:
    """What one stream of a view shows, until the view is changed."""

    def __init__(self, job: JobArguments, stream: int) -> None:
        self.job = job
        self._lowest, self._highest = job.stream_channels(stream)
        self._source = RowSource(job.job_id, job.frequencies_hz, job.lines_dt, job.origin_ms)
        self.row_values = (self._highest - self._lowest + 1) * len(job.frequencies_hz)

    def frame(self, first: int, count: int) -> datastream_pb2.DataStream:
        """Return the rows from ``first`` on as one message."""
        block = self._source.block(first, count, self._lowest, self._highest)
        rows = range(first, first + count)
        message = datastream_pb2.DataStream(
            start_channel=self._lowest,
            end_channel=self._highest,
            timestamp_in_milis=[self._source.start_ms(row) for row in rows],
            row_index=list(rows),
            data_shape_x=block.shape[1] * block.shape[2],
            data_shape_y=count,
            global_maximum=float(block.max()),
            global_minimum=float(block.min()),
            main_data=[row.astype("<f4", copy=False).tobytes() for row in block],
            job_id=int(self.job.job_id.partition("-")[2]),
        )
        return _renumbered(message) if defects.active("frame-field-renumbered") else message


def _renumbered(message: datastream_pb2.DataStream) -> datastream_pb2.DataStream:
    """Return the message with its shape under another number, as a release with another .proto sends it."""
    moved, value = bytearray([_OTHER_NUMBER << 3]), message.data_shape_x
    while value > 0x7F:
        moved.append(value & 0x7F | 0x80)
        value >>= 7
    message.ClearField("data_shape_x")
    message.MergeFromString(bytes([*moved, value]))
    return message


class Streams:
    """The streams of one view."""

    def __init__(self, job: JobArguments) -> None:
        self._job = job
        self._commands = CommandReader(job.job_id, self._obey)
        self._started = time.time()
        self._clients = 0
        self._last_client = self._started
        self._delivered: set[int] = set()
        self._idle_s = max(_IDLE_STREAM_FLOOR_S, _IDLE_STREAM_S * job.time_scale)
        self._declare_load()

    def _obey(self, key: str, command: Command) -> None:
        """Change the region for a ROI command; note the others. Runs in the thread of the commands."""
        if key == ROI:
            # One assignment: a stream sees the old view or the new one.
            self._job = self._job.changed(command)
            log.info("command roi: channels %d-%d, %d bins", *self._job.channels, len(self._job.frequencies_hz))
        else:
            log.info("command %s accepted", key)

    async def stream_data(self, request: datastream_pb2.StreamDataRequest, context: grpc.aio.ServicerContext) -> None:
        """Send one stream's rows until the view is over, the client leaves, or nobody reads for three minutes."""
        stream = request.stream_id
        if defects.active("foreign-stream-served"):
            stream = min(max(stream, 0), self._job.last_stream)
        if not 0 <= stream <= self._job.last_stream:
            log.warning("stream %d refused: the last one is %d", stream, self._job.last_stream)
            await context.abort(
                grpc.StatusCode.INVALID_ARGUMENT,
                f"There is no stream {stream}: this job has the streams 0 to {self._job.last_stream}.",
            )
        if defects.active("streams-swapped"):
            stream = {0: self._job.last_stream, self._job.last_stream: 0}.get(stream, stream)
        self._commands.start()
        async with self._client(stream, context.peer()):
            await asyncio.to_thread(self._commands.wait_until_caught_up, _COMMANDS_S)
            await self._send(stream, context)

    async def _send(self, stream: int, context: grpc.aio.ServicerContext) -> None:
        view = Shown(self._job, stream)
        pace = Pace(view.job, view.row_values, self._started, time.time())
        last_sent = time.monotonic()
        sent = 0
        while not pace.over:
            if sent == _FRAMES_OF_A_SHORT_STREAM and self._job.rows is None and defects.active("stream-ends-early"):
                return
            if view.job is not self._job:
                if stream > self._job.last_stream:
                    log.info("stream %d closed: the changed view has no channels for it", stream)
                    return
                view = Shown(self._job, stream)
                pace.change(view.job, view.row_values)
            first, count = (0, 0) if defects.active("stream-silent") else pace.take(time.time())
            if count:
                try:
                    async with asyncio.timeout(None if defects.active("idle-stream-kept") else self._idle_s):
                        await context.write(view.frame(first, count))
                except TimeoutError:
                    log.warning("stream %d closed: its client read nothing for %.0f s", stream, self._idle_s)
                    return
                last_sent = time.monotonic()
                sent += 1
            elif time.monotonic() - last_sent > self._idle_s:
                log.warning("stream %d closed: no rows for %.0f s", stream, self._idle_s)
                return
            await asyncio.sleep(FRAME_PERIOD_S)
        self._delivered.add(stream)
        log.info("stream %d delivered its window to the end", stream)

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
        if self._job.recorded is None or defects.active("historic-job-endless"):
            await asyncio.Event().wait()
            return
        while not self._over(time.time()):
            await asyncio.sleep(_WATCH_S)
        log.info("the window is over, delivered streams: %s", sorted(self._delivered))

    def _over(self, now: float) -> bool:
        rows = sum(map(len, self._job.rows or ()))
        if self._clients or played_rows(self._job, self._started, now) < rows:
            return False
        if self._delivered >= set(range(self._job.last_stream + 1)):
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
    kind = "live" if job.rows is None else f"historic, {sum(map(len, job.rows))} rows"
    log.info(
        "job %s serves %d streams of channels %d-%d on port %d (%s)",
        job.job_id, job.last_stream + 1, *job.channels, job.port, kind,
    )  # fmt: skip
    waiting = [asyncio.create_task(ending.wait()), asyncio.create_task(streams.wait_until_over())]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    log.info("job %s ends (%s)", job.job_id, "by signal" if ending.is_set() else "view over")
    await server.stop(_DRAIN_S)
    for task in waiting:
        task.cancel()


def main() -> int | None:
    """Run one streaming job."""
    start_log()
    if defects.active("job-log-empty"):
        logging.disable()
    job = parse(sys.argv[1:])
    declare_in_background(job.queue, job.job_id)
    asyncio.run(serve(job))
    return 0


if __name__ == "__main__":
    sys.exit(main())
