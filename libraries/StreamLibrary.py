"""Reads the gRPC streams of a view."""

import itertools
import time

from focus_core import pictures, report, site_data, stream_client
from focus_core.focus_answers import View
from focus_core.stream_client import Frame, StreamReading
from focus_core.verdicts import fail_with
from robot.api import logger
from robot.api.deco import keyword, library

# A live row is young: less than this old, clocks of two machines included.
_YOUNG_S = 60.0


@library(scope="GLOBAL", version="0.1.0", auto_keywords=False)
class StreamLibrary:
    """The streams of a view, as the client reads them: all at once, each on the port that the view was answered with.

    Amplitudes are checked to be finite and not negative; what they show is out of scope.
    """

    @keyword(tags=("Stream",))
    def read_streams_of_view(self, view: View, at_least: int) -> list[StreamReading]:
        """Reads every stream of a view until it gave ``at_least`` frames, or until the budget of the site is over."""
        return self._read(view, at_least=at_least, timeout=site_data.site().timings.first_frame_s)

    @keyword(tags=("Stream",))
    def read_streams_of_view_to_their_end(self, view: View) -> list[StreamReading]:
        """Reads every stream of a historic view until it ends by itself.

        The budget is the site's ``first_frame_s`` and the length of the window: playback is not slower than life.
        """
        start, end = view.request.window or (0, 0)
        return self._read(view, at_least=None, timeout=site_data.site().timings.first_frame_s + end - start)

    @keyword(tags=("Stream", "Assertion"))
    def every_stream_should_have_delivered(self, readings: list[StreamReading], at_least: int) -> None:
        """Fails when a stream gave fewer than ``at_least`` frames; says for each what it gave and how it stopped."""
        silent = [str(reading) for reading in readings if len(reading.frames) < at_least]
        fail_with(f"{len(silent)} of {len(readings)} streams did not deliver {at_least} frames", silent)

    @keyword(tags=("Stream", "Assertion"))
    def every_stream_should_have_ended(self, readings: list[StreamReading]) -> None:
        """Fails when a stream did not end by itself, as that of a historic view has to after its last row."""
        open_streams = [str(reading) for reading in readings if not reading.finished]
        fail_with(f"{len(open_streams)} of {len(readings)} streams did not come to their end", open_streams)

    @keyword(tags=("Stream", "Assertion"))
    def frames_should_fit_the_view(self, readings: list[StreamReading], view: View) -> None:
        """Checks each frame: its stream's channels, its shape, rows in order, times inside the window or young."""
        problems = [
            f"stream {reading.stream}: {problem}"
            for reading in readings
            for problem in [
                *(found for frame in reading.frames for found in _frame_problems(frame, reading.stream, view)),
                *_order_problems(reading),
            ]
        ]
        fail_with(f"Frames of the {view} are wrong", problems)
        self._draw(readings, view)

    def _read(self, view: View, *, at_least: int | None, timeout: float) -> list[StreamReading]:
        target = stream_client.address(view.answer.stream_url, view.answer.stream_port)
        readings = stream_client.read_streams(target, view.answer.stream_amount, timeout=timeout, at_least=at_least)
        for reading in readings:
            logger.info(f"{target} {reading}")
        return readings

    def _draw(self, readings: list[StreamReading], view: View) -> None:
        frames = [reading.frames[0] for reading in readings if reading.frames]
        frequencies = view.answer.raw["frequencies_list"]
        if not frames or len(frequencies) < 2:
            return
        amplitudes = [value for frame in frames for value in frame.amplitudes()]
        bins = len(frequencies)
        means = [sum(amplitudes[index::bins]) * bins / len(amplitudes) for index in range(bins)]
        path = report.new_picture("stream-spectrum")
        pictures.draw_spectrum(path, frequencies, means, f"First frames of the {view}")
        report.log_picture(path)


def _frame_problems(frame: Frame, stream: int, view: View) -> list[str]:
    channels = [channel for channel, index in view.request.streams().items() if index == stream]
    problems = frame.problems()
    if (frame.first_channel, frame.last_channel) != (channels[0], channels[-1]):
        problems.append(
            f"a frame has channels {frame.first_channel}-{frame.last_channel}, expected {channels[0]}-{channels[-1]}"
        )
    width = len(channels) * view.answer.raw["frequencies_amount"]
    if frame.width != width:
        problems.append(f"a row has {frame.width} values, expected {width} (channels x frequencies)")
    return problems + _time_problems(frame, view)


def _time_problems(frame: Frame, view: View) -> list[str]:
    if view.request.window is None:
        age = time.time() - min(frame.times_ms, default=0) / 1000
        return [] if abs(age) < _YOUNG_S else [f"a live row is {age:.0f} s old"]
    start, end = view.request.window
    outside = [at for at in frame.times_ms if not start * 1000 <= at <= end * 1000]
    return [f"a row of {outside[0]} ms lies outside the window {start}-{end} s"] if outside else []


def _order_problems(reading: StreamReading) -> list[str]:
    rows = list(stream_client.rows([reading]))
    indexes = [index for index, _ in rows]
    times = [at for _, at in rows]
    problems = []
    if any(later != earlier + 1 for earlier, later in itertools.pairwise(indexes)):
        problems.append(f"row indexes do not count up by one: {indexes[:8]}")
    if any(later <= earlier for earlier, later in itertools.pairwise(times)):
        problems.append("times of rows do not grow")
    return problems
