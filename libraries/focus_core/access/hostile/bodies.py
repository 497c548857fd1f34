"""Good bodies with one field replaced by a JSON text, whatever that is: NaN, a number of 400 digits, a doubled key."""

from __future__ import annotations

import copy
import json
import re
from typing import Any

_HOLE = "@hostile@"
_PART = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def with_field(body: Any, name: str, json_text: str) -> bytes:
    """The body as bytes with the field set; objects and lists on the way to it are made where they are missing."""
    changed = copy.deepcopy(body) if isinstance(body, dict) else {}
    parts: list[str | int] = [int(index) if index else member for member, index in _PART.findall(name)]
    place: Any = changed
    for part, following in zip(parts, [*parts[1:], None], strict=True):
        if isinstance(part, int):
            place.extend([None] * (part + 1 - len(place)))
        if following is None:
            place[part] = _HOLE
        else:
            wanted: type = list if isinstance(following, int) else dict
            if not isinstance(place[part] if isinstance(part, int) else place.get(part), wanted):
                place[part] = wanted()
            place = place[part]
    return json.dumps(changed).replace(json.dumps(_HOLE), json_text).encode()
