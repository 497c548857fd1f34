"""What follows from the answer that opened a view: steps of its frequencies, times and rates, streams.

Values as they were answered, whatever they have to be. Each raises ``AssertionError`` where the answer cannot give it.
"""

import itertools
from collections.abc import Callable
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.quantities import Hertz, Percent, Seconds
from focus_core.base.words import ChannelRange
from focus_core.views.view import View


def frequencies(view: View) -> list[float]:
    """The frequencies that the view lists, in Hz."""
    listed = view.answer.raw.get("frequencies_list")
    if not isinstance(listed, list) or not listed or not all(type(hz) in (int, float) for hz in listed):
        raise AssertionError(f"frequencies_list of the {view} is {listed!r:.80} instead of a list of Hz.")
    return listed


def steps(view: View) -> list[float]:
    """The step from each frequency to the next, in Hz."""
    listed = frequencies(view)
    if len(listed) < 2:
        raise AssertionError(f"The {view} lists {listed!r:.80} as its frequencies; a step needs two.")
    return [later - earlier for earlier, later in itertools.pairwise(listed)]


def step(view: View) -> Hertz:
    """The step between the first two frequencies."""
    first = steps(view)[0]
    if first == 0:
        raise AssertionError(f"The {view} lists {frequencies(view)!r:.80} as its frequencies; a step needs two.")
    return Hertz(first)


def step_deviation(view: View) -> Percent:
    """How far the step that is farthest from the mean step is off, in percent of the mean."""
    found = steps(view)
    mean = sum(found) / len(found)
    if mean <= 0:
        raise AssertionError(f"The frequencies of the {view} do not rise: {frequencies(view)!r:.80}.")
    return Percent(100 * max(abs(one - mean) for one in found) / mean)


def row_seconds(view: View) -> Seconds:
    """How long a row lasts, ``lines_dt``."""
    seconds = view.answer.raw.get("lines_dt")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        raise AssertionError(f"lines_dt of the {view} is {seconds!r} instead of seconds above 0.")
    return Seconds(seconds)


def rows_in_display_time(view: View) -> float:
    """How many rows fill the display time that was asked for."""
    if view.request.duration is None:
        raise BenchError(f"The {view} was asked for without a display time; only other views have rows in one.")
    return view.request.duration / row_seconds(view)


def mapping(view: View) -> dict[str, Any]:
    """The stream of each channel, as the view was answered."""
    mapped = view.answer.raw.get("channel_to_stream_index")
    if not isinstance(mapped, dict):
        raise AssertionError(f"channel_to_stream_index of the {view} is {mapped!r:.80} instead of an object.")
    return mapped


def mapped_channels(view: View, stream: int | None = None) -> ChannelRange | str:
    """The channels that the answer mapped to a stream, or to any."""
    channels = [channel for channel, index in mapping(view).items() if stream is None or index == stream]
    if not channels:
        raise AssertionError(f"The answer of the {view} maps no channel to stream {stream}.")
    return as_range(channels)


def as_range(channels: list[Any]) -> ChannelRange | str:
    """Channels that follow each other as a range, others as they are: "1, 3, 5"."""
    texts = [str(channel) for channel in channels]
    if texts and texts[0].isdecimal():
        first = int(texts[0])
        if texts == [str(channel) for channel in range(first, first + len(texts))]:
            return ChannelRange(first, first + len(texts) - 1)
    return ", ".join(texts)


QUANTITIES: dict[str, Callable[[View], Any]] = {
    "frequency_count": lambda view: len(frequencies(view)),
    "first_frequency": lambda view: Hertz(frequencies(view)[0]),
    "last_frequency": lambda view: Hertz(frequencies(view)[-1]),
    "frequency_step": step,
    "step_deviation": step_deviation,
    "transform_seconds": lambda view: Seconds(1 / step(view)),
    "transform_overlap": lambda view: Percent(100 * (1 - row_seconds(view) * step(view))),
    "row_seconds": row_seconds,
    "rows_a_second": lambda view: 1 / row_seconds(view),
    "rows_in_display_time": rows_in_display_time,
    "stream_count": lambda view: len(set(mapping(view).values())),
    "mapped_channels": mapped_channels,
}
