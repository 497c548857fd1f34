"""Answers of MongoDB, recorded and played back: as MongoDB's own extended JSON, which keeps every type."""

from __future__ import annotations

import json
from typing import Any

from focus_core.base import tape


def _encode(answer: Any) -> Any:
    from bson import json_util

    return json.loads(json_util.dumps(answer, json_options=json_util.CANONICAL_JSON_OPTIONS))


def _decode(kept: Any) -> Any:
    from bson import json_util

    # As the driver does: times without a zone.
    options = json_util.CANONICAL_JSON_OPTIONS.with_options(tz_aware=False)
    return json_util.loads(json.dumps(kept), json_options=options)


def _error(name: str, text: str) -> Exception:
    from pymongo import errors

    kind = getattr(errors, name, None)
    if not (isinstance(kind, type) and issubclass(kind, errors.PyMongoError)):
        return tape.own_error(name, text)
    return kind(text)


# How answers are recorded and played back.
MONGODB: tape.Door[Any] = tape.Door("mongodb", _encode, _decode, error=_error)
