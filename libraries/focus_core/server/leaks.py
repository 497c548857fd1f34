"""What no answer may show: the server's own code and places, and secrets of the site."""

import json
import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import unquote

from focus_core.base.errors import BenchError
from focus_core.server.client import Exchange
from focus_core.site import secrets

_FIRST_ERROR = 400
_INNARDS = (
    (
        "a stack trace",
        re.compile(r"Traceback \(|\bFile \"|\bline \d+, in |\bat 0x[0-9a-f]{6}|stack ?trace", re.IGNORECASE),
    ),
    ("a file of the server", re.compile(r"\.py\b|\b[a-z]:\\\\|(?<![\w.:/])/(?:home|root|usr|etc|app|tmp|var|opt)/")),
    (
        "the address of a service",
        re.compile(r"\b(?:mongodb|amqps?|redis|postgresql|mysql)://|\.svc\b|\b\d+(?:\.\d+){3}:\d+"),
    ),
    ("an exception", re.compile(r"\b(?:[a-z_]+\.)*[A-Z]\w+(?:Error|Exception)\b(?!\")")),
)
# Looking for secrets in rows of a waterfall would take longer than reading them.
_MOST_SEARCHED = 200_000
# Members whose business is to name an address, the name of a machine or the command of the recorder.
_TELLING_MEMBERS = frozenset({"stream_url", "recording_machine_name", "cmd"})
# Texts that any answer may hold, whatever was sent: a few plain letters, digits, dots.
_COMMON = re.compile(r"[\w.-]{0,3}", re.ASCII)
# A product's name is no secret, its version is what an attacker looks up.
_TELLING_HEADERS = ("Server", "X-Powered-By", "Via", "X-AspNet-Version")
_VERSION = re.compile(r"\d+\.\d+")


def problems(exchange: Exchange) -> list[str]:
    """What an answer shows that it should not, each as a part of a sentence; empty when it shows nothing.

    Any answer is searched for secrets, an error also for the innards of the server.
    """
    headers = "\n".join(f"{name}: {value}" for name, value in exchange.headers.items())
    found = []
    shown = f"{headers}\n{exchange.body[:_MOST_SEARCHED]}"
    if secrets.blank(shown) != shown:
        found.append("it shows a secret of the site")
    if exchange.status >= _FIRST_ERROR:
        found += _innards(exchange.body)
    return found


def problems_at_any_status(exchange: Exchange) -> list[str]:
    """As ``problems``, and the innards of the server are looked for in any answer, also in one that is no error.

    Members that have to hold an address or a name (``stream_url``, ``recording_machine_name``, ``cmd``) are left out.
    """
    if exchange.status >= _FIRST_ERROR:
        return problems(exchange)
    body = exchange.body
    if exchange.content_type == "application/json":
        body = json.dumps(_without_telling_members(exchange.json()), ensure_ascii=False)
    return problems(exchange) + _innards(body)


def echo_problems(exchange: Exchange, *texts: str) -> list[str]:
    """Which of the texts that a request brought its answer repeats, in the body or in a header.

    A text is looked for as it is and as JSON writes it.
    """
    shown = "\n".join([exchange.body, *exchange.headers, *exchange.headers.values()])
    found = []
    for text in texts:
        written = {text, json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]}
        if any(form in shown for form in written):
            found.append(f"its answer repeats {text!r:.200}")
    return found


def texts_of_path(path: str) -> list[str]:
    """What could come back of a path that was sent: all behind the operation (the first segment) and each segment of
    it, as they are and percent-decoded; without what any answer may hold. Raises ``BenchError`` when nothing is left.
    """
    behind = path.lstrip("/").partition("/")[2]
    sent = (behind, *behind.split("/"))
    texts = _telling((*sent, *map(unquote, sent)))
    if not texts:
        raise BenchError(f"The path {path[:80]!r} has nothing whose coming back would be seen; correct the table.")
    return texts


def header_problems(exchange: Exchange) -> list[str]:
    """Headers that name the version of the product that answers."""
    return [
        f"its header {name} names a version: {exchange.headers[name]!r}"
        for name in _TELLING_HEADERS
        if _VERSION.search(exchange.headers.get(name, ""))
    ]


def _innards(text: str) -> list[str]:
    return [f"its body shows {what}" for what, pattern in _INNARDS if pattern.search(text[:_MOST_SEARCHED])]


def _without_telling_members(value: Any) -> Any:
    if isinstance(value, dict):
        kept = ((name, inside) for name, inside in value.items() if name not in _TELLING_MEMBERS)
        return {name: _without_telling_members(inside) for name, inside in kept}
    if isinstance(value, list):
        return [_without_telling_members(inside) for inside in value]
    return value


def _telling(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if not _COMMON.fullmatch(text)]
