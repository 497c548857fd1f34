"""Frames and streams as testers see them: which channels they carry, how many rows, how fast, how strong."""

from collections.abc import Sequence
from dataclasses import dataclass

from focus_core.base.quantities import Bytes, Moment, Seconds
from focus_core.base.words import ChannelRange
from focus_core.streams.client import Frame, StreamReading


@dataclass(frozen=True)
class StreamFrame:
    """A frame of a stream.

    - ``number``: its place among the frames of its stream that were read, from 0.
    - ``stream``: the stream that it came from.
    - ``channels``: the channels that it carries, first to last.
    - ``rows``: how many rows it has.
    - ``values``: how many amplitudes each row has, channels x frequencies.
    - ``begin``: when its first row begins, a moment (UTC).
    - ``delay``: seconds from the beginning of its last row until it arrived.
    - ``lowest``, ``highest``, ``mean``: of its amplitudes.
    - ``size``: its amplitudes in bytes.
    - ``job_number``: the number of the job that it names, none where the server names none.
    """

    number: int
    stream: int
    channels: ChannelRange
    rows: int
    values: int
    begin: Moment | None
    delay: Seconds | None
    lowest: float
    highest: float
    mean: float
    size: Bytes
    job_number: int | None

    def __str__(self) -> str:
        return f"frame {self.number} of stream {self.stream}: {self.rows} rows of channels {self.channels}"


@dataclass(frozen=True)
class StreamStatistics:
    """What a stream gave while it was read.

    - ``stream``: its number, from 0.
    - ``channels``: the channels that its frames carry; several ranges where they do not all carry the same.
    - ``frames``, ``rows``: how many came.
    - ``rows_a_second``, ``bytes_a_second``: from its second frame on, by the times at which they arrived; none for
      fewer than two frames.
    - ``bytes_a_row``: the amplitudes of a row.
    - ``lowest``, ``highest``, ``mean``: of all amplitudes.
    - ``seconds``: how long it was read.
    - ``ended``: whether it ended by itself.
    - ``stopped_by``: what stopped it otherwise, empty where nothing did.
    """

    stream: int
    channels: ChannelRange | str
    frames: int
    rows: int
    rows_a_second: float | None
    bytes_a_second: Bytes | None
    bytes_a_row: Bytes
    lowest: float
    highest: float
    mean: float
    seconds: Seconds
    ended: bool
    stopped_by: str

    def __str__(self) -> str:
        return f"stream {self.stream}: {self.frames} frames, {self.rows} rows of channels {self.channels}"


def frames_of(reading: StreamReading) -> list[StreamFrame]:
    """The frames of a reading, in the order in which they came."""
    return [_frame(reading.stream, number, frame) for number, frame in enumerate(reading.frames)]


def of(reading: StreamReading) -> StreamStatistics:
    """What a reading gave. Raises ``AssertionError`` when it gave no frame."""
    if not reading.frames:
        raise AssertionError(f"{reading}: there is no frame")
    frames = frames_of(reading)
    channels = list(dict.fromkeys(frame.channels for frame in frames))
    rows = sum(frame.rows for frame in frames)
    size = sum(frame.size for frame in frames)
    span = reading.frames[-1].arrived - reading.frames[0].arrived
    return StreamStatistics(
        stream=reading.stream,
        channels=channels[0] if len(channels) == 1 else ", ".join(map(str, channels)),
        frames=len(frames),
        rows=rows,
        # The first frame holds what happened before the span.
        rows_a_second=(rows - frames[0].rows) / span if span > 0 else None,
        bytes_a_second=Bytes((size - frames[0].size) / span) if span > 0 else None,
        bytes_a_row=Bytes(size / rows if rows else 0),
        lowest=min(frame.lowest for frame in frames),
        highest=max(frame.highest for frame in frames),
        mean=_mean([frame.mean for frame in frames], [frame.size for frame in frames]),
        seconds=Seconds(reading.seconds),
        ended=reading.finished,
        stopped_by=reading.ended_by,
    )


def _frame(stream: int, number: int, frame: Frame) -> StreamFrame:
    amplitudes = frame.amplitudes()
    times = frame.times_ms
    return StreamFrame(
        number=number,
        stream=stream,
        channels=ChannelRange(frame.first_channel, frame.last_channel),
        rows=frame.height,
        values=frame.width,
        begin=Moment.convert(times[0] / 1000) if times else None,
        delay=Seconds(frame.arrived - times[-1] / 1000) if times else None,
        lowest=min(amplitudes, default=0.0),
        highest=max(amplitudes, default=0.0),
        mean=sum(amplitudes) / len(amplitudes) if amplitudes else 0.0,
        size=Bytes(len(frame.data)),
        job_number=frame.job_number,
    )


def _mean(means: Sequence[float], weights: Sequence[float]) -> float:
    total = sum(weights)
    return sum(mean * weight for mean, weight in zip(means, weights, strict=True)) / total if total else 0.0
