"""A client of the gRPC stream of a view (``pandadatastream``). grpc is imported on first use: it is slow to load."""

import base64
import math
import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from focus_core.base import tape
from focus_core.base.threads import Threads
from focus_core.contract import messages as contract_messages
from focus_core.site import data as site_data

# Extremes are sent as float32, as the amplitudes are.
_FLOAT32 = 1e-6
METHOD = "/pandadatastream.DataStreamService/StreamData"
# Fields of a frame that the contract of record has rules for; its data are looked at where a test asks.
_CHECKED = ("start_channel", "end_channel", "timestamp_in_milis", "row_index", "data_shape_x", "data_shape_y")
# HTTP proxy of all streams, as a URL; empty: that of the site file, never one that the tester's environment names.
http_proxy = ""
# Of a recorded reading: bytes of its first frames, and number of the last ones.
_KEPT_BYTES = 4 << 20
_KEPT_LAST = 5


@dataclass(frozen=True)
class Frame:
    """One message of a stream: rows of ``channels x bins`` amplitudes (float32), each with a time in epoch ms."""

    first_channel: int
    last_channel: int
    times_ms: tuple[int, ...]
    row_indexes: tuple[int, ...]
    width: int
    height: int
    lowest: float
    highest: float
    # Not shown: at TRACE level Robot logs every argument, and a reading holds megabytes of it.
    data: bytes = field(repr=False)
    # The number of the job, where the server sends it.
    job_number: int | None = None
    # When the frame was there, in seconds since the epoch.
    arrived: float = 0.0

    def amplitudes(self) -> "array[float]":
        """All amplitudes of the frame, row after row."""
        return array("f", self.data)

    def problems(self) -> list[str]:
        """What contradicts itself or the contract: shape, times, negative amplitudes."""
        found = []
        wanted = self.width * self.height * 4
        if len(self.data) != wanted:
            return [f"{len(self.data)} bytes of data for {self.height} rows of {self.width} float32, expected {wanted}"]
        if len(self.times_ms) != self.height or len(self.row_indexes) != self.height:
            found.append(f"{len(self.times_ms)} times and {len(self.row_indexes)} indexes for {self.height} rows")
        amplitudes = self.amplitudes()
        # Minimum and maximum pass over NaN, a sum does not.
        if not math.isfinite(sum(amplitudes)):
            return [*found, "an amplitude is not a finite number"]
        low, high = min(amplitudes, default=0.0), max(amplitudes, default=0.0)
        if low < 0:
            found.append(f"amplitude {low:g} is negative")
        if not math.isclose(self.lowest, low, rel_tol=_FLOAT32):
            found.append(f"global minimum is {self.lowest:g}, the lowest amplitude is {low:g}")
        if not math.isclose(self.highest, high, rel_tol=_FLOAT32):
            found.append(f"global maximum is {self.highest:g}, the highest amplitude is {high:g}")
        return found

    def rows(self) -> Iterator[tuple[int, int, bytes]]:
        """Index, time (epoch ms) and data (float32, channel after channel) of each row."""
        size = self.width * 4
        for place, (index, at) in enumerate(zip(self.row_indexes, self.times_ms, strict=False)):
            yield index, at, self.data[place * size : (place + 1) * size]


Enough = Callable[[list[Frame]], bool]


@dataclass
class StreamReading:
    """What one stream gave: its frames, whether it ended by itself, and why it stopped otherwise."""

    stream: int
    frames: list[Frame] = field(default_factory=list)
    finished: bool = False
    ended_by: str = ""
    seconds: float = 0.0
    silent_s: float = 0.0
    """Seconds since the last frame, when the reading was over."""

    @property
    def refused(self) -> bool:
        """Whether nobody listened: the connection itself was refused, and nothing came."""
        return not self.frames and self.ended_by.startswith("UNAVAILABLE ") and "refused" in self.ended_by.lower()

    def __str__(self) -> str:
        end = "ended" if self.finished else f"stopped by {self.ended_by}" if self.ended_by else "still open"
        last = f"; the last frame came {self.silent_s:.1f} s before" if self.frames else ""
        return f"stream {self.stream}: {len(self.frames)} frames in {self.seconds:.1f} s, {end}{last}"


class ViewOrReadings:
    """A view, whose streams are read then, or what was read of them."""


class Readings(list[StreamReading]):
    """What several streams of one view gave."""


def address(stream_url: str, port: int) -> str:
    """``host:port`` of a view's stream: the answer's URL without its scheme."""
    host = urlsplit(stream_url).hostname or stream_url
    return f"{host}:{port}"


def read_stream(
    target: str,
    stream: int,
    *,
    timeout: float,
    at_least: int | None = None,
    enough: Enough | None = None,
    wait_for_port: bool = True,
) -> StreamReading:
    """Reads one stream until it gave ``at_least`` frames, until ``enough`` is true of what came, or to its end (both
    None); at most ``timeout`` seconds.

    The connection is tried again until the timeout: a job's port opens some time after the view was answered.
    ``wait_for_port=False`` tries once. Never raises for what the stream does; the reading records how it ended.
    """
    return tape.through(
        STREAMS,
        f"{target} stream {stream}",
        lambda: _read_stream(target, stream, timeout, at_least, enough, wait_for_port),
    )


