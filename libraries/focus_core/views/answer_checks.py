"""Whether the answer to a view agrees with its request, with the site, and with the answers to other views."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from focus_core.base.errors import BenchError
from focus_core.views.view import JOB_ID, View, ViewRequest, number_of, slot_of

# Members that the recorder's part of an answer and GET /live_metadata both have.
SHARED_WITH_LIVE_METADATA = (
    *("dx", "prr", "fiber_start_meters", "fiber_length_meters", "fiber_description"),
    "num_samples_per_trace",
)
# Frequencies and row times are floats that went through JSON.
RELATIVE_TOLERANCE = 1e-6


# What follows from the request alone.
CALCULATED = (
    *("frequencies_list", "frequencies_amount", "lines_dt", "channel_to_stream_index", "channel_amount"),
    *("stream_amount", "view_type"),
)


@dataclass(frozen=True)
class SiteFacts:
    """What an answer has to agree with beside its request.

    ``stream_base_port`` is the port of slot 0, None where the site file has none. ``fibre`` are the live metadata of
    a live view; the recordings of a historic one may be of an older fibre.
    """

    stream_base_port: int | None = None
    fibre: Mapping[str, Any] | None = None


def problems_of_answer(
    request: ViewRequest, raw: Mapping[str, Any], prr: float, facts: SiteFacts | None = None
) -> list[str]:
    """Every field of an answer that is missing, has another type, or does not follow from the request.

    ``prr`` is the pulse repetition rate in Hz; with ``facts`` port and metadata are compared too.
    """
    known = facts or SiteFacts()
    problems = {name: problem for name in FIELDS if (problem := _type_problem(raw, name))}
    checks: tuple[tuple[set[str], Callable[[], list[str]]], ...] = (
        ({"status", "job_id", "view_type"}, lambda: _identity_problems(request, raw)),
        ({"job_id", "stream_port"}, lambda: _port_problems(raw, known.stream_base_port)),
        ({"stream_url"}, lambda: _url_problems(raw["stream_url"])),
        ({"channel_amount", "stream_amount", "channel_to_stream_index"}, lambda: _channel_problems(request, raw)),
        ({"frequencies_list", "frequencies_amount"}, lambda: _frequency_problems(request, raw, prr)),
        ({"lines_dt"}, lambda: _row_problems(request, raw)),
        ({"metadata"}, lambda: _recorder_problems(raw["metadata"], known.fibre)),
    )
    # Values are compared only where the types allow it.
    values = [problem for fields, check in checks if not fields & problems.keys() for problem in check()]
    return [*problems.values(), *values]


def field_of(raw: Mapping[str, Any], name: str) -> Any:
    """One field of an answer. Raises ``AssertionError`` when it is missing or of another type than the contract's."""
    if name not in FIELDS:
        raise BenchError(f"The answer of a view has no field '{name}'; its fields are {', '.join(FIELDS)}.")
    problem = _type_problem(raw, name)
    if problem:
        raise AssertionError(f"{problem}.")
    return raw[name]


def problems_between(views: Sequence[View]) -> list[str]:
    """What views have in common that each must have of its own, and where they disagree about the site."""
    problems = []
    own: dict[str, list[str | int]] = {
        "job id": [view.job_id for view in views],
        "job number": [number_of(view.job_id) for view in views],
        "slot": [slot_of(view.job_id) for view in views],
        "port": [view.answer.stream_port for view in views],
    }
    for name, values in own.items():
        shared = sorted({value for value in values if values.count(value) > 1}, key=str)
        if shared:
            problems.append(f"{name} {', '.join(map(str, shared))} was given to more than one view")
    bases = {view.answer.stream_port - slot_of(view.job_id) for view in views}
    if len(bases) > 1:
        pairs = ", ".join(f"{view.job_id}: {view.answer.stream_port}" for view in views)
        problems.append(f"ports do not keep step with the slots ({pairs})")
    hosts = {view.answer.stream_url for view in views}
    if len(hosts) > 1:
        problems.append(f"streams are on different hosts: {', '.join(sorted(hosts))}")
    return problems


FIELDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "status": (str, "a string"),
    "job_id": (str, "a string"),
    "frequencies_list": (list, "a list of Hz"),
    "frequencies_amount": (int, "an integer"),
    "lines_dt": ((int, float), "seconds"),
    "channel_to_stream_index": (dict, "an object"),
    "channel_amount": (int, "an integer"),
    "stream_amount": (int, "an integer"),
    "stream_port": (int, "an integer"),
    "stream_url": (str, "a string"),
    "view_type": (int, "an integer"),
    "metadata": (dict, "an object"),
}


