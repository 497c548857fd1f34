"""What a clean refusal is: a client error with a readable reason. What no answer may show is looked for by
``server.status_checks``.

Shapes (site contract 0.7): a wrong meaning is answered 400 with ``{"error", "field", "allowed"}``, a wrong shape or
type 422 with ``{"detail": [{"loc", "msg", "type"}]}`` as FastAPI writes it.
"""

import json
import re
from dataclasses import dataclass
from enum import Enum
from typing import Any

from focus_core.server.client import Exchange
from focus_core.site.model import Limits
from focus_core.views.json_values import same

SEMANTIC_ERROR = 400
VALIDATION_ERROR = 422
TOO_MANY = 429

# A code or a single word is no reason that a person could act on.
_FEWEST_WORDS = 3


class Kind(Enum):
    """What a field has to be; the value is a pattern of the ``type`` that FastAPI gives to something else."""

    Integer = r"int_(type|from_float|parsing)|type_error\.integer"
    Number = r"float_(type|parsing)|type_error\.float"
    Object = r"(model_attributes|model|dict)_type|type_error\.dict"
    ViewType = r"int_(type|from_float|parsing)|type_error\.integer|view_type"
    Present = r"missing|value_error\.missing"
    OfTheView = r"forbidden|extra_forbidden|waterfall_nfft|literal_error"
    Json = r"json_invalid|value_error\.jsondecode"
    Region = r"list_type|too_(short|long)|type_error\.list|value_error\.list\.(min|max)_items"
    Clock = r"string_(type|pattern_mismatch)|type_error\.str|value_error\.str\.regex"
    Once = r"ambiguous"


FIELDS: dict[str, Kind] = {
    "displayTimeAxisDuration": Kind.Number,
    "nfftSelection": Kind.Integer,
    "displayInfo": Kind.Object,
    "displayInfo.height": Kind.Integer,
    "channels": Kind.Object,
    "channels.min": Kind.Integer,
    "channels.max": Kind.Integer,
    "frequencyRange": Kind.Object,
    "frequencyRange.min": Kind.Integer,
    "frequencyRange.max": Kind.Integer,
    "start_time": Kind.Integer,
    "end_time": Kind.Integer,
    "view_type": Kind.ViewType,
}
# Fields whose limits no site file has, by what a view request calls them.
BOUNDED = {"height": "displayInfo.height", "duration": "displayTimeAxisDuration"}
# A view without them is live; every other field is needed.
OPTIONAL = ("start_time", "end_time")


@dataclass(frozen=True)
class UpTo:
    """An ``allowed`` of ``[lowest, highest]`` whose highest end no document states; the server's word has to hold."""

    lowest: int

    def matches(self, value: Any) -> bool:
        """Whether ``value`` is such a range."""
        numbers = isinstance(value, list) and len(value) == 2 and all(type(end) is int for end in value)
        return numbers and value[0] == self.lowest < value[1]

    def __str__(self) -> str:
        return f"[{self.lowest}, the highest]"


# The answer has no member ``allowed``.
NOTHING = object()


def allowed_values(field: str, limits: Limits, *, single: bool) -> Any:
    """What the site allows in a field of a view, as a refusal has to name it; ``single``: of a SingleChannel view."""
    if field == "nfftSelection":
        return limits.nfft_single if single else limits.nfft_multi
    if field == "view_type":
        return [0, 1, 2]
    if field.startswith("channels"):
        return [limits.lowest_channel, limits.highest_channel]
    if field.startswith("frequencyRange"):
        return [0, int(limits.frequency_max_hz)]
    if field in BOUNDED.values():
        return UpTo(1)
    return NOTHING


def wrong_values(field: str) -> dict[str, Any]:
    """JSON values of every type that ``field`` cannot take, by their names."""
    kind = FIELDS[field]
    values: dict[str, Any] = {
        "a word": "eleven",
        "an empty text": "",
        "true": True,
        "false": False,
        "an empty list": [],
        "a list": [1],
    }
    if kind is not Kind.Object:
        values["an object"] = {"min": 1}
    if kind is not Kind.ViewType:
        values["a number as text"] = "11"
    if kind is not Kind.Number:
        values["a fraction"] = 1.5
    if kind is Kind.Object:
        values["a number"] = 11
    if field not in OPTIONAL:
        values["null"] = None
    return values


def reason(exchange: Exchange) -> str:
    """The text that the refusal gives: ``error`` of a refused meaning, the messages of a refused shape."""
    body = exchange.json()
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        return str(body["error"])
    details = body.get("detail") if isinstance(body, dict) else None
    if isinstance(details, list):
        return "; ".join(str(entry.get("msg", "")) for entry in details if isinstance(entry, dict))
    return str(details or "")


