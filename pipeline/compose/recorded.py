"""Requests to a site and their answers, without what must never stand in a suite: headers, logins, tokens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

Door = Literal["rest", "webapp"]
# Members of JSON whose values are nobody's business.
_CONFIDENTIAL = re.compile(r"(?i)passw|secret|token|cookie|authorization")
# Members whose values are other ones next time.
_PASSING = re.compile(r"(?i)time|date|uptime|since|expires|(^|_)id$|uuid|url|port|version")
_EPOCH = 1_000_000_000


@dataclass(frozen=True)
class Recorded:
    """One request. `path` is what follows the door's address, with its query; bodies are parsed JSON, or text."""

    door: Door
    method: str
    path: str
    body: Any
    status: int
    answer: Any
    content_type: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def asked(self) -> tuple[Any, ...]:
        """Equal for requests that ask the same."""
        return self.door, self.method, self.path, json.dumps(self.body, sort_keys=True)


def parsed(body: bytes) -> Any:
    """The JSON of a body without secrets, else its text; None for an empty one."""
    if not body:
        return None
    text = body.decode("utf-8", "replace")
    try:
        return without_secrets(json.loads(text))
    except (ValueError, RecursionError):
        return text


def without_secrets(value: Any) -> Any:
    """JSON in which members that are named as secrets are have the value "<secret>"."""
    if isinstance(value, dict):
        return {key: "<secret>" if _CONFIDENTIAL.search(key) else without_secrets(one) for key, one in value.items()}
    return [without_secrets(one) for one in value] if isinstance(value, list) else value


def lasting(answer: Any) -> Iterator[tuple[str, str]]:
    """Name and value of what an answer will say again: numbers and short texts, no ids, times, addresses, versions."""
    for name, value in answer.items() if isinstance(answer, dict) else ():
        if _PASSING.search(name) or _CONFIDENTIAL.search(name) or not isinstance(value, str | int | float):
            continue
        if isinstance(value, bool) or (isinstance(value, int | float) and value > _EPOCH) or value == "":
            continue
        if isinstance(value, str) and (len(value) > 80 or "\n" in value):
            continue
        yield name, str(value)
