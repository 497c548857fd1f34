"""The exact shape of every answer of the Focus Server, by operation and status: content type, headers, members, types.

An answer has the members that its operation has and no others; ``true`` is no number, counts are whole numbers, Hz and
seconds are numbers. Only the recorder's own ``metadata`` may hold more than what is known of it. What a value must be
is asked elsewhere, except where only a few words are possible. Rules: the site contract, sections 0, 1.4 to 1.8.

Written by hand and without a validation library: it is imported by every test, and one answer may hold half a million
numbers.
"""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import unquote

from focus_core.server.client import Exchange

PREFIX = "/focus-server"
JSON, HTML, NONE = "application/json", "text/html", ""

Check = Callable[[Any, str], Iterator[str]]
# Content type and shape of one answer; no check for a body that must be empty.
Shape = tuple[str, Check | None]

_KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_WHOLE_SECONDS = re.compile(r"[1-9]\d*")
_WITH_RETRY_AFTER = (429, 503)
_MOST_SHOWN = 80
_MISSING = " is missing"


# What a check made by ``_either`` chooses from.
_ALTERNATIVES: dict[Check, tuple[Check, ...]] = {}


def _value(types: tuple[type, ...], wanted: str, *, least: float | None = None) -> Check:
    def check(value: Any, name: str) -> Iterator[str]:
        # The exact type: a bool is an int for Python, not for the contract.
        if type(value) not in types:
            yield _wrong_type(value, name, wanted)
        elif isinstance(value, float) and not math.isfinite(value):
            yield f"{name} is {value!r} instead of {wanted}"
        elif least is not None and value < least:
            yield f"{name} is {value!r}, expected at least {least:g}"

    return check


def _word(*words: Any) -> Check:
    def check(value: Any, name: str) -> Iterator[str]:
        if type(value) not in {type(word) for word in words} or value not in words:
            yield f"{name} is {_short(value)}, expected {' or '.join(map(repr, words))}"

    return check


