"""What no answer may show: the server's own code and places, and secrets of the site."""

import re

from focus_core import secrets
from focus_core.focus_client import Exchange

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
        found += [f"its body shows {what}" for what, pattern in _INNARDS if pattern.search(exchange.body)]
    return found


def header_problems(exchange: Exchange) -> list[str]:
    """Headers that tell which version of which product answers."""
    return [
        f"its header {name} tells a version: {exchange.headers[name]!r}"
        for name in _TELLING_HEADERS
        if _VERSION.search(exchange.headers.get(name, ""))
    ]