def problems(exchange: Exchange, status: int, because: str) -> list[str]:
    """What is wrong with a refusal; empty when it has the status and names the cause.

    ``because`` is a word or a few that the reason itself must contain, in any case; a number as a whole number. What
    the refusal has beside its reason (field, place, what is allowed) does not count.
    """
    if exchange.status != status:
        return [f"it was answered {exchange.status} instead of {status}: {exchange.body[:200]}"]
    text = reason(exchange)
    found = []
    if len(text.split()) < _FEWEST_WORDS:
        found.append(f"its reason {text!r} does not say what is wrong")
    if not _speaks_of(text, because):
        found.append(f"its reason {text!r} does not speak of '{because}'")
    return found


def problems_of_semantic_error(exchange: Exchange, field: str, allowed: Any, because: str = "") -> list[str]:
    """What is wrong with a 400 that has to name ``field`` and what is ``allowed`` there.

    ``because`` is what the reason has to contain; without it the reason has to name the field.
    """
    body = exchange.json()
    if exchange.status == SEMANTIC_ERROR and isinstance(body, dict) and body.get("field") != field:
        # Of another field other values are allowed, and the reason has other words: only the given word can count.
        said = problems(exchange, SEMANTIC_ERROR, because)
        return [*said, f"it names the field {body.get('field')!r} instead of {field!r}"]
    found = problems(exchange, SEMANTIC_ERROR, because or field)
    if exchange.status != SEMANTIC_ERROR or not isinstance(body, dict):
        return found
    named = body.get("allowed", NOTHING)
    if not names_allowed(named, allowed):
        shown = "nothing" if named is NOTHING else repr(named)
        found.append(f"it names {shown:.120} as allowed, expected {'nothing' if allowed is NOTHING else allowed}")
    members = {"error", "field", *(() if allowed is NOTHING else ("allowed",))}
    if set(body) - members:
        found.append(f"it has members that no refusal has: {', '.join(sorted(set(body) - members))}")
    return found


def problems_of_validation_error(
    exchange: Exchange, fields: list[str], kinds: tuple[Kind, ...], because: str = ""
) -> list[str]:
    """What is wrong with a 422 that has to name exactly these ``fields``, each for one of these kinds of mistake.

    A field is dotted (``channels.min``), empty for the body as a whole. The message of each has to speak of
    ``because``, by default of the field itself.
    """
    found = problems(exchange, VALIDATION_ERROR, because or fields[0].rpartition(".")[2])
    body = exchange.json()
    details = body.get("detail") if isinstance(body, dict) else None
    if exchange.status != VALIDATION_ERROR or not isinstance(details, list):
        return found or ["its detail is no list"]
    entries = [entry for entry in details if isinstance(entry, dict)]
    named = sorted(_place(entry) for entry in entries)
    wanted = sorted(".".join(filter(None, ("body", field))) for field in fields)
    if named != wanted:
        found.append(f"it names {', '.join(named) or 'nothing'} instead of {', '.join(wanted)}")
    for entry in entries:
        kind = str(entry.get("type"))
        if not any(re.fullmatch(one.value, kind) for one in kinds):
            found.append(f"it calls the mistake {kind!r}, expected one like {kinds[0].value!r}")
        spoken = because or _place(entry).rpartition(".")[2]
        if spoken.casefold() not in str(entry.get("msg")).casefold():
            found.append(f"its message {entry.get('msg')!r} does not speak of '{spoken}'")
    return found


def json_mistake(text: str) -> str:
    """Where a JSON parser stops, as the field that a refusal names: its position, or the body as a whole."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return str(error.pos)
    return ""


def names_allowed(named: Any, allowed: Any) -> bool:
    """Whether what a refusal names as allowed is what it has to name."""
    if isinstance(allowed, UpTo):
        return allowed.matches(named)
    if named is NOTHING or allowed is NOTHING:
        return named is allowed
    return same(named, allowed)


def _speaks_of(text: str, because: str) -> bool:
    reason, wanted = (part.casefold().replace("power of two", "power of 2") for part in (text, because))
    if wanted.isdecimal():
        # The limit 4096 is not named by 40960 or 0.4096.
        return re.search(rf"(?<![\w.]){wanted}(?!\w|\.\d)", reason) is not None
    return wanted in reason


def _place(entry: dict[str, Any]) -> str:
    return ".".join(str(part) for part in entry.get("loc", ()))