def _matching(pattern: str, wanted: str) -> Check:
    def check(value: Any, name: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield _wrong_type(value, name, "a string")
        elif not re.fullmatch(pattern, value, re.DOTALL):
            yield f"{name} is {_short(value)}, expected {wanted}"

    return check


def _or_null(check: Check) -> Check:
    return lambda value, name: iter(()) if value is None else check(value, name)


def _either(*checks: Check) -> Check:
    """Passes when one of the checks does; otherwise the problems of the first are reported."""

    def check(value: Any, name: str) -> Iterator[str]:
        found = [list(each(value, name)) for each in checks]
        if all(found):
            yield from found[0]

    _ALTERNATIVES[check] = checks
    return check


def _members(content: Mapping[str, Check], *, open_ended: bool = False) -> Check:
    """An object with exactly these members; a name that ends with ``?`` may be missing."""
    named = {name.removesuffix("?"): each for name, each in content.items()}

    def check(value: Any, name: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield _wrong_type(value, name or "the body", "an object")
            return
        inside = f"{name}." if name else ""
        for member in content:
            if not member.endswith("?") and member not in value:
                yield f"{inside}{member}{_MISSING}"
        for member, given in value.items():
            if member in named:
                yield from named[member](given, f"{inside}{member}")
            elif not open_ended:
                yield f"{inside}{member} is a member that this answer does not have"

    return check


def _list_of(check: Check, *, least: int = 0, most: int | None = None, different: bool = False) -> Check:
    def check_list(value: Any, name: str) -> Iterator[str]:
        place = name or "the body"
        if not isinstance(value, list):
            yield _wrong_type(value, place, "a list")
            return
        if len(value) < least or (most is not None and len(value) > most):
            yield f"{place} has {len(value)} entries, expected {least}" + (" or more" if most is None else f"-{most}")
        for index, entry in enumerate(value):
            # One wrong entry is enough.
            found = list(check(entry, f"{name}[{index}]"))
            if found:
                yield from found
                return
            if different and entry in value[:index]:
                yield f"{name}[{index}] says the same as an entry before it"
                return

    return check_list


def _numbers(*types: type, least: int = 0) -> Check:
    """A list of plain numbers, looked at as a whole: there may be half a million of them."""
    allowed = set(types)

    def check(value: Any, name: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield _wrong_type(value, name, "a list of numbers")
        elif len(value) < least:
            yield f"{name} has {len(value)} entries, expected {least} or more"
        elif not set(map(type, value)) <= allowed:
            index = next(at for at, entry in enumerate(value) if type(entry) not in allowed)
            yield _wrong_type(value[index], f"{name}[{index}]", "an integer" if allowed == {int} else "a number")
        elif float in allowed and not math.isfinite(sum(value)):
            yield f"{name} holds a number that is not finite"

    return check


def _map_of_integers(value: Any, name: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield _wrong_type(value, name, "an object")
        return
    for member, given in value.items():
        if not member.isdecimal() or type(given) is not int:
            yield f"{name} maps {member!r} to {_short(given)}, expected a channel and a whole number"
            return


def _allowed(value: Any, name: str) -> Iterator[str]:
    """What a refusal names as allowed: a word, a number, a list of numbers, or the ends of a range (null: no end)."""
    if isinstance(value, list):
        yield from _numbers(int, float, least=1)(value, name)
    elif isinstance(value, dict):
        ends = {"min?": _or_null(NUMBER), "max?": _or_null(NUMBER)}
        yield from _members({**ends, "longest_window_s?": NUMBER, "shortest_row_s?": NUMBER})(value, name)
    elif type(value) not in (int, float) and not (isinstance(value, str) and value.strip()):
        yield _wrong_type(value, name, "a word, a number, a list or a range")


def _anything(_value: Any, _name: str) -> Iterator[str]:
    return iter(())


def _page(value: str, name: str) -> Iterator[str]:
    if "<html" not in value.casefold() or "</html>" not in value.casefold():
        yield f"{name or 'the body'} is no HTML page: {_short(value)}"


TEXT = _value((str,), "a string")
SOME_TEXT = _matching(r".*\S.*", "a text that is not empty")
INTEGER = _value((int,), "an integer")
COUNT = _value((int,), "an integer", least=0)
POSITIVE = _value((int,), "an integer", least=1)
NUMBER = _value((int, float), "a number")
NOT_NEGATIVE = _value((int, float), "a number", least=0)

REFUSAL = _members({"error": SOME_TEXT, "field?": SOME_TEXT, "allowed?": _allowed})
DETAIL = _members({"detail": SOME_TEXT})
NO_ROUTE = _members({"detail": _word("Not Found")})
NO_METHOD = _members({"detail": _word("Method Not Allowed")})
# What is no HTTP request at all is refused before it is known whose it was; in the web app's words (contract 1.9).
_NO_REQUEST = _members(
    {"type": SOME_TEXT, "statusCode": _word(400), "path": TEXT, "timestamp": SOME_TEXT, "message": SOME_TEXT}
)
SHAPE_ERROR = _members(
    {
        "detail": _list_of(
            _members(
                {
                    "loc": _list_of(_value((str, int), "a name or an index"), least=1),
                    "msg": SOME_TEXT,
                    "type": SOME_TEXT,
                }
            ),
            least=1,
            different=True,
        )
    }
)
_STATE_OF_A_DEPENDENCY = _word("ok", "down")
HEALTH = _members(
    {
        "status": _word("ok", "degraded"),
        "version": SOME_TEXT,
        "uptime": NOT_NEGATIVE,
        "dependencies": _members(dict.fromkeys(("mongodb", "rabbitmq", "kubernetes"), _STATE_OF_A_DEPENDENCY)),
        "message?": SOME_TEXT,
    }
)
CHANNELS = _members({"lowest_channel": POSITIVE, "highest_channel": POSITIVE, "channels": _numbers(int, least=1)})
SENSORS = _members({"sensors": _numbers(int, least=1)})
LIVE_METADATA = _members(
    {
        "dx": NOT_NEGATIVE,
        "prr": NOT_NEGATIVE,
        "fiber_start_meters": _or_null(INTEGER),
        "fiber_length_meters": _or_null(INTEGER),
        "sw_version": SOME_TEXT,
        "number_of_channels": COUNT,
        "fiber_description": TEXT,
        "num_samples_per_trace": _or_null(COUNT),
        "dtype": _or_null(SOME_TEXT),
    }
)
_RECORDING = _members(
    {
        "layer_type": SOME_TEXT,
        "uuid": SOME_TEXT,
        "dx": NUMBER,
        "prr": NUMBER,
        **dict.fromkeys(("num_traces", "num_samples_per_trace", "late_t_axis_decimation"), POSITIVE),
        "decimation_factor_x": POSITIVE,
        "version": SOME_TEXT,
        "fiber_start_meters": COUNT,
        "fiber_length_meters": POSITIVE,
        "gauge_length_meters": NOT_NEGATIVE,
        **dict.fromkeys(("fiber_description", "recording_timezone", "recording_machine_name"), TEXT),
        **dict.fromkeys(("sw_version", "content_type", "producer_version", "source_uuid"), _or_null(TEXT)),
        **dict.fromkeys(("original_uuid", "recording_sw_version", "cut_sw_version"), _or_null(TEXT)),
        **dict.fromkeys(("preprocessor_version", "preprocessor_calculation_version"), _or_null(TEXT)),
        **dict.fromkeys(("fast_time_pixels", "slow_time_pixels", "n_features"), _or_null(COUNT)),
        # Only ever seen as null: of whatever type they are otherwise.
        **dict.fromkeys(("feature_names", "algo_metadata", "start_time", "end_time"), _anything),
    },
    open_ended=True,
)
_RECORDER = _members(
    {
        "layer_type": _word("smart_recorder"),
        "uuid": SOME_TEXT,
        "sw_version": _or_null(TEXT),
        "cmd": SOME_TEXT,
        "processors": _list_of(_anything),
        "version": SOME_TEXT,
        "num_traces": POSITIVE,
        "parent": _RECORDING,
    },
    open_ended=True,
)
_VIEW: dict[str, Check] = {
    "status": _word("success"),
    "job_id": _matching(r"\d+-\d+", "slot and number such as '7-1729'"),
    "frequencies_list": _numbers(int, float),
    "frequencies_amount": COUNT,
    "lines_dt": NOT_NEGATIVE,
    "channel_to_stream_index": _map_of_integers,
    "channel_amount": POSITIVE,
    "stream_amount": POSITIVE,
    "stream_port": POSITIVE,
    "stream_url": _matching(r"https?://\S+", "the URL of the stream's host"),
    "view_type": INTEGER,
    "metadata": _RECORDER,
}
VIEW = _members(_VIEW)
METADATA = _members(
    {
        **_VIEW,
        "nfft": POSITIVE,
        "channels": _members({"min": POSITIVE, "max": POSITIVE}),
        "frequencyRange": _or_null(_members({"min": NOT_NEGATIVE, "max": NOT_NEGATIVE})),
        "timeStatus": _word("Live", "Historic"),
    }
)
WAITING_FOR_FIBRE = _members(
    {
        **dict.fromkeys(("error", "reason", "message"), SOME_TEXT),
        "status": _word("waiting_for_fiber"),
        "details": _members({"prr": NUMBER, "sw_version": TEXT, "fiber_description": TEXT}),
    }
)
JOB_STATE = _members({"status": _word("waiting", "running", "completed")})
CHANGED = _members({"status": _word("Config received successfully"), "task_id": SOME_TEXT})
DELETED = _members({"status": _word("success"), "job_id": SOME_TEXT})
_ROW = _members(
    {
        "canvasId": SOME_TEXT,
        "sensors": _list_of(_members({"id": COUNT, "intensity": _numbers(int, float, least=1)}), least=1),
        "startTimestamp": POSITIVE,
        "endTimestamp": POSITIVE,
    }
)
_BLOCK = _members({"rows": _list_of(_ROW, least=1), "current_max_amp": NUMBER, "current_min_amp": NUMBER})
ROWS = _list_of(_BLOCK, least=1)
ALL_ROWS = _members({"data": _list_of(_BLOCK)})
RANGES = _list_of(_list_of(INTEGER, least=2, most=2))
DESCRIPTION = _members(
    {
        "openapi": _matching(r"3\.\d+\.\d+", "a version of OpenAPI 3"),
        "info": _members({"title": SOME_TEXT, "version": SOME_TEXT}, open_ended=True),
        "paths": _members({}, open_ended=True),
        "components?": _members({}, open_ended=True),
    }
)

_REFUSED: Shape = (JSON, REFUSAL)
_EMPTY: Shape = (NONE, None)
# What stands before any operation may answer: a bad login, a value or a body that is wrong, too many requests, a
# service that is down.
ALWAYS: dict[int, Shape] = {
    400: _REFUSED,
    401: _REFUSED,
    413: (JSON, _either(REFUSAL, DETAIL)),
    429: _REFUSED,
    503: _REFUSED,
}
# What takes the place of 400 where the request line, or the body, could not be read at all.
_UNREADABLE_LINE: Shape = (JSON, _either(REFUSAL, _NO_REQUEST))
_UNREADABLE_BODY: Shape = (JSON, _either(REFUSAL, DETAIL))
# Any server reads a request line of so many characters.
_READABLE_LINE = 8_000
_NO_SUCH: dict[int, Shape] = {404: _REFUSED}
# A job of another client, or none.
_NOT_YOURS: dict[int, Shape] = {403: _REFUSED, **_NO_SUCH}
_BODY: dict[int, Shape] = {422: (JSON, SHAPE_ERROR)}
_CHANGE: dict[int, Shape] = {200: (JSON, CHANGED), **_NOT_YOURS, 409: _REFUSED, **_BODY}

# Every operation of the site: method, path below the prefix, and what it answers by status.
OPERATIONS: dict[tuple[str, str], dict[int, Shape]] = {
    ("GET", "/ack"): {200: (JSON, _members({}))},
    ("GET", "/health"): {200: (JSON, HEALTH), 503: (JSON, _either(HEALTH, REFUSAL))},
    ("GET", "/channels"): {200: (JSON, CHANNELS)},
    ("GET", "/sensors"): {200: (JSON, SENSORS)},
    ("GET", "/live_metadata"): {200: (JSON, LIVE_METADATA), **_NO_SUCH},
    ("POST", "/configure"): {200: (JSON, VIEW), **_BODY, 503: (JSON, _either(REFUSAL, WAITING_FOR_FIBRE))},
    ("POST", "/config_task"): _CHANGE,
    ("POST", "/config/{task_id}"): _CHANGE,
    ("GET", "/metadata/{job_id}"): {200: (JSON, METADATA), **_NOT_YOURS},
    ("GET", "/ack/{job_id}"): {200: (JSON, JOB_STATE), **_NOT_YOURS},
    ("GET", "/waterfall/{job_id}/{rows}"): {200: _EMPTY, 201: (JSON, ROWS), 208: _EMPTY, **_NOT_YOURS},
    ("GET", "/waterfall/{job_id}"): {200: (JSON, ALL_ROWS), **_NOT_YOURS},
    ("POST", "/recordings_in_time_range"): {200: (JSON, RANGES), **_BODY},
    ("GET", "/get_recordings_timeline"): {200: (HTML, _page)},
    ("DELETE", "/job/{job_id}"): {200: (JSON, DELETED), **_NOT_YOURS},
    ("GET", "/openapi.json"): {200: (JSON, DESCRIPTION)},
    ("GET", "/docs"): {200: (HTML, _page)},
}
# What a path that is none, or a method that it does not have, is answered with.
_ELSEWHERE: dict[int, Shape] = {
    **ALWAYS,
    403: _REFUSED,
    404: (JSON, _either(NO_ROUTE, REFUSAL)),
    405: (JSON, _either(NO_METHOD, REFUSAL)),
    422: (JSON, SHAPE_ERROR),
}
_PATTERNS = {
    # A change is addressed by all that follows, also by an id that is none.
    path: re.compile(re.sub(r"\{\w+\}", ".+" if path.startswith("/config/") else "[^/]+", path), re.DOTALL)
    for _, path in OPERATIONS
}


def path_of(exchange: Exchange) -> str:
    """The path of a request below the Focus Server's prefix, without its query; empty for a path elsewhere."""
    return unquote(exchange.url.partition(PREFIX)[2].partition("?")[0])


def template_of(path: str) -> str:
    """The operation's path with its parameters (``/metadata/{job_id}``), empty for a path that is no operation's."""
    return next((template for template, pattern in _PATTERNS.items() if pattern.fullmatch(path)), "")


def methods_of(template: str) -> list[str]:
    """The methods that a path has."""
    return [method for method, path in OPERATIONS if path == template]


def problems(exchange: Exchange) -> list[str]:
    """What is wrong with the shape of an answer, each as a part of a sentence; empty when it is exactly right.

    An operation is known by method and path; a status that it does not have is a problem. Whatever is asked at another
    path, or with another method, must be answered with a client error of the common shape.
    """
    template, method = template_of(path_of(exchange)), exchange.method.upper()
    described = OPERATIONS.get((method, template))
    statuses = _ELSEWHERE if described is None else {**ALWAYS, **described}
    if method == "HEAD":
        # A server may answer what it would answer to GET; never with a body.
        statuses = {**OPERATIONS.get(("GET", template), {}), **statuses}
    if exchange.status not in statuses:
        known = ", ".join(map(str, sorted(statuses)))
        return [f"{method} {template or 'at this path'} has no answer {exchange.status}, only {known}"]
    found = list(_header_problems(exchange, template))
    if method == "HEAD":
        return found
    content_type, check = _unreadable(exchange) or statuses[exchange.status]
    return found + list(_body_problems(exchange, content_type, check))


def members_of(check: Check) -> list[tuple[str, ...] | None]:
    """The members that a JSON answer of this shape always has, None for a list; of each shape that it may have."""
    alternatives = []
    for each in _ALTERNATIVES.get(check, (check,)):
        found = list(each({}, ""))
        is_list = any(problem.endswith("instead of a list") for problem in found)
        members = tuple(problem.removesuffix(_MISSING) for problem in found if problem.endswith(_MISSING))
        alternatives.append(None if is_list else members)
    return alternatives


def _unreadable(exchange: Exchange) -> Shape | None:
    """The shape of a 400 to what is no request, or has a body that cannot be parsed; None for any other answer."""
    if exchange.status != 400:
        return None
    if len(exchange.url) > _READABLE_LINE or not (exchange.url.isascii() and exchange.url.isprintable()):
        return _UNREADABLE_LINE
    return _UNREADABLE_BODY if exchange.request_body and not _parses(exchange.request_body) else None


def _parses(body: str) -> bool:
    # Bytes that were no text stand in an exchange as the sign for that.
    if "\ufffd" in body:
        return False
    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True


def _header_problems(exchange: Exchange, template: str) -> Iterator[str]:
    if exchange.status in _WITH_RETRY_AFTER and not _reports_health(exchange, template):
        wait = exchange.headers.get("Retry-After", "")
        if not _WHOLE_SECONDS.fullmatch(wait):
            yield f"its header Retry-After is {wait!r}, expected whole seconds above 0"
    methods = methods_of(template)
    if exchange.status == 405 and methods and exchange.method.upper() in _KNOWN_METHODS:
        named = {name.strip() for name in exchange.headers.get("Allow", "").split(",")} - {"HEAD", "OPTIONS"}
        if named != set(methods):
            yield f"its header Allow names {', '.join(sorted(named)) or 'nothing'}, expected {', '.join(methods)}"


def _reports_health(exchange: Exchange, template: str) -> bool:
    # Who asks for the health is answered in full also when it is bad; there is nothing to try again.
    return template == "/health" and '"dependencies"' in exchange.body


def _body_problems(exchange: Exchange, content_type: str, check: Check | None) -> Iterator[str]:
    if check is None:
        if exchange.body:
            yield f"its body is not empty: {_short(exchange.body)}"
        return
    if exchange.content_type != content_type:
        yield f"content type '{exchange.content_type}' instead of '{content_type}'"
        return
    if content_type != JSON:
        yield from check(exchange.body, "")
        return
    try:
        content = json.loads(exchange.body)
    except ValueError as error:
        yield f"its body is not JSON ({error}): {_short(exchange.body)}"
        return
    yield from check(content, "")


def _wrong_type(value: Any, name: str, wanted: str) -> str:
    return f"{name} is {_short(value)} ({type(value).__name__}) instead of {wanted}"


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}..."
