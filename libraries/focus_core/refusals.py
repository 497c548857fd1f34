"""What a clean refusal is: a client error with a readable reason and nothing of the server's inside."""

import re
from typing import Any

from focus_core.focus_client import Exchange

MEANING = 400
SHAPE = 422

_INNARDS = re.compile(r"Traceback|File \"|\.py\b|line \d+, in ", re.IGNORECASE)
# A code or a single word is no reason that a person could act on.
_FEWEST_WORDS = 3


def reason(exchange: Exchange) -> str:
    """The text that the refusal gives: ``error`` of a refused meaning, the messages of a refused shape."""
    body = exchange.json()
    if isinstance(body, dict) and isinstance(body.get("error"), str):
        return str(body["error"])
    details = body.get("detail") if isinstance(body, dict) else None
    if isinstance(details, list):
        return "; ".join(f"{_place(entry)}: {entry.get('msg', '')}" for entry in details if isinstance(entry, dict))
    return str(details or "")


def problems(exchange: Exchange, status: int, because: str) -> list[str]:
    """What is wrong with a refusal; empty when it has the status, names the cause and shows nothing internal.

    ``because`` is a word or a few that the reason, or the field it names, must contain, in any case.
    """
    if exchange.status != status:
        return [f"it was answered {exchange.status} instead of {status}: {exchange.body[:200]}"]
    text = reason(exchange)
    found = []
    if len(text.split()) < _FEWEST_WORDS:
        found.append(f"its reason {text!r} does not say what is wrong")
    if _INNARDS.search(exchange.body):
        found.append("its body shows the server's own code")
    wanted = because.replace("power of two", "power of 2").casefold()
    if wanted not in f"{text} {_field(exchange)}".casefold():
        found.append(f"its reason {text!r} does not speak of '{because}'")
    return found


def _field(exchange: Exchange) -> str:
    body: Any = exchange.json()
    return f"{body.get('field', '')} {body.get('allowed', '')}" if isinstance(body, dict) else ""


def _place(entry: dict[str, Any]) -> str:
    return ".".join(str(part) for part in entry.get("loc", ()))
