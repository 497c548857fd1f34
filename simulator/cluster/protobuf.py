"""Self reviews and token requests as protobuf: `kubectl auth` and `kubectl create token` send no other format.

Envelope: "k8s\\0", then runtime.Unknown {2: the object}. Only the fields of these specs are known here; every other
kind is refused with a word on what to do instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from google.protobuf.empty_pb2 import Empty
from google.protobuf.message import DecodeError
from google.protobuf.unknown_fields import UnknownFieldSet

from simulator.cluster.errors import bad_request
from simulator.cluster.resources import Object

MAGIC = b"k8s\x00"
_RAW, _SPEC = 2, 2
_Fields = Mapping[int, tuple[str, "_Fields | None"]]
"""Number of a field -> its name and, where it is a message, its own fields."""


def _texts(*names: str) -> _Fields:
    return {number: (name, None) for number, name in enumerate(names, 1)}


_SPECS: Mapping[str, _Fields] = {
    "SelfSubjectAccessReview": {
        1: ("resourceAttributes", _texts("namespace", "verb", "group", "version", "resource", "subresource", "name")),
        2: ("nonResourceAttributes", _texts("path", "verb")),
    },
    "SelfSubjectRulesReview": _texts("namespace"),
    "SelfSubjectReview": {},
    "TokenRequest": {
        1: ("audiences", None),
        3: ("boundObjectRef", _texts("kind", "apiVersion", "name", "uid")),
        4: ("expirationSeconds", None),
    },
}


def decoded(kind: str, raw: bytes) -> Object:
    """The object in a protobuf body; raises 400 when it is none."""
    try:
        if not raw.startswith(MAGIC):
            raise ValueError("no envelope")
        message = dict(_parts(raw[len(MAGIC) :])).get(_RAW, b"")
        return {"spec": _read(dict(_parts(message)).get(_SPEC, b""), _SPECS[kind])}
    except (ValueError, DecodeError) as error:
        raise bad_request(f"the body cannot be read as protobuf: {error}") from error


def _read(message: bytes, fields: _Fields) -> Object:
    found: Object = {}
    for number, value in _parts(message):
        name, inner = fields.get(number, ("", None))
        if name == "audiences":  # the only field that is repeated
            found.setdefault(name, []).append(value.decode())
        elif name:
            found[name] = value if isinstance(value, int) else value.decode() if inner is None else _read(value, inner)
    return found


def _parts(message: bytes) -> list[tuple[int, Any]]:
    """(number, content) of the fields of a message: bytes where they are texts or messages, else a number."""
    fields = UnknownFieldSet(Empty.FromString(message))
    return [(fields[index].field_number, fields[index].data) for index in range(len(fields))]
