"""The self reviews as protobuf: `kubectl auth` sends them in no other format.

Envelope: "k8s\\0", then runtime.Unknown {2: the object}. Only the fields of the reviews' specs are known here; every
other kind is refused with a word on what to do instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from simulator.cluster.errors import bad_request
from simulator.cluster.resources import Object

MAGIC = b"k8s\x00"
_RAW, _SPEC = 2, 2
_RESOURCE = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 6: "subresource", 7: "name"}
_NON_RESOURCE = {1: "path", 2: "verb"}
_SPECS = {
    "SelfSubjectAccessReview": {1: ("resourceAttributes", _RESOURCE), 2: ("nonResourceAttributes", _NON_RESOURCE)},
    "SelfSubjectRulesReview": {},
    "SelfSubjectReview": {},
}


def review_body(kind: str, raw: bytes) -> Object:
    """The review in a protobuf body; raises 400 when it is none."""
    try:
        if not raw.startswith(MAGIC):
            raise ValueError("no envelope")
        message = dict(_fields(raw[len(MAGIC) :])).get(_RAW, b"")
        spec: Object = {}
        for number, value in _fields(dict(_fields(message)).get(_SPEC, b"")):
            if number in _SPECS[kind]:
                name, keys = _SPECS[kind][number]
                spec[name] = {keys[key]: text.decode() for key, text in _fields(value) if key in keys}
    except (ValueError, IndexError) as error:
        raise bad_request(f"the body cannot be read as protobuf: {error}") from error
    return {"spec": spec}


def _fields(message: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, content) of the length-delimited fields of a message; numbers among its fields are skipped."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        if key & 7 == 2:
            size, position = _varint(message, position)
            yield key >> 3, message[position : position + size]
            position += size
        elif key & 7 == 0:
            _, position = _varint(message, position)
        else:
            raise ValueError(f"wire type {key & 7}")


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while message[position] & 0x80:
        value |= (message[position] & 0x7F) << shift
        shift, position = shift + 7, position + 1
    return value | message[position] << shift, position + 1