def _type_problem(raw: Mapping[str, Any], name: str) -> str:
    kinds, wanted = FIELDS[name]
    if name not in raw:
        return f"{name} is missing"
    if not isinstance(raw[name], kinds) or isinstance(raw[name], bool):
        return f"{name} is {raw[name]!r:.80} ({type(raw[name]).__name__}) instead of {wanted}"
    return ""


def _identity_problems(request: ViewRequest, raw: Mapping[str, Any]) -> list[str]:
    problems = []
    if raw["status"] != "success":
        problems.append(_differs("status", raw["status"], "success"))
    if not JOB_ID.fullmatch(raw["job_id"]):
        problems.append(f"job_id is {raw['job_id']!r}, expected slot and number such as '7-1729'")
    if raw["view_type"] != request.view_type:
        problems.append(_differs("view_type", raw["view_type"], int(request.view_type)))
    return problems


def _port_problems(raw: Mapping[str, Any], base_port: int | None) -> list[str]:
    port = raw["stream_port"]
    if not 1 <= port <= 65535:
        return [f"stream_port is {port}, expected 1-65535"]
    if base_port is None or not JOB_ID.fullmatch(raw["job_id"]):
        return []
    wanted = base_port + slot_of(raw["job_id"])
    return [] if port == wanted else [f"stream_port is {port}, expected {wanted} for job {raw['job_id']}"]


def _url_problems(url: str) -> list[str]:
    parts = urlsplit(url)
    if parts.scheme in ("http", "https") and parts.hostname and url == f"{parts.scheme}://{parts.netloc}":
        return []
    return [f"stream_url is {url!r}, expected the URL of the stream's host"]


def _recorder_problems(raw: Mapping[str, Any], fibre: Mapping[str, Any] | None) -> list[str]:
    """Values of the recorder's metadata; which members there are, and of which type, is a question of shape."""
    parent = raw.get("parent")
    if not isinstance(parent, Mapping):
        return ["metadata.parent is not an object"]
    problems = [
        _differs(f"metadata.{name}", seen, wanted)
        for name, seen, wanted in (
            ("layer_type", raw.get("layer_type"), "smart_recorder"),
            ("parent.layer_type", parent.get("layer_type"), "prp2_recording"),
        )
        if seen != wanted
    ]
    from zoneinfo import available_timezones  # slow to load

    if parent.get("recording_timezone") not in available_timezones():
        problems.append(f"metadata.parent.recording_timezone is {parent.get('recording_timezone')!r}, no time zone")
    problems += [
        f"metadata.parent.{name} is {parent.get(name)!r}, the live metadata say {fibre[name]!r}"
        for name in SHARED_WITH_LIVE_METADATA
        if fibre is not None and name in fibre and parent.get(name) != fibre[name]
    ]
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
    # A bool equals a number here and is none.
    wrong = [
        name
        for name, stream in mapping.items()
        if name.isdecimal() and (isinstance(stream, bool) or wanted.get(int(name), stream) != stream)
    ]
    if wrong:
        expected = wanted[int(wrong[0])]
        problems.append(f"channel {wrong[0]} is in stream {mapping[wrong[0]]!r}, expected {expected}")
    return problems


def _frequency_problems(request: ViewRequest, raw: Mapping[str, Any], prr: float) -> list[str]:
    listed = raw["frequencies_list"]
    problems = []
    if raw["frequencies_amount"] != len(listed):
        problems.append(
            f"frequencies_amount is {raw['frequencies_amount']}, expected {len(listed)} (the length of the list)"
        )
    wanted = request.frequencies(prr)
    if len(listed) != len(wanted):
        problems.append(f"frequencies_list has {len(listed)} bins, expected {len(wanted)}")
    for index, (hz, expected) in enumerate(zip(listed, wanted, strict=False)):
        if not isinstance(hz, int | float) or not math.isclose(hz, expected, rel_tol=RELATIVE_TOLERANCE, abs_tol=1e-6):
            problems.append(f"frequency {index} is {hz!r} Hz, expected {expected:.4f} Hz")
            break
    return problems


def _row_problems(request: ViewRequest, raw: Mapping[str, Any]) -> list[str]:
    if math.isclose(raw["lines_dt"], request.row_seconds, rel_tol=RELATIVE_TOLERANCE):
        return []
    return [f"lines_dt is {raw['lines_dt']} s, expected {request.row_seconds:g} s (display time / height)"]


def _differs(name: str, seen: object, expected: object) -> str:
    return f"{name} is {seen!r}, expected {expected!r}"
