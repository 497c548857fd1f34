"""Bodies for POST /configure that no ordinary client sends: spoiled ones, and unusual ways to write a good one.

Each takes the body of a good view (a JSON object as a dictionary) and returns the text to send.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

Body = dict[str, Any]

_DEEP = 5_000
_MANY_DIGITS = 5_000
# Above what any server needs for a view, below what a proxy in front of it stops by itself.
_HUGE_BYTES = 2 << 20

Malformed = Literal[
    "cut off in the middle",
    "single quotes",
    "a comma too many",
    "text behind it",
    "a control character in a text",
    "a number of 5000 digits",
    "5000 lists in each other",
    "5000 objects in each other",
    "2 MiB long",
]
Unusual = Literal[
    "spaces and new lines",
    "byte order mark",
    "an unknown field",
    "an unknown field in each object",
    "a Hebrew field",
    "an unknown field that is not a number",
    "an unknown field of 100 kB",
    "every field twice, the last one counts",
    "the view type as text",
    "no times at all",
    "the display time as a fraction",
    "every sign escaped",
]


def _with(body: Body, member: str) -> str:
    """The body with one more member, written as ``member`` is."""
    return f"{json.dumps(body)[:-1]}, {member}}}"


_SPOILED: dict[str, Callable[[Body], str]] = {
    "cut off in the middle": lambda body: json.dumps(body)[: len(json.dumps(body)) // 2],
    "single quotes": lambda body: json.dumps(body).replace('"', "'"),
    "a comma too many": lambda body: f"{json.dumps(body)[:-1]},}}",
    "text behind it": lambda body: f"{json.dumps(body)} thank you",
    "a control character in a text": lambda body: _with(body, '"junk": "\x01"'),
    "a number of 5000 digits": lambda body: _with(body, '"junk": ' + "1" * _MANY_DIGITS),
    "5000 lists in each other": lambda body: _with(body, '"junk": ' + "[" * _DEEP + "]" * _DEEP),
    "5000 objects in each other": lambda body: _with(body, '"junk": ' + '{"a": ' * _DEEP + "1" + "}" * _DEEP),
    "2 MiB long": lambda body: _with(body, '"junk": "' + "x" * _HUGE_BYTES + '"'),
}


def _with_unknown_everywhere(body: Body) -> str:
    nested = {name: {**value, "surprise": 1} if isinstance(value, dict) else value for name, value in body.items()}
    return json.dumps({**nested, "surprise": {"surprise": [1, 2]}})


def _twice(body: Body) -> str:
    wrong = json.dumps(dict.fromkeys(body, "wrong"))
    return f"{wrong[:-1]}, {json.dumps(body)[1:]}"


def _escaped(body: Body) -> str:
    names = {name: "".join(f"\\u{ord(sign):04x}" for sign in name) for name in body}
    members = (f'"{names[name]}": {json.dumps(value)}' for name, value in body.items())
    return f"{{{', '.join(members)}}}"


_UNUSUAL: dict[str, Callable[[Body], str]] = {
    "spaces and new lines": lambda body: f"\r\n\t {json.dumps(body, indent=4)}\n\n",
    "byte order mark": lambda body: "\ufeff" + json.dumps(body),
    "an unknown field": lambda body: json.dumps({**body, "surprise": 1}),
    "an unknown field in each object": _with_unknown_everywhere,
    "a Hebrew field": lambda body: json.dumps({**body, "הערה": "שלום סיב 🐟"}, ensure_ascii=False),
    "an unknown field that is not a number": lambda body: _with(body, '"surprise": NaN'),
    "an unknown field of 100 kB": lambda body: json.dumps({**body, "surprise": "x" * 100_000}),
    "every field twice, the last one counts": _twice,
    "the view type as text": lambda body: json.dumps({**body, "view_type": str(body["view_type"])}),
    "no times at all": lambda body: json.dumps({name: body[name] for name in body if not name.endswith("_time")}),
    "the display time as a fraction": lambda body: json.dumps(
        {**body, "displayTimeAxisDuration": float(body["displayTimeAxisDuration"])}
    ),
    "every sign escaped": _escaped,
}


def malformed(how: Malformed, body: Body) -> str:
    """The text of a body that no server can read as a view."""
    return _SPOILED[how](body)


def unusual(how: Unusual, body: Body) -> str:
    """The text of a body that means the same view as ``body``."""
    return _UNUSUAL[how](body)


def foreign_texts(text: str, body: Body) -> list[str]:
    """The names and the values of JSON that ``body`` does not have, in the order in which they come."""
    own, sent = (list(_texts(_read(each))) for each in (json.dumps(body), text))
    return [one for one in dict.fromkeys(sent) if one not in own]


def _read(text: str) -> Any:
    """JSON with its objects as lists of pairs, so that a name may come twice."""
    return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=list)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for inside in value:
            yield from _texts(inside)