def _read_stream(
    target: str, stream: int, timeout: float, at_least: int | None, enough: Enough | None, wait_for_port: bool
) -> StreamReading:
    import grpc

    from focus_core.streams import datastream_pb2

    generated: Any = datastream_pb2
    begun = time.monotonic()
    reading = StreamReading(stream)
    with grpc.insecure_channel(target, options=channel_options()) as channel:
        call = channel.unary_stream(
            METHOD,
            request_serializer=generated.StreamDataRequest.SerializeToString,
            response_deserializer=generated.DataStream.FromString,
        )
        # wait_for_ready: grpc itself connects again and again, with its own back-off, until the deadline.
        messages = call(generated.StreamDataRequest(stream_id=stream), timeout=timeout, wait_for_ready=wait_for_port)
        try:
            for message in messages:
                reading.frames.append(_frame(message))
                if (at_least is not None and len(reading.frames) >= at_least) or (enough and enough(reading.frames)):
                    messages.cancel()
                    break
            else:
                reading.finished = True
        except grpc.RpcError as error:
            reading.ended_by = f"{error.code().name} ({error.details()})"
    reading.seconds = time.monotonic() - begun
    reading.silent_s = time.time() - reading.frames[-1].arrived if reading.frames else 0.0
    return reading


def read_streams(
    target: str,
    streams: Sequence[int],
    *,
    timeout: float,
    at_least: int | None = None,
    enough: Enough | None = None,
) -> list[StreamReading]:
    """Reads streams at the same time, as a client does; a stream that is named twice has two readers."""
    given_up = Event()

    def is_enough(frames: list[Frame]) -> bool:
        return given_up.is_set() or bool(enough and enough(frames))

    def read(stream: int) -> StreamReading:
        return read_stream(target, stream, timeout=timeout, at_least=at_least, enough=is_enough)

    try:
        with Threads(len(streams)) as pool:
            return list(pool.map(read, streams))
    finally:
        # A test that was stopped leaves no reader behind.
        given_up.set()


def _frame(message: Any) -> Frame:
    contract_messages.note_frame("DataStream", {name: _plain(getattr(message, name)) for name in _CHECKED})
    return Frame(
        first_channel=message.start_channel,
        last_channel=message.end_channel,
        times_ms=tuple(message.timestamp_in_milis),
        row_indexes=tuple(message.row_index),
        width=message.data_shape_x,
        height=message.data_shape_y,
        lowest=message.global_minimum,
        highest=message.global_maximum,
        data=b"".join(message.main_data),
        job_number=message.job_id if message.HasField("job_id") else None,
        arrived=time.time(),
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else list(value)


@dataclass(frozen=True)
class _Kept:
    """A reading with its first and last frames, and how many are left out in between."""

    reading: StreamReading
    left_out: int


def _keep(reading: StreamReading) -> _Kept:
    frames, size = [], 0
    for frame in reading.frames:
        size += len(frame.data)
        if size > _KEPT_BYTES:
            break
        frames.append(frame)
    frames += reading.frames[max(len(frames), len(reading.frames) - _KEPT_LAST) :]
    return _Kept(replace(reading, frames=frames), len(reading.frames) - len(frames))


def _encode(kept: _Kept) -> dict[str, Any]:
    frames = [vars(frame) | {"data": base64.b64encode(frame.data).decode()} for frame in kept.reading.frames]
    return asdict(replace(kept.reading, frames=[])) | {"frames": frames, "frames_left_out": kept.left_out}


def _decode(kept: dict[str, Any]) -> StreamReading:
    left = {name: value for name, value in kept.items() if name not in ("frames", "frames_left_out")}
    return StreamReading(**left | {"frames": [_kept_frame(frame) for frame in kept["frames"]]})


def _kept_frame(kept: dict[str, Any]) -> Frame:
    tuples = {name: tuple(kept[name]) for name in ("times_ms", "row_indexes")}
    return Frame(**kept | tuples | {"data": base64.b64decode(kept["data"])})


# How readings are recorded and played back.
STREAMS: tape.Door[StreamReading] = tape.Door(
    "grpc", _encode, _decode, lambda kept: sum(len(frame.data) for frame in kept.reading.frames), keep=_keep
)


def channel_options() -> list[tuple[str, Any]]:
    """How every stream is connected: large frames, and no proxy but the site's."""
    chosen = http_proxy or site_data.proxy()
    proxy = ("grpc.http_proxy", chosen) if chosen else ("grpc.enable_http_proxy", 0)
    return [("grpc.max_receive_message_length", 50 * 1024 * 1024), proxy]
