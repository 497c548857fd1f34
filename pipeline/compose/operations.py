"""Operations of the site as words of the tests: a function each, in the table at the end. A new area adds its own.

A function gets a request with its answer and what the recording knows so far; it returns the steps that do the same,
or None where no word does: then the request is written as a raw one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from pipeline.compose.recorded import Recorded, lasting
from pipeline.compose.suite_text import Step, cell

VIEW_TYPES = {0: "MultiChannel", 1: "SingleChannel", 2: "Waterfall"}
ALERT_CLASSES = {103: "SC", 104: "SD"}
SEVERITIES = {1: "low", 2: "medium", 3: "high"}
# Members of the body of a view: the words' argument, and how its value is written.
_ARGUMENTS = {
    "channels": "channels",
    "nfftSelection": "nfft",
    "frequencyRange": "frequency",
    "displayTimeAxisDuration": "duration",
    "displayInfo": "height",
}
_WRITTEN: dict[str, Callable[[Any], str]] = {
    "channels": lambda value: f"{value['min']}-{value['max']}",
    "nfftSelection": str,
    "frequencyRange": lambda value: f"{value['min']}-{value['max']} Hz",
    "displayTimeAxisDuration": str,
    "displayInfo": lambda value: str(value["height"]),
}
_OPTIONAL = ("nfftSelection", "frequencyRange", "displayTimeAxisDuration")


@dataclass
class Names:
    """Variables of the draft: that of each open view, by its job; `used` are libraries that need an interface."""

    views: dict[str, str] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    count: int = 0

    def new_view(self, job_id: str) -> str:
        self.count += 1
        self.views[job_id] = f"${{view{self.count if self.count > 1 else ''}}}"
        return self.views[job_id]


Operation = Callable[[Recorded, Names, re.Match[str]], "list[Step] | None"]


def open_view(one: Recorded, names: Names, _: re.Match[str]) -> list[Step] | None:
    arguments = view_arguments(one.body)
    if arguments is None:
        return None
    if one.status == HTTPStatus.BAD_REQUEST:
        return _refused_view(one, arguments)
    if one.status != HTTPStatus.OK or not isinstance(one.answer, dict) or "job_id" not in one.answer:
        return None
    view = names.new_view(str(one.answer["job_id"]))
    asked = [f"{name}={value}" for name, value in arguments.items()]
    left_out = [name for name in _OPTIONAL if name not in one.body and one.body.get("view_type") in (0, 1)]
    comment = f"{', '.join(left_out)} was left out; the word sends the site's usual value." if left_out else ""
    steps = []
    if one.body.get("start_time") is not None:
        seconds = one.body["end_time"] - one.body["start_time"]
        steps.append(Step(["${recording} =", "Find A Recording", f"at_least={seconds} s"]))
        steps.append(Step([f"{view} =", "Open Historic View", "${recording}", *asked], comment))
    else:
        steps.append(Step([f"{view} =", "Open Live View", *asked], comment))
    steps.append(Step(["View Should Answer What Was Asked", view]))
    for name in ("channel_amount", "stream_amount", "frequencies_amount"):
        if isinstance(one.answer.get(name), int):
            steps.append(Step(["Get View Field", view, name, "==", str(one.answer[name])]))
    return steps


def view_arguments(body: Any) -> dict[str, str] | None:
    """The words for the body of a view; None for one that they cannot write."""
    if not isinstance(body, dict) or body.get("view_type") not in VIEW_TYPES:
        return None
    window = [body.get("start_time"), body.get("end_time")]
    given = {key: value for key, value in body.items() if key in _ARGUMENTS and value is not None}
    if not {"channels", "displayInfo"} <= set(given) or (window != [None, None] and not all(map(is_whole, window))):
        return None
    kind = VIEW_TYPES[body["view_type"]]
    if kind == "Waterfall" and (given.pop("nfftSelection", 1) != 1 or not given.keys().isdisjoint(_OPTIONAL)):
        return None
    arguments = changed_arguments(given)
    if arguments is None or not all(re.fullmatch(r"[\w .-]+", value) for value in arguments.values()):
        return None
    return arguments | ({} if kind == "MultiChannel" else {"view_type": kind})


def is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _refused_view(one: Recorded, arguments: dict[str, str]) -> list[Step] | None:
    if not isinstance(one.answer, dict) or not {"field", "error"} <= set(one.answer) or one.body.get("start_time"):
        return None
    if one.answer["field"] == "displayTimeAxisDuration":
        return None  # the word sends the site's usual one
    arguments.pop("duration", None)
    asked = [f"{name}={value}" for name, value in arguments.items()]
    reason = cell(str(one.answer["error"]))
    return [Step(["View Should Be Refused", *asked, f"field={one.answer['field']}", f"because={reason}"])]


def view_state(one: Recorded, names: Names, match: re.Match[str]) -> list[Step] | None:
    view = names.views[match["job"]]
    state = one.answer.get("status") if isinstance(one.answer, dict) else None
    lives = one.status == HTTPStatus.OK and state in ("waiting", "running")
    return [Step(["View Should Be Running", view])] if lives else None


def view_metadata(one: Recorded, names: Names, match: re.Match[str]) -> list[Step] | None:
    return (
        [Step(["Metadata Should Match The View", names.views[match["job"]]])] if one.status == HTTPStatus.OK else None
    )


def waterfall(one: Recorded, names: Names, match: re.Match[str]) -> list[Step] | None:
    if one.status not in (HTTPStatus.OK, HTTPStatus.CREATED):
        return None
    return [Step(["Waterfall Should Hold As Many Rows As Asked For", names.views[match["job"]], match["rows"]])]


def change_view(one: Recorded, names: Names, match: re.Match[str]) -> list[Step] | None:
    by_task = "job" not in match.groupdict()
    body = one.body if isinstance(one.body, dict) else {}
    view = names.views.get(str(body.get("task_id") if by_task else match["job"]))
    asked = {key: value for key, value in body.items() if key != "task_id"}
    if view is None:
        return None
    if one.status == HTTPStatus.BAD_REQUEST and isinstance(one.answer, dict) and not by_task:
        named = [f"field={one.answer.get('field', '')}", f"because={cell(str(one.answer.get('error', '')))}"]
        return [Step(["Change Should Be Refused", view, cell(json.dumps(asked)), *named, "status=400"])]
    way = ["by=config_task"] if by_task else []
    roi = asked.get("roi")
    if one.status == HTTPStatus.OK and set(asked) == {"roi"} and isinstance(roi, list) and len(roi) == 2:
        shown = Step(["View Should Show Channels", view, f"{max(1, roi[0])}-{roi[1]}"])
        return [Step([f"{view} =", "Change ROI", view, f"channels={roi[0]}-{roi[1]}", *way]), shown]
    arguments = changed_arguments(asked)
    if one.status != HTTPStatus.OK or not arguments:
        return None
    changed = [f"{name}={value}" for name, value in arguments.items()]
    return [Step([f"{view} =", "Change View", view, *changed, *way]), Step(["Metadata Should Match The View", view])]


def changed_arguments(asked: dict[str, Any]) -> dict[str, str] | None:
    """The words for what a change names; None where they cannot write it."""
    try:
        written = {key: _WRITTEN[key](value) for key, value in asked.items()}
    except (KeyError, TypeError):
        return None
    return {argument: written[key] for key, argument in _ARGUMENTS.items() if key in written}


def close_view(one: Recorded, names: Names, match: re.Match[str]) -> list[Step] | None:
    if one.status != HTTPStatus.OK:
        return None
    names.closed.add(match["job"])
    return [Step(["Close View", names.views[match["job"]]])]


def liveness(one: Recorded, _names: Names, _: re.Match[str]) -> list[Step] | None:
    return [Step(["Focus Server Should Answer"])] if one.status == HTTPStatus.OK else None


def reading(one: Recorded, _names: Names, _: re.Match[str]) -> list[Step] | None:
    return raw(one)


def login(_one: Recorded, _names: Names, _: re.Match[str]) -> list[Step] | None:
    """The words log in themselves."""
    return []


def recordings(one: Recorded, names: Names, _: re.Match[str]) -> list[Step] | None:
    """Times are other ones next time: the list of a day is compared with what MongoDB holds."""
    if one.status != HTTPStatus.OK:
        return None
    names.used.add("RecordingLibrary")
    window = "the last day" if one.answer else "before all recordings"
    return [
        Step(["Recordings Should Be Listed As MongoDB Holds Them", window], "The window of the request was another.")
    ]


def timeline(one: Recorded, names: Names, _: re.Match[str]) -> list[Step] | None:
    names.used.add("RecordingLibrary")
    return [Step(["Timeline Should Name Each Recording"])] if one.status == HTTPStatus.OK else None


def send_alert(one: Recorded, names: Names, _: re.Match[str]) -> list[Step] | None:
    body = one.body if isinstance(one.body, dict) else {}
    alert_class, severity = ALERT_CLASSES.get(body.get("classId", 0)), SEVERITIES.get(body.get("severity", 0))
    if one.status != HTTPStatus.CREATED or not alert_class or not severity:
        return None
    names.used.add("AlertLibrary")
    amount = [] if body.get("alertsAmount") == 1 else [f"amount={body.get('alertsAmount')}"]
    return [Step(["Alert Should Reach The Operator", alert_class, severity, f"{body.get('dofM')} m", *amount])]


def raw(one: Recorded, comment: str = "") -> list[Step]:
    """The request as it was sent, and checks of what was seen of its answer."""
    body = [] if one.body is None else [cell(one.body if isinstance(one.body, str) else json.dumps(one.body))]
    content = one.content_type.partition(";")[0].strip()
    steps = [
        Step(["${answer} =", "Ask Focus Server", one.method, cell(one.path), *body], comment),
        Step(["Answer Should Be", "${answer}", str(one.status), *([] if content == "application/json" else [content])]),
    ]
    if one.status < HTTPStatus.BAD_REQUEST:
        seen = [[name, value] for name, value in lasting(one.answer)]
    else:
        seen = [["error", str(one.answer["error"])]] if isinstance(one.answer, dict) and "error" in one.answer else []
    return steps + [Step(["Get Answer Field", "${answer}", name, "==", cell(value)]) for name, value in seen]


JOB = r"(?P<job>[1-9]\d*-[1-9]\d*)"
# Door, method, path (a pattern for all of it but the query), and what writes it in words.
OPERATIONS: list[tuple[str, str, str, Operation]] = [
    ("rest", "POST", "/configure", open_view),
    ("rest", "GET", f"/ack/{JOB}", view_state),
    ("rest", "GET", f"/metadata/{JOB}", view_metadata),
    ("rest", "GET", rf"/waterfall/{JOB}/(?P<rows>\d+)", waterfall),
    ("rest", "POST", f"/config/{JOB}", change_view),
    ("rest", "POST", "/config_task", change_view),
    ("rest", "DELETE", f"/job/{JOB}", close_view),
    ("rest", "GET", "/ack", liveness),
    ("rest", "GET", "/(channels|sensors|live_metadata|health)", reading),
    ("rest", "POST", "/recordings_in_time_range", recordings),
    ("rest", "GET", "/get_recordings_timeline", timeline),
    ("webapp", "POST", ".*/auth/(login|refresh|logout)", login),
    ("webapp", "GET", ".*/login-configuration", login),
    ("webapp", "POST", ".*/push-to-rabbit", send_alert),
]
