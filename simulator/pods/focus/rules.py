"""What a well-formed request must mean: the site's limits. Each broken rule becomes one violation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from simulator import defects
from simulator.pods.analyzer.calculations import DEFAULT_DURATION_S, MULTICHANNEL, PRR, SINGLECHANNEL, WATERFALL
from simulator.pods.focus.errors import ApiError
from simulator.pods.focus.models import ConfigureRequest, TimeRange

FREQUENCY_MAX_HZ = 1000
FREQUENCY_MIN_SPAN_HZ = 1
NFFT_MIN = 128
NFFT_MAX = {SINGLECHANNEL: 65536, MULTICHANNEL: 4096}
HISTORY_WINDOWS = 30
DURATION_MAX_S = 86_400
HEIGHT_MAX = 100_000
# Rows carry times in whole milliseconds; shorter rows would share one.
LINE_MIN_S = 0.001


@dataclass(frozen=True)
class Violation:
    """One broken rule: a sentence for a person, the field of the request, and what is allowed there."""

    error: str
    field: str
    allowed: Any


Rule = Callable[[ConfigureRequest, int, float], Iterator[Violation]]


def violations(request: ConfigureRequest, highest_channel: int, now: float) -> list[Violation]:
    """Return every rule that the request breaks; now is in seconds since the epoch."""
    rules: tuple[Rule, ...] = (_view_type, _display, _nfft, _channels, _frequency, _times)
    return [broken for rule in rules for broken in rule(request, highest_channel, now)]


def _view_type(request: ConfigureRequest, _highest: int, _now: float) -> Iterator[Violation]:
    allowed = [MULTICHANNEL, SINGLECHANNEL, WATERFALL]
    if request.view_type not in allowed and not defects.active("view-type-unchecked"):
        yield Violation(
            "view_type is out of range: use 0 (multichannel), 1 (single channel) or 2 (waterfall); a region of "
            "interest is a change to an open view.",
            "view_type",
            allowed,
        )


def _display(request: ConfigureRequest, _highest: int, _now: float) -> Iterator[Violation]:
    height, duration = request.displayInfo.height, request.displayTimeAxisDuration
    if height <= 0:
        if not defects.active("height-unchecked"):
            yield Violation(
                "displayInfo.height must be a positive number of rows.", "displayInfo.height", [1, HEIGHT_MAX]
            )
    elif height > HEIGHT_MAX:
        yield Violation(
            f"displayInfo.height is above the maximum of {HEIGHT_MAX} rows.", "displayInfo.height", [1, HEIGHT_MAX]
        )
    elif _in_duration_range(duration) and (duration or DEFAULT_DURATION_S) / height < LINE_MIN_S:
        yield Violation(
            "displayInfo.height makes rows shorter than 1 ms: lower it or lengthen displayTimeAxisDuration.",
            "displayInfo.height",
            {"shortest_row_s": LINE_MIN_S},
        )
    if not _in_duration_range(duration):
        yield Violation(
            f"displayTimeAxisDuration must be positive and at most {DURATION_MAX_S} seconds.",
            "displayTimeAxisDuration",
            [1, DURATION_MAX_S],
        )


def _in_duration_range(duration: float | None) -> bool:
    return duration is None or 0 < duration <= DURATION_MAX_S


def _nfft(request: ConfigureRequest, _highest: int, _now: float) -> Iterator[Violation]:
    nfft = request.nfftSelection
    if nfft is None or request.view_type == WATERFALL:
        return
    if defects.active("nfft-unchecked") and 0 < nfft <= 2 * NFFT_MAX[SINGLECHANNEL]:
        return
    maximum = NFFT_MAX.get(request.view_type, NFFT_MAX[MULTICHANNEL])
    allowed = [1 << bit for bit in range(NFFT_MIN.bit_length() - 1, maximum.bit_length())]
    if nfft <= 0 or nfft & (nfft - 1):
        yield Violation(
            f"nfftSelection is invalid: it must be a positive power of 2 from {NFFT_MIN} to {maximum}.",
            "nfftSelection",
            allowed,
        )
    elif nfft not in allowed:
        end = f"above the maximum {maximum}" if nfft > maximum else f"below the minimum {NFFT_MIN}"
        yield Violation(f"nfftSelection is {end} of this view type.", "nfftSelection", allowed)


def _channels(request: ConfigureRequest, highest: int, _now: float) -> Iterator[Violation]:
    low, high = request.channels.min, request.channels.max
    allowed = [1, highest]
    if low < 1 and not (defects.active("negative-channel-accepted") and -highest <= low < 0):
        yield Violation("channels.min is invalid: the lowest channel is 1.", "channels.min", allowed)
    if high > highest:
        yield Violation(f"channels.max is above the maximum channel {highest}.", "channels.max", allowed)
    if high < low:
        yield Violation("channels.max must not be below channels.min.", "channels", allowed)
    elif request.view_type == SINGLECHANNEL and low != high and not defects.active("single-min-ne-max-accepted"):
        yield Violation(
            "A single channel view needs channels.min equal to channels.max.", "channels", "channels.min = channels.max"
        )


def _frequency(request: ConfigureRequest, _highest: int, _now: float) -> Iterator[Violation]:
    if request.frequencyRange is None:
        return
    low, high = request.frequencyRange.min, request.frequencyRange.max
    limit = int(min(FREQUENCY_MAX_HZ, PRR / 2))
    allowed = [0, limit]
    if low < 0 and not (defects.active("negative-frequency-accepted") and -limit <= low):
        yield Violation("frequencyRange.min is invalid: it must not be negative.", "frequencyRange.min", allowed)
    if high > limit and not (defects.active("nyquist-unchecked") and high <= 10 * limit):
        yield Violation(f"frequencyRange.max is above the Nyquist limit of {limit} Hz.", "frequencyRange.max", allowed)
    if high - low < FREQUENCY_MIN_SPAN_HZ:
        yield Violation(
            f"frequencyRange.max must be at least {FREQUENCY_MIN_SPAN_HZ} Hz above frequencyRange.min.",
            "frequencyRange",
            allowed,
        )


def _times(request: ConfigureRequest, _highest: int, now: float) -> Iterator[Violation]:
    start, end = request.start_time, request.end_time
    if start is None and end is None:
        return
    if start is None or end is None:
        if not defects.active("half-range-accepted"):
            yield Violation(
                "The request is ambiguous: set both start_time and end_time for a historic view, or neither for a "
                "live one.",
                "end_time" if end is None else "start_time",
                "both or none",
            )
        return
    if start < 0 or end < 0:
        if not defects.active("negative-time-accepted"):
            yield Violation(
                "start_time and end_time are invalid: seconds since the epoch are not negative.", "start_time", ">= 0"
            )
        return
    if end <= start:
        yield Violation("end_time must be after start_time.", "end_time", "> start_time")
    if (start > now or end > now) and not defects.active("future-time-accepted"):
        yield Violation(
            "The time range is invalid: it lies in the future, where nothing is recorded.", "end_time", "<= now"
        )
    duration = request.displayTimeAxisDuration or DEFAULT_DURATION_S
    if end - start > duration * HISTORY_WINDOWS and not defects.active("long-window-accepted"):
        yield Violation(
            f"The time range is longer than displayTimeAxisDuration x {HISTORY_WINDOWS}: shorten it.",
            "end_time",
            {"longest_window_s": duration * HISTORY_WINDOWS if duration <= DURATION_MAX_S else None},
        )


def refuse(found: list[Violation], channel_field: str = "channels") -> None:
    """Raise ApiError 400 for the first broken rule, with the sentences of all of them.

    channel_field: what the request calls its channels.
    """
    if found:
        text = " ".join(broken.error for broken in found).replace("channels.", f"{channel_field}.")
        field = found[0].field.replace("channels", channel_field)
        raise ApiError(400, text, field=field, allowed=found[0].allowed)


def time_range_violations(request: TimeRange) -> list[Violation]:
    """Return what is wrong with the range of a recordings query."""
    found = []
    if request.start_time < 0:
        found.append(Violation("start_time is invalid: it must not be negative.", "start_time", ">= 0"))
    if request.end_time <= request.start_time:
        found.append(Violation("end_time is invalid: it must be after start_time.", "end_time", "> start_time"))
    return found
