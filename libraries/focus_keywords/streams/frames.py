"""Getters of streams and their frames."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from assertionengine import AssertionOperator
from focus_core.base import demands
from focus_core.base.errors import BenchError
from focus_core.base.objects import field_of
from focus_core.site import data as site_data
from focus_core.streams import client as stream_client
from focus_core.streams import statistics
from focus_core.streams.client import Readings, ViewOrReadings
from focus_core.streams.statistics import StreamFrame, StreamStatistics
from focus_core.views.view import View
from robot.api.deco import keyword

from focus_keywords.getters import CHECK, checked

_GETTER = ("Stream", "Getter", "Assertion")
_TYPES = CHECK | {"view": ViewOrReadings, "stream": int, "at_least": int}


class StreamFrames:
    """Frames of the streams of a view, and what they add up to.

    Instead of a view, the readings may be given that `Read Streams Of View` and its relatives returned: then nothing is
    read again. ``stream`` picks one stream, from 0 on.
    """

    @keyword(tags=_GETTER, types=_TYPES)
    def get_frames(
        self,
        view: View | Readings,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        stream: int | None = None,
        at_least: int = 3,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> list[StreamFrame]:
        """Reads the streams of a view until each gave ``at_least`` frames, or until the site's ``first_frame_s`` is
        over, and returns the frames: stream by stream, in their order.

        A frame has ``number``, ``stream``, ``channels``, ``rows``, ``values``, ``begin``, ``delay``, ``lowest``,
        ``highest``, ``mean``, ``size``, ``job_number``. With an operator, the numbers of the frames are checked.

        | ${frames} =    Get Frames    ${view}    stream=2    at_least=5
        | Get Frames    ${view}    contains    2    stream=0
        """
        read = _reader(view, stream, at_least)
        frames: list[StreamFrame] = checked(
            _what("Frames", view, stream), lambda: _frames(read()), operator, expected, message, within, during
        )
        return frames

    @keyword(tags=_GETTER, types=_TYPES)
    def get_frame_count(
        self,
        view: View | Readings,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        stream: int | None = None,
        at_least: int = 3,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> int:
        """Returns how many frames came, read as in `Get Frames`.

        | Get Frame Count    ${view}    >=    3    stream=0
        """
        read = _reader(view, stream, at_least)
        what = _what("Number of frames", view, stream)
        count: int = checked(what, lambda: len(_frames(read())), operator, expected, message, within, during)
        return count

    @keyword(tags=_GETTER, types=_TYPES | {"field": str})
    def get_frame_field(
        self,
        view: View | Readings,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        stream: int | None = None,
        at_least: int = 3,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns a field of each frame, read as in `Get Frames`; of one frame its value.

        Fields are those of `Get Frames`. What is expected is expected of each frame.

        | ${mapped} =    Get Mapped Channels    ${view}    stream=2
        | Get Frame Field    ${view}    channels    ==    ${mapped}    stream=2
        """
        read = _reader(view, stream, at_least)
        what = _what(f"{field} of the frames", view, stream)
        return checked(
            what, lambda: field_of(_frames(read()), "frame", field), operator, expected, message, within, during
        )

    @keyword(tags=_GETTER, types=_TYPES | {"field": str})
    def get_stream_field(
        self,
        view: View | Readings,
        field: str,
        operator: AssertionOperator | None = None,
        expected: Any = None,
        message: str | None = None,
        *,
        stream: int | None = None,
        at_least: int = 3,
        within: timedelta | None = None,
        during: timedelta | None = None,
    ) -> Any:
        """Returns what each stream gave, read as in `Get Frames`; of one stream its value.

        ``field`` is one of ``channels``, ``frames``, ``rows``, ``rows_a_second``, ``bytes_a_second``, ``bytes_a_row``,
        ``lowest``, ``highest``, ``mean``, ``seconds``, ``ended``, ``stopped_by``. What is expected is expected of each
        stream. Rates are of a few frames; `Measure Streams Of View` reads for longer.

        | Get Stream Field    ${view}    lowest    >=    0
        | ${readings} =    Read Streams Of View To Their End    ${other}
        | Get Stream Field    ${readings}    rows    >    0    stream=0
        """
        read = _reader(view, stream, at_least)
        what = _what(field, view, stream)

        def streams() -> list[StreamStatistics]:
            return [statistics.of(reading) for reading in read()]

        return checked(what, lambda: field_of(streams(), "stream", field), operator, expected, message, within, during)


def _frames(readings: Readings) -> list[StreamFrame]:
    return [frame for reading in readings for frame in statistics.frames_of(reading)]


def _reader(view: View | Readings, stream: int | None, at_least: int) -> Callable[[], Readings]:
    demands.at_least(1, at_least=at_least)
    if isinstance(view, View):
        streams = [*range(view.answer.stream_amount)]
    else:
        demands.some("reading of a stream", view)
        streams = [reading.stream for reading in view]
    if stream is not None and stream not in streams:
        raise BenchError(f"Stream {stream} was not opened; there are {', '.join(map(str, streams))}.")
    wanted = streams if stream is None else [stream]
    if not isinstance(view, View):
        return lambda: Readings(reading for reading in view if reading.stream in wanted)
    target = stream_client.address(view.answer.stream_url, view.answer.stream_port)

    def read() -> Readings:
        timeout = site_data.site().timings.first_frame_s
        return Readings(stream_client.read_streams(target, wanted, timeout=timeout, at_least=at_least))

    return read


def _what(quantity: str, view: View | Readings, stream: int | None) -> str:
    place = "the streams" if stream is None else f"stream {stream}"
    return f"{quantity} of {place}" + (f" of the {view}" if isinstance(view, View) else "")
