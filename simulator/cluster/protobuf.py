"""Self reviews and token requests as protobuf: `kubectl auth` and `kubectl create token` send no other format.

Envelope: "k8s\\0", then runtime.Unknown {2: the object}. Only the fields of these specs are known here; every other
kind is refused with a word on what to do instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from simulator.cluster.errors import bad_request
from simulator.cluster.resources import Object

MAGIC = b"k8s\x00"
_RAW, _SPEC = 2, 2
_RESOURCE = {1: "namespace", 2: "verb", 3: "group", 4: "version", 5: "resource", 6: "subresource", 7: "name"}
_NON_RESOURCE = {1: "path", 2: "verb"}
# Fields of a TokenRequest's spec.
_AUDIENCE, _BOUND, _SECONDS = 1, 3, 4
_REFERENCE = {1: "kind", 2: "apiVersion", 3: "name", 4: "uid"}
_SPECS: dict[str, dict[int, tuple[str, dict[int, str]]]] = {
    "SelfSubjectAccessReview": {1: ("resourceAttributes", _RESOURCE), 2: ("nonResourceAttributes", _NON_RESOURCE)},
    "SelfSubjectRulesReview": {1: ("namespace", {})},
    "SelfSubjectReview": {},
}


def review_body(kind: str, raw: bytes) -> Object:
    """The review in a protobuf body; raises 400 when it is none."""
    spec: Object = {}
    for number, value in _spec(raw):
        if number in _SPECS[kind] and isinstance(value, bytes):
            name, keys = _SPECS[kind][number]
            spec[name] = _texts(value, keys) if keys else value.decode()
    return {"spec": spec}


def token_request_body(raw: bytes) -> Object:
    """The TokenRequest in a protobuf body; raises 400 when it is none."""
    spec: Object = {}
    for number, value in _spec(raw):
        if number == _AUDIENCE and isinstance(value, bytes):
            spec.setdefault("audiences", []).append(value.decode())
        elif number == _SECONDS:
            spec["expirationSeconds"] = value
        elif number == _BOUND and isinstance(value, bytes):
            spec["boundObjectRef"] = {
                _REFERENCE[key]: text.decode() for key, text in _parts(value) if key in _REFERENCE
            }
    return {"spec": spec}


def _texts(message: bytes, names: Mapping[int, str]) -> dict[str, str]:
    return {names[number]: text.decode() for number, text in _parts(message) if number in names}


def _spec(raw: bytes) -> list[tuple[int, bytes | int]]:
    try:
        if not raw.startswith(MAGIC):
            raise ValueError("no envelope")
        message = dict(_parts(raw[len(MAGIC) :])).get(_RAW, b"")
        return list(_fields(dict(_parts(message)).get(_SPEC, b"")))
    except (ValueError, IndexError) as error:
        raise bad_request(f"the body cannot be read as protobuf: {error}") from error


def _parts(message: bytes) -> list[tuple[int, bytes]]:
    """The fields of a message that are texts or messages themselves."""
    return [(number, value) for number, value in _fields(message) if isinstance(value, bytes)]


def _fields(message: bytes) -> Iterator[tuple[int, bytes | int]]:
    """(number, content) of the fields of a message: bytes where they are length-delimited, else a whole number."""
    position = 0
    while position < len(message):
        key, position = _varint(message, position)
        if key & 7 == 2:
            size, position = _varint(message, position)
            yield key >> 3, message[position : position + size]
            position += size
        elif key & 7 == 0:
            value, position = _varint(message, position)
            yield key >> 3, value
        else:
            raise ValueError(f"wire type {key & 7}")


def _varint(message: bytes, position: int) -> tuple[int, int]:
    value = shift = 0
    while message[position] & 0x80:
        value |= (message[position] & 0x7F) << shift
        shift, position = shift + 7, position + 1
    return value | message[position] << shift, position + 1
