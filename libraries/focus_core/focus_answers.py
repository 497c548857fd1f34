"""What a view asks for, what the server answers, and whether the two agree.

Rules: an answer's calculated fields follow the deployed server's formulas. Step = PRR / (NFFT + 1); as many bins as
whole steps fit below the highest frequency, less those below the lowest; one row lasts display time / height; a
multichannel view has up to three contiguous groups of channels of equal size (the last may be smaller).
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from focus_core.focus_client import Exchange

JOB_ID = re.compile(r"\d+-\d+")
STREAM_GROUPS = 3
# Frequencies and row times are floats that went through JSON.
RELATIVE_TOLERANCE = 1e-6


class ViewType(IntEnum):
    """The kinds of view, as the server numbers them."""

    MultiChannel = 0
    SingleChannel = 1
    Waterfall = 2


@dataclass(frozen=True)
class ViewRequest:
    """What a view asks for. Channels first-last, frequency in Hz, duration in seconds, window in epoch seconds.

    A waterfall has neither frequency nor duration, and NFFT 1. ``window`` is None for a live view.
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
            body["displayTimeAxisDuration"] = _plain(self.duration)
        if self.frequency is not None:
            body["frequencyRange"] = {"min": _plain(self.frequency[0]), "max": _plain(self.frequency[1])}
        return body

    @property
    def channel_count(self) -> int:
        """Both ends are included."""
        return self.channels[1] - self.channels[0] + 1

    def frequencies(self, prr: float) -> list[float]:
        """The bins in Hz that the answer must list; ``prr`` is the pulse repetition rate in Hz."""
        if self.frequency is None:
            raise ValueError("a waterfall view has no spectrum")
        step = prr / (self.nfft + 1)
        low, high = self.frequency
        return [index * step for index in range(math.floor(high / step)) if index * step >= low]

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
    """The 200 answer to POST /configure, with types as the contract has them."""

    job_id: str
    stream_amount: int
    stream_port: int
    stream_url: str
    # Not shown: it stands in the log at a fold already.
    raw: Mapping[str, Any] = field(repr=False)


def read_answer(raw: Any) -> ViewAnswer:
    """What is needed to go on with a view. Raises ``AssertionError`` when the answer lacks it.

    Whether every value has its type and follows from the request is the question of ``problems_of_answer``.
    """
    try:
        return ViewAnswer(
            str(raw["job_id"]), int(raw["stream_amount"]), int(raw["stream_port"]), str(raw["stream_url"]), raw
        )
    except (TypeError, ValueError, KeyError) as error:
        raise AssertionError(f"The answer to /configure does not lead to a stream ({error!r}): {raw!r:.300}") from None


def problems_of_answer(request: ViewRequest, raw: Mapping[str, Any], prr: float) -> list[str]:
    """Every field of an answer that is missing, has another type, or does not follow from the request."""
    problems = {
        name: f"{name} is {raw[name]!r:.80} ({type(raw[name]).__name__}) instead of {wanted}"
        if name in raw
        else f"{name} is missing"
        for name, kinds, wanted in _FIELDS
        if name not in raw or not isinstance(raw[name], kinds) or isinstance(raw[name], bool)
    }
    checks: tuple[tuple[set[str], Callable[[], list[str]]], ...] = (
        ({"status", "job_id", "view_type"}, lambda: _identity_problems(request, raw)),
        ({"stream_port", "stream_url"}, lambda: _address_problems(raw)),
        ({"channel_amount", "stream_amount", "channel_to_stream_index"}, lambda: _channel_problems(request, raw)),
        ({"frequencies_list", "frequencies_amount"}, lambda: _frequency_problems(request, raw, prr)),
        ({"lines_dt"}, lambda: _row_problems(request, raw)),
    )
    # Values are compared only where the types allow it.
    values = [problem for fields, check in checks if not fields & problems.keys() for problem in check()]
    return [*problems.values(), *values]


def problems_of_metadata(request: ViewRequest, raw: Mapping[str, Any], answer: Mapping[str, Any]) -> list[str]:
    """Every value of GET /metadata/{id} that differs from the configure answer or from the request."""
    repeated = [
        f"{name} is {raw.get(name)!r:.120}, the view was answered with {value!r:.120}"
        for name, value in answer.items()
        if raw.get(name) != value
    ]
    asked = request.body()
    wanted: dict[str, Any] = {
        "nfft": request.nfft,
        "channels": asked["channels"],
        "timeStatus": "Historic" if request.window else "Live",
    }
    if request.frequency:
        wanted["frequencyRange"] = asked["frequencyRange"]
    differing = [_differs(name, raw.get(name), value) for name, value in wanted.items() if raw.get(name) != value]
    return [*differing, *repeated]


