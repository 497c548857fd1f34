"""What the bodies of changing routes must hold, and the same as JSON Schema; what breaks a rule is 400."""

from __future__ import annotations

import re
from typing import Any

from fastapi import Request

from simulator.pods.webapp.described import Json
from simulator.pods.webapp.errors import invalid
from simulator.pods.webapp.queries import json_of

LONGEST_TEXT = 100
MOST_POINTS = 1000
# Printable ASCII and what lies beyond it and its controls.
_PRINTABLE = r"^[ -~\u00A1-\u00AC\u00AE-\u02FF]+$"
_EMAIL = r"^[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$"

WORDS: Json = {"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT, "pattern": _PRINTABLE}
EMAIL: Json = {"type": "string", "maxLength": LONGEST_TEXT, "pattern": _EMAIL}
ID: Json = {"type": "integer", "minimum": 1}
POINT: Json = {
    "type": "object",
    "required": ["lat", "lng"],
    "properties": {
        "lat": {"type": "number", "minimum": -90, "maximum": 90},
        "lng": {"type": "number", "minimum": -180, "maximum": 180},
    },
}
POINTS: Json = {"type": "array", "items": POINT, "maxItems": MOST_POINTS}


async def body_of(request: Request, required: Json, optional: Json | None = None) -> dict[str, Any]:
    """Return the members of the body that are declared; 400 unless each fits its schema."""
    content = json_of(await request.body())
    if not isinstance(content, dict):
        raise invalid("The body must be a JSON object.")
    found = {}
    for name, schema in {**required, **(optional or {})}.items():
        value = content.get(name)
        if value is None and name not in required:
            continue
        if trouble := _trouble(schema, value):
            raise invalid(f"{name} {trouble}.")
        found[name] = value
    return found


def _trouble(schema: Json, value: object) -> str:
    """Return what a value lacks, in words; empty when it fits. It knows the schemas above."""
    if schema["type"] == "string":
        good = isinstance(value, str) and len(value) <= LONGEST_TEXT and re.fullmatch(schema["pattern"][1:-1], value)
        kind = "an e-mail address" if schema is EMAIL else "a text that can be printed"
        return "" if good else f"must be {kind} of 1 to {LONGEST_TEXT} characters"
    if schema["type"] == "integer":
        good = isinstance(value, int) and not isinstance(value, bool) and value >= schema["minimum"]
        return "" if good else f"must be a whole number from {schema['minimum']}"
    if not isinstance(value, list) or len(value) > MOST_POINTS or not all(map(_is_point, value)):
        return f"must be a list of at most {MOST_POINTS} points with lat and lng in degrees"
    return ""


def _is_point(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    pairs = ((value.get("lat"), 90), (value.get("lng"), 180))
    return all(isinstance(one, (int, float)) and type(one) is not bool and -most <= one <= most for one, most in pairs)
