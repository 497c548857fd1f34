"""A stream that is read while its live view is changed."""

import itertools
import math
from collections.abc import Sequence

from focus_core.streams.client import Frame
from focus_core.views.view import View


def problems_of_followed_stream(views: Sequence[View], frames: Sequence[Frame], stream: int) -> list[str]:
    """What is wrong with a stream that was read while its live view was changed into each of ``views``, one by one.

    Its frames show the channels of those views in that order, and no row is missing or comes twice in between. None of
    the changes may be one of the time of a row.
    """
    wanted = [channels_of_stream(view, stream) for view in views]
    shown = ((frame.first_channel, frame.last_channel) for frame in frames)
    seen = [channels for channels, _ in itertools.groupby(shown)]
    found = [] if seen == wanted else [f"it showed channels {_listed(seen)}, expected {_listed(wanted)}"]
    row_ms = views[0].answer.raw["lines_dt"] * 1000
    times = [at for frame in frames for at in frame.times_ms]
    # Times are whole milliseconds.
    found += [
        f"a row of {later} ms follows one of {earlier} ms, a row lasts {row_ms:g} ms"
        for earlier, later in itertools.pairwise(times)
        if not math.floor(row_ms) <= later - earlier <= math.ceil(row_ms)
    ]
    return found


def channels_of_stream(view: View, stream: int) -> tuple[int, int]:
    """First and last channel of one stream of a view."""
    channels = [channel for channel, index in view.request.streams().items() if index == stream]
    return channels[0], channels[-1]


def _listed(ranges: Sequence[tuple[int, int]]) -> str:
    return ", ".join(f"{first}-{last}" for first, last in ranges) or "none"