_FIELDS: tuple[tuple[str, type | tuple[type, ...], str], ...] = (
    ("status", str, "a string"),
    ("job_id", str, "a string"),
    ("frequencies_list", list, "a list of Hz"),
    ("frequencies_amount", int, "an integer"),
    ("lines_dt", (int, float), "seconds"),
    ("channel_to_stream_index", dict, "an object"),
    ("channel_amount", int, "an integer"),
    ("stream_amount", int, "an integer"),
    ("stream_port", int, "an integer"),
    ("stream_url", str, "a string"),
    ("view_type", int, "an integer"),
    ("metadata", dict, "an object"),
)


def _identity_problems(request: ViewRequest, raw: Mapping[str, Any]) -> list[str]:
    problems = []
    if raw["status"] != "success":
        problems.append(_differs("status", raw["status"], "success"))
    if not JOB_ID.fullmatch(raw["job_id"]):
        problems.append(f"job_id is {raw['job_id']!r}, expected slot and number such as '7-1729'")
    if raw["view_type"] != request.view_type:
        problems.append(_differs("view_type", raw["view_type"], int(request.view_type)))
    return problems


def _address_problems(raw: Mapping[str, Any]) -> list[str]:
    problems = []
    if not 1 <= raw["stream_port"] <= 65535:
        problems.append(f"stream_port is {raw['stream_port']}, expected 1-65535")
    if not raw["stream_url"].startswith(("http://", "https://")):
        problems.append(f"stream_url is {raw['stream_url']!r}, expected the URL of the stream's host")
    return problems


def _channel_problems(request: ViewRequest, raw: Mapping[str, Any]) -> list[str]:
    wanted = request.streams()
    problems = []
    if raw["channel_amount"] != request.channel_count:
        problems.append(_differs("channel_amount", raw["channel_amount"], request.channel_count))
    if raw["stream_amount"] != len(set(wanted.values())):
        problems.append(_differs("stream_amount", raw["stream_amount"], len(set(wanted.values()))))
    mapping = raw["channel_to_stream_index"]
    if list(mapping) != [str(channel) for channel in wanted]:
        missing = [channel for channel in wanted if str(channel) not in mapping]
        foreign = [channel for channel in mapping if channel not in {str(known) for known in wanted}]
        problems.append(
            f"channel_to_stream_index does not list the channels asked for in order "
            f"(missing {missing[:5]}, not asked for {foreign[:5]})"
        )
    wrong = [name for name, stream in mapping.items() if name.isdigit() and wanted.get(int(name), stream) != stream]
    if wrong:
        expected = wanted[int(wrong[0])]
        problems.append(f"channel {wrong[0]} is in stream {mapping[wrong[0]]!r}, expected {expected}")
    return problems


def _frequency_problems(request: ViewRequest, raw: Mapping[str, Any], prr: float) -> list[str]:
    listed = raw["frequencies_list"]
    problems = []
    if raw["frequencies_amount"] != len(listed):
        problems.append(f"frequencies_amount is {raw['frequencies_amount']}, but the list has {len(listed)}")
    if request.frequency is None:
        return problems
    wanted = request.frequencies(prr)
    if len(listed) != len(wanted):
        problems.append(f"frequencies_list has {len(listed)} bins, expected {len(wanted)}")
    for index, (hz, expected) in enumerate(zip(listed, wanted, strict=False)):
        if not isinstance(hz, int | float) or not math.isclose(hz, expected, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-6):
            problems.append(f"frequency {index} is {hz!r} Hz, expected {expected:.4f} Hz")
            break
    return problems


def _row_problems(request: ViewRequest, raw: Mapping[str, Any]) -> list[str]:
    if request.duration is None:
        return [] if raw["lines_dt"] > 0 else [f"lines_dt is {raw['lines_dt']} s, expected more than 0"]
    wanted = request.duration / request.height
    if math.isclose(raw["lines_dt"], wanted, rel_tol=RELATIVE_TOLERANCE):
        return []
    return [f"lines_dt is {raw['lines_dt']} s, expected {wanted:g} s (display time / height)"]


def _differs(name: str, seen: object, expected: object) -> str:
    return f"{name} is {seen!r}, expected {expected!r}"


def _plain(number: float) -> int | float:
    """Whole numbers as integers: the server takes no 1000.0 for 1000."""
    return int(number) if float(number).is_integer() else number


@dataclass(frozen=True)
class View:
    """An open view: what was asked for and what the server answered."""

    request: ViewRequest
    answer: ViewAnswer
    exchange: Exchange = field(repr=False)

    @property
    def job_id(self) -> str:
        """The id of the view's job."""
        return self.answer.job_id

    def __str__(self) -> str:
        return f"{self.request} (job {self.job_id})"
