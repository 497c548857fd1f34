"""The traffic of baseline runs: which answers there are, and which test receives which."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol

from strength.mutants import json_paths as properties
from strength.mutants.json_paths import NO_JSON, Place

_SAMPLES = 6
# A kind of answer: operation and status.
Kind = tuple[str, int]
# Stands for all answers, for what each of them has (headers of the ingress).
ANY_ANSWER: Kind = ("(any)", 0)
# The content type of one message of a gRPC stream.
FRAMES = "application/grpc"
# Set by the transport or the clock, not by the interface.
_TRANSPORT_HEADERS = frozenset({"content-length", "date", "server", "connection", "transfer-encoding", "content-type"})
# A header of at least this share of all kinds of answers is one mutant, not one for each kind.
_COMMON_SHARE = 0.5


class Answer(Protocol):
    """An answer that a mutant can change, whatever its protocol; `status` is 0 where the protocol has none."""

    body: bytes

    @property
    def status(self) -> int: ...

    @property
    def headers(self) -> list[tuple[str, str]]: ...

    @property
    def content_type(self) -> str: ...

    def content(self) -> Any: ...

    def replace(self, content: Any) -> None: ...

    def change_whole(self, operator: str, detail: str) -> bool: ...


@dataclass(frozen=True)
class Exchange:
    """One recorded answer: its kind, its changeable parts, and its time (epoch)."""

    kind: Kind
    headers: frozenset[str]
    content_type: str
    body: bytes
    json: Any
    at: float

    @classmethod
    def of(cls, operation: str, answer: Answer) -> Exchange:
        names = frozenset(key.lower() for key, _ in answer.headers) - _TRANSPORT_HEADERS
        return cls((operation, answer.status), names, answer.content_type, answer.body, answer.content(), time.time())


@dataclass
class Seen:
    """All recorded answers of one kind; `samples` holds a few different values of each place."""

    count: int = 0
    headers: set[str] = field(default_factory=set)
    content_types: set[str] = field(default_factory=set)
    bodies: set[str] = field(default_factory=set)
    samples: dict[Place, list[Any]] = field(default_factory=dict)
    empty: bool = True

    def add(self, exchange: Exchange) -> None:
        self.count += 1
        self.headers |= exchange.headers
        self.content_types.add(exchange.content_type)
        self.empty = self.empty and not exchange.body
        digest = hashlib.sha256(exchange.body).hexdigest()
        if digest in self.bodies:
            return
        self.bodies.add(digest)
        if exchange.json is NO_JSON:
            return
        for place, value in properties.walk(exchange.json):
            self._sample(place, value)

    def merge(self, other: Seen) -> None:
        self.count += other.count
        self.headers |= other.headers
        self.content_types |= other.content_types
        self.bodies |= other.bodies
        self.empty = self.empty and other.empty
        for place, values in other.samples.items():
            for value in values:
                self._sample(place, value)

    def _sample(self, place: Place, value: Any) -> None:
        known = self.samples.setdefault(place, [])
        if len(known) < _SAMPLES and not any(properties.same(value, old) for old in known):
            known.append(value)


Traffic = dict[Kind, Seen]


def summary(exchanges: Iterable[Exchange]) -> Traffic:
    traffic: Traffic = {}
    for exchange in exchanges:
        traffic.setdefault(exchange.kind, Seen()).add(exchange)
    return traffic


def merged(parts: Iterable[Traffic]) -> Traffic:
    whole: Traffic = {}
    for part in parts:
        for kind, seen in part.items():
            whole.setdefault(kind, Seen()).merge(seen)
    return whole


def common_headers(traffic: Traffic) -> frozenset[str]:
    """The headers of at least half of the kinds of answers."""
    names = {name for seen in traffic.values() for name in seen.headers}
    return frozenset(
        name
        for name in names
        if sum(name in seen.headers for seen in traffic.values()) >= max(2, _COMMON_SHARE * len(traffic))
    )
