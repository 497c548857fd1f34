"""What a view asks for and what the server answers.

Rules (site contract 0.10, 2.5, 2.6): the deployed server's formulas. Step = PRR / (NFFT + 1); as many bins as whole
steps fit below the highest frequency, less those below the lowest, but always one; one row lasts display time / height;
a multichannel view has up to three contiguous groups of channels of equal size (the last may be smaller). A waterfall
has the one bin 0 Hz, and its rows share out the client's default window.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from focus_core.base.words import json_number
from focus_core.server.client import Exchange, FocusClient

JOB_ID = re.compile(r"([1-9]\d*)-([1-9]\d*)")
STREAM_GROUPS = 3
# A waterfall asks for no display time: it has that of the client's settings (site contract 2.1, TimeWindow).
WATERFALL_DURATION_S = 30.0


class ViewType(IntEnum):
    """The kinds of view, as the server numbers them."""

    MultiChannel = 0
    SingleChannel = 1
    Waterfall = 2


@dataclass(frozen=True)
class ViewRequest:
    """What a view asks for.

    - ``view_type``: MultiChannel, SingleChannel or Waterfall.
    - ``channels``: first and last.
    - ``nfft``: size of a transform; 1 for a waterfall.
    - ``frequency``: lowest and highest in Hz; none for a waterfall.
    - ``duration``: display time in seconds; none for a waterfall.
    - ``height``: rows of the display.
    - ``window``: start and end of what is played in epoch seconds; none for a live view.
    - ``channel_count``: how many channels, both ends included.
    - ``row_seconds``: how long a row has to last, in seconds.
    """

    view_type: ViewType
    channels: tuple[int, int]
    nfft: int
    frequency: tuple[float, float] | None
    duration: float | None
    height: int
    window: tuple[int, int] | None = None

    def body(self) -> dict[str, Any]:
        """The body of POST /configure."""
        body: dict[str, Any] = {
            "nfftSelection": self.nfft,
            "displayInfo": {"height": self.height},
            "channels": {"min": self.channels[0], "max": self.channels[1]},
            "view_type": int(self.view_type),
            "start_time": self.window[0] if self.window else None,
            "end_time": self.window[1] if self.window else None,
        }
        if self.duration is not None:
            body["displayTimeAxisDuration"] = json_number(self.duration)
        if self.frequency is not None:
            body["frequencyRange"] = {"min": json_number(self.frequency[0]), "max": json_number(self.frequency[1])}
        return body

    @property
    def channel_count(self) -> int:
        """Both ends are included."""
        return self.channels[1] - self.channels[0] + 1

    def frequencies(self, prr: float) -> list[float]:
        """The bins in Hz that the answer must list; ``prr`` is the pulse repetition rate in Hz."""
        if self.frequency is None:
            return [0.0]
        step = prr / (self.nfft + 1)
        low, high = self.frequency
        inside = [index * step for index in range(math.floor(high / step)) if index * step >= low]
        return inside or [math.floor(low / step) * step]

    @property
    def row_seconds(self) -> float:
        """How long one row lasts (``lines_dt``)."""
        seconds = WATERFALL_DURATION_S if self.duration is None else self.duration
        return seconds / self.height

    def streams(self) -> dict[int, int]:
        """The stream of each channel."""
        groups = 1 if self.view_type is ViewType.SingleChannel else STREAM_GROUPS
        size = math.ceil(self.channel_count / groups)
        first, last = self.channels
        return {channel: (channel - first) // size for channel in range(first, last + 1)}

    def __str__(self) -> str:
        channels = "-".join(str(end) for end in dict.fromkeys(self.channels))
        kind = "Historic" if self.window else "Live"
        return f"{kind} {self.view_type.name} view of channels {channels} with NFFT {self.nfft}"


@dataclass(frozen=True)
class ViewAnswer:
    """The 200 answer to POST /configure, with types as the contract has them.

    - ``job_id``: the id of the view's job.
    - ``stream_amount``: number of its streams.
    - ``stream_port``, ``stream_url``: where they are read.
    - ``raw``: every member of the answer, as it came: ``lines_dt`` (seconds of a row), ``frequencies_list`` (Hz)...;
      `Get View Field` with its name reads one.
    """

    job_id: str
    stream_amount: int
    stream_port: int
    stream_url: str
    # Not shown: it stands in the log at a fold already.
    raw: Mapping[str, Any] = field(repr=False)

    def __str__(self) -> str:
        return f"job {self.job_id} with {self.stream_amount} streams on port {self.stream_port}"


def read_answer(raw: Any) -> ViewAnswer:
    """What is needed to go on with a view. Raises ``AssertionError`` when the answer lacks it.

    Whether every value has its type and follows from the request is checked by ``answer_checks``.
    """
    try:
        answer = ViewAnswer(
            str(raw["job_id"]), int(raw["stream_amount"]), int(raw["stream_port"]), str(raw["stream_url"]), raw
        )
    except (TypeError, ValueError, KeyError) as error:
        raise AssertionError(f"The answer to /configure does not lead to a stream ({error!r}): {raw!r:.300}") from None
    if answer.stream_amount < 1:
        raise AssertionError(f"The answer to /configure has no stream: stream_amount is {answer.stream_amount}.")
    return answer


def slot_of(job_id: str) -> int:
    """The slot that a job id such as ``7-1729`` begins with. Raises ``AssertionError`` for an id of another form."""
    return _job_numbers(job_id)[0]


def number_of(job_id: str) -> int:
    """The number that a job id such as ``7-1729`` ends with. Raises ``AssertionError`` for an id of another form."""
    return _job_numbers(job_id)[1]


def _job_numbers(job_id: str) -> tuple[int, int]:
    match = JOB_ID.fullmatch(job_id)
    if not match:
        raise AssertionError(f"job_id is {job_id!r}, expected slot and number such as '7-1729'.")
    return int(match[1]), int(match[2])


@dataclass(frozen=True)
class View:
    """An open view: what was asked for and what the server answered.

    - ``job_id``: the id of its job, ``slot-number`` such as ``7-1729``.
    - ``request``: what was asked for, a view request.
    - ``answer``: what the server answered, a view answer.
    - ``exchange``: the request as it was sent and the answer as it came, with status, headers and seconds.
    - ``owner``: the client that opened it, where it is another than that of this lane.
    """

    job_id: str = field(init=False)
    request: ViewRequest
    answer: ViewAnswer
    exchange: Exchange = field(repr=False)
    owner: FocusClient | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "job_id", self.answer.job_id)

    def __str__(self) -> str:
        return f"{self.request} (job {self.job_id})"


class ViewOrViews:
    """A view, or several in a list."""


class Views(list[View]):
    """Several open views. ``closed`` once `Close Views` has closed them."""

    closed = False
