"""Changes of an open view: what is sent, and what the view has to be afterwards.

A change is ``POST /config/{id}`` or ``POST /config_task`` (which names the view in its body). Rules: channels, NFFT,
frequencies, display time and height become what was asked for; whatever was not asked for stays as it was. A region
that starts at 0 starts at the first channel: the hardware's numbers start at 0, channels at 1.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from focus_core.base.errors import BenchError
from focus_core.base.words import json_number
from focus_core.server.client import Exchange
from focus_core.site.model import Limits
from focus_core.views import refusals
from focus_core.views.refusals import Kind
from focus_core.views.view import View, ViewRequest, ViewType, read_answer

ACCEPTED = "Config received successfully"
# What follows from the channels of a view in its answer and metadata.
CHANNEL_FIELDS = frozenset({"channels", "channel_amount", "channel_to_stream_index", "stream_amount"})

# What a refusal with 400 may name as allowed in words, by the first part of its field.
_OF_SINGLE_CHANNEL = "channels.min = channels.max"
_ALLOWED_WORDS = {
    "task_id": ("^[a-zA-Z0-9_-]{1,256}$",),
    "roi": ("0 <= start < end",),
    "start_time": ("the times of the view",),
    "end_time": ("> start_time",),
}
# What a waterfall does not have.
_SPECTRAL = ("nfftSelection", "frequencyRange", "displayTimeAxisDuration")
# What each field of a change has to be, beside those that it shares with a view.
_KINDS = {
    "roi": Kind.Region,
    **dict.fromkeys(("roi.0", "roi.1", "sensors.min", "sensors.max", "canvasInfo.height"), Kind.Integer),
    **dict.fromkeys(("sensors", "canvasInfo", ""), Kind.Object),
    **dict.fromkeys(("start_time", "end_time"), Kind.Clock),
}


@dataclass(frozen=True)
class ViewChange:
    """What a view shall show from now on; None leaves a value as it is. Frequency in Hz, duration in seconds."""

    channels: tuple[int, int] | None = None
    nfft: int | None = None
    frequency: tuple[float, float] | None = None
    duration: float | None = None
    height: int | None = None

    def given(self) -> dict[str, Any]:
        """The values that change, by the names of ``ViewRequest``."""
        return {name: value for name, value in vars(self).items() if value is not None}

    def body(self) -> dict[str, Any]:
        """The body of POST /config/{id}. Raises ``BenchError`` when nothing is to change."""
        if not self.given():
            raise BenchError("A change of a view names at least one of: channels, nfft, frequency, duration, height.")
        body: dict[str, Any] = {}
        if self.channels is not None:
            body["channels"] = {"min": self.channels[0], "max": self.channels[1]}
        if self.nfft is not None:
            body["nfftSelection"] = self.nfft
        if self.frequency is not None:
            body["frequencyRange"] = {"min": json_number(self.frequency[0]), "max": json_number(self.frequency[1])}
        if self.duration is not None:
            body["displayTimeAxisDuration"] = json_number(self.duration)
        if self.height is not None:
            body["displayInfo"] = {"height": self.height}
        return body

    def __str__(self) -> str:
        parts = [f"{name} {value}" for name, value in self.given().items() if not isinstance(value, tuple)]
        if self.frequency is not None:
            parts.insert(0, f"{self.frequency[0]:g}-{self.frequency[1]:g} Hz")
        if self.channels is not None:
            parts.insert(0, f"channels {self.channels[0]}-{self.channels[1]}")
        return ", ".join(parts)

    def applied_to(self, view: View, exchange: Exchange, prr: float, lowest_channel: int) -> View:
        """The view as it has to be after this change; ``prr`` is the pulse repetition rate in Hz.

        Its answer is that of the view before, with what follows from the changed values computed anew. ``exchange`` is
        the change's own request and answer.
        """
        values = self.given()
        if self.channels is not None:
            values["channels"] = (max(lowest_channel, self.channels[0]), self.channels[1])
        request = replace(view.request, **values)
        raw = dict(view.answer.raw)
        if self.channels is not None:
            streams = request.streams()
            raw["channel_amount"] = request.channel_count
            raw["channel_to_stream_index"] = {str(channel): stream for channel, stream in streams.items()}
            raw["stream_amount"] = max(streams.values()) + 1
        if self.nfft is not None or self.frequency is not None:
            raw["frequencies_list"] = request.frequencies(prr)
            raw["frequencies_amount"] = len(raw["frequencies_list"])
        if self.duration is not None or self.height is not None:
            raw["lines_dt"] = request.row_seconds
        return View(request, read_answer(raw), exchange)


def complete_form(request: ViewRequest) -> dict[str, Any]:
    """The older form of a change, in which every field stands; ``sensors`` count from 0.

    Raises ``BenchError`` for a view without spectrum: this form has no way to leave the frequencies out.
    """
    if request.frequency is None or request.duration is None:
        raise BenchError("The older form of a change needs frequencies and a display time; a waterfall has neither.")
    first, last = request.channels
    return {
        "displayTimeAxisDuration": json_number(request.duration),
        "nfftSelection": request.nfft,
        "canvasInfo": {"height": request.height},
        "sensors": {"min": first - 1, "max": last - 1},
        "frequencyRange": {"min": json_number(request.frequency[0]), "max": json_number(request.frequency[1])},
        "start_time": None,
        "end_time": None,
    }


def parse(text: str) -> Any:
    """JSON of a table. Raises ``BenchError`` when it is none."""
    try:
        return json.loads(text)
    except ValueError:
        raise BenchError(f"A value of this table is JSON, such as 5, null or [1, 50], not '{text}'.") from None


def problems_of_acceptance(view: View, answer: Exchange) -> list[str]:
    """What is wrong with the 200 answer to a change: it reports that the change was received, and names the view."""
    wanted = {"status": ACCEPTED, "task_id": view.job_id}
    body = answer.json()
    return [] if body == wanted else [f"the answer is {answer.body[:200]}, expected {json.dumps(wanted)}"]


def unexpected_changes(before: View, metadata: Mapping[str, Any], expected: Mapping[str, Any]) -> list[str]:
    """What differs between a view as it was and its metadata now, beside what follows from the channels.

    ``expected`` are the metadata that the view had before. That the channels did change is checked too.
    """
    problems = [
        f"{name} was {expected.get(name)!r:.80} and is now {metadata.get(name)!r:.80}"
        for name in sorted((expected.keys() | metadata.keys()) - CHANNEL_FIELDS)
        if expected.get(name) != metadata.get(name)
    ]
    if metadata.get("channels") == expected["channels"]:
        first, last = before.request.channels
        problems.append(f"the channels are still {first}-{last}")
    return problems


def allowed_values(view: View, field: str, limits: Limits) -> Any:
    """What a refusal with 400 has to name as allowed in a field of a change; ``refusals.NOTHING`` where no rule is.

    However a change names its channels, they are the channels of the site.
    """
    name, _, _ = field.partition(".")
    if view.request.view_type is ViewType.Waterfall and name in _SPECTRAL:
        return refusals.NOTHING
    single = view.request.view_type is ViewType.SingleChannel
    return refusals.allowed_values("channels" if name in ("roi", "sensors") else field, limits, single=single)


def kinds_of(field: str, value: Any = ...) -> tuple[Kind, ...]:
    """The kinds of mistake that a change with a wrong ``value`` in a field may be refused for; the value can be missing
    or not be known (``...``)."""
    kind = _KINDS.get(field) or refusals.FIELDS.get(field)
    if kind is None:
        raise BenchError(f"A change has no field '{field}'; correct the table.")
    if value is None:
        return (kind, Kind.Present)
    return (kind, Kind.Present, Kind.Once) if value is ... else (kind,)


def problems_of_refusal(
    answer: Exchange,
    status: int,
    field: str,
    because: str,
    allowed: Any = refusals.NOTHING,
    kinds: tuple[Kind, ...] = (),
) -> list[str]:
    """What is wrong with a refused change; ``field`` is the field that the refusal has to name, empty for none.

    422 names it as a place in the body, for a mistake of one of the ``kinds`` (by default those of the field); 400
    names it, or a part of it (``roi.max``), as its member ``field``; other statuses name none. What 400 names as
    allowed has to be ``allowed``, or the words that there are for the field. ``because`` is what the reason must have.
    """
    if status == refusals.VALIDATION_ERROR:
        return refusals.problems_of_validation_error(answer, [field], kinds or kinds_of(field), because)
    found = refusals.problems(answer, status, because)
    if answer.status != status:
        return found
    body = answer.json()
    named = str(body.get("field", ""))
    if named != field and not (field and named.startswith(f"{field}.")):
        found.append(f"it names the field {body.get('field', '')!r} instead of {field!r}")
        return found
    named = body.get("allowed", refusals.NOTHING)
    name = field.partition(".")[0]
    words = _ALLOWED_WORDS.get(name, ()) if status == refusals.SEMANTIC_ERROR else ()
    if name in ("channels", "roi", "sensors"):
        words = (*words, _OF_SINGLE_CHANNEL)
    if not refusals.names_allowed(named, allowed) and named not in words:
        shown = "nothing" if named is refusals.NOTHING else f"{named!r:.80}"
        wanted = " or ".join(map(str, (*(() if allowed is refusals.NOTHING else (allowed,)), *words)))
        found.append(f"it names {shown} as allowed, expected {wanted or 'nothing'}")
    return found
